"""The proof that an event comes from Zalo: a plain SHA-256 over the bytes as received, no HMAC."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

HEADER = "X-ZEvent-Signature"


def mac_of(first: str, body: bytes, timestamp: str, secret: str) -> str:
    """`sha256(app id + body + timestamp + secret)`, lowercase hexadecimal."""
    told = b"".join((_bytes(first), body, _bytes(timestamp), _bytes(secret)))
    return hashlib.sha256(told).hexdigest()


def matching(
    given: str, first: str, body: bytes, timestamp: str, secrets: Sequence[str]
) -> int | None:
    """Which key signed, by its place; None when none did. Takes as long for every answer.

    An empty key never fits: anybody could sign with it.
    """
    claimed = _bytes(_hex_of(given))
    found: int | None = None
    for place, secret in enumerate(secrets):
        fits = hmac.compare_digest(claimed, mac_of(first, body, timestamp, secret).encode())
        if fits and secret and found is None:
            found = place
    return found


Headers = Mapping[str, Any] | Iterable[tuple[Any, Any]]


def header(headers: Headers, name: str) -> str:
    """A header's value, however its name is written; "" when it is not there.

    A mapping of any web framework, or the pairs of bytes an ASGI server gives.
    """
    wanted = name.lower()
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    for key, value in pairs:
        if _text(key).lower() == wanted:
            return _text(value)
    return ""


def _hex_of(given: str) -> str:
    """Documented as `mac=<hex>`; bare hexadecimal and spaces are borne."""
    value = given.strip().lower()
    return value.removeprefix("mac").lstrip().removeprefix("=").strip()


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
