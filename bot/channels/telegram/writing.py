"""What a Part becomes on Telegram: which method, which fields, which buttons."""

import mimetypes
import re
from collections.abc import Awaitable
from html import escape
from pathlib import PurePath
from typing import Any, Protocol

import structlog
from telegram import InputFile

from bot.channels.telegram.errors import code_of
from bot.channels.telegram.transport import RefusedError
from bot.errors import Rejected
from bot.fit import Capabilities, Part, marked, plain
from bot.media import MediaShelf
from bot.text import clip
from bot.values.reply import Choice, MapPoint, Media, Phone

# Bot API: characters after the markup is taken out. Its server counts code points, entities count
# UTF-16 units; we hold both by counting the greater one.
TEXT_UNITS = 4096
CAPTION_UNITS = 1024
DATA_BYTES = 64
TAP_TEXT = 200

# Limits in visible characters leave room for clusters of 2.7 units (captions: 2.5); Vietnamese
# takes 1, Khmer 1.6 to 2.2. What takes more is split smaller.
# Buttons: 100 to a message. Label: what a telephone shows of a row.
CAPABILITIES = Capabilities(
    text_limit=1500,
    caption_limit=400,
    text_units=TEXT_UNITS,
    caption_units=CAPTION_UNITS,
    buttons=100,
    button_limit=40,
    pictures=True,
    audio=True,
    files=True,
    map_points=True,
    phone_cards=True,
    answers_taps=True,
    edits=True,
    menus=True,
    withdraws=True,
    reacts=True,
)

# Our kind of media -> method, its field, what else goes with it. Papers stay in the chat.
_SHOWN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "picture": ("sendPhoto", "photo", {}),
    "audio": ("sendVoice", "voice", {}),
    "file": ("sendDocument", "document", {"protect_content": True}),
}
# Telegram's server cuts a file name at a semicolon and undoes no quoting.
_UNSAFE_NAME = re.compile(r'[\x00-\x1f"\\;]')

log = structlog.get_logger()


class Call(Protocol):
    """`Api.call`."""

    def __call__(self, method: str, **fields: Any) -> Awaitable[Any]: ...


