"""OAuth v4 of Zalo: the address to consent at, the proof of the asker, and what comes back."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from bot.zalo.errors import ZaloHTTPException, ZaloNoTokensException, ZaloOAuthException
from bot.zalo.line import Answer

OAUTH_PREFIX = "https://oauth.zaloapp.com"
PERMISSION = "/v4/oa/permission"
ACCESS_TOKEN = "/v4/oa/access_token"  # noqa: S105 (a path)
DEFAULT_LIFE = 90_000  # seconds; the documented 25 hours, when an answer does not say


class Tokens(NamedTuple):
    """A pair and when its access token ends, in seconds of the epoch. Refreshing works once."""

    access_token: str
    refresh_token: str
    expire_at: int


def new_verifier() -> str:
    """A fresh secret of 43 characters (RFC 7636, 4.1)."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """base64url without padding of SHA-256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def proof_of(access_token: str, secret_key: str) -> str:
    """`appsecret_proof`: lowercase hex HMAC-SHA256 of the token, keyed with the app's secret."""
    return hmac.new(secret_key.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def permission_url(
    prefix: str, app_id: str, callback_url: str, challenge: str | None, state: str | None
) -> str:
    """Where an administrator of the OA consents."""
    asked = {
        "app_id": app_id,
        "redirect_uri": callback_url,
        "code_challenge": challenge,
        "state": state,
    }
    return f"{prefix}{PERMISSION}?{urlencode({k: v for k, v in asked.items() if v})}"


def tokens_in(answer: Answer, now: float, blotted: Callable[[str], str]) -> Tokens:
    """The pair an answer holds. Without both halves it is a refusal, whatever its status says.

    Of a refusal's words, `blotted` takes out what they repeat of our secrets.
    """

    def words(field: str) -> str:
        value = told.get(field)
        return blotted(value)[:500] if isinstance(value, str) else ""

    told = answer.body or {}
    if answer.body is None or (answer.status >= 500 and not told.get("error_name")):
        what = f"HTTP Error {answer.status}" if answer.status != 200 else "not a JSON object"
        raise ZaloHTTPException(answer.status, what)
    access, refresh = told.get("access_token"), told.get("refresh_token")
    if access and refresh and isinstance(access, str) and isinstance(refresh, str):
        return Tokens(access, refresh, int(now) + _life(told.get("expires_in")))
    if not (told.get("error") or told.get("error_name")):
        missing = "access_token" if refresh else "refresh_token"
        raise ZaloNoTokensException(-1, f"'{missing}' not found in the response")
    raise ZaloOAuthException(
        number_in(told.get("error")),
        words("message") or None,
        error_name=words("error_name"),
        error_reason=words("error_reason"),
        error_description=words("error_description"),
        ref_doc=words("ref_doc"),
    )


def number_in(value: object) -> int | None:
    """An error's number, which comes as a number or as digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _life(value: object) -> int:
    life = number_in(value)
    return life if life is not None and life > 0 else DEFAULT_LIFE
