"""The documented bodies of `message/cs`, one function a kind, each refusing what Zalo would.

Lengths are counted in characters of the NFC form: the same Vietnamese line has more in another.
"""

import unicodedata
from collections.abc import Sequence

from bot.zalo.values import (
    Json,
    ZaloAttachment,
    ZaloAttachmentFile,
    ZaloAttachmentTemplate,
    ZaloMessageBody,
)

TEXT_LIMIT = 2000
BUTTONS_LIMIT = 5
TITLE_LIMIT = 100
PAYLOAD_LIMIT = 1000
SUBTITLE_LIMIT = 500
SMS_LIMIT = 160
ELEMENTS_LIMIT = 5  # of a list; the vendor's words say 4, its code 5


def text(words: str, quote_message_id: str = "") -> ZaloMessageBody:
    """Words, perhaps in answer to a message. A stale quote is refused like a bad parameter."""
    return ZaloMessageBody(_fits(words, TEXT_LIMIT), None, quote_message_id or None)


def image(*, url: str = "", attachment_id: str = "", words: str = "") -> ZaloMessageBody:
    """One picture, by address or as uploaded, perhaps with words."""
    element: Json = {"media_type": "image"}
    return ZaloMessageBody(
        _fits(words, TEXT_LIMIT) or None, _media(element, url=url, attachment_id=attachment_id)
    )


def gif(attachment_id: str, width: int, height: int, *, words: str = "") -> ZaloMessageBody:
    """A moving picture; Zalo asks for its size."""
    element: Json = {"media_type": "gif", "width": width, "height": height}
    return ZaloMessageBody(
        _fits(words, TEXT_LIMIT) or None, _media(element, attachment_id=attachment_id)
    )


def sticker(attachment_id: str) -> ZaloMessageBody:
    """A sticker of Zalo's catalogue."""
    return ZaloMessageBody(None, _media({"media_type": "sticker"}, attachment_id=attachment_id))


def file(token: str) -> ZaloMessageBody:
    """An uploaded paper."""
    return ZaloMessageBody(None, ZaloAttachmentFile(token))


def request_user_info(title: str, subtitle: str, image_url: str) -> ZaloMessageBody:
    """A card that asks for name and phone; the answer comes as the event user_submit_info."""
    element = {
        "title": _fits(title, TITLE_LIMIT),
        "subtitle": _fits(subtitle, SUBTITLE_LIMIT),
        "image_url": image_url,
    }
    return ZaloMessageBody(None, ZaloAttachmentTemplate("request_user_info", [element]))


def buttons(words: str, offered: Sequence[Json]) -> ZaloMessageBody:
    """Words with one to five buttons under them. No vendor page shows them on version 3."""
    if not 1 <= len(offered) <= BUTTONS_LIMIT:
        raise ValueError(f"Invalid buttons provided: one to {BUTTONS_LIMIT}.")
    return ZaloMessageBody(
        _fits(words, TEXT_LIMIT), ZaloAttachmentTemplate(None, None, list(offered))
    )


def listing(elements: Sequence[Json], offered: Sequence[Json] = ()) -> ZaloMessageBody:
    """A list of cards. Documented for version 2 only: off unless an operator knows better."""
    if not 1 <= len(elements) <= ELEMENTS_LIMIT:
        raise ValueError(f"Invalid elements provided: one to {ELEMENTS_LIMIT}.")
    return ZaloMessageBody(None, ZaloAttachmentTemplate("list", list(elements), list(offered)))


def opens(title: str, url: str) -> Json:
    """A button that opens an address."""
    return _button(title, "oa.open.url", {"url": url})


def asks(title: str, payload: str, *, shown: bool = False) -> Json:
    """A button that sends its payload as her message, shown in her chat or not."""
    kind = "oa.query.show" if shown else "oa.query.hide"
    return _button(title, kind, _fits(payload, PAYLOAD_LIMIT))


def calls(title: str, phone: str) -> Json:
    """A button that opens the dialler."""
    return _button(title, "oa.open.phone", {"phone_code": phone})


def writes_sms(title: str, phone: str, words: str) -> Json:
    """A button that opens a written SMS."""
    return _button(title, "oa.open.sms", {"content": _fits(words, SMS_LIMIT), "phone_code": phone})


def nfc(words: str) -> str:
    """The form in which lengths are counted and words are sent."""
    return unicodedata.normalize("NFC", words)


def _button(title: str, kind: str, payload: Json | str) -> Json:
    return {"title": _fits(title, TITLE_LIMIT), "type": kind, "payload": payload}


def _media(element: Json, **where: str) -> ZaloAttachment:
    given = {name: value for name, value in where.items() if value}
    if len(given) != 1:
        raise ValueError("Invalid media provided: an address or an attachment id.")
    payload = {"template_type": "media", "elements": [{**element, **given}]}
    return ZaloAttachment("template", payload)


def _fits(words: str, limit: int) -> str:
    composed = nfc(words)
    if len(composed) > limit:
        raise ValueError(f"Invalid text provided: {len(composed)} characters, {limit} at most.")
    return composed
