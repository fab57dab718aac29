"""What the clients of both hosts share: tokens, one call, and one more after a fresh token.

Names and arguments are zalo-sdk's; both of its misspelt names stand beside the correct ones.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

import httpx

from bot.zalo import oauth
from bot.zalo.closing import Closing
from bot.zalo.errors import (
    ZaloException,
    ZaloHTTPException,
    ZaloNoAnswerException,
    ZaloOAAuthTokenExpiredException,
)
from bot.zalo.line import CONNECT_SECONDS, READ_SECONDS, Answer, Line
from bot.zalo.oauth import OAUTH_PREFIX, Tokens

Json = dict[str, Any]
Files = Mapping[str, tuple[str, bytes, str]]
# Given the token that failed ("" for none yet), returns the pair in force and when it ends.
TokenSource = Callable[[str], Awaitable[tuple[str, str, int]]]

SKEW_SECONDS = 60  # a token that ends within this counts as ended
_BLOT = "***"
_JSON_HEADERS = {"Content-Type": "application/json"}
_SPENT = ("code", "code_verifier", "refresh_token")
_RAW_LIMIT = 4000  # characters of a raw answer that are kept


class Client(Closing):
    """One account of one app. With a `token_source` it never refreshes by itself."""

    PREFIX: ClassVar[str]
    EXPIRED: ClassVar[frozenset[int]] = frozenset({-216, -220})

    def __init__(
        self,
        app_id: str,
        secret_key: str,
        access_token: str = "",
        refresh_token: str = "",
        *,
        endpoint_prefix: str = "",
        expire_at: float | None = None,
        oauth_prefix: str = OAUTH_PREFIX,
        transport: httpx.AsyncBaseTransport | None = None,
        token_source: TokenSource | None = None,
        appsecret_proof: bool = False,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.app_id = app_id
        self.expire_at = expire_at
        self._secret_key = secret_key
        self._access_token = access_token
        self._refresh_token = refresh_token
        self.endpoint_prefix = (endpoint_prefix or self.PREFIX).rstrip("/")
        self._oauth_prefix = oauth_prefix.rstrip("/")
        self._token_source = token_source
        self._with_proof = appsecret_proof
        self._clock = clock
        self._line = Line(transport, connect_seconds=connect_seconds, read_seconds=read_seconds)
        self._renewing = asyncio.Lock()
        self.rate_limit: int | None = None
        self.rate_remaining: int | None = None

    @property
    def access_token(self) -> str:
        """The token in use."""
        return self._access_token

    @access_token.setter
    def access_token(self, token: str) -> None:
        self._access_token = token

    @property
    def refresh_token(self) -> str:
        """What buys the next pair, once."""
        return self._refresh_token

    @refresh_token.setter
    def refresh_token(self, token: str) -> None:
        self._refresh_token = token

    # Consent and tokens ------------------------------------------------------------------

    def request_authorization_code_url(
        self, callback_url: str, code_challenge: str | None = None, state: str | None = None
    ) -> str:
        """Where an administrator of the OA consents; she is sent back to `callback_url`."""
        return oauth.permission_url(
            self._oauth_prefix, self.app_id, callback_url, code_challenge, state
        )

    request_authoriation_code_url = request_authorization_code_url

    async def get_access_token_from_authorization_code(
        self, authorization_code: str, code_verifier: str
    ) -> Tokens:
        """The first pair for a code, which lives ten minutes and works once."""
        return await self._granted(
            code=authorization_code,
            app_id=self.app_id,
            grant_type="authorization_code",
            code_verifier=code_verifier,
        )

    async def refresh_access_token(self) -> Tokens:
        """Spends the refresh token. A refusal leaves the pair as it was."""
        return await self._granted(
            refresh_token=self._refresh_token, app_id=self.app_id, grant_type="refresh_token"
        )

    refresh_acccess_token = refresh_access_token

    def is_access_token_expired(self) -> bool:
        """By the clock, a minute early; never when nobody told its end (None or 0)."""
        return bool(self.expire_at) and self._clock() >= (self.expire_at or 0) - SKEW_SECONDS

    isAccessTokenExpired = is_access_token_expired  # noqa: N815 (zalo-sdk's name)

    async def _granted(self, **form: str) -> Tokens:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "secret_key": self._secret_key,
        }
        url = f"{self._oauth_prefix}{oauth.ACCESS_TOKEN}"
        content = urlencode(form).encode()
        spent = [value for key, value in form.items() if key in _SPENT]
        answer = await self._line.exchange("POST", url, headers, content=content)
        tokens = oauth.tokens_in(
            answer, self._clock(), lambda said: _blot(self._blotted(said), *spent)
        )
        self._take(tokens)
        return tokens

    def _take(self, tokens: tuple[str, str, int]) -> None:
        self._access_token, self._refresh_token, self.expire_at = tokens

    async def _renew(self, failed: str) -> None:
        """A token other than the one that failed; many callers cost one refresh."""
        async with self._renewing:
            if self._access_token != failed:
                return
            if self._token_source is not None:
                self._take(await self._token_source(failed))
            else:
                await self.refresh_access_token()

    @property
    def _can_renew(self) -> bool:
        return self._token_source is not None or bool(self._refresh_token)

    # Calls -------------------------------------------------------------------------------

    def create_request_header(
        self, method: str, xtra_headers: Mapping[str, str] | None = None, type: str = ""
    ) -> dict[str, str]:
        """What every call carries; an upload (`type="file"`) brings its own content type."""
        if method not in ("GET", "POST"):
            raise ValueError(f"Unknown method '{method}'")
        headers = {"access_token": self._access_token}
        if method == "POST" and type != "file":
            headers.update(_JSON_HEADERS)
        if self._with_proof:
            headers["appsecret_proof"] = oauth.proof_of(self._access_token, self._secret_key)
        headers.update(xtra_headers or {})
        return headers

    async def send_request(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        files: Files | None = None,
    ) -> Json:
        """One request as it is given; the parsed answer, or the exception of its family.

        The body of a GET is sent as JSON in the parameter `data`, as the OA API wants it.
        """
        content = None
        if method == "GET" and body is not None:
            params = {**(params or {}), "data": json.dumps(body, separators=(",", ":"))}
        elif method == "POST" and files is None:
            content = json.dumps(body or {}, ensure_ascii=False).encode()
        answer = await self._line.exchange(
            method, url, headers or {}, params=params, content=content, files=files
        )
        return self._judged(answer)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Json:
        return await self._call("POST", path, body=body)

    async def _get(self, path: str, data: Mapping[str, Any] | None = None) -> Json:
        return await self._call("GET", path, body=data)

    async def _call(self, method: str, path: str, **rest: Any) -> Json:
        if self._can_renew and (not self._access_token or self.is_access_token_expired()):
            await self._renew(self._access_token)
        used = self._access_token
        try:
            return await self._asked(method, path, **rest)
        except ZaloOAAuthTokenExpiredException as error:
            if not self._can_renew:
                raise
            expired = error
        await self._renew_or_tell(used, expired)
        return await self._asked(method, path, **rest)

    async def _renew_or_tell(self, used: str, expired: ZaloOAAuthTokenExpiredException) -> None:
        """A source's refusal is its own to tell; ours is told with the error that asked for it."""
        if self._token_source is not None:
            await self._renew(used)
            return
        try:
            await self._renew(used)
        except ZaloException as error:
            expired.refresh_failure = error
        if expired.refresh_failure is not None:
            raise expired

    async def _asked(self, method: str, path: str, **rest: Any) -> Json:
        kind = "file" if rest.get("files") else ""
        headers = self.create_request_header(method, type=kind)
        url = f"{self.endpoint_prefix}{path}"
        try:
            return await self.send_request(method, url, headers=headers, **rest)
        except ZaloNoAnswerException:
            if method != "GET":
                raise
        # A connection that rested may be dead: reading twice does no harm.
        return await self.send_request(method, url, headers=headers, **rest)

    def _judged(self, answer: Answer) -> Json:
        self._note_rates(answer.headers)
        body = answer.body
        code = oauth.number_in(body.get("error")) if body is not None else None
        if code == 0 and answer.status == httpx.codes.OK:
            return cast(Json, body)
        raw = self._blotted(answer.raw[:_RAW_LIMIT].decode(errors="replace"))
        if code is None or code == 0:
            words = f"HTTP Error {answer.status}" if answer.status != 200 else "no result in it"
            raise ZaloHTTPException(answer.status, words, body=raw)
        said = body.get("message") if body is not None else None
        raise self._refusal(code, self._blotted(said) if isinstance(said, str) else None, raw)

    def _refusal(self, code: int, words: str | None, raw: str) -> ZaloException:
        raise NotImplementedError

    def _is_expired(self, code: int, words: str | None) -> bool:
        """Some report -216 for templates that mean the person blocked the account."""
        return code in self.EXPIRED and "block" not in (words or "").lower()

    def _note_rates(self, headers: Mapping[str, str]) -> None:
        if (limit := headers.get("x-ratelimit-limit")) is not None:
            self.rate_limit = oauth.number_in(limit)
            self.rate_remaining = oauth.number_in(headers.get("x-ratelimit-remain"))

    def _blotted(self, text: str) -> str:
        """What an answer repeats of our secrets is not told."""
        return _blot(text, self._access_token, self._refresh_token, self._secret_key)

    # Connections -------------------------------------------------------------------------

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._line.aclose()


def _blot(text: str, *hidden: str) -> str:
    for one in filter(None, hidden):
        text = text.replace(one, _BLOT)
    return text
