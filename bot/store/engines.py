"""The two databases behind one door: SQLite in one writer thread, PostgreSQL on its async driver.

Everything below a unit of work is written once, against SQLAlchemy's synchronous connection. On
PostgreSQL that connection is the async engine's own (`run_sync`); on SQLite it lives in a thread,
one hop for a whole transaction, because a hop for each statement costs more than the statements.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection, QueuePool

T = TypeVar("T")
V = TypeVar("V")

# SQLite waits this long for another process (a chat beside the demo) to finish its transaction.
_BUSY_MILLISECONDS = 10_000
_READERS = 4
# Few connections, always the last one used: each knows its prepared statements and a burst makes no
# new ones, which cost more than waiting for one that is there.
_CONNECTIONS = 10
# One that rested longer than this is asked whether it still lives before it is used.
_RESTED_SECONDS = 1.0
# A server that was cut off says nothing; without these, TCP would wait for it for many minutes
# while a lease runs out (libpq's names; seconds, and milliseconds for the last).
_NOTICE_CUTS = {
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class Runner(Protocol):
    """Runs a function on a connection, inside one transaction."""

    async def write(self, do: Callable[[Connection], T]) -> T: ...
    async def read(self, do: Callable[[Connection], T]) -> T: ...
    async def close(self) -> None: ...


class _WriterThread:
    """Runs functions one after another, each for a coroutine that waits for it.

    On the way of every message three times: half the processor time of an executor, whose
    future of its own, with a lock and a condition, nobody needs here.
    """

    def __init__(self) -> None:
        self._todo: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._work_off, name="store-write", daemon=True)

    async def run(self, do: Callable[[], T]) -> T:
        """What `do` returns or raises. Cancelled before its turn comes, it is not run."""
        if self._thread.ident is None:
            self._thread.start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            if done.cancelled():
                return
            try:
                result = do()
            except BaseException as error:  # every one is for who waits, none for this thread
                _tell(loop, done, done.set_exception, error)
            else:
                _tell(loop, done, done.set_result, result)

        self._todo.put(work)
        return await done

    def _work_off(self) -> None:
        while (work := self._todo.get()) is not None:
            work()

    async def close(self) -> None:
        """Finish what was asked for."""
        if self._thread.ident is None:
            return
        self._todo.put(None)
        await asyncio.to_thread(self._thread.join)


def _tell(
    loop: asyncio.AbstractEventLoop, done: asyncio.Future[T], tell: Callable[[V], None], what: V
) -> None:
    def told() -> None:
        if not done.done():  # whoever waited may have been cancelled
            tell(what)

    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(told)


class SqliteRunner:
    """One writer thread with its own connection, a few reader threads; WAL, synchronous=FULL."""

    def __init__(self, url: URL) -> None:
        self._engine = sqlite_engine(url)
        self._writing = sqlite_engine(url, writes=True)
        self._writer = _WriterThread()
        self._readers = ThreadPoolExecutor(_READERS, "store-read")
        self._write_conn: Connection | None = None

    async def write(self, do: Callable[[Connection], T]) -> T:
        return await self._writer.run(lambda: self._write(do))

    def _write(self, do: Callable[[Connection], T]) -> T:
        if self._write_conn is None:
            self._write_conn = self._writing.connect()
        with self._write_conn.begin():
            return do(self._write_conn)

    async def read(self, do: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, do)

    def _read(self, do: Callable[[Connection], T]) -> T:
        with self._engine.connect() as conn, conn.begin():
            return do(conn)

    async def close(self) -> None:
        await self._writer.run(self._close_writer)
        await self._writer.close()
        self._readers.shutdown()
        self._writing.dispose()
        self._engine.dispose()

    def _close_writer(self) -> None:
        if self._write_conn is not None:
            self._write_conn.close()
            self._write_conn = None


class PostgresRunner:
    """psycopg 3 on the running event loop."""

    def __init__(self, url: URL) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_use_lifo=True,
            hide_parameters=True,
            connect_args=_NOTICE_CUTS,
        )
        event.listen(self._engine.sync_engine, "checkin", _rests)
        event.listen(self._engine.sync_engine, "checkout", self._ask_the_rested)

    def _ask_the_rested(self, driver: DBAPIConnection, record: ConnectionPoolEntry, _: Any) -> None:
        """SQLAlchemy's own pre-ping asks each time: one journey more for every transaction."""
        since = record.info.get("rests_since")
        if since is None or monotonic() - since < _RESTED_SECONDS:
            return
        dialect = self._engine.dialect
        try:
            dialect.do_ping(driver)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    async def write(self, do: Callable[[Connection], T]) -> T:
        async with self._engine.begin() as conn:
            return await conn.run_sync(do)

    async def read(self, do: Callable[[Connection], T]) -> T:
        async with self._engine.connect() as conn:
            return await conn.run_sync(do)

    async def close(self) -> None:
        await self._engine.dispose()


def _rests(_driver: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def sqlite_engine(url: URL, *, pooled: bool = True, writes: bool = False) -> Engine:
    """A SQLite engine that begins its own transactions, the way the store needs them.

    With `writes` each takes the writer's lock at once: upgrading a read lock could only fail.
    """
    engine = create_engine(
        url.set(drivername="sqlite"),
        poolclass=QueuePool if pooled else NullPool,
        hide_parameters=True,  # an error in a log must not repeat what somebody wrote
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    statement = "BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED"

    def begin(dbapi_connection: PoolProxiedConnection) -> None:
        dbapi_connection.cursor().execute(statement)

    # Not as a listener of "begin": with one, SQLAlchemy looks for listeners at each statement.
    engine.dialect.do_begin = begin  # type: ignore[method-assign]
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3 must not begin transactions by itself
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
