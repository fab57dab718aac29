"""`donghanh serve`: the bot, its pages and webhooks, until it is told to stop."""

import typer

from bot.cli.opening import opened, run


def serve() -> None:
    """Answer delegates: web chat always, Telegram when its token is set."""
    run(_serve())


async def _serve() -> None:
    from bot.serving import serve_forever

    async with opened() as here:
        settings = here.settings
        events = await here.store.read(lambda work: work.events.all())
    if not events:
        typer.echo("No event yet. Make one: donghanh event new, or try donghanh demo.", err=True)
    await serve_forever(settings, on_ready=lambda url: typer.echo(f"Đồng Hành answers at {url}"))
