"""`donghanh roster`: bring in the organisers' list, take an import back, write out the cards."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.cli.opening import Here
    from bot.config import Settings
    from bot.i18n import Texts, Translator
    from bot.roster import HeaderMap, Parsed, Plan, Sheet
    from bot.roster.records import Progress
    from bot.values.event import Event

app = typer.Typer(help="Bring in the organisers' list, take an import back, write out cards.")

_LINES = 20  # of each kind, unless --all
_EventOption = Annotated[str | None, typer.Option("--event", "-e", help="The event's slug.")]
_Author = Annotated[str, typer.Option("--author", help="Who answers for it, for the history.")]
_LangOption = Annotated[str, typer.Option("--lang", help="Language of the report: vi or en.")]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the organiser typed after `roster import`."""

    file: Path
    event: str | None
    sheet: str | None
    dry_run: bool
    confirmed: int | None
    most: int
    as_json: bool
    author: str
    lang: str


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The list: .xlsx, .xls, .ods or .csv.")],
    event: _EventOption = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet, when several look right.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it and change nothing.")] = False,
    confirm_withdrawals: Annotated[
        int | None,
        typer.Option(help="Repeat the number of withdrawals the dry run printed.", min=0),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
    author: _Author = "cli",
    lang: _LangOption = "vi",
) -> None:
    """Compare a file with the roster and apply it in one step; a missing row changes nothing."""
    from bot.cli.opening import run

    most = 10**9 if everything else _LINES
    run(
        _import(
            _Wish(file, event, sheet, dry_run, confirm_withdrawals, most, as_json, author, lang)
        )
    )


async def _import(wish: _Wish) -> None:
    from bot import roster
    from bot.cli.opening import opened
    from bot.roster import report

    async with opened() as here:
        event = await here.event(wish.event)
        texts = _texts(wish.lang)
        t = texts.translator(wish.lang, event.zone)
        with _refused_in(t), _progress(t("Reading")) as progress:
            sheet, headers, parsed = _read(wish, texts, event, progress)
            todo = await here.store.read(
                lambda work: roster.compare(work, here.vault, event.id, parsed)
            )
        if not wish.as_json:
            _print(report.column_lines(t, sheet, headers))
            _print(report.plan_lines(t, todo, wish.most))
        import_id = None if wish.dry_run else await _apply(here, event, wish, parsed, t)
    if wish.as_json:
        result = report.as_json(t, headers, todo) | {"dry_run": wish.dry_run, "import": import_id}
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _print(_ending(t, wish.dry_run, import_id, todo))


async def _apply(
    here: "Here", event: "Event", wish: _Wish, parsed: "Parsed", t: "Translator"
) -> int | None:
    from bot import roster

    source = roster.Source(wish.file.name, _digest(wish.file), wish.author)
    with _refused_in(t), _progress(t("Writing")):
        done = await here.store.write(
            lambda work: roster.apply(work, here.vault, event.id, parsed, source, wish.confirmed)
        )
    return done.import_id


def _read(
    wish: _Wish, texts: "Texts", event: "Event", progress: "Progress"
) -> "tuple[Sheet, HeaderMap, Parsed]":
    from bot import roster

    sheet = roster.read(wish.file, wish.sheet)
    headers = roster.map_headers(sheet)
    names = roster.names_of(texts.languages, event.languages)
    parsed = roster.parse_rows(sheet, headers, roster.language_table(names), progress)
    return sheet, headers, parsed


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _ending(t: "Translator", dry_run: bool, import_id: int | None, todo: "Plan") -> Iterator[str]:
    if dry_run:
        yield t("This was a dry run; nothing was changed.")
        if todo.withdrawals_to_confirm:
            count = todo.withdrawals_to_confirm
            yield t("To apply it, add --confirm-withdrawals {count}.", count=count)
    elif import_id is None:
        yield t("The roster already says all of this; nothing was changed.")
    else:
        yield t("Done: import {number}. `donghanh roster undo` takes it back.", number=import_id)


@app.command()
def undo(
    event: _EventOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    author: _Author = "cli",
    lang: _LangOption = "vi",
) -> None:
    """Take back the newest import; once more takes back the one before it."""
    from bot.cli.opening import run

    run(_undo(event, yes, author, lang))


async def _undo(slug: str | None, yes: bool, author: str, lang: str) -> None:
    from bot import roster
    from bot.cli.opening import opened

    async with opened() as here:
        event = await here.event(slug)
        t = _texts(lang).translator(lang, event.zone)
        last = await here.store.read(lambda work: work.roster.last_import(event.id))
        if last is not None and not yes:
            typer.echo(
                t(
                    "The newest import: {file}, {when}: {added} new, {changed} changed, "
                    "{withdrawn} withdrawn.",
                    file=last.file_name,
                    when=t.stamp(last.at),
                    **last.counts,
                )
            )
            typer.confirm(t("Take it back?"), abort=True)
        with _refused_in(t):
            done = await here.store.write(lambda work: roster.undo(work, event.id, author))
    typer.echo(
        t(
            "Taken back: {removed} people taken out, {restored} records as before.",
            removed=done.removed,
            restored=done.restored,
        )
    )
    if done.kept:
        codes = ", ".join(done.kept)
        typer.echo(t("Changed again since, and kept as they are: {codes}.", codes=codes))


