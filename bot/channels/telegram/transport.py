"""PTB's requests over one aiohttp session: a tenth of the processor time of its own transport, and
errors that say whether Telegram can have seen the request. None of them ever carries an address,
for the bot's token is part of every address."""

import json
from typing import Any

import aiohttp
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

# Waiting for a free connection and making one. Below the margin in which an owner of the queue
# stops sending before its lease ends, so that nothing reaches the wire after that.
CONNECT_SECONDS = 2.5
# From the first byte to the whole answer; Telegram answers within a second when it is well.
ANSWER_SECONDS = 12.0
UPLOAD_SECONDS = 60.0
CONNECTIONS = 32

# Before anything was written: refused, no such host, wrong certificate, no free connection.
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientConnectorCertificateError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


class NotSentError(TelegramError):
    """No connection: Telegram has not seen the request."""


class NoAnswerError(TelegramError):
    """Written, but the answer never came whole: Telegram may have done it."""


class RefusedError(TelegramError):
    """Telegram answered no. `said` is its description, `wait_seconds` what a 429 asks for."""

    def __init__(self, status: int, said: str = "", wait_seconds: float | None = None) -> None:
        super().__init__(f"{status} {said}".strip())
        self.status = status
        self.said = said
        self.wait_seconds = wait_seconds


class AiohttpRequest(BaseRequest):
    """What PTB's `Bot` calls. Raises only NotSentError, NoAnswerError and RefusedError."""

    __slots__ = ("_answer_seconds", "_connect_seconds", "_connections", "_session", "_shut")

    def __init__(
        self,
        answer_seconds: float = ANSWER_SECONDS,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        connections: int = CONNECTIONS,
    ) -> None:
        self._answer_seconds = answer_seconds
        self._connect_seconds = connect_seconds
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._shut = False

    @property
    def read_timeout(self) -> float:
        """Seconds an ordinary answer may take."""
        return self._answer_seconds

    async def initialize(self) -> None:
        """Opens the session; harmless when it is open."""
        self._shut = False
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Closes every connection."""
        self._shut = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request. Our own time-outs hold; only a long poll says how long it may take."""
        wait = read_timeout if isinstance(read_timeout, int | float) else self._answer_seconds
        body, headers = _body(request_data)
        if isinstance(body, aiohttp.FormData):
            wait = max(wait, UPLOAD_SECONDS)
        # Connecting ends first, so a time-out of the whole always comes after the writing began.
        connect = self._connect_seconds
        limits = aiohttp.ClientTimeout(total=connect + wait, connect=connect)
        failure = await self._try(url, method, body, headers, limits)
        if isinstance(failure, tuple):
            return failure
        raise failure  # outside the handler: no trace of the original, which names the address

    async def _try(
        self, url: str, method: str, body: Any, headers: Any, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes] | TelegramError:
        if self._shut:
            return NotSentError("closed")
        if self._session is None:  # a sender may begin before its channel listens
            await self.initialize()
        assert self._session is not None
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as answer:
                payload = await answer.read()
        except _NEVER_LEFT as error:
            return NotSentError(type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return NoAnswerError(type(error).__name__)
        return _judge(answer.status, payload)


def _body(data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, Any]:
    """Bot API: JSON for everything but uploads, which are multipart."""
    if data is None:
        return None, None
    if not data.contains_files:
        return json.dumps(data.parameters).encode(), {"Content-Type": "application/json"}
    # Telegram's server takes a file name as it stands: it undoes no percent signs.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form, None


def _judge(status: int, payload: bytes) -> tuple[int, bytes] | TelegramError:
    """The answer as PTB wants it, or as an error of ours with nothing lost."""
    try:
        answer = json.loads(payload)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        # A proxy's page, or half an answer: with 200 it may have been done.
        return NoAnswerError("unreadable answer") if status < 300 else RefusedError(status)
    if status < 300 and "result" in answer:
        return status, payload
    if status < 300:
        return NoAnswerError("answer without result")
    parameters = answer.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    seconds = float(wait) if isinstance(wait, int | float) else None
    return RefusedError(status, str(answer.get("description", ""))[:200], seconds)
