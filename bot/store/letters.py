"""Letters: what is owed, once, in its languages; and what a channel already has of our media."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, delete, select

from bot.store.base import (
    BigId,
    Family,
    Json,
    UtcTime,
    insert_once,
    metadata,
    primary,
    to_event,
    upsert,
)
from bot.values.letter import Letter

letter = Table(
    "letter",
    metadata,
    primary(),
    Column("key", Text, nullable=False, unique=True),
    to_event(optional=True),
    Column("notice_id", BigId, ForeignKey("notice.id")),
    Column("lane", Integer, nullable=False),
    Column("expires_at", UtcTime),
    Column("on_unknown", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

letter_text = Table(
    "letter_text",
    metadata,
    Column("letter_id", BigId, ForeignKey("letter.id"), primary_key=True),
    Column("lang", Text, primary_key=True),
    Column("reply", Json, nullable=False),
)

# Telegram file ids, Zalo tokens: bytes a channel has already, per account.
uploaded = Table(
    "uploaded",
    metadata,
    Column("account_id", BigId, ForeignKey("channel_account.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("expires_at", UtcTime),
)


_ADD_TEXT = letter_text.insert()


class Letters(Family):
    """Writes letters; writing one twice is harmless."""

    def add_all(self, letters: list[Letter]) -> dict[str, int]:
        """Keep letters; key -> id of those that were new."""
        if not letters:
            return {}
        added = insert_once(
            self.conn, letter, [self._row(one) for one in letters], letter.c.id, letter.c.key
        )
        ids: dict[str, int] = {row.key: row.id for row in added}
        texts = [
            {"letter_id": ids[one.key], "lang": lang, "reply": reply.to_json()}
            for one in letters
            if one.key in ids
            for lang, reply in one.texts.items()
        ]
        if texts:
            self.conn.execute(_ADD_TEXT, texts)
        return ids

    def id_of(self, key: str) -> int | None:
        """The id of the letter with this key."""
        return self.conn.execute(select(letter.c.id).where(letter.c.key == key)).scalar()

    def has(self, key: str) -> bool:
        """Was this letter written already?"""
        return self.conn.execute(select(letter.c.id).where(letter.c.key == key)).first() is not None

    def _row(self, one: Letter) -> dict[str, Any]:
        return {
            "key": one.key,
            "event_id": one.event_id,
            "notice_id": one.notice_id,
            "lane": one.lane,
            "expires_at": one.expires_at,
            "on_unknown": one.on_unknown,
            "created_at": self.now,
        }

    def upload_ref(self, account_id: int, sha256: str) -> str | None:
        """What the channel calls these bytes, if it still has them."""
        c = uploaded.c
        query = select(c.ref, c.expires_at).where(c.account_id == account_id, c.sha256 == sha256)
        row = self.conn.execute(query).first()
        if row is None or (row.expires_at is not None and row.expires_at <= self.now):
            return None
        ref: str = row.ref
        return ref

    def remember_upload(
        self, account_id: int, sha256: str, ref: str, expires_at: datetime | None
    ) -> None:
        """The channel keeps these bytes under `ref` until `expires_at`."""
        row = {"account_id": account_id, "sha256": sha256, "ref": ref, "expires_at": expires_at}
        upsert(self.conn, uploaded, row, key=("account_id", "sha256"))

    def forget_uploads(self, account_id: int) -> None:
        """The channel keeps none of them any more."""
        self.conn.execute(delete(uploaded).where(uploaded.c.account_id == account_id))
