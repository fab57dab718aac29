"""The size of letters on the page without a script: her own choice, kept in her browser alone.

The page with a script keeps the same choice by itself; nobody is told of it either way.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.webchat.identity import KEPT_SECONDS

SIZES = ("", "large", "larger-still")  # classes of chat.css
_COOKIE = "donghanh-letters"


def size(request: Request) -> str:
    """The class of the size she chose; the ordinary one for whatever else the cookie says."""
    return SIZES[_number(request)]


def enlarge(request: Request, back: str, *, secure: bool) -> Response:
    """The next size, after the largest the ordinary one again; then the page she pressed on."""
    answer = RedirectResponse(back, 303)
    answer.set_cookie(
        _COOKIE,
        str((_number(request) + 1) % len(SIZES)),
        max_age=KEPT_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _number(request: Request) -> int:
    given = request.cookies.get(_COOKIE, "")
    return int(given) if given in {"1", "2"} else 0
