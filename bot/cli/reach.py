"""`donghanh reach`: if something goes out now, whom it reaches, how, at what cost, who is left."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Here, opened, run

if TYPE_CHECKING:
    from bot.reach import Forecast

_NAMES = 20  # on a screen; --names and --json give all of them

_Event = Annotated[str | None, typer.Option("--event", help="Which event; needed among several.")]
_Json = Annotated[bool, typer.Option("--json", help="Answer for a program, with every name left.")]
_Names = Annotated[bool, typer.Option("--names", help="Every name that is not reached.")]

_Check = Annotated[
    bool, typer.Option("--check", help="First ask Zalo, one call for each who is not free.")
]


def reach(
    event: _Event = None, names: _Names = False, check: _Check = False, as_json: _Json = False
) -> None:
    """Say whom a notice would reach now, how, at what cost, and who would be left."""
    slug, found = run(_looked(event, check))
    if as_json:
        told = {"event": slug, **found.as_json()}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in _lines(slug, found, len(found.left) if names else _NAMES):
        typer.echo(line)


async def _looked(slug: str | None, check: bool) -> "tuple[str, Forecast]":
    from bot.reach import forecast

    async with opened() as here:
        event = await here.event(slug)
        if check:
            await _check(here, event.id)
        price = here.settings.zalo_price
        return event.slug, await here.store.read(lambda work: forecast(work, event.id, price=price))


async def _check(here: Here, event_id: int) -> None:
    """Of everybody who is not free to reach on Zalo, or of whom nothing is known."""
    from bot.channels import zalo
    from bot.reach import Window, window_of

    places = await here.store.read(lambda work: work.windows.of_event(event_id))
    now, shut = here.clock.now(), (Window.BILLABLE, Window.TEMPLATE, Window.UNKNOWN)
    asked = [one for one in places if one.kind == "zalo" and window_of(one, now) in shut]
    for account in sorted({one.account_id for one in asked}):
        senders = sorted({one.sender for one in asked if one.account_id == account})
        client, keeper = zalo.client_of(
            account, here.settings, store=here.store, vault=here.vault, clock=here.clock
        )
        async with client:
            known = await zalo.check(client, here.store, account, senders)
        await keeper.close()
        typer.echo(f"Asked Zalo about {len(senders)} people; it answered for {known}.", err=True)


def _lines(slug: str, found: "Forecast", most: int) -> list[str]:
    from bot.reach import Way

    said = {
        Way.FREE: "reached at once, free",
        Way.OPENED: "reached in the web chat, when they open it",
        Way.BILLABLE: f"reached for {found.price} VND each: {found.cost:,} VND",
        Way.UNKNOWN: "tried on Zalo; nobody knows when they last did something there",
        Way.TEMPLATE: "only by an approved Zalo template: silent for more than 7 days",
        Way.UNREACHABLE: "left or paused the chat",
        Way.UNLINKED: "never linked",
    }
    lines = [f"If it goes out now, of {len(found.people):,} people in {slug}:"]
    lines += [f"  {len(found.by(way)):>6,}  {words}" for way, words in said.items()]
    lines.append(f"Not reached: {len(found.left):,}")
    lines += [
        f"  {one.code}  {one.full_name}, {one.delegation} ({one.way})" for one in found.left[:most]
    ]
    if len(found.left) > most:
        lines.append(f"  … and {len(found.left) - most:,} more: --names")
    return lines
