"""Pictures and clips of the approved content, by the fingerprint of their bytes."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.media import MediaShelf

# A drawing may carry scripts, a page even more: neither is ever served under our own address.
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
}
_NAME = re.compile(r"[0-9a-f]{64}")
_YEAR_SECONDS = 365 * 24 * 3600


class MediaRoute:
    """Serves what the shelf shows. The address itself is the permission: nobody can guess one.

    The files of documents are not served here: who may have one is asked where she talks.
    """

    def __init__(self, shelf: MediaShelf) -> None:
        self._shelf = shelf

    def routes(self) -> list[Route]:
        """Where media are served."""
        return [Route("/media/{sha256}", self._send)]

    async def _send(self, request: Request) -> Response:
        name = request.path_params["sha256"]
        found = await self._shelf.shown(name) if _NAME.fullmatch(name) else None
        if found is None or found[0] not in _ENDINGS:
            raise HTTPException(404)
        kind, body = found
        headers = {
            "Cache-Control": f"private, max-age={_YEAR_SECONDS}, immutable",
            "Content-Disposition": f'inline; filename="{name[:12]}.{_ENDINGS[kind]}"',
            "Accept-Ranges": "bytes",
        }
        return _ranged(request, body, kind, headers)


def _ranged(request: Request, body: bytes, kind: str, headers: dict[str, str]) -> Response:
    """All of it, or the one range asked for: Safari plays no clip from a server without ranges."""
    asked = re.fullmatch(r"bytes=(\d{0,12})-(\d{0,12})", request.headers.get("range", ""))
    if asked is None or asked[0] == "bytes=-":
        return Response(body, media_type=kind, headers=headers)
    size = len(body)
    first = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
    last = min(int(asked[2]), size - 1) if asked[1] and asked[2] else size - 1
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(body[first : last + 1], 206, media_type=kind, headers=headers)
