"""`donghanh privacy`: export, erase or purge, the data map, the facts of a leak."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.cli.opening import Here
    from bot.privacy import Breach
    from bot.privacy.purge import Counts
    from bot.store import Work
    from bot.values.event import Event

app = typer.Typer(help="Export, erase, purge, map data, report a leak.", no_args_is_help=True)

_EventOption = Annotated[str | None, typer.Option("--event", "-e", help="The event's slug.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_Author = Annotated[str, typer.Option("--author", help="Who answers for it, for the history.")]
_Code = Annotated[str, typer.Argument(help="The person's code in the roster, like DB0001.")]


_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


class _OnlyLooking(Exception):
    """Takes back what a dry run did; carries what it counted."""

    def __init__(self, counts: "Counts") -> None:
        self.counts = counts


@app.command("erase")
def erase(
    code: _Code, event: _EventOption = None, yes: _Yes = False, author: _Author = "cli"
) -> None:
    """Erase everything of one person, for good; no import and no backup brings her back."""
    from bot.cli.opening import run

    run(_erase(code, event, yes, author))


async def _erase(code: str, slug: str | None, yes: bool, author: str) -> None:
    from bot import privacy
    from bot.cli.opening import opened
    from bot.errors import Refusal

    async with opened() as here:
        event = await here.event(slug)
        record = await here.store.read(lambda work: work.roster.by_code(event.id, code))
        if record is None:
            raise Refusal(f"Nobody in {event.slug} has the code {code}.")
        if not yes:
            typer.confirm(f"Erase everything of {code}? It cannot be taken back.", abort=True)
        who = record.person_id
        await here.store.write(
            lambda work: privacy.erase(work, here.vault, who, event.id, actor=author)
        )
        await _keep_beside(here)
    typer.echo(f"{code} is erased. The next import rejects this code: erased on request.")


@app.command("allow")
def allow(code: _Code, event: _EventOption = None, author: _Author = "cli") -> None:
    """Let an erased code be imported again, because she herself asked for it."""
    from bot.cli.opening import run

    run(_allow(code, event, author))


async def _allow(code: str, slug: str | None, author: str) -> None:
    from bot import privacy
    from bot.cli.opening import opened
    from bot.errors import Refusal

    async with opened() as here:
        event = await here.event(slug)

        def lift(work: "Work") -> tuple[str, ...] | None:
            found = privacy.allow(work, here.vault, event.slug, code)
            if found is not None:
                work.audit.add(event.id, author, "privacy.allow", f"event:{event.id}")
            return found

        lifted = await here.store.write(lift)
        if lifted is None:
            raise Refusal(f"The code {code} was never erased in {event.slug}.")
        privacy.keep_beside(here.settings.data_dir, (), lifted)
    typer.echo(f"{code} may be imported again. What was erased does not come back.")


@app.command("export")
def export(
    code: _Code,
    output: Annotated[Path, typer.Option("-o", "--output", help="A new file, for her alone.")],
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Language; else the one she chose.")] = "",
    event: _EventOption = None,
    author: _Author = "cli",
) -> None:
    """Everything that is kept about one person, as a file to hand over to herself."""
    from bot.cli.opening import run

    run(_export(code, output, as_json, lang, event, author))


async def _export(
    code: str, output: Path, as_json: bool, lang: str, slug: str | None, author: str
) -> None:
    from bot import privacy
    from bot.cli.opening import opened
    from bot.desk import person
    from bot.i18n import Texts
    from bot.paths import resource

    async with opened() as here:
        event = await here.event(slug)

        def look(work: "Work") -> "tuple[privacy.Copy, str]":
            record = person(work, event.id, code)
            found = privacy.copy_of(work, here.vault, event.id, record.person_id)
            subject = f"person:{record.person_id}"
            work.audit.add(event.id, author, "privacy.export", subject)
            return found, found["person"][0]["language"] or "vi"

        copy, hers = await here.store.write(look)
        now = here.clock.now()
    if as_json:
        said = json.dumps(privacy.as_json(copy, event, now), ensure_ascii=False, indent=2)
    else:
        language = lang or hers
        t = Texts.load(resource("locales"), [language]).translator(language, event.zone)
        said = privacy.as_text(copy, event, now, t)
    _write_new(output, said.rstrip("\n"))
    typer.echo(f"Everything kept about {code} is in {output}. Hand it to her, then delete it.")


@app.command("purge")
def purge(
    event: _EventOption = None,
    yes: _Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count and change nothing.")] = False,
    author: _Author = "cli",
) -> None:
    """Delete the people and the words of events whose time is over; again finds nothing."""
    from bot.cli.opening import run

    run(_purge(event, yes, dry_run, author))


async def _purge(slug: str | None, yes: bool, dry_run: bool, author: str) -> None:
    from bot.cli.opening import opened

    async with opened() as here:
        due = await _due(here, slug)
        counts = await _purged(here, due, author, keep=False)
        _tell(counts)
        if dry_run:
            typer.echo("This was a dry run; nothing was changed.")
            return
        if due and not yes and any(counts.values()):
            names = ", ".join(one.slug for one in due)
            typer.confirm(f"Delete everybody of {names}? It cannot be taken back.", abort=True)
        await _purged(here, due, author, keep=True)
        await _keep_beside(here)
    typer.echo("Done. Backups made before still hold it: delete those, or restore erases again.")


async def _due(here: "Here", slug: str | None) -> "list[Event]":
    from bot.errors import Refusal
    from bot.privacy import people_go_at

    days, now = here.settings.retention_days, here.clock.now()
    if slug is not None:
        asked = await here.event(slug)
        if people_go_at(asked, days) > now:
            day = people_go_at(asked, days).astimezone(asked.zone)
            raise Refusal(f"The people of {slug} are kept until {day:%Y-%m-%d}.")
        return [asked]
    everything = await here.store.read(lambda work: work.events.all(open_only=False))
    return [one for one in everything if people_go_at(one, days) <= now]


async def _purged(here: "Here", due: "list[Event]", author: str, *, keep: bool) -> "Counts":
    from bot import privacy

    def do(work: "Work") -> "Counts":
        counts = privacy.purge_words(work, here.settings.message_days)
        for event in due:
            found = privacy.purge_people(work, here.vault, event, actor=author)
            for name, count in found.items():
                counts[name] = counts.get(name, 0) + count
        if not keep:
            raise _OnlyLooking(counts)
        return counts

    try:
        return await here.store.write(do)
    except _OnlyLooking as seen:
        return seen.counts


def _tell(counts: "Counts") -> None:
    for name in sorted(counts):
        typer.echo(f"{name:24}{counts[name]:>8}")


async def _keep_beside(here: "Here") -> None:
    from bot import privacy

    stones = await here.store.read(lambda work: work.privacy.tombstones())
    privacy.keep_beside(here.settings.data_dir, stones)


@app.command("datamap")
def datamap(
    lang: Annotated[str, typer.Option("--lang", help="Language of the page: vi or en.")] = "vi",
) -> None:
    """Print every column that is kept, why, how long, who sees it, and where data leaves."""
    from bot.cli.opening import run

    run(_datamap(lang))


async def _datamap(lang: str) -> None:
    from bot.config import load
    from bot.i18n import Texts
    from bot.paths import resource
    from bot.privacy.datamap_page import page
    from bot.turn import FALLBACK_ZONE

    t = Texts.load(resource("locales"), [lang]).translator(lang, FALLBACK_ZONE)
    for line in page(t, load().model_dump()):
        typer.echo(line)


@app.command("breach")
def breach(
    begins: Annotated[
        datetime, typer.Option("--from", formats=_MOMENTS, help="When it began, in local time.")
    ],
    ends: Annotated[
        datetime, typer.Option("--to", formats=_MOMENTS, help="When it was over, in local time.")
    ],
    detected: Annotated[
        datetime | None,
        typer.Option("--detected", formats=_MOMENTS, help="When it was noticed; now if not said."),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A new .json file.")] = None,
) -> None:
    """Who is affected by a leak, which data, and how long until it must be reported."""
    from bot.cli.opening import run

    run(_breach(begins, ends, detected, output))


async def _breach(
    begins: datetime, ends: datetime, detected: datetime | None, output: Path | None
) -> None:
    from bot import privacy
    from bot.cli.opening import opened
    from bot.errors import Refusal
    from bot.turn import FALLBACK_ZONE as ZONE

    if ends < begins:
        raise Refusal("--to lies before --from.")
    told = detected.replace(tzinfo=ZONE) if detected else None
    from_, to = begins.replace(tzinfo=ZONE), ends.replace(tzinfo=ZONE)
    async with opened() as here:
        now = here.clock.now()
        if (told or from_) > now:
            raise Refusal("These times lie in the future.")
        found = await here.store.write(lambda work: privacy.breach(work, from_, to, told))
    if output is not None:
        _write_new(output, json.dumps(found.as_json(now), ensure_ascii=False, indent=2))
    for line in _facts(found, now):
        typer.echo(line)


def _facts(found: "Breach", now: datetime) -> list[str]:
    left = int(found.left(now).total_seconds()) // 60
    hours = f"{abs(left) // 60} h {abs(left) % 60} min"
    clock = f"{hours} left to report" if left >= 0 else f"LATE by {hours}"
    return [
        f"From {_local(found.begins)} to {_local(found.ends)}.",
        f"First noticed {_local(found.detected)}: report by {_local(found.report_by)}, {clock}.",
        f"People affected: {found.people}, of whom {found.active} wrote or were written to.",
        *(f"  {slug}: {', '.join(codes)}" for slug, codes in found.codes.items()),
        f"  without a line in a roster: {found.guests}",
        *(f"{kind} data in {', '.join(tables)}" for kind, tables in found.held.items()),
    ]


def _local(moment: datetime) -> str:
    from bot.turn import FALLBACK_ZONE

    return f"{moment.astimezone(FALLBACK_ZONE):%H:%M %d/%m/%Y}"


def _write_new(path: Path, text: str) -> None:
    """A new file, readable by its owner only: codes are in it."""
    import os

    from bot.errors import Refusal

    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refusal(f"{path} cannot be made: {error.strerror}. Give another name.") from None
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text + "\n")
