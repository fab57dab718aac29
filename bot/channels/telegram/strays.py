"""What reaches a bot outside its private chats. Nothing personal may ever be said in a group, so no
turn sees it: the button stops spinning, and the group is left."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from telegram import Chat
from telegram.error import TelegramError

# At once; a flood of them is nobody's conversation.
MOST = 16
_GROUPS = (Chat.GROUP, Chat.SUPERGROUP, Chat.CHANNEL)
_INSIDE = ("member", "administrator", "restricted")

log = structlog.get_logger()

Wish = tuple[str, dict[str, Any]]


class Strays:
    """Does it beside the conversation; what fails is told to the log and not tried again."""

    def __init__(self, call: Callable[..., Awaitable[Any]]) -> None:
        self._call = call
        self._doing: set[asyncio.Task[None]] = set()

    def heed(self, raw: Mapping[str, Any]) -> None:
        """An update that is no Incoming."""
        wish = wish_of(raw)
        if wish is None or len(self._doing) >= MOST:
            return
        task = asyncio.create_task(self._do(*wish), name="telegram stray")
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def _do(self, method: str, fields: dict[str, Any]) -> None:
        try:
            await self._call(method, **fields)
        except TelegramError as error:
            log.info("telegram stray not heeded", method=method, what=str(error))

    async def close(self) -> None:
        """Let go of what is not done yet."""
        for task in self._doing:
            task.cancel()
        await asyncio.gather(*self._doing, return_exceptions=True)


def wish_of(raw: Mapping[str, Any]) -> Wish | None:
    """The call an update asks for: a spinner to stop, a group to leave. Trusts nothing in it."""
    query = raw.get("callback_query")
    if isinstance(query, dict):
        tap_id = query.get("id")
        ours = isinstance(tap_id, str) and 0 < len(tap_id) <= 64
        return ("answerCallbackQuery", {"callback_query_id": tap_id}) if ours else None
    change, message = raw.get("my_chat_member"), raw.get("message")
    if isinstance(change, dict):
        status = change.get("new_chat_member")
        inside = isinstance(status, dict) and status.get("status") in _INSIDE
        return _leave(change.get("chat")) if inside else None
    return _leave(message.get("chat")) if isinstance(message, dict) else None


def _leave(chat: object) -> Wish | None:
    if not isinstance(chat, dict) or chat.get("type") not in _GROUPS:
        return None
    number = chat.get("id")
    known = type(number) is int and -(2**63) < number < 0
    return ("leaveChat", {"chat_id": number}) if known else None
