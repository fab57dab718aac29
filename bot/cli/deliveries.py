"""`donghanh deliveries …`: the rare one that needs a person. Words are shown only when asked."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.opening import opened, run

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.cli.opening import Here
    from bot.store import Work
    from bot.store.backlog import Told, Try
    from bot.values.event import Event as Congress

app = typer.Typer(
    help="Deliveries one by one: see, send again, cancel, decide what is uncertain.",
    no_args_is_help=True,
)
out = Console()
_TWICE = "Send them once more? What arrived already arrives twice."

Event = Annotated[
    str | None, typer.Option("--event", "-e", help="The event, when there are several.")
]
Author = Annotated[str, typer.Option("--author", help="Who answers for it, for the history.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Words = Annotated[
    bool, typer.Option("--words", help="Their words too; the look stands in the audit log.")
]
Person = Annotated[str, typer.Option("--person", help="Those of one person, by code.")]
Notice = Annotated[int | None, typer.Option("--notice", help="Those of one notice, by number.")]
Numbers = Annotated[list[int] | None, typer.Argument(help="Numbers of deliveries.", min=1)]


@app.command("show")
def show(
    numbers: Numbers = None,
    person: Person = "",
    notice: Notice = None,
    words: Words = False,
    event: Event = None,
    author: Author = "cli",
    as_json: Json = False,
) -> None:
    """How deliveries went, and every try that did not simply arrive: by number, by person or of a
    notice; the newest 100."""

    async def look() -> None:
        async with opened() as here:
            congress = await here.event(event)
            found = await _found(here, congress, numbers or [], person, notice)
            tried = await _tries(here, congress, found)
            said = await _words(here, congress, found, author) if words else {}
        _print(found, said, congress.zone, as_json=as_json, tried=tried)

    run(look())


@app.command("retry")
def retry(
    numbers: Annotated[list[int], typer.Argument(help="Numbers of deliveries.", min=1)],
    late: Annotated[
        bool, typer.Option("--late", help="Even what is past its time; it has none any more.")
    ] = False,
    event: Event = None,
    yes: Yes = False,
    author: Author = "cli",
) -> None:
    """Send once more what failed, expired, was cancelled or is uncertain."""

    async def again() -> None:
        from bot.store import backlog

        async with opened() as here:
            congress = await here.event(event)
            found = await _found(here, congress, numbers, "", None)
            _ask(found, _TWICE, yes, congress)
            do = partial(backlog.send_again, late=late)
            done = await _do(here, congress, found, "deliveries.retry", author, do)
        _tell(found, done, "wait to be sent again")

    run(again())


@app.command("cancel")
def cancel(
    numbers: Numbers = None,
    person: Person = "",
    notice: Notice = None,
    event: Event = None,
    yes: Yes = False,
    author: Author = "cli",
) -> None:
    """Do not send what still waits. What a sender has in its hands is not stopped."""

    async def stop() -> None:
        from bot.store import backlog

        async with opened() as here:
            congress = await here.event(event)
            found = await _found(here, congress, numbers or [], person, notice, waiting=True)
            _ask(found, "Cancel those of them that still wait?", yes, congress)
            done = await _do(here, congress, found, "deliveries.cancel", author, backlog.cancel)
        _tell(found, done, "are cancelled")

    run(stop())


@app.command("uncertain")
def uncertain(
    sent: Annotated[
        list[int] | None, typer.Option("--sent", help="This one arrived; may be repeated.", min=1)
    ] = None,
    again: Annotated[
        list[int] | None, typer.Option("--again", help="Send it once more; repeatable.", min=1)
    ] = None,
    event: Event = None,
    yes: Yes = False,
    author: Author = "cli",
    as_json: Json = False,
) -> None:
    """Nobody knows whether these arrived: list them, or say what is true of some."""
    run(_uncertain(sent or [], again or [], event, yes, author, as_json))


async def _uncertain(
    sent: list[int], again: list[int], slug: str | None, yes: bool, author: str, as_json: bool
) -> None:
    from bot.store import backlog
    from bot.values.delivery import State

    async with opened() as here:
        congress = await here.event(slug)
        waiting = await here.store.read(
            lambda work: backlog.find(work, congress.id, state=State.UNCERTAIN)
        )
        if not sent and not again:
            _print(waiting, {}, congress.zone, as_json=as_json)
            return
        if sent:
            found = [one for one in waiting if one.id in sent]
            _ask(found, "They arrived?", yes, congress)
            done = await _do(here, congress, found, "deliveries.sent", author, backlog.mark_sent)
            _tell(found, done, "count as sent")
        if again:
            found = [one for one in waiting if one.id in again]
            _ask(found, _TWICE, yes, congress)
            done = await _do(here, congress, found, "deliveries.retry", author, backlog.send_again)
            _tell(found, done, "wait to be sent again")


async def _found(
    here: "Here",
    congress: "Congress",
    numbers: "Sequence[int]",
    code: str,
    notice: int | None,
    *,
    waiting: bool = False,
) -> "list[Told]":
    """Raises Refusal when nothing was asked for, or nobody has that code."""
    from bot import desk
    from bot.errors import Refusal
    from bot.store import backlog

    if not numbers and not code and notice is None:
        raise Refusal("Say which: numbers, --person CODE or --notice NUMBER.")

    def look(work: "Work") -> "list[Told]":
        person = desk.person(work, congress.id, code).person_id if code else None
        return backlog.find(
            work, congress.id, ids=numbers, person_id=person, notice_id=notice, waiting=waiting
        )

    return await here.store.read(look)


async def _tries(here: "Here", congress: "Congress", found: "Sequence[Told]") -> "list[Try]":
    from bot.store import backlog

    ids = [one.id for one in found]
    return await here.store.read(lambda work: backlog.tries(work, congress.id, ids))


async def _words(
    here: "Here", congress: "Congress", found: "Sequence[Told]", author: str
) -> dict[int, str]:
    """The words, and a line in the history for each of those whose words were seen."""
    from bot.store import backlog

    def look(work: "Work") -> dict[int, str]:
        said = backlog.words(work, congress.id, [one.id for one in found])
        for number in said:
            work.audit.add(congress.id, author, "deliveries.words", f"delivery:{number}")
        return said

    return await here.store.write(look)


async def _do(
    here: "Here",
    congress: "Congress",
    found: "Sequence[Told]",
    verb: str,
    author: str,
    do: "Callable[[Work, int, list[int]], list[int]]",
) -> list[int]:
    was = {one.id: one.state for one in found}

    def change(work: "Work") -> list[int]:
        done = do(work, congress.id, list(was))
        for number in done:
            work.audit.add(congress.id, author, verb, f"delivery:{number}", was=was[number])
        return done

    return await here.store.write(change)


def _ask(found: "Sequence[Told]", question: str, yes: bool, congress: "Congress") -> None:
    from bot.errors import Refusal

    if not found:
        raise Refusal("There is no such delivery in this event.")
    if not yes:
        _print(found, {}, congress.zone, as_json=False)
        typer.confirm(question, abort=True)


def _tell(found: "Sequence[Told]", done: "Sequence[int]", said: str) -> None:
    out.print(f"{len(done)} of {len(found)} {said}.", highlight=False)
    if left := [str(one.id) for one in found if one.id not in done]:
        out.print(f"Left as they are: {', '.join(left)}.", highlight=False)


def _print(
    found: "Sequence[Told]",
    said: dict[int, str],
    zone: "ZoneInfo",
    *,
    as_json: bool,
    tried: "Sequence[Try]" = (),
) -> None:
    if as_json:
        out.print_json(data=[_told(one, said, tried) for one in found])
        return
    if not found:
        out.print("There is none.")
        return
    table = Table("number", "person", "channel", "letter", "state", "owed", "sent", "tries")
    for one in found:
        who = Text(f"{one.name} ({one.code})" if one.code else "not linked")
        act = "" if one.act == "say" else f" · {one.act}"
        letter = f"notice {one.notice}" if one.notice else "answer"
        state = f"{one.state}: {one.reason}" if one.reason else one.state
        owed, sent = _time(one.created_at, zone), _time(one.sent_at, zone)
        table.add_row(
            str(one.id), who, one.channel, letter + act, state, owed, sent, str(one.attempts)
        )
    out.print(table)
    for a_try in tried:
        what = f"{a_try.outcome}: {a_try.code}" if a_try.code else a_try.outcome
        out.print(Text(f"{a_try.delivery_id}: {_time(a_try.at, zone)} {what}"))
    for number, text in said.items():
        out.print(Text(f"{number}: {text}"))


def _told(one: "Told", said: dict[int, str], tried: "Sequence[Try]") -> dict[str, Any]:
    its = [
        {"at": a_try.at.isoformat(), "outcome": a_try.outcome, "code": a_try.code}
        for a_try in tried
        if a_try.delivery_id == one.id
    ]
    return _row(one) | {"tries": its} | ({"words": said[one.id]} if one.id in said else {})


def _row(one: "Told") -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, int | str) else value.isoformat()
        for name, value in one._asdict().items()
    }


def _time(at: "datetime | None", zone: "ZoneInfo") -> str:
    return at.astimezone(zone).strftime("%H:%M:%S %d/%m") if at else ""
