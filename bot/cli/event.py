"""`donghanh event new|list|close|reopen`: the congresses of this deployment."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opening import opened, run

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.store import Work
    from bot.values.event import Event

app = typer.Typer(help="Make, list, close and reopen events.", no_args_is_help=True)
out = Console()

Author = Annotated[str, typer.Option("--author", help="Who answers for it, for the history.")]


@app.command("new")
def new(
    slug: Annotated[str, typer.Argument(help="Short name for links: a-z, 0-9 and -.")],
    name: Annotated[str, typer.Option(help="The event's full name in Vietnamese.")],
    first_day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day.")],
    days: Annotated[int, typer.Option(min=1, max=60, help="How many days.")] = 1,
    time_zone: Annotated[str, typer.Option(help="The zone its times are shown in.")] = (
        "Asia/Ho_Chi_Minh"
    ),
    languages: Annotated[str, typer.Option(help="Language keys, Vietnamese first.")] = "vi,en",
    parent: Annotated[str | None, typer.Option(help="The event it belongs to.")] = None,
    author: Author = "cli",
) -> None:
    """Make an event; its content and roster are loaded next."""

    async def make() -> None:
        async with opened() as here:
            above = await here.event(parent) if parent else None
            _check(slug, time_zone)

            def add(work: "Work") -> "Event":
                made = work.events.add(
                    slug,
                    names={"vi": name},
                    time_zone=time_zone,
                    first_day=first_day.date(),
                    days=days,
                    languages=tuple(key.strip() for key in languages.split(",") if key.strip()),
                    parent_id=above.id if above else None,
                )
                work.audit.add(made.id, author, "event.new", f"event:{made.id}")
                return made

            made = await here.store.write(add)
            out.print(f"Event {made.slug} is made. Next: donghanh content load FOLDER")

    run(make())


def _check(slug: str, time_zone: str) -> None:
    import re
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from bot.errors import Refusal

    if not re.fullmatch(r"[a-z0-9-]{1,40}", slug):
        raise Refusal("The slug may only hold a-z, 0-9 and -, at most 40 of them.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refusal(f"There is no time zone {time_zone}. Try Asia/Ho_Chi_Minh.") from None


@app.command("list")
def list_events() -> None:
    """Every event, with its days and the content in force."""

    async def show() -> None:
        async with opened() as here:
            events = await here.store.read(lambda work: work.events.all(open_only=False))
        table = Table("slug", "name", "first day", "days", "content", "state")
        for one in events:
            state = "closed" if one.closed_at else "open"
            version = "loaded" if one.version_id else "none"
            day = one.first_day.isoformat()
            table.add_row(one.slug, one.names["vi"], day, str(one.days), version, state)
        out.print(table if events else "No event yet. Make one: donghanh event new")

    run(show())


@app.command("close")
def close(
    slug: Annotated[str, typer.Argument(help="The event.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    author: Author = "cli",
) -> None:
    """Close an event: delegates get no more answers about it, until it is reopened."""

    async def shut() -> None:
        async with opened() as here:
            found = await here.event(slug)
            if found.closed_at is not None:
                out.print(f"Event {found.slug} is closed already.")
                return
            if not yes:
                typer.confirm(f"Close {found.slug} for its delegates?", abort=True)
            await here.store.write(lambda work: _save(work, found, author, at=here.clock.now()))
            out.print(f"Event {found.slug} is closed. Back: donghanh event reopen {found.slug}")

    run(shut())


@app.command("reopen")
def reopen(slug: Annotated[str, typer.Argument(help="The event.")], author: Author = "cli") -> None:
    """A closed event answers its delegates again; `serve` must be started anew for its page."""

    async def back() -> None:
        async with opened() as here:
            found = await here.event(slug)
            await here.store.write(lambda work: _save(work, found, author, at=None))
            out.print(f"Event {found.slug} is open.")

    run(back())


def _save(work: "Work", event: "Event", author: str, *, at: datetime | None) -> None:
    """Closed at this moment, or open again; either stands in the history."""
    from dataclasses import replace

    work.events.save(replace(event, closed_at=at))
    verb = "event.reopen" if at is None else "event.close"
    work.audit.add(event.id, author, verb, f"event:{event.id}")
