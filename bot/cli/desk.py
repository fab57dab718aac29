"""`donghanh desk …`: what the help desk does for the delegate who stands before it."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.opening import opened, run

if TYPE_CHECKING:
    from bot.store import Work
    from bot.values.person import Record
    from bot.values.request import Request

app = typer.Typer(help="The help desk: link a phone, see open requests.", no_args_is_help=True)
out = Console()

Event = Annotated[str | None, typer.Option("--event", help="The event, when there are several.")]


@app.command("link")
def link(
    code: Annotated[str, typer.Argument(help="The person's code in the roster, like DB0001.")],
    shown: Annotated[str, typer.Argument(help="The digits that her chat shows for the desk.")],
    event: Event = None,
) -> None:
    """Tie the phone that shows these digits to a person whom the desk recognises."""

    async def tie() -> None:
        from bot.access import Linked, address_of_desk_code, link_at_desk
        from bot.errors import Refusal

        async with opened() as here:
            congress = await here.event(event)
            record = await here.store.read(lambda work: work.roster.by_code(congress.id, code))
            if record is None or record.status != "active":
                raise Refusal(f"Nobody in {congress.slug} has the code {code}.")
            address_id = address_of_desk_code(here.vault, shown)
            if address_id is None:
                raise Refusal("These digits are not right. Please read them again from her phone.")
            done = await here.store.write(lambda work: link_at_desk(work, record, address_id))
            if done is not Linked.DONE:
                raise Refusal("She has three addresses already. Free one before adding another.")
            out.print(f"Linked to {record.full_name}, {record.delegation}.", highlight=False)

    run(tie())


@app.command("requests")
def requests(event: Event = None) -> None:
    """Requests for a person that nobody closed yet, oldest first."""

    async def show() -> None:
        async with opened() as here:
            congress = await here.event(event)
            waiting = await here.store.write(lambda work: _waiting(work, congress.id))
        table = Table("number", "since", "kind", "who", "about", "place", "language", "said last")
        for one, record in waiting:
            since = one.created_at.astimezone(congress.zone).strftime("%H:%M %d/%m")
            who = f"{record.code} {record.full_name}" if record else "not linked yet"
            about, last = one.field or one.topic, " / ".join(one.last_texts)
            table.add_row(
                str(one.id), since, one.kind, who, about, one.place, one.language, escape(last)
            )
        out.print(table if waiting else "Nobody is waiting.")

    run(show())


def _waiting(work: "Work", event_id: int) -> "list[tuple[Request, Record | None]]":
    """Open requests with whoever asks. Looking at them is an act: it goes into the audit log."""
    waiting = work.requests.waiting(event_id)
    if waiting:
        work.audit.add(event_id, "desk", "look", "requests", count=len(waiting))
    return [(one, work.roster.of_person(event_id, one.person_id)) for one in waiting]


@app.command("close")
def close(
    number: Annotated[int, typer.Argument(help="The request's number.")], event: Event = None
) -> None:
    """A request is dealt with."""

    async def shut() -> None:
        from bot.errors import Refusal

        async with opened() as here:
            congress = await here.event(event)
            closed = await here.store.write(lambda work: work.requests.close(congress.id, number))
            if not closed:
                raise Refusal(f"There is no open request {number} in {congress.slug}.")
            out.print(f"Request {number} is closed.")

    run(shut())
