"""A clip with its text, for whoever was sent its address where no sound can be sent."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.i18n import N_, Translator
from bot.pages import Pages, policy
from bot.web.chats import Chat

_NUMBER, _NAME = re.compile(r"[0-9]{1,18}"), re.compile(r"[0-9a-f]{64}")
_GONE = N_("This recording is not here any more. Please read the text in the conversation.")


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording that was sent: the event's slug, the words it speaks, their language."""

    slug: str
    text: str
    language: str


# (delivery, fingerprint of the bytes) -> the clip, None when that delivery had no such clip.
ClipOf = Callable[[int, str], Awaitable[Clip | None]]


class Listening:
    """The player page without a conversation around it.

    As with media the fingerprint is the permission: nobody can guess one. Only what the clip itself
    speaks is shown, never what else stood in the message.
    """

    def __init__(self, chats: Sequence[Chat], clip_of: ClipOf, pages: Pages, t: Translator) -> None:
        self._chats = {chat.slug: chat for chat in chats}
        self._clip_of = clip_of
        self._pages = pages
        self._t = t

    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/listen/{delivery}/{sha256}", self._listen)]

    async def _listen(self, request: Request) -> Response:
        number, sha256 = request.path_params["delivery"], request.path_params["sha256"]
        is_one = _NUMBER.fullmatch(number) and _NAME.fullmatch(sha256)
        clip = await self._clip_of(int(number), sha256) if is_one else None
        chat = self._chats.get(clip.slug) if clip else None
        if clip is None or chat is None:
            sentence = self._t(_GONE)
            return self._pages.show(
                "sorry.html", status=404, csp=policy(), _=self._t, sentence=sentence
            )
        return chat.listen(request, sha256, clip.text, clip.language)
