"""Secrets and phone numbers at rest: sealed with a key, matched by a keyed fingerprint."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import ConfigError


class Vault:
    """Seals and opens short texts; fingerprints are one-way and differ between installations.

    The first key seals and fingerprints, the others only open (key rotation).
    """

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise ConfigError(
                "DONGHANH_SECRET_KEY is not a key. Make one with `donghanh config new-key`."
            ) from None
        self._peppers = [hashlib.sha256(b"fingerprint:" + key.encode()).digest() for key in keys]

    def seal(self, text: str) -> str:
        """Encrypt; the empty string stays empty."""
        return self._fernet.encrypt(text.encode()).decode() if text else ""

    def open(self, sealed: str) -> str:
        """Decrypt; raises ConfigError when the key is not the one that sealed it."""
        if not sealed:
            return ""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ConfigError(
                "The secret key does not fit this database. "
                "Set DONGHANH_SECRET_KEY to the key it was filled with."
            ) from None

    def fingerprint(self, text: str) -> str:
        """A keyed one-way hash, 32 hexadecimal characters; empty for the empty string."""
        return self.fingerprints(text)[0]

    def fingerprints(self, text: str) -> tuple[str, ...]:
        """The same under every key, the first key's first: what was kept before a key changed."""
        if not text:
            return ("",)
        return tuple(
            hmac.new(pepper, text.encode(), hashlib.sha256).hexdigest()[:32]
            for pepper in self._peppers
        )


def instance_of(vault: Vault, database: str) -> str:
    """Names an installation without telling anything of it: the same key, the same database."""
    return vault.fingerprint(f"instance:{database}")[:16]


def new_key() -> str:
    """A fresh key."""
    return Fernet.generate_key().decode()


def key_in(folder: Path) -> str:
    """The key kept beside an embedded database, made on first use, readable by its owner only."""
    path = folder / "secret.key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: both write a file of their own, the first link wins.
        fresh = folder / f".secret.{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_text(new_key() + "\n")
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return path.read_text().strip()
