"""The two ways in that name no event: the bare address and the one printed on a card."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.i18n import Translator
from bot.pages import Pages
from bot.web.chats import Chat

# The slug of the event a card belongs to, looking only; None when there is no such card.
EventOfCard = Callable[[str], Awaitable[str | None]]


class Doors:
    """Leads to the chat of the right event."""

    def __init__(
        self, chats: Sequence[Chat], event_of_card: EventOfCard, pages: Pages, t: Translator
    ) -> None:
        self._chats = {chat.slug: chat for chat in chats}
        self._event_of_card = event_of_card
        self._pages = pages
        self._t = t

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/", self._front), Route("/c/{token}", self._card)]

    async def _front(self, _request: Request) -> Response:
        if len(self._chats) == 1:
            return RedirectResponse(next(iter(self._chats.values())).base, 307)
        return self._closed()

    async def _card(self, request: Request) -> Response:
        """The page as everybody sees it: the card says nothing until the conversation begins."""
        token = request.path_params["token"]
        slug = await self._event_of_card(token)
        if slug is None and len(self._chats) == 1:
            slug = next(iter(self._chats))  # the conversation says that the card is unknown
        chat = self._chats.get(slug or "")
        return chat.page(request, card=token) if chat else self._closed()

    def _closed(self) -> Response:
        """With several events nobody is told which: being a delegate of one is confidential."""
        return self._pages.show("doors.html", _=self._t)
