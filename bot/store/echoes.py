"""What a platform repeated of what we said. When nobody knows whether a message left, its echo
does, in whichever process it was heard; only fingerprints of the words are kept, for a day."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Column, ForeignKey, Index, Table, Text, delete, exists, select

from bot.store.base import BigId, Family, UtcTime, insert_once, metadata
from bot.store.delivery_table import delivery

echo = Table(
    "echo",
    metadata,
    Column("account_id", BigId, ForeignKey("channel_account.id"), primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("sender", Text, nullable=False),
    Column("words", Text, nullable=False),  # a fingerprint of its first line, first two, …
    Column("at", UtcTime, nullable=False),
    Index("ix_echo_sender", "account_id", "sender"),
)

ECHO_LIFE = timedelta(days=1)
_SHORT = 12


class Said(NamedTuple):
    """The account said this to her, by the platform's own word."""

    sender: str
    text: str
    message_id: str


class Echoes(Family):
    """Keeps echoes; finds that of a delivery nobody knows about."""

    def add(self, account_id: int, many: Iterable[Said]) -> None:
        """Keep them; once is enough."""
        rows = [
            {
                "account_id": account_id,
                "message_id": one.message_id,
                "sender": one.sender,
                "words": " ".join(_prefixes(one.text)),
                "at": self.now,
            }
            for one in sorted(many, key=lambda one: one.message_id)
        ]
        if rows:
            insert_once(self.conn, echo, rows)

    def of_doubted(self, account_id: int, sender: str, delivery_id: int, text: str) -> str | None:
        """The platform's id of this text, if it was heard of since the delivery was written
        and is no other delivery's."""
        e, this, other = echo.c, delivery.alias("this"), delivery.alias("other")
        made = select(this.c.created_at).where(this.c.id == delivery_id).scalar_subquery()
        known = exists().where(
            other.c.platform_message_id == e.message_id, other.c.id != delivery_id
        )
        query = (
            select(e.message_id, e.words)
            .where(
                e.account_id == account_id,
                e.sender == sender,
                e.at >= made,
                ~known,
            )
            .order_by(e.at, e.message_id)
        )
        mine = _fingerprint(text)
        found = (row.message_id for row in self.conn.execute(query) if mine in row.words.split())
        return next(found, None)

    def forget(self, account_id: int) -> int:
        """What is too old to help. Returns how many."""
        old = (echo.c.account_id == account_id, echo.c.at < self.now - ECHO_LIFE)
        return self.conn.execute(delete(echo).where(*old)).rowcount


def _prefixes(text: str) -> Sequence[str]:
    """Buttons that are refused become lines below: the words then are only its beginning."""
    lines = text.split("\n")
    return [_fingerprint("\n".join(lines[:end])) for end in range(1, len(lines) + 1)]


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_SHORT]
