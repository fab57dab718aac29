"""Whether an account takes buttons, as every process of the installation knows it.

No page of Zalo's shows them on version 3 of its API: where they are refused once, numbered lines
take their place, also after a restart.
"""

from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.store import Store, Work

# What an account's settings remember.
REFUSED = "buttons_refused_at"
# Zalo may have been given a larger package since: then it is tried once more.
REMEMBERED = timedelta(days=7)
# What another process found out is heard of after so long.
LOOK_EVERY = timedelta(minutes=1)

log = structlog.get_logger()


class Buttons:
    """`wanted` False: an operator wants none, whatever Zalo takes."""

    def __init__(self, store: Store, account_id: int, clock: Clock, *, wanted: bool) -> None:
        self.allowed = wanted
        self._store = store
        self._account_id = account_id
        self._clock = clock
        self._wanted = wanted
        self._looked_at: datetime | None = None

    async def look(self) -> None:
        """Learn what other processes, and those before this one, found out."""
        now = self._clock.now()
        if not self._wanted or (self._looked_at and now - self._looked_at < LOOK_EVERY):
            return
        self._looked_at = now
        at = await self._store.read(self._refused_at)
        self.allowed = at is None or now - at > REMEMBERED

    async def refused(self, code: int | None) -> None:
        """Zalo took the same words without buttons: the buttons were the reason."""
        self.allowed = False
        log.warning("zalo buttons refused", account=self._account_id, fault=code)
        facts = {REFUSED: self._clock.now().isoformat()}
        await self._store.write(lambda work: work.accounts.note(self._account_id, **facts))

    def _refused_at(self, work: Work) -> datetime | None:
        account = work.accounts.get(self._account_id)
        kept = account.settings.get(REFUSED) if account else None
        return datetime.fromisoformat(kept) if kept else None
