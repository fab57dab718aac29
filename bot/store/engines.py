"""The two databases behind one door: SQLite in one writer thread, PostgreSQL on its async driver.

Everything below a unit of work is written once, against SQLAlchemy's synchronous connection. On
PostgreSQL that connection is the async engine's own (`run_sync`); on SQLite it lives in a thread,
one hop for a whole transaction, because a hop for each statement costs more than the statements.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

T = TypeVar("T")

# SQLite waits this long for another process (a chat beside the demo) to finish its transaction.
_BUSY_MILLISECONDS = 10_000
_READERS = 4
# Few connections, always the last one used: each knows its prepared statements and a burst makes no
# new ones, which cost more than waiting for one that is there.
_CONNECTIONS = 10
# One that rested longer than this is asked whether it still lives before it is used.
_RESTED_SECONDS = 1.0


class Runner(Protocol):
    """Runs a function on a connection, inside one transaction."""

    async def write(self, do: Callable[[Connection], T]) -> T: ...
    async def read(self, do: Callable[[Connection], T]) -> T: ...
    async def close(self) -> None: ...


class SqliteRunner:
    """One writer thread with its own connection, a few reader threads; WAL, synchronous=FULL."""

    def __init__(self, url: URL) -> None:
        self._engine = sqlite_engine(url)
        self._writer = ThreadPoolExecutor(1, "store-write")
        self._readers = ThreadPoolExecutor(_READERS, "store-read")
        self._write_conn: Connection | None = None

    async def write(self, do: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write, do)

    def _write(self, do: Callable[[Connection], T]) -> T:
        if self._write_conn is None:
            self._write_conn = self._engine.connect().execution_options(sqlite_begin="IMMEDIATE")
        with self._write_conn.begin():
            return do(self._write_conn)

    async def read(self, do: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, do)

    def _read(self, do: Callable[[Connection], T]) -> T:
        with self._engine.connect() as conn, conn.begin():
            return do(conn)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, self._close_writer)
        self._writer.shutdown()
        self._readers.shutdown()
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


def sqlite_engine(url: URL, *, pooled: bool = True) -> Engine:
    """A SQLite engine that begins its own transactions, the way the store needs them."""
    engine = create_engine(
        url.set(drivername="sqlite"),
        poolclass=QueuePool if pooled else NullPool,
        hide_parameters=True,  # an error in a log must not repeat what somebody wrote
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3 must not begin transactions by itself
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")


def _begin(conn: Connection) -> None:
    # A writer takes its lock at once: upgrading a read lock later could only fail.
    mode = conn.get_execution_options().get("sqlite_begin", "DEFERRED")
    conn.exec_driver_sql(f"BEGIN {mode}")
