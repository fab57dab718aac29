"""What every page shares: templates, headers that keep a page to itself, a refusal of posts that
other sites send, a limit on bodies, and a cookie's attributes decided in one place."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_PERMISSIONS: Mapping[str, str] = dict.fromkeys(
    ("camera", "geolocation", "microphone", "payment", "usb"), "()"
)
# `same-origin` and not `no-referrer`: with the latter browsers post forms with `Origin: null`.
_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
_YEAR_SECONDS = 365 * 24 * 3600
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# Platforms post here from elsewhere by design; each channel proves its own callers.
_WEBHOOKS = "/webhook/"


class TooLongError(Exception):
    """A body is longer than this page takes."""


def policy(**changed: str) -> str:
    """The Content-Security-Policy of our pages, with directives changed: `frame_src="'self'"`."""
    rules = {**_POLICY, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def permissions(**changed: str) -> str:
    """The Permissions-Policy of our pages, with one given back: `microphone="(self)"`."""
    return ", ".join(f"{name}={value}" for name, value in {**_PERMISSIONS, **changed}.items())


class Shield:
    """Middleware for every route: refuses posts from other sites and puts on the usual headers.

    `public_url` is the address delegates reach; a proxy may change the Host header.
    """

    def __init__(self, app: ASGIApp, public_url: str = "") -> None:
        self._app = app
        self._host = urlsplit(public_url).netloc
        self._added = {**_HEADERS, "Content-Security-Policy": policy()}
        self._added["Permissions-Policy"] = permissions()
        if public_url.startswith("https://"):
            self._added["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_WEBHOOKS):
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._added.items():
                    headers.setdefault(name, value)
            await send(message)

        if self._foreign(scope):
            refusal = PlainTextResponse("This was sent from another site.", 403)
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)

    def _foreign(self, scope: Scope) -> bool:
        """Would this change something for somebody whose browser was made to send it?

        Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin; a program
        sends neither, and has nobody's cookie to misuse.
        """
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return False
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is None:
            return False
        return urlsplit(origin).netloc not in {headers.get("host", ""), self._host} - {""}


async def read_body(request: Request, most: int) -> bytes:
    """The body of a post; TooLongError as soon as it exceeds `most` bytes, the rest unread."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLongError
    return bytes(body)


async def posted(receive: Receive, most: int) -> bytes | None:
    """What a platform posts to a webhook, or as much of it as shows that it exceeds `most` bytes;
    None when the caller hung up."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > most or not message.get("more_body", False):
            return b"".join(chunks)


def is_https(public_url: str) -> bool:
    """Are our cookies to be sent over TLS only?"""
    return public_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class _File:
    """A static file in memory, ready to be sent."""

    kind: str
    body: bytes
    packed: bytes


class Pages:
    """The templates and static files of one package, from its folders of these names.

    Every static file is served at an address that carries its fingerprint, so that a phone may keep
    it for ever and still sees the next release.
    """

    def __init__(self, folder: Path, static_at: str) -> None:
        self._static_at = static_at
        self._files = {path.name: _read(path) for path in sorted((folder / "static").iterdir())}
        self._templates = Environment(
            loader=FileSystemLoader(folder / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["static"] = self.static
        # Letters as they are: escaped, a page in Khmer would weigh three times as much.
        self._templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}

    def static(self, name: str) -> str:
        """The address of a static file."""
        print_ = hashlib.sha256(self._files[name].body).hexdigest()[:10]
        return f"{self._static_at}/{print_}/{name}"

    def routes(self) -> list[BaseRoute]:
        """Where the static files are served."""
        return [Route(f"{self._static_at}/{{print}}/{{name}}", self._send_file)]

    async def _send_file(self, request: Request) -> Response:
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        headers = {
            "Cache-Control": f"public, max-age={_YEAR_SECONDS}, immutable",
            "Vary": "Accept-Encoding",
            **({"Content-Encoding": "gzip"} if packed else {}),
        }
        body = found.packed if packed else found.body
        return Response(body, media_type=found.kind, headers=headers)

    def show(
        self, template: str, /, *, status: int = 200, csp: str = "", **values: object
    ) -> HTMLResponse:
        """A rendered page that nobody caches. Give the translator as `_`."""
        page = HTMLResponse(self._templates.get_template(template).render(**values), status)
        page.headers["Cache-Control"] = "no-store"
        if csp:
            page.headers["Content-Security-Policy"] = csp
        return page


def _read(path: Path) -> _File:
    kind = _KINDS[path.suffix]
    body = path.read_bytes()
    return _File(kind, body, gzip.compress(body, mtime=0))


def tel(phone: str) -> str:
    """The `tel:` link of a printed phone number."""
    return "tel:" + re.sub(r"[^\d+]", "", phone)