class Writer:
    """Writes into one bot's private chats. Lets the errors of the transport pass."""

    def __init__(self, call: Call, account_id: int, media: MediaShelf) -> None:
        self._call = call
        self._account_id = account_id
        self._media = media
        self._refs: dict[str, str] = {}

    async def say(self, chat: int, part: Part) -> str:
        """Sends the part; the id of the message, empty when there was nothing to say."""
        to = {"chat_id": chat, **_keyboard(part)}
        if part.point is not None:
            message = await self._call("sendVenue", **to, **_venue(part.point))
        elif part.phones:
            message = await self._call("sendContact", **to, **_card(part.phones[0]))
        elif part.media:
            message = await self._show(to, part.media[0], part.text)
        elif part.text:
            message = await self._worded("sendMessage", to, part.text)
        elif part.choices or part.controls:
            raise Rejected("empty", "Buttons need a text to stand under.")
        else:
            return ""
        return str(message["message_id"])

    async def edit(self, chat: int, message_id: int, part: Part) -> None:
        """Puts another text and other buttons into a message of ours."""
        to = {"chat_id": chat, "message_id": message_id, **_keyboard(part)}
        try:
            await self._worded("editMessageText", to, part.text)
        except RefusedError as refused:
            if code_of(refused) != "no_text":
                raise
            # It carries a file or a picture, which stays; its words stand under it.
            await self._worded("editMessageCaption", to, part.text)

    async def withdraw(self, chat: int, message_id: int) -> None:
        """Takes a message of ours away."""
        await self._call("deleteMessage", chat_id=chat, message_id=message_id)

    async def react(self, chat: int, message_id: int, emoji: str) -> None:
        """One emoji under a message of hers."""
        reaction = [{"type": "emoji", "emoji": emoji}]
        await self._call(
            "setMessageReaction", chat_id=chat, message_id=message_id, reaction=reaction
        )

    async def menu(self, chat: int, commands: tuple[Choice, ...]) -> None:
        """The commands behind the menu button of her chat; without any, those of the bot again."""
        where = {"scope": {"type": "chat", "chat_id": chat}}
        if commands:
            await self._call("setMyCommands", commands=commands_of(commands), **where)
        else:
            await self._call("deleteMyCommands", **where)

    async def answer_tap(self, tap_id: str, text: str) -> None:
        """Stops the spinner on a pressed button; a text shows for a moment."""
        shown = {"text": clip(plain(text), TAP_TEXT)} if text else {}
        await self._call("answerCallbackQuery", callback_query_id=tap_id, **shown)

    async def _worded(self, method: str, fields: dict[str, Any], text: str) -> Any:
        """With its text or caption as HTML; plain when Telegram cannot read the markup.

        A message whose markup is refused was not accepted, so the second try doubles nothing.
        """
        slot, units = ("text", TEXT_UNITS) if method in _TEXTS else ("caption", CAPTION_UNITS)
        if slot == "text":
            fields = {**fields, "link_preview_options": {"is_disabled": True}}
        bare = plain(text)
        if len(bare) * 2 > units and len(bare.encode("utf-16-le")) // 2 > units:
            raise Rejected("too_long", f"{len(bare)} characters, {units} UTF-16 units at most.")
        rich = {slot: marked(escape(text, quote=False), "<b>", "</b>"), "parse_mode": "HTML"}
        try:
            return await self._call(method, **fields, **rich)
        except RefusedError as refused:
            if code_of(refused) != "markup":
                raise
        log.error("markup refused", account=self._account_id, method=method)
        return await self._call(method, **fields, **{slot: bare})

    async def _show(self, to: dict[str, Any], media: Media, caption: str) -> Any:
        """By Telegram's own id of the file when it has one, else with the bytes."""
        ref = await self._ref(media.sha256)
        if ref:
            try:
                return await self._shown(to, media, caption, ref)
            except RefusedError as refused:
                if code_of(refused) != "file_reference":
                    raise
        message = await self._shown(to, media, caption, await self._bytes(media))
        await self._remember(media.sha256, _file_id(message))
        return message

    async def _shown(
        self, to: dict[str, Any], media: Media, caption: str, what: str | InputFile
    ) -> Any:
        method, field, more = _SHOWN.get(media.kind, _SHOWN["file"])
        return await self._worded(method, {**to, **more, field: what}, caption)

    async def _ref(self, sha256: str) -> str | None:
        known = self._refs.get(sha256)
        return known or await self._media.upload_ref(self._account_id, sha256)

    async def _remember(self, sha256: str, ref: str) -> None:
        if ref:
            await self._media.remember_upload(self._account_id, sha256, ref)
            self._refs[sha256] = ref

    async def _bytes(self, media: Media) -> InputFile:
        found = await self._media.find(media.sha256)
        if found is None:
            raise Rejected("media_missing", f"No bytes for {media.sha256}.")
        mime, body = found
        name = _UNSAFE_NAME.sub("_", media.name.rpartition("/")[2]).strip()[-120:] or media.kind
        if not PurePath(name).suffix:
            name += mimetypes.guess_extension(mime) or ""
        return InputFile(body, filename=name)


_TEXTS = frozenset({"sendMessage", "editMessageText"})


def commands_of(choices: tuple[Choice, ...]) -> list[dict[str, str]]:
    """A menu as the Bot API takes it."""
    return [{"command": one.value, "description": plain(one.label)} for one in choices]


def _keyboard(part: Part) -> dict[str, Any]:
    """Each choice a row of its own, so that its words fit on a narrow phone.

    The controls keep their order in two rows: three in one would be cut at 360 pixels.
    """
    rows = [[_button(choice)] for choice in part.choices]
    controls = [_button(control) for control in part.controls]
    rows += [row for row in (controls[:2], controls[2:]) if row]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(choice: Choice) -> dict[str, str]:
    if not 1 <= len(choice.value.encode()) <= DATA_BYTES:
        raise Rejected("bad_choice", f"{choice.value!r} does not fit {DATA_BYTES} bytes.")
    return {"text": plain(choice.label), "callback_data": choice.value}


def _venue(point: MapPoint) -> dict[str, Any]:
    return {
        "latitude": point.latitude,
        "longitude": point.longitude,
        "title": point.name,
        "address": point.note or point.name,
    }


def _card(phone: Phone) -> dict[str, str]:
    """A contact: the one thing in a chat that rings with a press on every telephone."""
    return {"phone_number": phone.number, "first_name": phone.name}


def _file_id(message: Any) -> str:
    """What Telegram calls the file it just got; it may show a long voice note as a file."""
    for kind in ("photo", "voice", "audio", "document"):
        found = message.get(kind)
        if found:
            biggest = found[-1] if isinstance(found, list) else found
            return str(biggest.get("file_id", ""))
    return ""
