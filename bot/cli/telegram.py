"""`donghanh telegram`: what Telegram must be told once before a bot goes live."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Here, opened, run
from bot.errors import Refusal

if TYPE_CHECKING:  # the library costs half a second to import
    from bot.channels.telegram.api import Api

app = typer.Typer(help="Tell Telegram where updates go and what the menu says.")

_Drop = Annotated[
    bool, typer.Option("--drop-waiting", help="Forget what people wrote and we never got.")
]
_Json = Annotated[bool, typer.Option("--json", help="Answer for a program.")]


@app.command("set-webhook")
def set_webhook(drop_waiting: _Drop = False) -> None:
    """Let Telegram post updates to DONGHANH_PUBLIC_URL."""
    run(_set_webhook(drop_waiting))


async def _set_webhook(drop_waiting: bool) -> None:
    from bot.channels.telegram import registration, webhook_secret

    async with _at_telegram() as (here, api):
        url = await _our_url(here)
        secret = webhook_secret(here.settings.telegram_token)
        await registration.set_webhook(api, url, secret, drop_waiting=drop_waiting)
    typer.echo(f"Telegram posts to {url}")
    if here.settings.telegram_mode != "webhook":
        typer.echo(
            "DONGHANH_TELEGRAM_MODE is polling here: set it to webhook, then serve.", err=True
        )


@app.command("webhook-info")
def webhook_info(as_json: _Json = False) -> None:
    """Show where Telegram posts, what waits there, and what went wrong last."""
    run(_webhook_info(as_json))


async def _webhook_info(as_json: bool) -> None:
    from bot.channels.telegram import registration

    async with _at_telegram() as (here, api):
        hook = await registration.webhook_info(api)
        try:
            ours = hook.url == await _our_url(here)
        except Refusal:
            ours = False
    at = hook.last_error_at.isoformat() if hook.last_error_at else ""
    if as_json:
        told = {"url": hook.url, "ours": ours, "waiting": hook.waiting}
        typer.echo(json.dumps({**told, "last_error": hook.last_error, "last_error_at": at}))
        return
    typer.echo(f"Telegram posts to: {hook.url or 'nowhere (no webhook; polling may be used)'}")
    if hook.url and not ours:
        typer.echo("That is not this installation's address: donghanh telegram set-webhook")
    typer.echo(f"Waiting there: {hook.waiting}")
    if hook.last_error:
        typer.echo(f"Last error: {hook.last_error} ({at})")


@app.command("delete-webhook")
def delete_webhook(drop_waiting: _Drop = False) -> None:
    """Stop Telegram from posting, so that polling can be used."""
    run(_delete_webhook(drop_waiting))


async def _delete_webhook(drop_waiting: bool) -> None:
    from bot.channels.telegram import registration

    async with _at_telegram() as (_, api):
        await registration.delete_webhook(api, drop_waiting=drop_waiting)
    typer.echo("Telegram posts nowhere now. Updates wait there, a day at most.")


@app.command("set-commands")
def set_commands() -> None:
    """Put the commands into Telegram's menu, in every language that has its words."""
    run(_set_commands())


async def _set_commands() -> None:
    from bot.channels.telegram import registration
    from bot.i18n import Texts
    from bot.paths import resource

    texts = Texts.load(resource("locales"))
    async with _at_telegram() as (_, api):
        done = await registration.set_commands(api, texts)
    typer.echo(f"The menu is set in: {', '.join(done)}. Everybody else sees it in Vietnamese.")


@asynccontextmanager
async def _at_telegram() -> "AsyncIterator[tuple[Here, Api]]":
    """The installation, and a checked line to Telegram."""
    from bot.channels.telegram import registration

    async with opened() as here:
        settings = here.settings
        line = registration.connected(settings.telegram_token, settings.telegram_api_url)
        async with line as api:
            yield here, api


async def _our_url(here: Here) -> str:
    """The address of this bot's webhook; its account is made when it is not there yet."""
    from bot.channels.telegram import account_name, registration

    name = account_name(here.settings.telegram_token)
    account = await here.store.write(lambda work: work.accounts.ensure("telegram", name))
    settings = here.settings
    return registration.webhook_url(settings.base_url, account.id, settings.telegram_api_url)
