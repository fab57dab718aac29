"""The pair of tokens of each Zalo account, sealed, and who is just now buying the next one.

A refresh token works once: whoever spends it must hold the lease, and what was bought is stored
only where the pair it was bought with is still the one in force (`epoch`).
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, or_, select, update

from bot.store.base import BigId, Family, UtcTime, insert_once, metadata

zalo_token = Table(
    "zalo_token",
    metadata,
    Column("account_id", BigId, ForeignKey("channel_account.id"), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("access", Text, nullable=False),
    Column("refresh", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("stored_at", UtcTime, nullable=False),
    Column("refreshed_at", UtcTime),  # NULL: this pair was given by a person
    # The pair before, to look into what went wrong.
    Column("last_access", Text, nullable=False, server_default=""),
    Column("last_refresh", Text, nullable=False, server_default=""),
    Column("lease", Text, nullable=False, server_default=""),
    Column("leased_until", UtcTime),
    Column("consent_needed_at", UtcTime),
    Column("reason", Text, nullable=False, server_default=""),
)


class Kept(NamedTuple):
    """A pair as it lies there: tokens sealed."""

    epoch: int
    access: str
    refresh: str
    expires_at: datetime
    stored_at: datetime
    refreshed_at: datetime | None
    lease: str
    leased_until: datetime | None
    consent_needed_at: datetime | None
    reason: str


class ZaloTokens(Family):
    """Keeps pairs; lets one process at a time spend a refresh token."""

    def get(self, account_id: int) -> Kept | None:
        """The pair in force, or None before the first consent."""
        c = zalo_token.c
        query = select(*(c[name] for name in Kept._fields)).where(c.account_id == account_id)
        row = self.conn.execute(query).first()
        return Kept(*row) if row else None

    def put(self, account_id: int, access: str, refresh: str, expires_at: datetime) -> None:
        """A pair from a person's hand: whatever was being bought with the old one is void."""
        row = {
            "account_id": account_id,
            "epoch": 0,
            "access": access,
            "refresh": refresh,
            "expires_at": expires_at,
            "stored_at": self.now,
        }
        if not insert_once(self.conn, zalo_token, [row], zalo_token.c.account_id):
            self._replace(account_id, None, access, refresh, expires_at, by_hand=True)

    def lease(self, account_id: int, epoch: int, lease: str, until: datetime) -> bool:
        """Take the right to spend the refresh token of this epoch; False when another has it."""
        c = zalo_token.c
        free = or_(c.leased_until.is_(None), c.leased_until <= self.now)
        taken = update(zalo_token).where(
            c.account_id == account_id, c.epoch == epoch, c.consent_needed_at.is_(None), free
        )
        return self.conn.execute(taken.values(lease=lease, leased_until=until)).rowcount == 1

    def release(self, account_id: int, lease: str) -> None:
        """Nothing was bought: another may try at once."""
        c = zalo_token.c
        mine = update(zalo_token).where(c.account_id == account_id, c.lease == lease)
        self.conn.execute(mine.values(lease="", leased_until=None))

    def store(
        self, account_id: int, epoch: int, access: str, refresh: str, expires_at: datetime
    ) -> bool:
        """The pair bought with that of `epoch`, whoever holds the lease by now: it is the only one
        that works. False when another pair is in force."""
        return self._replace(account_id, epoch, access, refresh, expires_at, by_hand=False)

    def refuse(self, account_id: int, epoch: int, lease: str, reason: str) -> bool:
        """The refresh token was refused to the holder of the lease: a person must consent again."""
        c = zalo_token.c
        mine = update(zalo_token).where(
            c.account_id == account_id, c.epoch == epoch, c.lease == lease
        )
        values = {
            "consent_needed_at": self.now,
            "reason": reason,
            "lease": "",
            "leased_until": None,
        }
        return self.conn.execute(mine.values(**values)).rowcount == 1

    def _replace(
        self,
        account_id: int,
        epoch: int | None,
        access: str,
        refresh: str,
        expires_at: datetime,
        *,
        by_hand: bool,
    ) -> bool:
        c = zalo_token.c
        changed = update(zalo_token).where(c.account_id == account_id)
        if epoch is not None:
            changed = changed.where(c.epoch == epoch)
        values = {
            "epoch": c.epoch + 1,
            "last_access": c.access,
            "last_refresh": c.refresh,
            "access": access,
            "refresh": refresh,
            "expires_at": expires_at,
            "stored_at": self.now,
            "refreshed_at": None if by_hand else self.now,
            "lease": "",
            "leased_until": None,
            "consent_needed_at": None,
            "reason": "",
        }
        return self.conn.execute(changed.values(**values)).rowcount == 1
