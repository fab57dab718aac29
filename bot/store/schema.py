"""The schema's versions: which a database has, which this program needs, how to get there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from bot.errors import StoreError
from bot.paths import resource
from bot.store import carrier
from bot.store.engines import sqlite_engine


def engine(url: URL, *, writes: bool = False) -> Engine:
    """A synchronous engine for migrations, backups and tools."""
    if url.get_backend_name() == "sqlite":
        return sqlite_engine(url, pooled=False, writes=writes)
    return create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)


@contextmanager
def writing(url: URL) -> Iterator[Connection]:
    """One transaction on a connection of its own, with the writer's lock on SQLite."""
    opened = engine(url, writes=True)
    try:
        with opened.connect() as conn, conn.begin():
            yield conn
    finally:
        opened.dispose()


def head() -> str:
    """The schema version this program needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def known(version: str) -> bool:
    """Does this program know the way from that schema version?"""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return version in {script.revision for script in scripts}


def current(conn: Connection) -> str | None:
    """The schema version of a database; None when it is empty."""
    return MigrationContext.configure(conn).get_current_revision()


def version_of(url: URL) -> str | None:
    """The schema version of the database at an address; None when there is none or it is empty.

    Looking must not create the file. Raises StoreError when the database cannot be reached.
    """
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return None
    opened = engine(url)
    try:
        with opened.connect() as conn:
            return current(conn)
    except (OperationalError, DatabaseError) as error:
        raise StoreError(
            f"The database cannot be opened: {error.orig}. Check DONGHANH_DATABASE_URL."
        ) from None
    finally:
        opened.dispose()


def upgrade(conn: Connection, to: str = "head") -> None:
    """Bring a database to a version, on the caller's own transaction."""
    version = current(conn)
    if version is not None and not known(version):
        raise StoreError(
            f"The database has schema {version}, which is newer than this program. "
            "Install the newer donghanh, or restore an older backup."
        )
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, to)
    carrier.install(conn)


def is_empty(conn: Connection) -> bool:
    """True when no table was ever made here."""
    return not inspect(conn).get_table_names()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("alembic")).replace("%", "%%"))
    return config
