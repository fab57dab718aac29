"""From Telegram's updates to ours. Only private chats with people; everything is untrusted, and no
more of a person is taken over than the turn needs: no name, no language of her telephone."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from telegram import Chat, ChatMemberUpdated, Message, Update

from bot.text import clean
from bot.values.incoming import Incoming, Kind

# What we ask Telegram to send; everything else stays there.
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Bot API: the parameter of a deep link
_BIGGEST = 2**63
_FILES = ("document", "audio", "video", "video_note")
# She mended a slip and waits. Later edits are about something else, and Telegram tells of some
# that nobody made.
_MENDED_SECONDS = 600
# A person wrote something that has no words in it: she gets an answer, not silence.
_WORDLESS = ("dice", "poll", "story", "game", "checklist", "paid_media")

log = structlog.get_logger()


def update_id_of(raw: object) -> int | None:
    """Telegram's number of the update; None when this is no update at all."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int and 0 <= number < _BIGGEST else None


def read(raw: Mapping[str, Any], account_id: int, now: datetime) -> Incoming | None:
    """What the update says to us, or None when it is nothing of ours. `raw` has an update id.

    An update we cannot read is told to the log and left: asked again, Telegram would send the same.
    """
    if not any(kind in raw for kind in WANTED):
        return None
    try:
        told = _told(raw)
        if told is None:
            return None
        return Incoming(account_id, update_id=str(raw["update_id"]), received_at=now, **told)
    except Exception as error:  # PTB trusts its platform; what came may be anything
        log.warning(
            "update unreadable",
            update=update_id_of(raw),
            account=account_id,
            what=type(error).__name__,
        )
        return None


def _told(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    if "callback_query" in raw:
        return _tap(raw["callback_query"])
    update = Update.de_json(dict(raw), None)
    if update.message is not None:
        return _message(update.message)
    if update.edited_message is not None:
        return _mended(update.edited_message)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return None


def _sender(chat: Chat) -> str | None:
    """The id of a private chat: it is the person's id too."""
    return _private(chat.id, chat.type)


def _private(number: object, kind: object) -> str | None:
    known = type(number) is int and 0 < number < _BIGGEST
    return str(number) if known and kind == Chat.PRIVATE else None


def _tap(query: Mapping[str, Any]) -> dict[str, Any] | None:
    """A pressed button. Most of what comes is one, and for its four values PTB would build the
    person, the chat and our whole message above it: a tenth of a turn's processor time."""
    message, data = query.get("message"), query.get("data")
    if message is None or not isinstance(data, str):
        return None
    chat = message["chat"]
    sender = _private(chat["id"], chat["type"])
    if sender is None:
        return None
    return {
        "sender": sender,
        "kind": Kind.TAP,
        "value": clean(data, 64),
        "tap_id": _words(query["id"], 64),
        "acts_on": str(int(message["message_id"])),
    }


def _membership(change: ChatMemberUpdated) -> dict[str, Any] | None:
    """Telegram tells it of a private chat only when she blocks or unblocks us."""
    kind = {"kicked": Kind.LEFT, "member": Kind.JOINED}.get(change.new_chat_member.status)
    sender = _sender(change.chat)
    if sender is None or kind is None:
        return None
    return {"sender": sender, "kind": kind, "sent_at": change.date}


def _message(message: Message) -> dict[str, Any] | None:
    sender = _sender(message.chat)
    said = _said(message) if sender is not None else None
    return said and {"sender": sender, "sent_at": message.date, **said}


def _mended(message: Message) -> dict[str, Any] | None:
    """A text she put right at once is what she says now. A place that moves is not followed."""
    at = message.edit_date
    soon = at is not None and (at - message.date).total_seconds() <= _MENDED_SECONDS
    told = _message(message) if soon and message.text is not None else None
    return told and {**told, "sent_at": at}


def _said(message: Message) -> dict[str, Any] | None:
    if message.text is not None:
        return _text(_words(message.text))
    if message.location is not None:
        return _place(message.location.latitude, message.location.longitude)
    if message.contact is not None:
        return _contact(message)
    return _media(message)


def _text(text: str) -> dict[str, Any]:
    if not text.startswith("/"):
        return {"kind": Kind.TEXT, "text": text}
    command, _, rest = text.partition(" ")
    command = command.partition("@")[0].lower()
    if command != "/start":
        return {"kind": Kind.TEXT, "text": f"{command} {rest}".strip()}
    payload = rest.strip()
    return {"kind": Kind.JOINED, "started_with": payload if _PAYLOAD.fullmatch(payload) else ""}


def _place(latitude: float, longitude: float) -> dict[str, Any] | None:
    there = math.isfinite(latitude) and math.isfinite(longitude)
    if not there or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return {"kind": Kind.LOCATION, "latitude": float(latitude), "longitude": float(longitude)}


def _contact(message: Message) -> dict[str, Any]:
    """Her own number only when Telegram says that it is hers; anybody can forward a card."""
    contact, person = message.contact, message.from_user
    own = contact and person and type(person.id) is int and contact.user_id == person.id
    if not contact or not own:
        return {"kind": Kind.MEDIA, "media_kind": "contact_other"}
    return {
        "kind": Kind.MEDIA,
        "media_kind": "contact",
        "text": _words(contact.phone_number, 32),
    }


def _media(message: Message) -> dict[str, Any] | None:
    kind, ref = _file(message)
    if not kind:
        return None
    caption = _words(message.caption or "")
    return {"kind": Kind.MEDIA, "media_kind": kind, "media_ref": ref, "text": caption}


def _file(message: Message) -> tuple[str, str]:
    """(our word for it, Telegram's id of the file); nothing of a service message."""
    if message.photo:
        return "picture", _words(message.photo[-1].file_id, 256)
    if message.voice is not None:
        return "voice", _words(message.voice.file_id, 256)
    if message.sticker is not None:
        return "sticker", _words(message.sticker.file_id, 256)
    if message.animation is not None:  # also told as a file; to her it is a sticker that moves
        return "sticker", _words(message.animation.file_id, 256)
    for name in _FILES:
        if (found := getattr(message, name)) is not None:
            return "file", _words(found.file_id, 256)
    if any(getattr(message, name) is not None for name in _WORDLESS):
        return "other", ""
    return "", ""


def _words(said: object, limit: int = 2000) -> str:
    """A string of theirs, safe to keep; anything that is none is our TypeError."""
    if not isinstance(said, str):
        raise TypeError("not a string")
    return clean(said, limit)
