"""`donghanh role …`: who may do more than a delegate; the first organiser begins here."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opening import opened, run
from bot.values.person import Role

app = typer.Typer(help="Say who is an organiser, trainer or helper.", no_args_is_help=True)
out = Console()

Event = Annotated[str | None, typer.Option("--event", help="The event, when there are several.")]
Code = Annotated[str, typer.Argument(help="The person's code in the roster, like DB0001.")]
Given = Annotated[Role, typer.Argument(help="What she may do in this event.")]
Author = Annotated[str, typer.Option("--author", help="Who answers for it, for the history.")]


@app.command("grant")
def grant(code: Code, role: Given, event: Event = None, author: Author = "cli") -> None:
    """Give a person of the roster a role in one event."""
    run(_change(code, role, event, author, "role.grant"))


@app.command("revoke")
def revoke(code: Code, role: Given, event: Event = None, author: Author = "cli") -> None:
    """Take the role away again."""
    run(_change(code, role, event, author, "role.revoke"))


async def _change(code: str, role: Role, slug: str | None, author: str, verb: str) -> None:
    from bot import desk
    from bot.errors import Refusal
    from bot.store import Work
    from bot.values.person import Record

    if role is Role.DELEGATE:
        raise Refusal("Who is a delegate is said by the roster: donghanh roster import FILE.")
    async with opened() as here:
        congress = await here.event(slug)

        def change(work: Work) -> Record:
            record = desk.person(work, congress.id, code)
            give = work.people.join if verb == "role.grant" else work.people.leave
            give(congress.id, [record.person_id], role)
            subject = f"person:{record.person_id}"
            work.audit.add(congress.id, author, verb, subject, role=role.value)
            return record

        record = await here.store.write(change)
    said = "is now" if verb == "role.grant" else "is no longer"
    out.print(f"{record.full_name} ({record.code}) {said} {role}.", highlight=False)


@app.command("list")
def list_roles(event: Event = None) -> None:
    """Everybody who is more than a delegate."""

    async def show() -> None:
        async with opened() as here:
            congress = await here.event(event)
            rows = await here.store.read(
                lambda work: [
                    (role, work.roster.of_person(congress.id, person_id))
                    for person_id, role in work.people.with_roles(congress.id)
                ]
            )
        table = Table("role", "code", "name", "delegation")
        for role, record in rows:
            known = (record.code, record.full_name, record.delegation) if record else ("-",) * 3
            table.add_row(role, *known)
        out.print(table if rows else "Nobody yet: donghanh role grant CODE organiser")

    run(show())
