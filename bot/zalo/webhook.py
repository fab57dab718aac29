"""Reads what Zalo posts: is it Zalo's, is it for this app, and what does it say.

Answer 200 whatever `read` returns: the console's own check is not signed, and Zalo takes the
address away from whoever does not answer.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from bot.zalo.events import RECEIPT, Kind, kind_of
from bot.zalo.signature import HEADER, Headers, header, matching

SERVER_HEADER = "X-ZEvent-Server"  # "ZNS": a receipt of a template sent to a phone number
# Retries come up to an hour later with the same body and timestamp, by an older page twelve.
REPLAY_WINDOW = timedelta(hours=13)
MEDIA_HOSTS = (".zdn.vn", ".zadn.vn")
_KEY_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something beside the words. Fields that its type does not have are empty."""

    type: str
    url: str = ""
    thumbnail: str = ""
    name: str = ""
    id: str = ""
    description: str = ""
    size: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""  # of a business card

    def fetchable(self, hosts: Sequence[str] = MEDIA_HOSTS) -> str:
        """Its address over HTTPS, when it lies with Zalo; else "". Limit the size yourself."""
        try:
            parts = urlsplit(self.url)
            host = (parts.hostname or "").lower()
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https") or not host.endswith(tuple(hosts)):
            return ""
        return parts._replace(scheme="https", netloc=host).geturl()


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One event. Ids are text; `key` names it for de-duplication, which must last seven days."""

    event_name: str
    kind: str
    direction: str | None
    key: str
    user_id: str = ""
    oa_id: str = ""
    user_id_by_app: str = ""
    group_id: str = ""
    msg_id: str = ""
    msg_ids: tuple[str, ...] = ()
    text: str = ""
    quote_msg_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    icon: str = ""
    info: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    phone: str = ""  # instead of a user id, in receipts of templates by phone
    tracking_id: str = ""
    admin_id: str = ""
    interaction: bool = False
    timestamp_ms: int | None = None
    matched: int = 0  # the place of the key that signed
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_admin(self) -> bool:
        """A person answered from the OA's console: the program should be silent there."""
        return bool(self.admin_id)

    @property
    def at(self) -> datetime | None:
        """When it happened, by Zalo's clock."""
        try:
            return datetime.fromtimestamp((self.timestamp_ms or 0) / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    def is_replay(self, now: datetime, window: timedelta = REPLAY_WINDOW) -> bool:
        """Older than any retry can be. A window below two hours would lose retries."""
        return self.at is None or now - self.at > window


def read(
    body: bytes, headers: Headers, *, app_id: str, secrets: Sequence[str], first: str = ""
) -> WebhookEvent | None:
    """The event, or None when it is not to be handled: not signed with one of the keys, not for
    this app, not an event at all. Never raises.

    `first`: what the proof begins with where that is not the app's id, as is documented.
    """
    try:
        return _read(body, headers, app_id, secrets, first or app_id)
    except Exception:  # whatever strangers post: it is not an event
        return None


def _read(
    body: bytes, headers: Headers, app_id: str, secrets: Sequence[str], first: str
) -> WebhookEvent | None:
    # Decimals stay as they were written: the timestamp is signed as text.
    told = json.loads(body.decode(), parse_float=str)
    if not isinstance(told, dict):
        return None
    signature = header(headers, HEADER)
    place = matching(signature, first, body, _id(told.get("timestamp")), secrets)
    if place is None or _id(told.get("app_id")) != app_id:
        return None
    return _event(_tidy(told), place, by_phone=header(headers, SERVER_HEADER).upper() == "ZNS")


def _event(told: dict[str, Any], place: int, *, by_phone: bool) -> WebhookEvent:
    name = _id(told.get("event_name"))
    kind = kind_of(name)
    said = _inner(told, "message")
    person = _person(told, kind)
    msg_ids = _msg_ids(said)
    stamp = _id(told.get("timestamp"))
    icon = _id(said.get("react_icon"))
    return WebhookEvent(
        event_name=name,
        kind=kind.name,
        direction=kind.direction,
        key=_key(name, said, icon, person, stamp),
        user_id="" if by_phone else person,
        oa_id=_account(told, kind),
        user_id_by_app=_id(told.get("user_id_by_app")),
        group_id=_group(told, kind),
        msg_id=_id(said.get("msg_id")),
        msg_ids=msg_ids if kind.direction == RECEIPT else (),
        text=_id(said.get("text")),
        quote_msg_id=_id(said.get("quote_msg_id")),
        attachments=_attachments(said),
        icon=icon,
        info=_inner(told, "info"),
        source=_id(told.get("source")),
        phone=person if by_phone else "",
        tracking_id=_id(said.get("tracking_id")) or _id(told.get("tracking_id")),
        admin_id=_id(_inner(told, "sender").get("admin_id")),
        interaction=kind.opens,
        timestamp_ms=int(stamp) if stamp.isdecimal() else None,
        matched=place,
        raw=told,
    )


def _person(told: dict[str, Any], kind: Kind) -> str:
    if kind.people == "user_id":
        return _id(told.get("user_id"))
    return _id(_inner(told, kind.people).get("id")) if kind.people else ""


def _account(told: dict[str, Any], kind: Kind) -> str:
    """The field of its own where there is one, else the other end of the envelope."""
    if own := _id(told.get("oa_id")):
        return own
    other = {"sender": "recipient", "recipient": "sender"}.get(kind.people, "")
    return _id(_inner(told, other).get("id"))


def _group(told: dict[str, Any], kind: Kind) -> str:
    if not kind.name.startswith("group."):
        return ""
    return _id(told.get("group_id")) or _id(_inner(told, "recipient").get("id"))


def _key(name: str, said: dict[str, Any], icon: str, person: str, stamp: str) -> str:
    """Event and message; a second reaction to the same message, or a list, is another event."""
    msg_id = _id(said.get("msg_id"))
    key = f"{name}:{msg_id}" if msg_id and not icon else f"{name}:{person}:{stamp}:{msg_id}{icon}"
    if seen := said.get("msg_ids"):
        key += f":{sha256(json.dumps(seen).encode()).hexdigest()[:16]}"
    return key if len(key) <= _KEY_LIMIT else f"{name[:60]}:{sha256(key.encode()).hexdigest()}"


def _msg_ids(said: dict[str, Any]) -> tuple[str, ...]:
    many = said.get("msg_ids")
    if isinstance(many, list):
        return tuple(one for one in map(_id, many) if one)
    return (_id(said.get("msg_id")),) if said.get("msg_id") else ()


def _attachments(said: dict[str, Any]) -> tuple[Attachment, ...]:
    given = said.get("attachments")
    kept = given if isinstance(given, list) else []
    return tuple(_attachment(one) for one in kept if isinstance(one, dict))


def _attachment(one: dict[str, Any]) -> Attachment:
    payload = _inner(one, "payload")
    where = _inner(payload, "coordinates")
    size = _id(payload.get("size"))
    return Attachment(
        type=_id(one.get("type")),
        url=_id(payload.get("url")),
        thumbnail=_id(payload.get("thumbnail")),
        name=_id(payload.get("name")),
        id=_id(payload.get("id")),
        description=_id(payload.get("description")),
        size=int(size) if size.isdecimal() and len(size) < 20 else None,
        latitude=_degrees(where.get("latitude"), 90),
        longitude=_degrees(where.get("longitude"), 180),
        phone=_card_phone(payload.get("description")),
    )


def _card_phone(description: object) -> str:
    """A business card is a link whose description is JSON."""
    if not isinstance(description, str) or not description.lstrip().startswith("{"):
        return ""
    try:
        card = json.loads(description)
    except (ValueError, RecursionError):
        return ""
    return _id(card.get("phone")) if isinstance(card, dict) else ""


def _degrees(value: object, limit: int) -> float | None:
    """Seen as text and as numbers."""
    try:
        degrees = float(_id(value))
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= limit else None


def _inner(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    inner = told.get(name)
    return inner if isinstance(inner, dict) else {}


def _id(value: object) -> str:
    """Text as it is, a number as its digits, anything else as nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _tidy(value: Any) -> Any:
    """Without what no database takes: NUL and halves of characters."""
    if isinstance(value, str):
        if value.isascii() and "\x00" not in value:
            return value
        whole = value.replace("\x00", "").encode("utf-16", "surrogatepass")
        return whole.decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_tidy(key): _tidy(one) for key, one in value.items()}
    return [_tidy(one) for one in value] if isinstance(value, list) else value
