"""`donghanh serve`: the bot, its pages and webhooks, until it is told to stop."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import opened, run

if TYPE_CHECKING:  # the verb imports it when it runs: `--help` must answer at once
    from bot.values.duty import Duty

Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        help="On PostgreSQL, a share of the work: web, sender or schedule. "
        "May be repeated, or a list with commas.",
    ),
]


def serve(only: Only = None) -> None:
    """Answer delegates: web chat always, Telegram when its token is set."""
    run(_serve(only or []))


async def _serve(only: list[str]) -> None:
    from bot.serving import serve_forever
    from bot.values.duty import EVERYTHING

    duties = duties_in(only)
    async with opened() as here:
        settings = here.settings
        events = await here.store.read(lambda work: work.events.all())
    if not events:
        typer.echo("No event yet. Make one: donghanh event new, or try donghanh demo.", err=True)
    share = ", ".join(sorted(duties))

    def ready(url: str) -> None:
        if duties == EVERYTHING:
            typer.echo(f"Đồng Hành answers at {url}")
        else:
            typer.echo(f"Đồng Hành does its share ({share}) at {url}")

    await serve_forever(settings, ready, duties)


def duties_in(only: list[str]) -> "frozenset[Duty]":
    """The duties named; all of them when none is. Raises ConfigError for one there is not."""
    from bot.errors import ConfigError
    from bot.values.duty import EVERYTHING, Duty

    words = {word.strip() for part in only for word in part.split(",")}
    unknown = sorted(words - set(Duty))
    if unknown:
        known = ", ".join(Duty)
        raise ConfigError(f"--only knows {known}, not: {', '.join(unknown)}.")
    return frozenset(map(Duty, words)) or EVERYTHING
