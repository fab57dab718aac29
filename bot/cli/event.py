"""`donghanh event new|list|close`: the congresses of this deployment."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opening import opened, run

app = typer.Typer(help="Make, list and close events.", no_args_is_help=True)
out = Console()


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
) -> None:
    """Make an event; its content and roster are loaded next."""

    async def make() -> None:
        async with opened() as here:
            above = await here.event(parent) if parent else None
            _check(slug, time_zone)
            made = await here.store.write(
                lambda work: work.events.add(
                    slug,
                    names={"vi": name},
                    time_zone=time_zone,
                    first_day=first_day.date(),
                    days=days,
                    languages=tuple(key.strip() for key in languages.split(",") if key.strip()),
                    parent_id=above.id if above else None,
                )
            )
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
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Close an event: delegates get no more answers about it."""

    async def shut() -> None:
        from dataclasses import replace

        async with opened() as here:
            found = await here.event(slug)
            if not yes:
                typer.confirm(f"Close {found.slug} for its delegates?", abort=True)
            closed = replace(found, closed_at=here.clock.now())
            await here.store.write(lambda work: work.events.save(closed))
            out.print(f"Event {found.slug} is closed.")

    run(shut())