@app.command()
def tokens(
    event: _EventOption = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A new .csv file.")] = None,
    reissue: Annotated[
        bool,
        typer.Option("--reissue", "--all", help="New cards for everybody; old ones stop working."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    author: _Author = "cli",
    lang: _LangOption = "vi",
) -> None:
    """Make cards for the people who have none, and write their codes and links, once."""
    from bot.cli.opening import run

    run(_tokens(event, output, reissue, yes, author, lang))


async def _tokens(
    slug: str | None, output: Path | None, reissue: bool, yes: bool, author: str, lang: str
) -> None:
    from bot.access import issue_cards
    from bot.cli.opening import opened
    from bot.errors import Refusal
    from bot.roster import cards

    async with opened() as here:
        event = await here.event(slug)
        t = _texts(lang).translator(lang, event.zone)
        if not here.settings.public_url and not yes:
            raise Refusal(
                f"DONGHANH_PUBLIC_URL is not set: every card would lead to "
                f"{here.settings.base_url}. Set it first, or add --yes to try things out here."
            )
        if reissue and not yes:
            typer.confirm(t("Every card printed so far will stop working. Go on?"), abort=True)
        with _refused_in(t), cards.card_file(output) as write:
            base = here.settings.base_url
            issued = await here.store.write(
                lambda work: cards.issue(
                    work, here.vault, event.id, base, issue_cards, author, reissue=reissue
                )
            )
            write([t(name) for name in cards.HEADINGS], issued)
    typer.echo(t("Cards made: {count}. They are shown this once.", count=len(issued)), err=True)


@app.command("cards")
def print_cards(
    output: Annotated[Path, typer.Option("-o", "--output", help="A new .pdf file.")],
    event: _EventOption = None,
    delegation: Annotated[str, typer.Option(help="Only this delegation; a part will do.")] = "",
    reissue: Annotated[
        bool, typer.Option("--reissue", help="New cards also for those who have one.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    author: _Author = "cli",
    lang: _LangOption = "vi",
) -> None:
    """Print cards as a PDF to cut apart, for the people who have none."""
    from bot.cli.opening import run

    run(_print_cards(output, event, delegation, reissue, yes, author, lang))


async def _print_cards(
    path: Path,
    slug: str | None,
    delegation: str,
    reissue: bool,
    yes: bool,
    author: str,
    lang: str,
) -> None:
    from bot.app import card_press
    from bot.cards import Wish, chosen
    from bot.cli.opening import opened
    from bot.i18n import Texts
    from bot.paths import resource

    async with opened() as here:
        event = await here.event(slug)
        texts = Texts.load(resource("locales"))
        t = texts.translator(lang, event.zone)
        wish = Wish(event.id, delegation, reissue, author)
        _, meant = await here.store.read(lambda work: chosen(work, wish))
        if not yes:
            _ask_before_printing(t, len(meant), reissue, here.settings)
        press = card_press(here.settings, here.store, here.vault, texts)
        with _progress(t("Drawing")) as bar:

            async def progress(done: int, total: int) -> None:
                bar(done, total)

            printed = await press.print(wish, path, progress)
    said = t("Cards printed: {count}. They cannot be printed a second time.", count=printed.count)
    typer.echo(said)
    if printed.unprintable:
        codes = ", ".join(printed.unprintable)
        typer.echo(t("Names with letters that the fonts do not have: {codes}.", codes=codes))


def _ask_before_printing(t: "Translator", count: int, reissue: bool, settings: "Settings") -> None:
    if not settings.public_url:
        typer.echo(
            t(
                "The links begin with {address}, which only this machine reaches. "
                "Set DONGHANH_PUBLIC_URL first.",
                address=settings.base_url,
            )
        )
    if reissue:
        typer.confirm(
            t("Cards these {count} people have will stop working. Go on?", count=count), abort=True
        )
    elif not settings.public_url:
        typer.confirm(t("Print them nevertheless?"), abort=True)


def _texts(lang: str) -> "Texts":
    from bot.i18n import Texts
    from bot.paths import resource

    return Texts.load(resource("locales"), [lang])


def _digest(file: Path) -> str:
    import hashlib

    with file.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()


@contextmanager
def _refused_in(t: "Translator") -> Iterator[None]:
    """A refusal in the organiser's language; the caller prints it and ends."""
    from bot.errors import Refusal
    from bot.roster import RosterRefused
    from bot.roster.report import said

    try:
        yield
    except RosterRefused as refused:
        raise Refusal(said(t, refused.note)) from None


@contextmanager
def _progress(doing: str) -> Iterator[Any]:
    """A bar on the terminal, gone when the work is done; nothing when nobody looks."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task(doing, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)
