"""A whole database as one file, the same on SQLite and PostgreSQL, and a database from such a file.

The file is a zip: `meta.json`, and one JSON line for each row of each table. It is read in one
snapshot while the bot goes on working, and put back in one transaction: whoever looks at the
database sees the old rows or the new ones, never half of either.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import JSON

from bot import __version__
from bot.errors import StoreError
from bot.store import schema
from bot.store.base import Json, UtcTime
from bot.store.work import Work

FORMAT = 1
META = "meta.json"
VERSION_TABLE = "alembic_version"
# So much of a table is in memory at once, whether its rows are ticks or pictures.
_ROWS = 500
_ROWS_WITH_BYTES = 4
_BATCH_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """One table in a backup: how many rows, and the SHA-256 of its lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Meta:
    """What a backup says about itself. `made_at` is aware UTC; `schema` None: an empty database."""

    format: int
    schema: str
    app: str
    made_at: datetime
    tables: Mapping[str, Member]

    @property
    def rows(self) -> int:
        return sum(member.rows for member in self.tables.values())


class Steps(Protocol):
    """The ways between schema versions; `bot.store.schema` is the real one."""

    def head(self) -> str: ...
    def known(self, version: str) -> bool: ...
    def upgrade(self, conn: Connection, to: str = "head") -> None: ...


def take(url: URL, path: Path, now: datetime) -> Meta:
    """Write the database to a new file, readable by its owner only.

    Raises StoreError when the file is there already, or the database was never migrated. What is
    half written is taken away again.
    """
    if path.exists():
        raise StoreError(
            f"{path} is there already. Choose a new name; backups are not overwritten."
        )
    if schema.version_of(url) is None:
        raise StoreError("The database is empty: there is nothing to back up.")
    part = path.with_name(f".{path.name}.part")
    try:
        part.touch(mode=0o600)
        with reading(url) as conn, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            meta = _write(conn, archive, now)
        part.rename(path)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}. Try another place."
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return meta


def check(path: Path, steps: Steps = schema) -> Meta:
    """What a backup holds, every line of it compared with its sum.

    Raises StoreError when it is damaged, no backup of ours, or newer than this program.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            meta = _meta(archive)
            _refuse_newer(meta, steps)
            for name, member in meta.tables.items():
                if _sum(archive, name) != member.sha256:
                    raise _damaged(path)
    except FileNotFoundError:
        raise StoreError(f"There is no file {path}. Look at the name again.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, OSError):
        raise _damaged(path) from None
    return meta


def _nothing(work: Work, meta: Meta) -> None:
    """Nothing more to do once a backup is put back."""


def restore(
    url: URL, path: Path, steps: Steps = schema, then: Callable[[Work, Meta], None] = _nothing
) -> Meta:
    """Replace everything in the database by a backup, brought to this program's schema.

    `then` runs in the same transaction: nobody sees the backup without what it does. Raises
    StoreError, with nothing changed, when the backup is damaged or newer, or does not fit.
    """
    meta = check(path, steps)
    try:
        with _replacing(url) as conn, zipfile.ZipFile(path) as archive:
            _clear(conn)
            steps.upgrade(conn, meta.schema)
            _fill(conn, archive, meta)
            steps.upgrade(conn)
            then(Work(conn, datetime.now(UTC)), meta)
    except DBAPIError as error:
        said = str(error.orig).splitlines()[0]
        raise StoreError(
            f"The backup could not be put back, and nothing was changed: {said}. "
            "Stop the bot and try again."
        ) from None
    return meta


def holds_rows(url: URL) -> bool:
    """True when there is anything to lose."""
    with reading(url) as conn:
        return any(conn.execute(select(t).limit(1)).first() for t in _tables(conn))


@contextmanager
def reading(url: URL) -> Iterator[Connection]:
    """One look at everything, as it was at one moment, while others go on writing."""
    opened = schema.engine(url)
    still = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    options = {} if url.get_backend_name() == "sqlite" else still
    try:
        with opened.connect().execution_options(**options) as conn, conn.begin():
            yield conn
    finally:
        opened.dispose()


# Writing a backup.


def _write(conn: Connection, archive: zipfile.ZipFile, now: datetime) -> Meta:
    version = schema.current(conn)  # the first statement: from here on the snapshot stands
    assert version is not None  # looked at before
    tables = {table.name: _write_table(conn, archive, table) for table in _tables(conn)}
    meta = Meta(FORMAT, version, __version__, now.astimezone(UTC), tables)
    written = asdict(meta) | {"made_at": meta.made_at.isoformat()}
    archive.writestr(META, json.dumps(written, indent=1))
    return meta


def _write_table(conn: Connection, archive: zipfile.ZipFile, table: Table) -> Member:
    rows, digest = 0, hashlib.sha256()
    with archive.open(_member(table.name), "w", force_zip64=True) as out:
        for row in _rows(conn, table):
            written = _line(row)
            out.write(written)
            digest.update(written)
            rows += 1
    return Member(rows, digest.hexdigest())


def _rows(conn: Connection, table: Table) -> Iterator[dict[str, Any]]:
    heavy = any(isinstance(column.type, LargeBinary) for column in table.c)
    query = select(table).order_by(*table.primary_key.columns)
    at_once = {"yield_per": _ROWS_WITH_BYTES if heavy else _ROWS}
    for row in conn.execute(query, execution_options=at_once).mappings():
        yield dict(row)


def _line(row: dict[str, Any]) -> bytes:
    # Sorted: PostgreSQL keeps the keys of JSON in another order, and equal rows have equal sums.
    line = json.dumps(
        row, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain
    )
    return line.encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a backup cannot hold {type(value).__name__}")


# Putting one back.


@contextmanager
def _replacing(url: URL) -> Iterator[Connection]:
    """One writing transaction in which references are checked at its end, not row by row."""
    opened = schema.engine(url, writes=True)
    try:
        with opened.connect() as conn:
            if url.get_backend_name() == "sqlite":
                raw: Any = conn.connection.driver_connection  # no transaction has begun here yet
                raw.execute("PRAGMA foreign_keys=OFF")
            with conn.begin():
                yield conn
    finally:
        opened.dispose()


def _clear(conn: Connection) -> None:
    """Take every table of ours away; a database that is somebody else's is refused."""
    found = MetaData()
    found.reflect(conn)
    if not found.tables:
        return
    if VERSION_TABLE not in found.tables:
        raise StoreError(
            "The database holds tables that are not Đồng Hành's. Give it a database of its own."
        )
    if conn.dialect.name == "postgresql":
        names = ", ".join(
            conn.dialect.identifier_preparer.format_table(t) for t in found.tables.values()
        )
        # All locks at once, before the first change: a running bot is waited for, not met halfway.
        conn.execute(text("SET LOCAL lock_timeout = '30s'"))
        conn.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
        conn.execute(text(f"DROP TABLE {names} CASCADE"))
    else:
        found.drop_all(conn)


