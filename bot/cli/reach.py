"""`donghanh reach`: if something goes out now, whom it reaches, how, at what cost, who is left."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import forecasts
from bot.cli.opening import opened, run

if TYPE_CHECKING:  # the verb imports it when it runs
    from bot.reach import Forecast

NAMES = 20  # on a screen; --names and --json give all of them

_Event = Annotated[str | None, typer.Option("--event", help="Which event; needed among several.")]
_Json = Annotated[bool, typer.Option("--json", help="Answer for a program, with every name left.")]
_Names = Annotated[bool, typer.Option("--names", help="Every name that is not reached.")]
_Check = Annotated[
    bool, typer.Option("--check", help="First ask Zalo, one call for each who is not free.")
]
_Template = Annotated[
    str,
    typer.Option("--template", help="With this Zalo template for the rest; `none`: without one."),
]


def reach(
    event: _Event = None,
    names: _Names = False,
    check: _Check = False,
    template: _Template = "",
    as_json: _Json = False,
) -> None:
    """Say whom a notice would reach now, how, at what cost, and who would be left."""
    slug, found = run(_looked(event, check, template))
    if as_json:
        told = {"event": slug, **found.as_json()}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in forecasts.lines(slug, found, len(found.left) if names else NAMES):
        typer.echo(line)


async def _looked(slug: str | None, check: bool, template: str) -> "tuple[str, Forecast]":
    from bot.reach import forecast

    async with opened() as here:
        event = await here.event(slug)
        if check:
            await forecasts.check(here, event.id)
        one = await forecasts.template_named(here, event.id, template)
        price = here.settings.zalo_price
        found = await here.store.read(
            lambda work: forecast(work, event.id, price=price, template=one)
        )
        return event.slug, await forecasts.as_zalo_says(here, found)
