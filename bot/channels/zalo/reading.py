"""From Zalo's events to ours. Everything is untrusted, and no more of a person is taken over than
the turn needs: no name, no picture of hers, no birthday out of a card she filled in."""

from datetime import datetime
from typing import Any

from bot.access import looks_like_code
from bot.text import clean
from bot.values.incoming import Incoming, Kind
from bot.zalo.webhook import WebhookEvent

# What a button of ours sends back as her words; anybody can type it.
PAYLOAD = "#dh:"
_VALUE_LIMIT = 64
_URL_LIMIT = 1000

# Our word for what came beside the words. Nobody vouches for a business card.
_MEDIA = {
    "message.image": "picture",
    "message.gif": "sticker",
    "message.audio": "voice",
    "message.video": "file",
    "message.file": "file",
    "message.sticker": "sticker",
    "message.business_card": "contact_other",
}


def incoming_of(event: WebhookEvent, account_id: int, now: datetime) -> Incoming | None:
    """What the event says to us; None when it is nothing to answer."""
    told = _told(event) if event.user_id else None
    if told is None:
        return None
    # Her id first: what is kept of an update goes when she is erased.
    update_id = f"{event.user_id[:16]}:{event.key}"
    return Incoming(account_id, event.user_id, update_id, received_at=now, sent_at=event.at, **told)


def asks_for_us(incoming: Incoming) -> bool:
    """Somebody we do not know turns to the assistant: a button of ours, or a card's code."""
    if incoming.kind is Kind.TAP:
        return True
    return incoming.kind is Kind.TEXT and looks_like_code(incoming.text)


def _told(event: WebhookEvent) -> dict[str, Any] | None:
    match event.kind:
        case "user.follow":
            return {"kind": Kind.JOINED}
        case "user.unfollow":
            return {"kind": Kind.LEFT}
        case "user.info_submitted":
            return _shared(event)
        case "message.text":
            return _words(event.text)
        case "message.location":
            return _place(event)
        case "message.link":
            return _link(event)
    kind = _MEDIA.get(event.kind)
    return _media(event, kind) if kind else None


def _words(text: str) -> dict[str, Any]:
    if text.startswith(PAYLOAD):
        return {"kind": Kind.TAP, "value": clean(text.removeprefix(PAYLOAD), _VALUE_LIMIT)}
    return {"kind": Kind.TEXT, "text": clean(text)}


def _place(event: WebhookEvent) -> dict[str, Any] | None:
    there = next((one for one in event.attachments if one.latitude is not None), None)
    if there is None or there.longitude is None:
        return {"kind": Kind.MEDIA, "media_kind": "other"}
    return {"kind": Kind.LOCATION, "latitude": there.latitude, "longitude": there.longitude}


def _shared(event: WebhookEvent) -> dict[str, Any] | None:
    """Her own number, out of the card that asked for it: Zalo takes it from her account."""
    phone = event.info.get("phone")
    if not isinstance(phone, str | int) or isinstance(phone, bool) or not str(phone).strip():
        return None
    return {"kind": Kind.MEDIA, "media_kind": "contact", "text": clean(str(phone), 32)}


def _link(event: WebhookEvent) -> dict[str, Any]:
    """An address with its preview: her words about it, if she wrote some."""
    if event.text:
        return _words(event.text)
    return {"kind": Kind.MEDIA, "media_kind": "other"}


def _media(event: WebhookEvent, kind: str) -> dict[str, Any]:
    first = event.attachments[0].fetchable() if event.attachments else ""
    return {
        "kind": Kind.MEDIA,
        "media_kind": kind,
        "media_ref": first if len(first) <= _URL_LIMIT else "",
        "text": clean(event.text),
    }
