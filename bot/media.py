"""Bytes by their SHA-256, and what each channel account calls those it already has."""

import hashlib
from datetime import datetime

from bot.store import Store


class MediaShelf:
    """Finds media and remembers uploads, each in a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, sha256: str, event_id: int | None = None) -> tuple[str, bytes] | None:
        """(mime type, bytes), or None; with an event, only what that event may show."""
        return await self._store.read(lambda work: work.contents.media(sha256, event_id))

    async def shown(self, sha256: str) -> tuple[str, bytes] | None:
        """(mime type, bytes) of a picture or clip; never the file of a document."""
        return await self._store.read(lambda work: work.contents.shown(sha256))

    async def upload_ref(self, account_id: int, sha256: str) -> str | None:
        """The channel's own name of these bytes, if it still has them."""
        return await self._store.read(lambda work: work.letters.upload_ref(account_id, sha256))

    async def remember_upload(
        self, account_id: int, sha256: str, ref: str, expires_at: datetime | None = None
    ) -> None:
        """Upload once, then send by reference."""
        await self._store.write(
            lambda work: work.letters.remember_upload(account_id, sha256, ref, expires_at)
        )


def sha256_of(body: bytes) -> str:
    """The name bytes are stored under."""
    return hashlib.sha256(body).hexdigest()
