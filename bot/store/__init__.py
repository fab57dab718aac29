"""The only room that knows SQL. `Store` opens a database, `Work` is one transaction on it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from bot.clock import Clock, SystemClock
from bot.errors import ConfigError, Deadlock, DiskFull, StoreError
from bot.store.engines import PostgresRunner, Runner, SqliteRunner
from bot.store.locks import OwnerLock
from bot.store.wake import PostgresWake, SilentWake, Wake
from bot.store.work import Work

__all__ = ["Store", "Work", "database_url", "owner_lock"]

T = TypeVar("T")


class Store:
    """An open database. `write` and `read` run a function with a Work, in one transaction.

    The function is synchronous and may run in another thread: it takes what it needs and returns
    values; it never awaits. When it raises, nothing of it was written.
    """

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self.url = database_url(url)
        self.clock = clock or SystemClock()
        self._runner: Runner = SqliteRunner(self.url) if self.embedded else PostgresRunner(self.url)
        self.wake: Wake = SilentWake() if self.embedded else PostgresWake(self.url)

    @property
    def embedded(self) -> bool:
        """True on SQLite: one file, one machine."""
        return self.url.get_backend_name() == "sqlite"

    async def write(self, do: Callable[[Work], T]) -> T:
        """Run `do` and commit; raises what it raises, with nothing written."""
        try:
            return await self._runner.write(self._and_ring(do))
        except (OperationalError, InterfaceError) as error:
            if _is_full(error):
                raise DiskFull(DiskFull.__doc__) from error
            if getattr(error.orig, "sqlstate", None) in _TRY_AGAIN:
                raise Deadlock(Deadlock.__doc__) from error
            raise StoreError(
                f"The database did not answer: {type(error.orig).__name__}."
            ) from error

    async def read(self, do: Callable[[Work], T]) -> T:
        """Run `do`, which only looks."""
        return await self._runner.read(self._with_work(do))

    def _and_ring(self, do: Callable[[Work], T]) -> Callable[[Connection], T]:
        def run(conn: Connection) -> T:
            work = Work(conn, self.clock.now())
            done = do(work)
            if work.rings:
                self.wake.ring(conn, work.rings)
            return done

        return run

    def _with_work(self, do: Callable[[Work], T]) -> Callable[[Connection], T]:
        return lambda conn: do(Work(conn, self.clock.now()))

    def owner_lock(self, name: str) -> OwnerLock | None:
        """On SQLite, a lock that proves its last owner is gone; PostgreSQL relies on leases."""
        return owner_lock(self.url, name)

    async def close(self) -> None:
        """Finish what runs and let go of the database."""
        await self.wake.close()
        await self._runner.close()


def owner_lock(url: URL, name: str) -> OwnerLock | None:
    """The lock of that name beside an embedded database; None on PostgreSQL."""
    if url.get_backend_name() != "sqlite":
        return None
    return OwnerLock(Path(f"{url.database}.{name}.lock"))


# PostgreSQL, Appendix A: serialization_failure, deadlock_detected.
_TRY_AGAIN = frozenset({"40001", "40P01"})


def _is_full(error: DBAPIError) -> bool:
    """SQLITE_FULL by its words; PostgreSQL by its code (Appendix A: disk_full)."""
    full = "disk is full" in str(error.orig)
    return full or getattr(error.orig, "sqlstate", None) == "53100"


def database_url(url: str) -> URL:
    """Check a database address; raises ConfigError in one sentence."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(
            "DONGHANH_DATABASE_URL is not a database address. "
            "Write sqlite:////path/donghanh.db or postgresql://user@host/name."
        ) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigError(
            f"DONGHANH_DATABASE_URL names {parsed.get_backend_name()}. "
            "Use sqlite:////path/donghanh.db or postgresql://user@host/name."
        )
    if parsed.get_backend_name() == "sqlite" and not parsed.database:
        raise ConfigError("DONGHANH_DATABASE_URL needs a file: sqlite:////path/donghanh.db.")
    return parsed
