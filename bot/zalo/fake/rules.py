"""What the fake refuses in a body: lengths, kinds, attachments, windows and money."""

import unicodedata
from typing import Any

from bot.zalo.fake.world import (
    AWAY_SECONDS,
    FREE_SECONDS,
    PRICE,
    REPLY_SECONDS,
    UPLOAD_SECONDS,
    Json,
    Person,
    RefusedError,
    World,
)
from bot.zalo.shapes import (
    BUTTONS_LIMIT,
    ELEMENTS_LIMIT,
    PAYLOAD_LIMIT,
    SMS_LIMIT,
    SUBTITLE_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
)

_BUTTONS = frozenset(
    {"oa.open.url", "oa.query.show", "oa.query.hide", "oa.open.phone", "oa.open.sms"}
)


def check_window(world: World, person: Person) -> None:
    """Free for 48 hours after she did something, billed to seven days, then refused."""
    if person.blocked:
        raise RefusedError(-217, "User has blocked invitations from the OA")
    now = world.clock()
    if person.last_online is not None and now - person.last_online > AWAY_SECONDS:
        raise RefusedError(-227, "User is banned or has been inactive for more than 45 days")
    if person.last_interaction is None:
        code = -230 if person.follows else -213
        raise RefusedError(code, "User has not interacted with the OA in the past 7 days")
    since = now - person.last_interaction
    if since > REPLY_SECONDS:
        raise RefusedError(-230, "User has not interacted with the OA in the past 7 days")
    if since > FREE_SECONDS:
        charge(world, PRICE)


def charge(world: World, price: int) -> None:
    """Money, where the service asks for some."""
    if world.money is None:
        raise RefusedError(-320, "Your app needs to connect with Zalo Cloud Account")
    if world.money < price:
        raise RefusedError(-321, "Zalo Cloud Account is out of money")
    world.money -= price


def kind_of(world: World, message: Any) -> str:
    """What a message is, once everything in it was found good."""
    if not isinstance(message, dict) or not message:
        raise RefusedError(-201, "message is not valid")
    words = message.get("text")
    if words is not None:
        _text(words, TEXT_LIMIT, "text")
    _quote(world, message.get("quote_message_id"))
    attachment = message.get("attachment")
    if attachment is None:
        if not words:
            raise RefusedError(-201, "message.text is empty")
        return "text"
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        raise RefusedError(-201, "attachment is not valid")
    payload = attachment["payload"]
    match attachment.get("type"):
        case "file":
            _alive(world, "file", payload.get("token"))
            return "file"
        case "template":
            return _template(world, payload, words)
    raise RefusedError(-233, "Message type is not supported")


def _template(world: World, payload: Json, words: object) -> str:
    match payload.get("template_type"):
        case None:
            if not world.buttons:
                raise RefusedError(-233, "Message type is not supported")
            if not words:
                raise RefusedError(-201, "message.text is empty")
            _buttons(payload.get("buttons"))
            return "text"
        case "media":
            return _media(world, _elements(payload, 1)[0])
        case "request_user_info":
            element = _elements(payload, 1)[0]
            _text(element.get("title"), TITLE_LIMIT, "title")
            _text(element.get("subtitle"), SUBTITLE_LIMIT, "subtitle")
            _address(element.get("image_url"))
            return "request_user_info"
        case "list" if world.lists:
            for element in _elements(payload, ELEMENTS_LIMIT):
                _text(element.get("title"), TITLE_LIMIT, "title")
            return "list"
    raise RefusedError(-233, "Message type is not supported")


def _media(world: World, element: Json) -> str:
    kind, attachment = element.get("media_type"), element.get("attachment_id")
    match kind:
        case "image" if attachment is None:
            _address(element.get("url"))
        case "image":
            _alive(world, "image", attachment)
        case "gif":
            _alive(world, "gif", attachment)
            if not all(isinstance(element.get(side), int) for side in ("width", "height")):
                raise RefusedError(-201, "width and height are required")
        case "sticker":
            if not isinstance(attachment, str) or not attachment:
                raise RefusedError(-201, "attachment_id is not valid")
        case _:
            raise RefusedError(-233, "Message type is not supported")
    return str(kind)


def _elements(payload: Json, limit: int) -> list[Json]:
    elements = payload.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= limit:
        raise RefusedError(-201, "elements is not valid")
    if not all(isinstance(one, dict) for one in elements):
        raise RefusedError(-201, "elements is not valid")
    return elements


def _buttons(buttons: Any) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS_LIMIT:
        raise RefusedError(-201, "buttons is not valid")
    for one in buttons:
        if not isinstance(one, dict) or one.get("type") not in _BUTTONS:
            raise RefusedError(-201, "button type is not valid")
        _text(one.get("title"), TITLE_LIMIT, "title")
        _payload(str(one["type"]), one.get("payload"))


def _payload(kind: str, payload: Any) -> None:
    match kind:
        case "oa.query.show" | "oa.query.hide":
            _text(payload, PAYLOAD_LIMIT, "payload")
        case "oa.open.url":
            _address(payload.get("url") if isinstance(payload, dict) else None)
        case _:
            phone = payload.get("phone_code") if isinstance(payload, dict) else None
            _text(phone, 20, "phone_code")
            if kind == "oa.open.sms":
                _text(payload.get("content"), SMS_LIMIT, "content")


def _quote(world: World, quoted: object) -> None:
    if quoted and (not isinstance(quoted, str) or quoted not in world.messages):
        raise RefusedError(-201, "quote_message_id is not valid")


def _alive(world: World, kind: str, reference: object) -> None:
    known = world.uploads.get(reference) if isinstance(reference, str) else None
    if known is None or known[0] != kind:
        raise RefusedError(-201, "attachment_id is not valid")
    if world.clock() - known[1] > UPLOAD_SECONDS:
        raise RefusedError(-100, "attachment is expired")


def _address(url: object) -> None:
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise RefusedError(-201, "url is not valid")


def _text(words: object, limit: int, name: str) -> None:
    """Whether characters or code points are counted is not said: the stricter, as they came."""
    if not isinstance(words, str) or not words.strip():
        raise RefusedError(-201, f"{name} is empty")
    if len(words) > limit:
        raise RefusedError(-210, f"{name} exceeds {limit} characters")
    if any(unicodedata.category(letter) == "Cs" for letter in words):
        raise RefusedError(-201, f"{name} is not valid")
