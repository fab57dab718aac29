"""Tokens of the fake: an access token lives 25 hours, a refresh token works once."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.zalo.fake.world import APP_ID, APP_SECRET, Json
from bot.zalo.oauth import DEFAULT_LIFE, challenge_of

CODE_SECONDS = 600
REFRESH_SECONDS = 90 * 24 * 3600


class RefusedGrantError(Exception):
    """The token endpoint says no, in its own four fields."""

    def __init__(self, code: int, name: str, reason: str) -> None:
        super().__init__(name)
        self.body: Json = {
            "error": code,
            "error_name": name,
            "error_reason": reason,
            "error_description": reason,
            "ref_doc": "https://developers.zalo.me/docs/official-account/",
        }


@dataclass(frozen=True, slots=True)
class Code:
    """A consent, waiting to be exchanged."""

    challenge: str
    until: float


class Tokens:
    """One pair is in force at a time."""

    def __init__(self, clock: Callable[[], float], life: float = DEFAULT_LIFE) -> None:
        self._clock = clock
        self.life = life
        self.access = ""
        self.refresh = ""
        self._access_until = 0.0
        self._refresh_until = 0.0
        self._past: set[str] = set()
        self._codes: dict[str, Code] = {}
        self.spent: Counter[str] = Counter()  # how often each refresh token was handed in
        self.issue()

    def issue(self) -> tuple[str, str]:
        """A new pair; the old access token is dead at this instant."""
        self._past.update((self.access, self.refresh))
        self.access = f"at-{secrets.token_urlsafe(24)}"
        self.refresh = f"rt-{secrets.token_urlsafe(24)}"
        self._access_until = self._clock() + self.life
        self._refresh_until = self._clock() + REFRESH_SECONDS
        return self.access, self.refresh

    def revoke(self) -> None:
        """An administrator changed the app's permissions: the grant is gone."""
        self._past.update((self.access, self.refresh))
        self.access = self.refresh = ""

    def fault_of(self, access: str) -> tuple[int, str] | None:
        """Why an access token is not taken; None when it is."""
        if access and access == self.access:
            alive = self._clock() < self._access_until
            return None if alive else (-216, "Access token has expired")
        if access in self._past:
            return -220, "access_token is expired or removed"
        return -216, "Access token is invalid"

    def consent(self, challenge: str) -> str:
        """An administrator agrees: a code for her app."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = Code(challenge, self._clock() + CODE_SECONDS)
        return code

    def grant(self, form: dict[str, str], secret: str) -> Json:
        """POST /v4/oa/access_token."""
        if form.get("app_id") != APP_ID:
            raise RefusedGrantError(-14001, "Invalid app id", "app_id does not exist")
        if secret != APP_SECRET:
            raise RefusedGrantError(-14004, "Invalid secret key", "secret_key is wrong")
        match form.get("grant_type"):
            case "authorization_code":
                self._exchange(form)
            case "refresh_token":
                self._spend(form.get("refresh_token", ""))
            case _:
                raise RefusedGrantError(-14005, "Invalid grant type", "grant_type is unknown")
        access, refresh = self.issue()
        life = str(int(self.life))  # documented as a number, seen as text
        return {"access_token": access, "refresh_token": refresh, "expires_in": life}

    def _exchange(self, form: dict[str, str]) -> None:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or self._clock() >= code.until:
            raise RefusedGrantError(-14019, "Invalid authorization code", "used or expired")
        if code.challenge and challenge_of(form.get("code_verifier", "")) != code.challenge:
            raise RefusedGrantError(-14021, "Invalid code verifier", "it does not fit")

    def _spend(self, refresh: str) -> None:
        self.spent[refresh] += 1
        if not refresh or refresh != self.refresh or self._clock() >= self._refresh_until:
            code = -14020 if refresh in self._past else -14014
            raise RefusedGrantError(code, "Invalid refresh token", "used or expired")
