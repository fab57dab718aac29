"""One HTTP exchange, over any httpx transport, and what its failing means for what was asked.

The transport is called without httpx's client: no cookies, no redirect that could carry a token
elsewhere, and less processor time. No exception of httpx leaves here: it holds the request, and
the request holds the token.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx

from bot.zalo.closing import Closing
from bot.zalo.errors import ZaloException, ZaloNoAnswerException, ZaloNotSentException

# The first writes addresses, which hold who is asked about, into the log; the second headers.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.INFO)

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
IN_FLIGHT = 8
# Before anything was written.
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
    httpx.InvalidURL,
)


class Answer(NamedTuple):
    """What came back, taken apart. `body` is None when it is no JSON object."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any] | None
    raw: bytes


class Line(Closing):
    """Exchanges over one transport. A transport that was given is the giver's to close."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        limits = httpx.Timeout(read_seconds, connect=connect_seconds)
        self._limits = {"timeout": limits.as_dict()}
        # Of a whole exchange: an answer that trickles for ever keeps nobody waiting.
        self._longest = connect_seconds + 2 * read_seconds
        self._given = transport
        self._own: httpx.AsyncBaseTransport | None = None
        self._urls: dict[str, httpx.URL] = {}

    async def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        params: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Answer:
        """Ask once. Raises ZaloNotSentException or ZaloNoAnswerException."""
        failure: ZaloException
        try:
            request = httpx.Request(
                method,
                self._url(url),
                headers=headers,
                params=params,
                content=content,
                files=files,
                extensions=self._limits,
            )
            async with asyncio.timeout(self._longest):
                response = await self._transport().handle_async_request(request)
                raw = await response.aread()
        except _NEVER_LEFT as error:
            failure = ZaloNotSentException(None, type(error).__name__)
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError) as error:
            failure = ZaloNoAnswerException(None, type(error).__name__)
        else:
            return Answer(response.status_code, response.headers, _object(raw), raw)
        raise failure  # outside the handler: no trace of the original, which holds the request

    def _url(self, url: str) -> httpx.URL:
        """Taking an address apart costs as much as building the rest of a request."""
        known = self._urls.get(url)
        if known is None:
            known = self._urls[url] = httpx.URL(url)
        return known

    def _transport(self) -> httpx.AsyncBaseTransport:
        if self._given is not None:
            return self._given
        if self._own is None:
            limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
            self._own = httpx.AsyncHTTPTransport(limits=limits, retries=1)  # of connecting only
        return self._own

    async def aclose(self) -> None:
        """Let go of the connections that were made here."""
        own, self._own = self._own, None
        if own is not None:
            await own.aclose()


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
