"""What a Part becomes on Zalo: which body, which buttons, and words for what cannot be shown."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.channels.zalo.buttons import Buttons
from bot.channels.zalo.reading import PAYLOAD
from bot.clock import Clock
from bot.errors import Rejected, Unavailable, Uncertain
from bot.fit import Capabilities, Part, numbered, plain
from bot.i18n import N_, Translator
from bot.media import MediaShelf
from bot.text import clip, nfc
from bot.values.delivery import Delivery
from bot.values.letter import Lane
from bot.values.reply import Choice, Media, Phone, Reply
from bot.zalo import (
    Remedy,
    ZaloException,
    ZaloMessageBody,
    ZaloOAException,
    ZaloRecipient,
    oa,
    row_of,
    send_error,
    shapes,
)
from bot.zalo.uploads import KEPT_SECONDS, UPLOADS, checked, hash_of

# Zalo counts characters of a message; whether it means what a reader sees or code points is not
# said, so both are held: 2,000 visible ones at most, and 2,000 units.
CAPABILITIES = Capabilities(
    text_limit=shapes.TEXT_LIMIT,
    caption_limit=1000,
    text_units=shapes.TEXT_LIMIT,
    caption_units=shapes.TEXT_LIMIT,
    buttons=shapes.BUTTONS_LIMIT,
    button_limit=shapes.TITLE_LIMIT,
    pictures=True,
    audio=True,  # as a button to our own page: an Official Account cannot send sound
    files=True,
    captions_with_buttons=False,
    map_link="https://www.google.com/maps/search/?api=1&query={latitude},{longitude}",
    phone_cards=True,
    number_cards=True,
    reacts=True,
)
WITHOUT_BUTTONS = replace(CAPABILITIES, buttons=0)

TODAY = N_("See what is on today")
TODAY_VALUE = "programme.today"
LISTEN = N_("🔊 Listen")
OPEN = N_("Open it")
CALL = N_("Call {name}")
SHARE_TITLE = N_("Share your phone number")
SHARE_WHY = N_("So that the assistant finds your name on the list. Nothing else is looked at.")
CARD_PICTURE = "/zalo/share.png"
# Other refusals are of these buttons, or of these words.
NO_BUTTONS = (-201, -233)
_KINDS = {"picture": "image", "file": "file"}

log = structlog.get_logger()

Json = dict[str, Any]
Speak = Callable[[str], Translator]


class Writer:
    """Writes to one Official Account's people. Lets Zalo's exceptions pass."""

    def __init__(
        self,
        client: oa.Client,
        account_id: int,
        media: MediaShelf,
        clock: Clock,
        speak: Speak,
        base_url: str,
        buttons: Buttons,
    ) -> None:
        self._client = client
        self._account_id = account_id
        self._media = media
        self._clock = clock
        self._speak = speak
        self._base = base_url
        self.buttons = buttons
        self._refs: dict[str, tuple[str, datetime]] = {}

    async def say(self, delivery: Delivery, part: Part) -> str:
        """Send the part; Zalo's id of the message, empty when there was nothing to say."""
        to = delivery.sender
        await self.buttons.look()
        if part.asks_number:
            return await self._ask_number(to, part)
        if part.phones:
            return await self._ring(to, part, part.phones[0])
        if part.media:
            return await self._show(delivery, part, part.media[0])
        if not part.text:
            if part.choices or part.controls:
                raise Rejected("empty", "Buttons need a text to stand under.")
            return ""
        if delivery.lane is not Lane.REPLY:
            part = self._with_today(part)
        rest = _unpressed(delivery.reply, part)
        return await self._words(to, part.text, part.choices, part.controls, rest=rest)

    async def _send(self, to: str, body: ZaloMessageBody) -> str:
        answer = await self._client.send_message(ZaloRecipient(user_id=to), body)
        data = answer.get("data")
        return str(data.get("message_id", "")) if isinstance(data, dict) else ""

    async def _words(
        self,
        to: str,
        text: str,
        choices: tuple[Choice, ...] = (),
        controls: tuple[Choice, ...] = (),
        links: Sequence[Json] = (),
        rest: str = "",
    ) -> str:
        """With buttons; as numbered lines where the account does not take them.

        `rest`: the end of the text, which numbers what got no button. It stays the end.
        """
        offered = [*links, *(_button(one) for one in (*choices, *controls))]
        if not offered or not self.buttons.allowed:
            return await self._plain(to, text, choices, controls, links, rest)
        try:
            return await self._send(to, shapes.buttons(plain(text), offered))
        except ZaloOAException as error:
            if row_of(error.code).remedy is not Remedy.PLAIN_TEXT:
                raise
            refused = error.code
        # Refused, so nothing was said. Said plainly it may go; then the buttons were the reason.
        message = await self._plain(to, text, choices, controls, links, rest)
        if refused in NO_BUTTONS:
            await self.buttons.refused(refused)
        return message

    async def _plain(
        self,
        to: str,
        text: str,
        choices: tuple[Choice, ...],
        controls: tuple[Choice, ...],
        links: Sequence[Json],
        rest: str,
    ) -> str:
        more = [f"{one['title']}: {_where(one)}" for one in links]
        lines = [*more, *numbered(choices, controls), *filter(None, [rest])]
        text = text.removesuffix(f"\n{rest}") if rest else text
        whole = nfc(plain("\n".join([text, *lines])))
        if len(whole) <= shapes.TEXT_LIMIT:
            return await self._send(to, shapes.text(whole))
        await self._send(to, shapes.text(plain(text)))
        return await self._send(to, shapes.text("\n".join(lines)))

    def _with_today(self, part: Part) -> Part:
        """What she did not ask for offers her day: a tap on it lets us write to her for longer.

        Where there is no room the controls become digits; choices keep their place.
        """
        has = any(one.value.partition(":")[0] == TODAY_VALUE for one in part.choices)
        last = part.choices or part.controls
        if has or not last or len(part.choices) >= shapes.BUTTONS_LIMIT:
            return part
        choices = (*part.choices, Choice(self._speak(part.language)(TODAY), TODAY_VALUE))
        if len(choices) + len(part.controls) <= shapes.BUTTONS_LIMIT:
            return replace(part, choices=choices)
        text = "\n".join([part.text, *numbered((), part.controls)])
        if len(nfc(plain(text))) > shapes.TEXT_LIMIT:
            return part
        return replace(part, text=text, choices=choices, controls=())

    async def _ask_number(self, to: str, part: Part) -> str:
        """Zalo's card that asks for her number. Without it the words under it are enough."""
        t = self._speak(part.language)
        picture = f"{self._base}{CARD_PICTURE}"
        card = shapes.request_user_info(t(SHARE_TITLE), t(SHARE_WHY), picture)
        try:
            return await self._send(to, card)
        except ZaloOAException as error:
            if row_of(error.code).remedy is not Remedy.PLAIN_TEXT:
                raise
            log.warning("zalo number card refused", account=self._account_id, fault=error.code)
        return ""

    async def _ring(self, to: str, part: Part, phone: Phone) -> str:
        """A number that rings with one press; it stands in words as well."""
        title = clip(self._speak(part.language)(CALL, name=phone.name), shapes.TITLE_LIMIT)
        number = "".join(one for one in phone.number if one.isdigit() or one == "+")
        words = f"{phone.name}: {phone.number}"
        return await self._words(to, words, links=[shapes.calls(title, number)])

    # Media -------------------------------------------------------------------------------

    async def _show(self, delivery: Delivery, part: Part, media: Media) -> str:
        to = delivery.sender
        kind = _KINDS.get(media.kind, "")
        reference = await self._reference(media, kind) if kind else None
        if reference is None:
            return await self._told(delivery, part, media)
        try:
            return await self._send(to, _media_body(kind, reference, part.text))
        except ZaloOAException as error:
            remedy = row_of(error.code).remedy
            if remedy is Remedy.NONE:
                raise
        await self._forget(media, kind)
        if remedy is Remedy.PLAIN_TEXT:
            log.warning("zalo media refused", account=self._account_id, kind=kind)
            return await self._told(delivery, part, media)
        again = await self._reference(media, kind)
        assert again is not None
        return await self._send(to, _media_body(kind, again, part.text))

    async def _told(self, delivery: Delivery, part: Part, media: Media) -> str:
        """In words, with a button to our own page where that may show it."""
        to, words = delivery.sender, part.text or media.caption
        if media.kind == "file":  # who may have it is asked elsewhere: it has no open address
            return await self._words(to, words or media.name)
        t = self._speak(part.language)
        if media.kind == "audio":  # a page with its text, for a browser's bare player says nothing
            link = shapes.opens(t(LISTEN), f"{self._base}/listen/{delivery.id}/{media.sha256}")
        else:
            link = shapes.opens(t(OPEN), f"{self._base}/media/{media.sha256}")
        return await self._words(to, words or media.name, links=[link])

    async def _reference(self, media: Media, kind: str) -> str | None:
        """Zalo's name of these bytes, uploaded once in six days; None: it does not take them."""
        key = f"{kind}:{media.sha256}"
        now = self._clock.now()
        known, until = self._refs.get(key, ("", now))
        if known and until > now:
            return known
        kept = await self._media.upload_ref(self._account_id, key)
        if kept is not None:
            return kept
        found = await self._media.find(media.sha256)
        if found is None:
            raise Rejected("media_missing", f"No bytes for {media.sha256}.")
        return await self._upload(key, kind, media, found[1])

    async def _upload(self, key: str, kind: str, media: Media, body: bytes) -> str | None:
        try:
            name, mime = checked(body, kind, _name_of(media), "")
        except ValueError as error:
            log.warning("zalo does not take a file", kind=kind, what=str(error))
            return None
        try:
            answer = await self._client.upload_file(body, kind, name, mime)
        except ZaloException as error:
            failure = send_error(error)
            if not isinstance(failure, Uncertain):
                raise
            # Whatever became of the bytes, nothing was said to anybody.
            raise Unavailable(failure.code, failure.said) from None
        data = answer.get("data")
        reference = data.get(UPLOADS[kind].answers) if isinstance(data, dict) else None
        if not isinstance(reference, str) or not reference:
            raise Rejected("upload", "Zalo took the bytes and gave no name for them.")
        until = self._clock.now() + timedelta(seconds=KEPT_SECONDS)
        await self._media.remember_upload(self._account_id, key, reference, until)
        self._refs[key] = reference, until
        return reference

    async def _forget(self, media: Media, kind: str) -> None:
        """Zalo says that it is gone there."""
        key = f"{kind}:{media.sha256}"
        self._refs.pop(key, None)
        now = self._clock.now()
        await self._media.remember_upload(self._account_id, key, "", now)
        found = await self._media.find(media.sha256)
        if found is not None:
            await self._client.uploads.drop(hash_of(found[1], kind))


def _media_body(kind: str, reference: str, text: str) -> ZaloMessageBody:
    if kind == "file":
        return shapes.file(reference)
    return shapes.image(attachment_id=reference, words=plain(text))


def _unpressed(reply: Reply, part: Part) -> str:
    """The lines at the end of a part that number what got no button; "" when it ends otherwise."""
    left = reply.choices[len(part.choices) :]
    controls = () if part.controls else reply.controls
    lines = "\n".join(numbered(left, controls, first=len(part.choices) + 1))
    return lines if part.choices and lines and part.text.endswith(f"\n{lines}") else ""


def _button(choice: Choice) -> Json:
    return shapes.asks(clip(plain(choice.label), shapes.TITLE_LIMIT), PAYLOAD + choice.value)


def _where(link: Json) -> str:
    where = link["payload"]
    return str(where.get("url") or where.get("phone_code") or "")


def _name_of(media: Media) -> str:
    return media.name.rpartition("/")[2]
