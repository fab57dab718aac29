"""One planted world for a whole run: learned once, copied for every script, so each stands alone.

A script that fails must fail again by itself, so none may see what another one left.
"""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.clock import SetClock
from bot.i18n import Texts
from bot.knowledge import Knowledge
from bot.paths import resource
from bot.reception import House
from bot.store import Store, database_url
from bot.vault import Vault
from tests.conftest import MORNING
from tests.databases import PostgresServer, careless
from tests.storm.planted import World, plant


class Copies:
    """Where copies of a planted database come from; `url` is the one that is copied."""

    def __init__(self, url: str, postgres: PostgresServer | None = None) -> None:
        self.url = url
        self._postgres = postgres
        self.kind = database_url(url).get_backend_name()

    def fresh(self) -> AbstractContextManager[str]:
        """A copy that is gone afterwards."""
        name = f"storm_{uuid4().hex[:12]}"
        if self._postgres is None:
            return self._file(name)
        return self._postgres.database(name, database_url(self.url).database or "")

    @contextmanager
    def _file(self, name: str) -> Iterator[str]:
        planted = Path(database_url(self.url).database or "")
        folder = planted.with_name(name)
        folder.mkdir()
        shutil.copyfile(planted, folder / "donghanh.db")
        try:
            yield f"sqlite:///{folder / 'donghanh.db'}"
        finally:
            shutil.rmtree(folder)


@dataclass
class Tally:
    """What all scripts together did."""

    scripts: int = 0
    updates: int = 0
    replies: int = 0
    links: int = 0
    told: int = 0
    acts: int = 0


@dataclass
class Ground:
    """What every script begins with."""

    copies: Copies
    world: World
    house: House
    tally: Tally = field(default_factory=Tally)
    # Statements are compiled once for all copies, not once for each.
    compiled: dict[object, object] = field(default_factory=dict)


async def planted(copies: Copies, vault: Vault) -> Ground:
    """Plant the world and learn its content, once: that costs more than a short script."""
    store = careless(copies.url, SetClock(MORNING))
    try:
        world = await store.write(lambda work: plant(work, vault))
        knowledge = Knowledge(store)
        await knowledge.refresh()
    finally:
        await _closed(store)
    return Ground(copies, world, House(knowledge, Texts.load(resource("locales")), vault))


async def _closed(store: Store) -> None:
    """With everything in the file itself, for that alone is copied."""
    if store.embedded:
        engine: Any = store._runner
        with engine._engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await store.close()
