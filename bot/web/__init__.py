"""The ASGI application, put together from parts that are handed in: nothing here opens anything."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.i18n import LAST, N_, Translator
from bot.media import MediaShelf
from bot.pages import Pages, Shield, policy
from bot.web.chats import Chat
from bot.web.doors import Doors, EventOfCard
from bot.web.health import Health, Measure, Readiness, nothing
from bot.web.listening import Clip, ClipOf, Listening
from bot.web.media import MediaRoute
from bot.web.simulator import SamplePerson, Simulator, SimulatorParts
from bot.web.zalo import ZaloParts

__all__ = ["Chat", "Clip", "SamplePerson", "SimulatorParts", "ZaloParts", "build", "operators_only"]

_SENTENCES = {
    404: N_("There is no such page."),
    405: N_("There is no such page."),
    410: N_(
        "This file is no longer given here. Please open the list of documents in the chat again."
    ),
    500: N_("Something went wrong here. Please try again in a moment."),
}


def build(
    *,
    public_url: str,
    routes: Sequence[BaseRoute],
    chats: Sequence[Chat],
    media: MediaShelf,
    event_of_card: EventOfCard,
    clip_of: ClipOf,
    readiness: Readiness,
    speak: Callable[[str], Translator],
    instance: str = "",
    measure: Measure = nothing,
    simulator: SimulatorParts | None = None,
    lifespan: Any = None,
) -> Starlette:
    """The application. `routes` are those of every channel; `chats` the web chats among them.

    `speak` gives the translator of a language; `instance` names this installation; without
    `simulator` its addresses do not exist.
    """
    pages, t = Pages(Path(__file__).parent, "/static/site"), speak(LAST)
    parts: list[BaseRoute] = [
        *routes,
        *pages.routes(),
        *Doors(chats, event_of_card, pages, t).routes(),
        *Listening(chats, clip_of, pages, t).routes(),
        *MediaRoute(media).routes(),
        *Health(readiness, instance, measure).routes(),
    ]
    if simulator is not None:
        parts += Simulator(simulator, pages, t).routes()

    async def sorry(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        sentence = t(_SENTENCES.get(status, _SENTENCES[500]))
        return pages.show("sorry.html", status=status, csp=policy(), _=t, sentence=sentence)

    return Starlette(
        routes=parts,
        middleware=[Middleware(Shield, public_url=public_url)],
        exception_handlers=dict.fromkeys(_SENTENCES, sorry),
        lifespan=lifespan,
    )


def operators_only(
    *, readiness: Readiness, instance: str, measure: Measure, lifespan: Any
) -> Starlette:
    """What a process answers that sends or ticks and shows nobody a page."""
    return Starlette(routes=Health(readiness, instance, measure).routes(), lifespan=lifespan)
