"""What an operator tells Telegram once: where updates go, and which commands stand in the menu."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from telegram.error import TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.reading import WANTED
from bot.channels.telegram.transport import NotSentError, RefusedError
from bot.channels.telegram.writing import commands_of
from bot.commands import COMMANDS, menu_in
from bot.errors import ConfigError, Refusal
from bot.i18n import Texts, Translator

OFFICIAL = "https://api.telegram.org"
PORTS = (443, 80, 88, 8443)  # Bot API: setWebhook
CONNECTIONS = 40


@dataclass(frozen=True, slots=True)
class Hook:
    """Where Telegram posts, as it says itself. `waiting`: updates it could not deliver yet."""

    url: str
    waiting: int
    last_error: str = ""
    last_error_at: datetime | None = None


@asynccontextmanager
async def connected(token: str, api_url: str) -> AsyncIterator[Api]:
    """A line to Telegram for one errand. Refusal says what is wrong; ConfigError, which setting."""
    if not token:
        raise ConfigError("There is no bot: set DONGHANH_TELEGRAM_TOKEN to what BotFather gave.")
    api = Api(token, api_url)
    await api.open()
    try:
        await api.check()
        yield api
    except NotSentError:
        raise Refusal(
            "Telegram cannot be reached from here; nothing was changed. In Viet Nam networks may "
            "block it: try from the server that will run the bot, or another network."
        ) from None
    except RefusedError as refused:
        raise Refusal(f"Telegram refused: {refused.said or refused.status}.") from None
    except TelegramError:
        raise Refusal(
            "Telegram did not answer. Run `donghanh telegram webhook-info` to see what is set."
        ) from None
    finally:
        await api.close()


def webhook_url(base_url: str, account_id: int, api_url: str) -> str:
    """The address of an account's webhook; Refusal when Telegram would not post there."""
    parts = urlsplit(base_url)
    if api_url.rstrip("/") == OFFICIAL:
        if parts.scheme != "https":
            raise Refusal(
                f"Telegram posts to https only, not to {base_url}. Set DONGHANH_PUBLIC_URL to the "
                "public address, or DONGHANH_TELEGRAM_MODE=polling to try it out."
            )
        if (parts.port or 443) not in PORTS:
            raise Refusal(f"Telegram posts to the ports 443, 80, 88 and 8443, not {parts.port}.")
    return f"{base_url}/webhook/telegram/{account_id}"


async def set_webhook(api: Api, url: str, secret: str, *, drop_waiting: bool = False) -> None:
    """Updates go to `url` from now on, and only the kinds we read."""
    await api.call(
        "setWebhook",
        url=url,
        secret_token=secret,
        max_connections=CONNECTIONS,
        allowed_updates=list(WANTED),
        drop_pending_updates=drop_waiting,
    )


async def delete_webhook(api: Api, *, drop_waiting: bool = False) -> None:
    """Updates wait at Telegram (a day at most) until somebody polls or sets a webhook."""
    await api.call("deleteWebhook", drop_pending_updates=drop_waiting)


async def webhook_info(api: Api) -> Hook:
    """Where updates go, and whether they arrive."""
    told = await api.call("getWebhookInfo")
    at = told.get("last_error_date")
    return Hook(
        url=told.get("url", ""),
        waiting=int(told.get("pending_update_count", 0)),
        last_error=told.get("last_error_message", ""),
        last_error_at=datetime.fromtimestamp(at, UTC) if at else None,
    )


async def set_commands(api: Api, texts: Texts) -> list[str]:
    """The menu in Vietnamese, and in each language Telegram can name that has its own words.

    This is what a telephone shows before its owner chose a language; afterwards her chat has a
    menu of its own. The Bot API takes two-letter codes only: other telephones see the Vietnamese
    one. A language whose words are missing loses its menu, so that it does not show half of
    another's.
    """
    done = []
    for code in ("vi", *(code for code in texts.languages if len(code) == 2 and code != "vi")):
        say = texts.translator(code, UTC)
        where: dict[str, Any] = {} if code == "vi" else {"language_code": code}
        if not texts.languages[code].has_text or not _speaks(say, code):
            await api.call("deleteMyCommands", **where)
            continue
        await api.call("setMyCommands", commands=commands_of(menu_in(say).choices), **where)
        done.append(code)
    return done


def _speaks(say: Translator, code: str) -> bool:
    return code == "vi" or all(say.spoken_in(words) == code for _, words in COMMANDS)
