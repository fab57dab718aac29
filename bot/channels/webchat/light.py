"""The web chat without a script: the same conversation, read and pressed as plain forms.

For phones whose browser runs no scripts and for whoever switched them off. Every post is answered
by a redirect, so that loading the page again says nothing twice.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.webchat import letters
from bot.channels.webchat.hub import Hub
from bot.channels.webchat.identity import Identity, form_token, fresh, sender_of
from bot.channels.webchat.page import ChatPage, Front, Speak, words
from bot.channels.webchat.prose import bare, prose
from bot.channels.webchat.refused import RefusedError
from bot.channels.webchat.said import TEXT_LIMIT, Said
from bot.channels.webchat.talk import Talk
from bot.channels.webchat.words import LIGHT, SPOKEN
from bot.i18n import LAST
from bot.pages import TooLongError, policy, read_body, tel

MOST_LINES = 40
FORM_LIMIT = 64 * 1024  # 2000 letters of three bytes each, every byte as %XX, and some more
ANSWER_SECONDS = 4.0  # so long a post waits for our answer before it shows the page
SETTLE_SECONDS = 0.3  # an answer may have a second part
LOOK_AGAIN_SECONDS = 3
MOST_LOOKS = 6  # then the page stays still until she presses
# What a line has that says nothing about it: templates know no missing names.
_PLAIN: dict[str, Any] = {
    "text": "",
    "value": "",
    "media": (),
    "choices": (),
    "controls": (),
    "point": None,
    "phones": (),
    "language": LAST,
    "slow": False,
    "sent": "",
    "mark": "",
    "seconds": 0,
}


@dataclass(frozen=True, slots=True)
class _Form:
    """What came back from the page."""

    token: str
    said: Said | None
    text: str
    card: str


class Light:
    """The light page of one account; `front` is asked anew for every page."""

    def __init__(
        self,
        talk: Talk,
        hub: Hub,
        identity: Identity,
        page: ChatPage,
        speak: Speak,
        front: Callable[[], Front],
        base: str,
    ) -> None:
        self._talk = talk
        self._hub = hub
        self._identity = identity
        self._files = page.files
        self._speak = speak
        self._front = front
        self._base = base

    async def show(self, request: Request) -> Response:
        """The conversation so far, the newest line last."""
        card = request.query_params.get("card", "")[:128]
        return await self._page(request, looks=_looks(request), card=card)

    async def press(self, request: Request) -> Response:
        """A pressed button, written words, or the start; then the page with the answer."""
        secret = self._identity.secret(request)
        if secret is None:
            return await self._page(request, status=403, problem="blocked")
        try:
            form = _read(await read_body(request, FORM_LIMIT))
        except TooLongError:
            return await self._page(request, status=413, problem="lost")
        if not hmac.compare_digest(form.token.encode(), form_token(secret).encode()):
            return await self._page(
                request, status=403, problem="stale", text=form.text, card=form.card
            )
        try:
            answered = await self._submit(request, self._sender(secret), form.said)
        except RefusedError as refused:
            return await self._page(
                request, status=refused.status, problem=refused.word, text=form.text, card=form.card
            )
        waiting = "" if answered else "?look=1"
        return RedirectResponse(f"{self._base}/light{waiting}#new", 303)

    async def enlarge(self, request: Request) -> Response:
        """Larger letters from now on, in this browser."""
        return letters.enlarge(request, f"{self._base}/light#new", secure=self._identity.is_secure)

    async def listen(self, request: Request) -> Response:
        """One thing we said, to be heard: its clip with the text beside it, or that there is none.

        404 for everybody but her to whom it was said.
        """
        number, secret = request.path_params["line"], self._identity.secret(request)
        lines = await self._talk.lines_of(self._sender(secret), number - 1) if secret else []
        found = [line for line in lines if line["id"] == number and line["side"] == "out"]
        if not found:
            raise HTTPException(404)
        clips = [one for one in found[0].get("media", ()) if one["kind"] == "audio"]
        there = [one for one in clips if await self._talk.has_clip(one["sha256"])]
        return self._player(request, there, found, self._base)

    def heard_elsewhere(self, request: Request, sha256: str, text: str, language: str) -> Response:
        """A clip that was sent to her in Zalo, which carries no sound; the way back leads there."""
        line = {"text": text, "language": language}
        clip = {"sha256": sha256, "caption": text}
        return self._player(request, [clip], [line], self._front().in_zalo or self._base)

    def _player(
        self,
        request: Request,
        clips: list[dict[str, Any]],
        lines: list[dict[str, Any]],
        back: str,
    ) -> Response:
        around = self._around(lines)
        spoken = self._speak(around["lines"][0]["language"]).language.own_name
        return self._files.show(
            "listen.html",
            clips=clips,
            back=back,
            spoken=self._speak(around["language"])(SPOKEN, language=spoken),
            letters=letters.size(request) or letters.SIZES[1],
            **around,
        )

    async def _submit(self, request: Request, sender: str, said: Said | None) -> bool:
        """True when there is nothing to wait for any more."""
        lines = await self._talk.lines_of(sender)
        if said is None or (said.joined and lines and not said.card):
            return True
        newest = lines[-1]["id"] if lines else 0
        if self._hub.full(sender):
            await self._talk.submit(request, sender, said)
            return False
        with self._hub.page(sender) as bell:
            await self._talk.submit(request, sender, said)
            with suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await self._answer(sender, newest, bell)
        return False

    async def _answer(self, sender: str, newest: int, bell: asyncio.Event) -> bool:
        while True:
            bell.clear()
            lines = await self._talk.lines_of(sender, newest)
            if any(line["side"] == "out" for line in lines):
                with suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), SETTLE_SECONDS)
                return True
            await bell.wait()

    async def _page(
        self,
        request: Request,
        *,
        status: int = 200,
        problem: str = "",
        looks: int = 0,
        text: str = "",
        card: str = "",
    ) -> Response:
        secret = self._identity.secret(request) or fresh()
        told = await self._talk.lines_of(self._sender(secret))
        # What tells open pages of an edit says nothing by itself: the line it is about is edited.
        lines = [line for line in told if "replaces" not in line][-MOST_LINES:]
        around = self._around(lines)
        again = looks if lines and lines[-1]["side"] == "in" and looks <= MOST_LOOKS else 0
        page = self._files.show(
            "light.html",
            status=status,
            csp=policy(script_src="'none'", connect_src="'none'"),
            **around,
            problem=around["w"][problem] if problem else "",
            look_again=f"{LOOK_AGAIN_SECONDS};url={self._base}/light?look={again + 1}"
            if again
            else "",
            text=text,
            card=card,
            letters=letters.size(request),
            elsewhere=2 if request.query_params.get("at") == "1" else 1,
            token=form_token(secret),
            once=secrets.token_hex(12),
            most=TEXT_LIMIT,
        )
        self._identity.renew(request, page, secret)
        return page

    def _around(self, lines: list[dict[str, Any]]) -> dict[str, Any]:
        """What every such page is given; its words are in the language of what was said last."""
        front = self._front()
        spoken = [line["language"] for line in lines if line.get("language")]
        code = spoken[-1] if spoken and spoken[-1] in front.languages else LAST
        t = self._speak(code)
        return {
            "lines": [_PLAIN | line for line in lines],
            "language": code,
            "w": words(t, front) | {key: t(message) for key, message in LIGHT.items()},
            "base": self._base,
            "front": front,
            "hotline_link": tel(front.hotline),
            "prose": prose,
            "bare": bare,
            "call": t("Please call the help desk:"),
        }

    def _sender(self, secret: str) -> str:
        return sender_of(secret, self._talk.account_id)


def _looks(request: Request) -> int:
    given = request.query_params.get("look", "")
    return int(given) if given in set("123456789") else 0


def _read(body: bytes) -> _Form:
    """The form; `said` is None when there is nothing in it that can be said.

    A button pressed twice carries the same id, another button of the same page another one.
    """
    try:
        fields = parse_qs(body.decode(errors="replace"), max_num_fields=12)
    except ValueError:  # more fields than any form of ours has
        fields = {}
    given = {name: values[0] for name, values in fields.items()}
    what = {name: given[name] for name in ("text", "value", "on", "card") if given.get(name)}
    if given.get("joined"):
        what["joined"] = True  # type: ignore[assignment]
    mark = hashlib.sha256("\n".join(map(str, what.values())).encode()).hexdigest()[:12]
    try:
        said = Said.model_validate({"id": f"{given.get('once', '')}-{mark}", **what})
    except ValidationError:
        said = None
    return _Form(given.get("token", ""), said, given.get("text", ""), given.get("card", ""))
