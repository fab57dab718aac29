"""Development only: Zalo on somebody's phone, as the fake Official Account here knows it.

What she does goes as a signed webhook into the product; what she sees is what the fake accepted
from it. So it is the real channel that is looked at, and nothing is drawn that Zalo would refuse.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.i18n import Translator
from bot.pages import Pages, TooLongError, policy, read_body, tel

if TYPE_CHECKING:
    from bot.zalo.fake import FakeZalo

STRANGER = "stranger"  # no code of a roster: somebody nobody knows yet
ANSWER_SECONDS = 4.0  # so long a post waits for our answer before it shows the page
_FORM_LIMIT = 64 * 1024
_MOST_LINES = 200
_ENDINGS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


@dataclass(frozen=True, slots=True)
class ZaloParts:
    """What the view needs: the fake, our account there, and when what came in was answered."""

    fake: "FakeZalo"
    account_id: int
    settled: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Button:
    """One row under a message. Without an address a press is posted as `press`."""

    title: str
    press: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as Zalo draws it. `asks`: the card that asks for a number, by its two lines."""

    is_hers: bool
    text: str
    time: str
    buttons: tuple[Button, ...] = ()
    picture: str = ""
    file: str = ""
    asks: tuple[str, str] | None = None
    icon: str = ""


@dataclass(slots=True)
class ZaloView:
    """The pages of the view, under the address of a person."""

    parts: ZaloParts
    pages: Pages
    t: Translator
    _hearing: set[asyncio.Task[None]] = field(default_factory=set)

    def meet(self, code: str, name: str) -> None:
        """She follows the account, as after scanning its QR code; once in the fake's life."""
        her = zalo_id(code)
        self.parts.fake.acts.meet(her, name=name)
        if not self._messages(code):
            self.parts.fake.acts.follow(her)

    def show(self, code: str) -> Response:
        """The whole page: the lines, and what she can write with."""
        page = self.pages.show(
            "zalo.html",
            csp=policy(frame_ancestors="'self'"),
            _=self.t,
            base=f"/simulator/as/{code}/zalo",
            bubbles=self._bubbles(code),
        )
        self.parts.fake.acts.sees(zalo_id(code))
        return page

    def lines(self, code: str) -> Response:
        """The lines alone, for the script that draws them anew."""
        base, bubbles = f"/simulator/as/{code}/zalo", self._bubbles(code)
        self.parts.fake.acts.sees(zalo_id(code))
        return self.pages.show("zalo_lines.html", _=self.t, base=base, bubbles=bubbles)

    async def act(self, request: Request, code: str) -> Response:
        """Something she does; then the page, as a rule with our answer."""
        try:
            form = parse_qs((await read_body(request, _FORM_LIMIT)).decode(errors="replace"))
        except TooLongError:
            raise HTTPException(413) from None
        self._do(zalo_id(code), {name: values[0].strip() for name, values in form.items()})
        hearing = asyncio.create_task(self._heard(), name="simulated zalo")
        self._hearing.add(hearing)
        hearing.add_done_callback(self._hearing.discard)
        await asyncio.wait({hearing}, timeout=ANSWER_SECONDS)
        return RedirectResponse(f"/simulator/as/{code}/zalo#end", 303)

    def upload(self, code: str, reference: str) -> Response:
        """A picture or a file that was sent to her, and to nobody else."""
        content = self.parts.fake.world.contents.get(reference, b"")
        if not content or reference not in self._references(code):
            raise HTTPException(404)
        kind = next((kind for mark, kind in _ENDINGS.items() if content.startswith(mark)), "")
        away = {} if kind else {"Content-Disposition": "attachment"}
        return Response(content, media_type=kind or "application/octet-stream", headers=away)

    async def _heard(self) -> None:
        await self.parts.fake.hooks.turn()
        await self.parts.settled()

    def _do(self, her: str, form: dict[str, str]) -> None:
        acts = self.parts.fake.acts
        if text := form.get("text"):
            acts.says(her, text)
        elif press := form.get("press"):
            self._press(her, press)
        elif (phone := form.get("phone")) and self.parts.fake.acts.meet(her).was_asked_for_info:
            acts.meet(her, phone=phone)
            acts.shares_info(her)

    def _press(self, her: str, press: str) -> None:
        message_id, _, number = press.partition(":")
        message = self.parts.fake.world.messages.get(message_id)
        offered = _buttons(message.body) if message and message.user_id == her else []
        if number.isdecimal() and int(number) < len(offered):
            self.parts.fake.acts.taps(her, message_id, offered[int(number)]["title"])

    def _messages(self, code: str) -> list[Any]:
        hers = zalo_id(code)
        return [one for one in self.parts.fake.world.messages.values() if one.user_id == hers]

    def _references(self, code: str) -> list[str]:
        return [_reference(one.body) for one in self._messages(code)]

    def _bubbles(self, code: str) -> list[Bubble]:
        seen = [one for one in self._messages(code) if not one.hidden][-_MOST_LINES:]
        return [self._bubble(code, one) for one in seen]

    def _bubble(self, code: str, message: Any) -> Bubble:
        body, at = message.body, datetime.fromtimestamp(message.at, UTC)
        reference = _reference(body)
        where = f"/simulator/as/{code}/zalo/upload/{reference}" if reference else ""
        element = _element(body)
        asks = message.kind == "request_user_info"
        return Bubble(
            not message.from_oa,
            body.get("text", ""),
            self.t.time(at),
            tuple(_drawn(message.message_id, n, one) for n, one in enumerate(_buttons(body))),
            (where or element.get("url", "")) if message.kind in ("image", "gif") else "",
            where if message.kind == "file" else "",
            (element.get("title", ""), element.get("subtitle", "")) if asks else None,
            message.icon,
        )


def zalo_id(code: str) -> str:
    """The number somebody has at the account: the same whenever she is played."""
    digits = int(hashlib.sha256(code.encode()).hexdigest()[:15], 16)
    return str(10**18 + digits)


def _payload(body: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = body.get("attachment", {}).get("payload", {})
    return payload


def _buttons(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _payload(body).get("buttons", [])
    return found


def _element(body: dict[str, Any]) -> dict[str, Any]:
    elements: list[dict[str, Any]] = _payload(body).get("elements", [])
    return elements[0] if elements else {}


def _reference(body: dict[str, Any]) -> str:
    return str(_payload(body).get("token") or _element(body).get("attachment_id") or "")


def _drawn(message_id: str, number: int, button: dict[str, Any]) -> Button:
    title, payload = button["title"], button["payload"]
    match button["type"]:
        case "oa.open.url":
            return Button(title, href=payload["url"])
        case "oa.open.phone":
            return Button(title, href=tel(payload["phone_code"]))
        case "oa.open.sms":
            return Button(title, href=f"sms:{payload['phone_code']}")
    return Button(title, press=f"{message_id}:{number}")
