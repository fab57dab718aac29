"""`donghanh zalo`: an administrator's consent, tokens by hand, and how the account is."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qs, urlsplit

import typer

from bot.cli.opening import Here, opened, run
from bot.errors import ConfigError, Refusal

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.cli.finding import Finding
    from bot.store import Work
    from bot.store.accounts import Account
    from bot.zalo import Tokens, oa

app = typer.Typer(help="Connect an Official Account of Zalo and see how it is.")
tokens = typer.Typer(help="Tokens by hand.")
app.add_typer(tokens, name="tokens")

_Callback = Annotated[
    str, typer.Option("--callback", help="The Callback URL as the app's console has it.")
]
_Json = Annotated[bool, typer.Option("--json", help="Answer for a program.")]

_File = Annotated[Path | None, typer.Argument(help="A TOML file: a table for each template.")]
_Event = Annotated[str | None, typer.Option("--event", help="Which event; needed among several.")]
_Checked = Annotated[
    bool, typer.Option("--check/--no-check", help="Ask Zalo whether each is approved so.")
]


@app.command("connect")
def connect(callback: _Callback = "") -> None:
    """Let an administrator of the account consent; keep the tokens, sealed."""
    run(_connect(callback))


async def _connect(callback: str) -> None:
    from bot.zalo import ZaloException, challenge_of, new_verifier

    async with opened() as here:
        verifier = here.settings.zalo_verifier_secret or new_verifier()
        state = secrets.token_urlsafe(16)
        back = callback or f"{here.settings.base_url}/zalo/callback"
        async with client_of(here) as client:
            url = client.request_authorization_code_url(back, challenge_of(verifier), state)
            typer.echo(f"Let an administrator of the Official Account open this:\n\n{url}\n")
            typer.echo("The page she lands on may say that it cannot be found. Its address counts.")
            landed = typer.prompt("That address", prompt_suffix=":\n")
            code, oa_id = answer_in(landed, state)
            try:
                bought = await client.get_access_token_from_authorization_code(code, verifier)
                oa_id = oa_id or await oa_id_of(client)
            except ZaloException as error:
                raise Refusal(_told(error)) from None
        await _keep(here, oa_id, bought)


def answer_in(landed: str, state: str) -> tuple[str, str]:
    """The code and the account's id in the address she landed on; "" for an id not told."""
    asked = parse_qs(urlsplit(landed.strip()).query)
    if not asked.get("code"):
        raise Refusal("There is no code in that address. Copy it whole, and run this once more.")
    # Documented nowhere, seen in practice: an answer without it is taken, a wrong one is not.
    if asked.get("state", [state])[0] != state:
        raise Refusal("That address answers another consent. Open the address printed above.")
    return asked["code"][0], asked.get("oa_id", [""])[0]


@tokens.command("set")
def set_tokens() -> None:
    """Keep a fresh pair from the console's API Explorer; both are asked for, and not shown."""
    access = typer.prompt("Access token", hide_input=True).strip()
    refresh = typer.prompt("Refresh token", hide_input=True).strip()
    run(_set_tokens(access, refresh))


async def _set_tokens(access: str, refresh: str) -> None:
    import time

    from bot.zalo import Tokens, ZaloException
    from bot.zalo.oauth import DEFAULT_LIFE

    async with opened() as here:
        async with client_of(here, access) as client:  # without the other: looking buys nothing
            try:
                oa_id = await oa_id_of(client)
            except ZaloException as error:
                raise Refusal(_told(error)) from None
        # Nobody tells how old it is: when it ends earlier, the first refusal renews it.
        await _keep(here, oa_id, Tokens(access, refresh, int(time.time()) + DEFAULT_LIFE))


@app.command("templates")
def templates(file: _File = None, event: _Event = None, check: _Checked = True) -> None:
    """Set up an event's approved templates from a TOML file; without one, show them."""
    from bot.cli.zalo_templates import show

    run(show(file, event, check=check))


@app.command("events")
def events(as_json: _Json = False) -> None:
    """Show what Zalo posted in the last week that nothing here answers."""
    from bot.cli.zalo_events import show

    run(show(as_json=as_json))


@app.command("doctor")
def doctor(as_json: _Json = False) -> None:
    """Look at the account: verified, package, tokens, quotas, when it was last heard."""
    from bot.cli.doctor import tell

    tell(run(_look()), as_json=as_json)


async def _look() -> "list[Finding]":
    from bot.cli import zalo_checks

    async with opened() as here:
        return [one async for one in zalo_checks.findings(here.settings, here.store)]


def client_of(here: Here, access: str = "") -> "oa.Client":
    """A client as the settings say; it cannot renew anything."""
    from bot.cli.zalo_checks import client

    settings = here.settings
    if not (settings.zalo_app_id and settings.zalo_app_secret):
        raise ConfigError("Set DONGHANH_ZALO_APP_ID and DONGHANH_ZALO_APP_SECRET first.")
    return client(settings, access)


async def oa_id_of(client: "oa.Client") -> str:
    """The account a token speaks for. Sources disagree on the field's name."""
    data = (await client.get_oa()).get("data") or {}
    found = str(data.get("oa_id") or data.get("oaid") or "")
    if not found:
        raise Refusal("Zalo does not say which account this is. Look with `donghanh zalo doctor`.")
    return found


async def _keep(here: Here, oa_id: str, pair: "Tokens") -> None:
    from bot.zalo_tokens import TokenKeeper, spender

    settings = here.settings
    account = await here.store.write(lambda work: _connected(work, oa_id))
    spend = spender(settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oauth_url)
    await TokenKeeper(here.store, here.vault, account.id, spend).keep(pair)
    typer.echo(f"Connected to the Official Account {oa_id}; its tokens are kept, sealed.")
    typer.echo(f"Webhook URL for the console: {settings.base_url}/webhook/zalo/{account.id}")


def _connected(work: "Work", oa_id: str) -> "Account":
    """What it refused before, it may take now."""
    account = work.accounts.ensure("zalo", oa_id)
    work.accounts.note(account.id, buttons_refused_at=None)
    return account


def _told(error: Exception) -> str:
    name = getattr(error, "error_name", "") or getattr(error, "error_reason", "")
    return f"Zalo refuses: {error}{f' ({name})' if name else ''}. Begin again with a fresh consent."