def _fill(conn: Connection, archive: zipfile.ZipFile, meta: Meta) -> None:
    tables = {table.name: table for table in _tables(conn)}
    if unknown := sorted(meta.tables.keys() - tables.keys()):
        raise StoreError(f"The backup has a table {unknown[0]} that schema {meta.schema} lacks.")
    with _references_at_the_end(conn, tables.values()):
        for name, table in tables.items():
            conn.execute(table.delete())  # rows a migration put there are in the backup too
            if name in meta.tables:
                with archive.open(_member(name)) as lines:
                    _fill_table(conn, table, lines)
    if conn.dialect.name == "postgresql":
        _count_on(conn, tables.values())


def _fill_table(conn: Connection, table: Table, lines: IO[bytes]) -> None:
    batch: list[dict[str, Any]] = []
    weight = 0
    for line in lines:
        batch.append(_row(table, json.loads(line)))
        weight += len(line)
        if len(batch) == _ROWS or weight > _BATCH_BYTES:
            conn.execute(insert(table), batch)
            batch, weight = [], 0
    if batch:
        conn.execute(insert(table), batch)


def _row(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value


@contextmanager
def _references_at_the_end(conn: Connection, tables: Iterable[Table]) -> Iterator[None]:
    """Rows may come in any order; that every reference is right is checked once, afterwards."""
    if conn.dialect.name == "sqlite":
        yield
        if conn.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StoreError("The backup refers to rows it does not hold. Use another backup.")
        return
    _alter_references(conn, tables, "DEFERRABLE INITIALLY DEFERRED")
    yield
    conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    _alter_references(conn, tables, "NOT DEFERRABLE")


def _alter_references(conn: Connection, tables: Iterable[Table], how: str) -> None:
    quote = conn.dialect.identifier_preparer.quote
    for table in tables:
        for key in table.foreign_key_constraints:
            name = quote(str(key.name))
            conn.execute(text(f"ALTER TABLE {quote(table.name)} ALTER CONSTRAINT {name} {how}"))


def _count_on(conn: Connection, tables: Iterable[Table]) -> None:
    """New rows are numbered after the restored ones."""
    for table in tables:
        for column in table.primary_key.columns:
            owner = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
            if conn.execute(select(owner)).scalar():
                last = select(func.max(column)).scalar_subquery()
                following = func.coalesce(last, 0) + 1
                conn.execute(select(func.setval(owner, following, False)))


# What both ways share.


def _tables(conn: Connection) -> list[Table]:
    """The tables that are there, whatever the schema's version, with types both databases know."""
    found = MetaData()
    found.reflect(conn)
    tables = [table for name, table in sorted(found.tables.items()) if name != VERSION_TABLE]
    for table in tables:
        for column in table.columns:
            if isinstance(column.type, DateTime):
                column.type = UtcTime()
            elif isinstance(column.type, JSON):
                column.type = Json
    return tables


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _meta(archive: zipfile.ZipFile) -> Meta:
    written = json.loads(archive.read(META))
    tables = {name: Member(**member) for name, member in written.pop("tables").items()}
    made_at = datetime.fromisoformat(written.pop("made_at"))
    return Meta(**written, made_at=made_at, tables=tables)


def _sum(archive: zipfile.ZipFile, table: str) -> str:
    digest = hashlib.sha256()
    with archive.open(_member(table)) as lines:
        while part := lines.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _refuse_newer(meta: Meta, steps: Steps) -> None:
    if meta.format != FORMAT or not steps.known(meta.schema):
        raise StoreError(
            f"This backup has schema {meta.schema} of donghanh {meta.app}, which is newer than "
            "this program. Install that version of donghanh, then restore."
        )


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path} is damaged or no backup of Đồng Hành. Use another one.")
