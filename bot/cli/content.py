"""`donghanh content`: check a folder, put it in force, see the versions, go back, write files."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.content import Checked
    from bot.i18n import Translator
    from bot.replaced import Newer
    from bot.store.documents import Opened
    from bot.store.jobs import Standing
    from bot.values.event import Event

app = typer.Typer(help="Check content, put it in force, see the versions, go back, write files.")

_Folder = Annotated[Path, typer.Argument(help="The folder that holds event.toml.")]
_EventOption = Annotated[str | None, typer.Option("--event", "-e", help="The event's slug.")]
_Json = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
_Lang = Annotated[str, typer.Option("--lang", help="Language of the report: vi or en.")]
_Author = Annotated[str, typer.Option("--author", help="Who answers for these words.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before people are told.")]
_FirstDay = Annotated[
    datetime | None,
    typer.Option("--first-day", formats=["%Y-%m-%d"], help="Move the whole event to this day."),
]


@app.command()
def check(folder: _Folder, as_json: _Json = False, lang: _Lang = "vi") -> None:
    """Say everything that is wrong with a folder, and change nothing; exit code 1 for mistakes."""
    checked = _checked(folder)
    _report(_translator(lang), checked, as_json)
    if checked.mistakes:
        raise typer.Exit(1)


@app.command()
def load(
    folder: _Folder,
    event: _EventOption = None,
    author: _Author = "cli",
    approver: Annotated[str, typer.Option(help="Who approved them, if another.")] = "",
    note: Annotated[str, typer.Option(help="Why there is a new version.")] = "",
    first_day: _FirstDay = None,
    new: Annotated[bool, typer.Option("--new", help="Make the event if it is not there.")] = False,
    as_json: _Json = False,
    yes: _Yes = False,
    lang: _Lang = "vi",
) -> None:
    """Store a folder as a new version and put it in force; with a mistake nothing changes.

    Says how many people opened a document that is replaced: they will be told.
    """
    from bot.cli.opening import run

    t = _translator(lang)
    checked = _checked(folder)
    if checked.library is None or not as_json:
        _report(t, checked, as_json)
    if checked.library is None:
        raise typer.Exit(1)
    day = first_day.date() if first_day else None
    words = {"author": author, "approver": approver, "note": note}
    ask = _asking(t, yes=yes, quiet=as_json)
    result = run(_load(folder, checked, event, words, day, new, ask))
    if as_json:
        _print_json(result)
    elif result["new"]:
        typer.echo(t("Version {number} of {event} is in force.", **result))
    else:
        typer.echo(t("Version {number} of {event} already says this; it is in force.", **result))


@app.command()
def versions(event: _EventOption = None, as_json: _Json = False, lang: _Lang = "vi") -> None:
    """Every stored version, newest first, and which one is in force."""
    from bot.cli.opening import run

    found, rows = run(_versions(event))
    if as_json:
        _print_json([{**row, "created_at": row["created_at"].isoformat()} for row in rows])
        return
    t = _translator(lang, found)
    heads = [t("Version"), t("In force"), t("Stored"), t("Author"), t("Approved by"), t("Note")]
    lines = [
        (
            str(row["number"]),
            "●" if row["in_force"] else "",
            t.stamp(row["created_at"]),
            row["author"],
            row["approver"],
            row["note"],
        )
        for row in rows
    ]
    _print_table(heads, lines)


@app.command()
def use(
    number: Annotated[int, typer.Argument(help="The number of the version.", min=1)],
    event: _EventOption = None,
    author: _Author = "cli",
    first_day: _FirstDay = None,
    yes: _Yes = False,
    lang: _Lang = "vi",
) -> None:
    """Put a stored version in force: this is how to go back."""
    from bot.cli.opening import run

    t = _translator(lang)
    day = first_day.date() if first_day else None
    slug = run(_use(event, number, author, day, _asking(t, yes=yes)))
    typer.echo(t("Version {number} of {event} is in force.", number=number, event=slug))


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    event: _EventOption = None,
    version: Annotated[
        int | None, typer.Option(help="Which one; without it the one in force.", min=1)
    ] = None,
    lang: _Lang = "vi",
) -> None:
    """Write a version as files that can be edited and loaded again."""
    from bot.cli.opening import run

    number, count = run(_export(folder, event, version))
    t = _translator(lang)
    typer.echo(
        t(
            "Version {number}: {count} files written to {folder}.",
            number=number,
            count=count,
            folder=folder,
        )
    )


@app.command()
def readers(event: _EventOption = None, as_json: _Json = False, lang: _Lang = "vi") -> None:
    """How many people opened each version of each document; how far telling of a new one is."""
    from bot.cli.opening import run

    found, rows, job = run(_readers(event))
    if as_json:
        plain = [row._asdict() for row in rows]
        telling = {"state": job.state, "done": job.done, "total": job.total} if job else None
        _print_json({"opened": plain, "telling": telling})
        return
    t = _translator(lang, found)
    lines = [(row.document, row.version, str(row.people)) for row in rows]
    _print_table([t("Document"), t("Version"), t("Opened by")], lines)
    if job is not None:
        at = t.stamp(job.created_at)
        typer.echo(t("Replaced at {at}: {done} of {total} people.", at=at, **_far(job)))


def _far(job: "Standing") -> dict[str, int]:
    return {"done": job.done, "total": job.total}


async def _readers(slug: str | None) -> "tuple[Event, list[Opened], Standing | None]":
    from bot.cli.opening import opened
    from bot.library import REPLACED

    async with opened() as here:
        event = await here.event(slug)
        rows = await here.store.read(lambda work: work.documents.counts(event.id))
        job = await here.store.read(lambda work: work.jobs.latest(event.id, REPLACED))
    return event, rows, job


async def _load(
    folder: Path,
    checked: "Checked",
    slug: str | None,
    words: dict[str, str],
    first_day: date | None,
    new: bool,
    ask: "_Ask",
) -> dict[str, Any]:
    from bot import library, replaced
    from bot.cli.opening import opened
    from bot.content import media_bytes
    from bot.store import Work

    content = checked.library
    assert content is not None
    pictures = media_bytes(folder, content)
    wanted = slug or content.event.slug

    def do(work: Work) -> library.Put:
        event = library.event_for(work, content, wanted, make=new)
        return library.put(work, event, content, pictures, **words, first_day=first_day)

    async with opened() as here:
        known = await here.store.read(lambda work: work.events.by_slug(wanted))
        newer = await here.store.read(lambda work: replaced.newer_in(work, known, content))
        ask(newer)
        done = await here.store.write(do)
    return {
        "event": wanted,
        "number": done.version.number,
        "sha256": done.version.sha256,
        "new": done.is_new,
        "first_day": done.event.first_day.isoformat(),
        "replaced": {one.slug: one.people for one in newer},
    }


async def _versions(slug: str | None) -> "tuple[Event, list[dict[str, Any]]]":
    from bot.cli.opening import opened

    async with opened() as here:
        event = await here.event(slug)
        found = await here.store.read(lambda work: work.contents.versions(event.id))
    rows = [
        {
            "number": version.number,
            "in_force": version.id == event.version_id,
            "created_at": version.created_at,
            "author": version.author,
            "approver": version.approver,
            "note": version.note,
            "sha256": version.sha256,
        }
        for version in found
    ]
    return event, rows


async def _use(
    slug: str | None, number: int, author: str, first_day: date | None, ask: "_Ask"
) -> str:
    from bot import library, replaced
    from bot.cli.opening import opened

    async with opened() as here:
        event = await here.event(slug)
        _, content = await here.store.read(lambda work: library.taken(work, event, number))
        ask(await here.store.read(lambda work: replaced.newer_in(work, event, content)))
        await here.store.write(
            lambda work: library.use(work, event, number, author=author, first_day=first_day)
        )
    return event.slug


async def _export(folder: Path, slug: str | None, number: int | None) -> tuple[int, int]:
    from bot import library
    from bot.cli.opening import opened
    from bot.content import export
    from bot.errors import Refusal

    async with opened() as here:
        event = await here.event(slug)
        version, content = await here.store.read(lambda work: library.taken(work, event, number))
        pictures = await here.store.read(lambda work: library.pictures_of(work, event, content))
    try:
        return version.number, len(export(content, folder, pictures.__getitem__))
    except FileExistsError as error:
        raise Refusal(f"{error}. Name a new or empty folder.") from None


_Ask = Callable[[Sequence["Newer"]], None]


def _asking(t: "Translator", *, yes: bool, quiet: bool = False) -> _Ask:
    """Tells whoever publishes how many people will be told; asks once where somebody can answer."""

    def ask(newer: "Sequence[Newer]") -> None:
        for one in () if quiet else newer:
            told = {"title": one.title, "was": one.was, "version": one.version, "n": one.people}
            typer.echo(t("“{title}”: version {version} replaces version {was}.", **told))
            typer.echo(t("Opened the earlier version and will be told: {n}.", **told))
        if any(one.people for one in newer) and not yes and not quiet and sys.stdin.isatty():
            typer.confirm(t("Put it in force and tell them?"), abort=True)

    return ask


def _checked(folder: Path) -> "Checked":
    from bot.content import check
    from bot.library import GO_TARGETS

    return check(folder, steps=GO_TARGETS)


def _translator(lang: str, event: "Event | None" = None) -> "Translator":
    from zoneinfo import ZoneInfo

    from bot.i18n import Texts
    from bot.paths import resource

    zone = event.zone if event else ZoneInfo("Asia/Ho_Chi_Minh")
    return Texts.load(resource("locales"), [lang]).translator(lang, zone)


def _report(t: "Translator", checked: "Checked", as_json: bool) -> None:
    """Mistakes first, then warnings, then the count of both."""
    findings = (*checked.mistakes, *checked.warnings)
    if as_json:
        _print_json(
            [
                {
                    "file": one.file,
                    "line": one.line,
                    "rule": one.rule,
                    "blocks": one.blocks,
                    **dict(zip(("what", "cure"), one.said(t), strict=True)),
                }
                for one in findings
            ]
        )
        return
    if findings:
        heads = [t("Where"), t("Kind"), t("What is wrong"), t("How to mend it")]
        kinds = {True: t("mistake"), False: t("warning")}
        lines = [(f"{one.file}:{one.line}", kinds[one.blocks], *one.said(t)) for one in findings]
        _print_table(heads, lines)
    found = {"mistakes": len(checked.mistakes), "warnings": len(checked.warnings)}
    typer.echo(t("Mistakes: {mistakes}. Warnings: {warnings}.", **found))


def _print_table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for line in lines:
        # Content may hold square brackets; nothing of it is markup.
        table.add_row(*(cell.replace("[", "\\[") for cell in line))
    Console().print(table)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
