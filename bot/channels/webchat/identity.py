"""Who writes from a web page: nobody signs in, so a random secret in a cookie stands for her."""

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

KEPT_SECONDS = 60 * 24 * 3600
_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 bits in base64url


class Identity:
    """Reads and renews the cookie. `secure` when the public address is https."""

    def __init__(self, *, secure: bool) -> None:
        self.is_secure = secure
        # Browsers keep a `__Host-` cookie to this host and refuse one that came without TLS.
        self._name = "__Host-donghanh" if secure else "donghanh"

    def secret(self, request: Request) -> str | None:
        """The secret this browser holds, if it looks like one of ours."""
        value = request.cookies.get(self._name, "")
        return value if _SECRET.fullmatch(value) else None

    def renew(self, request: Request, response: Response, new: str = "") -> None:
        """Keep the secret this browser has for another sixty days, or give it one."""
        response.set_cookie(
            self._name,
            self.secret(request) or new or fresh(),
            max_age=KEPT_SECONDS,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )


def fresh() -> str:
    """A new secret."""
    return secrets.token_urlsafe(16)


def form_token(secret: str) -> str:
    """Proves that a form came from a page of ours to this browser: another site cannot know it."""
    return hashlib.sha256(f"form:{secret}".encode()).hexdigest()[:32]


def sender_of(secret: str, account_id: int) -> str:
    """The sender's id at one account: neither opens a chat nor is the same in two congresses."""
    return hashlib.sha256(f"{account_id}:{secret}".encode()).hexdigest()
