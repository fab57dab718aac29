"""`donghanh notices`: one approved message to many: send, see how it stands, take back, close."""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli import forecasts
from bot.cli.opening import opened, run

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.store import Work
    from bot.store.notice_reports import Missing, Summary
    from bot.values.event import Event as Congress
    from bot.values.letter import Lane
    from bot.values.notice import Audience, Notice
    from bot.values.template import Template

app = typer.Typer(
    help="Notices to many: send, list, show, cancel, close; quiet hours.", no_args_is_help=True
)
out = Console()

UNDO = timedelta(seconds=60)  # nothing but an urgent notice leaves before it can be taken back
NAMED = 50

Event = Annotated[
    str | None, typer.Option("--event", "-e", help="The event, when there are several.")
]
Author = Annotated[str, typer.Option("--author", help="Who answers for it, for the history.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Number = Annotated[int, typer.Argument(help="The number of the notice.", min=1)]
Names = Annotated[bool, typer.Option("--names", help="Also by name who is not reached.")]


@app.command("send")
def send(
    event: Event = None,
    vi: Annotated[str, typer.Option("--vi", help="The words, in Vietnamese.")] = "",
    text: Annotated[
        Path | None, typer.Option(help="A TOML file: a line for each language.")
    ] = None,
    lane: Annotated[str, typer.Option(help="urgent, scheduled or routine.")] = "scheduled",
    ack: Annotated[bool, typer.Option("--ack", help="Ask for “I received it”.")] = False,
    rounds: Annotated[
        int, typer.Option(help="With --ack: how often it is sent again to who is silent.")
    ] = 0,
    gap: Annotated[int, typer.Option(help="Minutes between these rounds.")] = 15,
    delegation: Annotated[
        list[str] | None, typer.Option(help="Only these delegations, as the list writes them.")
    ] = None,
    role: Annotated[list[str] | None, typer.Option(help="Only these roles of the list.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only who speaks these.")] = None,
    at: Annotated[
        str, typer.Option(help="Not before: 2027-01-19T14:30, in the event's zone.")
    ] = "",
    until: Annotated[
        str, typer.Option(help="Not after, in the event's zone; what is late is not sent.")
    ] = "",
    template: Annotated[
        str,
        typer.Option(help="The Zalo template for whom nothing else reaches; `none`: without one."),
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="First ask Zalo, one call for each who is not free.")
    ] = False,
    author: Author = "organiser",
    names: Names = False,
    yes: Yes = False,
) -> None:
    """Send a notice: first it says whom it reaches, how and at what cost, and asks."""
    only = (tuple(delegation or ()), tuple(role or ()), tuple(language or ()))

    async def do() -> None:
        words = _words(vi, text)
        wanted = _Wanted(words, lane, only, ack, rounds, gap, at, until, template, check, author)
        await _send(event, wanted, names=names, sure=yes)

    run(do())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was asked for, as it was typed. `only`: delegations, roles, languages."""

    words: dict[str, str]
    lane: str
    only: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    ack: bool
    rounds: int
    gap: int
    at: str
    until: str
    template: str
    check: bool
    author: str


async def _send(slug: str | None, wanted: _Wanted, *, names: bool, sure: bool) -> None:
    from bot.errors import Refusal
    from bot.notices import approve
    from bot.values.letter import Lane
    from bot.values.notice import Audience

    lanes = {"urgent": Lane.URGENT, "scheduled": Lane.SCHEDULED, "routine": Lane.ROUTINE}
    if wanted.lane not in lanes:
        raise Refusal("A notice is urgent, scheduled or routine.")
    lane, to = lanes[wanted.lane], Audience(None, *wanted.only)
    async with opened() as here:
        congress = await here.event(slug)
        begins = _moment(wanted.at, congress)
        template = await forecasts.template_named(here, congress.id, wanted.template)
        vi, check = wanted.words.get("vi", ""), wanted.check
        found = await forecasts.of_notice(here, congress.id, to, lane, template, vi, check)
        for line in forecasts.lines(congress.slug, found, NAMED if names else 0):
            out.print(line, highlight=False, markup=False)
        for code, said in wanted.words.items():
            out.print(f"{code}: {said}", highlight=False, markup=False)
        if not sure and out.input("Send it? Type yes: ").strip() != "yes":
            out.print("Nothing was sent.")
            return
        one = await here.store.write(
            lambda work: _draft(work, congress, wanted, to, lane, template)
        )
        if lane is not Lane.URGENT:
            begins = max(begins or here.clock.now(), here.clock.now() + UNDO)
        who = wanted.author
        one = await approve(here.store, congress.id, one.id, who, not_before=begins)
    when = f"at {_clock(one.not_before, congress)}" if one.not_before else "now"
    out.print(f"Notice {one.id} goes out {when}. Take it back: donghanh notices cancel {one.id}")


def _draft(
    work: "Work",
    congress: "Congress",
    wanted: _Wanted,
    to: "Audience",
    lane: "Lane",
    template: "Template | None",
) -> "Notice":
    from bot.i18n import Texts
    from bot.notices import draft, reply_in
    from bot.paths import resource

    texts = Texts.load(resource("locales"))
    replies = {
        code: reply_in(texts, congress, code, said, lane, asks=wanted.ack)
        for code, said in wanted.words.items()
    }
    return draft(
        work,
        congress.id,
        replies,
        author=wanted.author,
        audience=to,
        lane=lane,
        acknowledge=wanted.ack,
        max_rounds=wanted.rounds,
        gap=timedelta(minutes=wanted.gap),
        expires_at=_moment(wanted.until, congress),
        template=template,
    )


def _words(vi: str, text: Path | None) -> dict[str, str]:
    """What was written, by language."""
    from bot.errors import Refusal

    if (text is None) == (not vi):
        raise Refusal("Give the words with --vi, or a file of all languages with --text.")
    if text is None:
        return {"vi": vi}
    try:
        found = tomllib.loads(text.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = {}
    if not found or not all(isinstance(one, str) for one in found.values()):
        raise Refusal(f'{text} is no TOML file of lines like `vi = "words"`.')
    return {code: str(said) for code, said in found.items()}


def _moment(written: str, congress: "Congress") -> datetime | None:
    from bot.errors import Refusal

    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise Refusal(f"{written} is no time; write 2027-01-19T14:30.") from None
    return at if at.tzinfo else at.replace(tzinfo=congress.zone)


def _clock(at: datetime | None, congress: "Congress") -> str:
    return f"{at.astimezone(congress.zone):%H:%M:%S %d/%m/%Y}" if at else "-"


@app.command("list")
def list_notices(event: Event = None, as_json: Json = False) -> None:
    """The latest notices of an event, newest first."""

    async def show() -> None:
        async with opened() as here:
            congress = await here.event(event)
            found = await here.store.read(lambda work: work.notices.of_event(congress.id))
        lines = [_line(one) for one in found]
        if as_json:
            out.print_json(data=lines)
            return
        table = Table("number", "state", "lane", "goes out", "words")
        for one, line in zip(found, lines, strict=True):
            when = _clock(one.not_before or one.approved_at, congress)
            table.add_row(str(one.id), one.state, line["lane"], when, line["words"][:60])
        out.print(table)

    run(show())


def _line(one: "Notice") -> dict[str, Any]:
    return {
        "number": one.id,
        "state": one.state.value,
        "lane": one.lane.name.lower(),
        "not_before": one.not_before.isoformat() if one.not_before else None,
        "author": one.author,
        "words": one.texts["vi"].text,
    }


@app.command("show")
def show(number: Number, event: Event = None, names: Names = False, as_json: Json = False) -> None:
    """How a notice stands: reached, acknowledged, and with --names who is missing."""

    async def do() -> None:
        from bot.notices import summary_of

        async with opened() as here:
            congress = await here.event(event)
            one, found = await here.store.read(lambda work: summary_of(work, congress.id, number))
            missing = await here.store.read(lambda work: work.notice_reports.unreached(one, NAMED))
            silent = await here.store.read(lambda work: work.notice_reports.silent(one, NAMED))
        if as_json:
            people = {
                "unreached": [each._asdict() for each in missing],
                "silent": [each._asdict() for each in silent] if one.asks else [],
            }
            out.print_json(data=_line(one) | found._asdict() | (people if names else {}))
            return
        _print_summary(one, found)
        if names:
            _print_people("Not reached", missing)
            _print_people("Silent", silent if one.asks else [])

    run(do())


def _print_summary(one: "Notice", found: "Summary") -> None:
    out.print(f"Notice {one.id}: {one.state}.")
    counted = f"People: {found.people}; reached: {found.reached}; no letter: {found.unaddressed}."
    out.print(counted)
    states = ", ".join(f"{state} {count}" for state, count in sorted(found.by_state.items()))
    out.print(f"First letters: {states or 'none yet'}.")
    if one.asks:
        again = ", ".join(f"{each}: {count}" for each, count in sorted(found.rounds.items()))
        out.print(f"Acknowledged: {found.acknowledged}. Sent again: {again or 'not yet'}.")


def _print_people(title: str, people: "list[Missing]") -> None:
    if people:
        out.print(f"{title} (the first {NAMED}):")
    for each in people:
        line = ", ".join(filter(None, (each.code, each.name, each.delegation)))
        out.print(f"  {line}: {each.why}", highlight=False, markup=False)


@app.command("cancel")
def cancel(
    number: Number, event: Event = None, author: Author = "organiser", yes: Yes = False
) -> None:
    """Take a notice back: what has not left does not leave; says how many have it already."""

    async def do() -> None:
        from bot import notices

        async with opened() as here:
            congress = await here.event(event)
            if not yes and not typer.confirm(f"Cancel notice {number}?"):
                return
            done = await notices.cancel(here.store, congress.id, number, author)
        out.print(
            f"Cancelled: {done.stopped} letters stopped, {done.sent} people have it already, "
            f"{done.on_the_wire} were just leaving."
        )

    run(do())


@app.command("close")
def close(
    number: Number, event: Event = None, author: Author = "organiser", yes: Yes = False
) -> None:
    """Ask nobody again; what waits still leaves."""

    async def do() -> None:
        from bot import notices

        async with opened() as here:
            congress = await here.event(event)
            if not yes and not typer.confirm(f"Close notice {number}?"):
                return
            await here.store.write(lambda work: notices.close(work, congress.id, number, author))
        out.print(f"Notice {number} is closed.")

    run(do())


@app.command("quiet")
def quiet(
    event: Event = None,
    hours: Annotated[
        str, typer.Option(help="Quiet hours of every day, 22:00-06:00, or `off`.")
    ] = "",
    away: Annotated[
        list[str] | None,
        typer.Option(help="Telephones are away: 2027-01-19T08:00/2027-01-19T11:30; `off`: never."),
    ] = None,
) -> None:
    """When ordinary notices wait: nights, and hours in which telephones are away."""

    async def do() -> None:
        async with opened() as here:
            congress = await here.event(event)
            now = await here.store.read(lambda work: work.events.quiet(congress.id))
            wanted = now
            if hours:
                wanted = replace(wanted, hours=_hours(hours))
            if away:
                spans = () if away == ["off"] else tuple(_span(one, congress) for one in away)
                wanted = replace(wanted, away=spans)
            if wanted != now:
                await here.store.write(lambda work: work.events.set_quiet(congress.id, wanted))
        from_to = wanted.hours and " to ".join(f"{one:%H:%M}" for one in wanted.hours)
        out.print(f"Quiet hours of {congress.slug}: {from_to or 'none'}.")
        for begin, end in wanted.away:
            out.print(f"Telephones away: {_clock(begin, congress)} to {_clock(end, congress)}.")

    run(do())


def _hours(written: str) -> tuple[time, time] | None:
    from bot.errors import Refusal

    if written == "off":
        return None
    try:
        begin, end = (time.fromisoformat(one.strip()) for one in written.split("-"))
    except ValueError:
        raise Refusal(f"{written} are no hours; write 22:00-06:00, or off.") from None
    return begin, end


def _span(written: str, congress: "Congress") -> tuple[datetime, datetime]:
    from bot.errors import Refusal

    begin, _, end = written.partition("/")
    first, last = _moment(begin, congress), _moment(end, congress)
    if first is None or last is None or last <= first:
        raise Refusal(f"{written} is no span; write 2027-01-19T08:00/2027-01-19T11:30.")
    return first, last
