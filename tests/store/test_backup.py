"""Backups: every table, both ways between the databases, whole or not at all."""

import asyncio
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    insert,
    select,
    text,
)

from bot.errors import StoreError
from bot.store import Store, Work, backup, database_url, notices, schema
from bot.store.base import Json, UtcTime, metadata
from bot.store.events import event
from tests.databases import PostgresServer

NOON = datetime(2027, 1, 18, 5, 0, 0, 123456, tzinfo=UTC)
DAY = date(2027, 1, 18)
COUNT_TABLES = len(metadata.tables)


@pytest.fixture
def filled_url(any_url: str) -> str:
    """A database with a row in every table, and an event whose parent comes after it."""
    assert notices.notice.metadata is metadata
    with schema.writing(database_url(any_url)) as conn:
        for table in metadata.sorted_tables:
            conn.execute(insert(table).values({c.name: a_value(c) for c in table.columns}))
        conn.execute(insert(event).values(an_event(2)))
        conn.execute(event.update().where(event.c.id == 1).values(parent_id=2))
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT setval(pg_get_serial_sequence('event', 'id'), 2)"))
    return any_url


@pytest.fixture(params=["to sqlite", "to postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An address at which there is no schema yet."""
    with ExitStack() as stack:
        if request.param == "to sqlite":
            yield f"sqlite:///{tmp_path / 'other.db'}"
        else:
            server: PostgresServer = request.getfixturevalue("postgres")
            name = f"empty_{uuid4().hex[:12]}"
            server.run(f"CREATE DATABASE {name}")
            stack.callback(server.run, f"DROP DATABASE {name} WITH (FORCE)")
            yield server.url(name)


def a_value(column: Column[Any]) -> Any:
    """A value that would show if a type were lost on the way."""
    if column.name == "parent_id":
        return None
    kinds: list[tuple[Any, Any]] = [
        (UtcTime, NOON),
        (Date, DAY),
        (LargeBinary, bytes(range(256))),
        (Boolean, True),
        (type(Json), {"vi": "Đại hội", "list": [1, 2.5, None, True], "a": {"b": ""}}),
        (Float, 0.1),
        (Integer, 1),
    ]
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return None if column.nullable and column.name == "body" else value
    return "Nguyễn Thị Ánh – “đ”\n2"


def an_event(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "slug": f"event-{number}",
        "names": {"vi": "Đại hội"},
        "time_zone": "Asia/Ho_Chi_Minh",
        "first_day": DAY,
        "days": 5,
        "languages": ["vi"],
        "created_at": NOON,
    }


def sums(url: str, folder: Path) -> dict[str, backup.Member]:
    """What a database holds: rows and sum of each table."""
    path = folder / f"{uuid4().hex}.zip"
    return dict(backup.take(database_url(url), path, NOON).tables)


def altered(path: Path, member: str, change: Any) -> Path:
    """A copy of a backup with one member changed."""
    other = path.with_name("altered.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == member else body)
    return other


def with_meta(path: Path, **facts: Any) -> Path:
    """A copy of a backup that says something else about itself."""
    return altered(path, backup.META, lambda body: json.dumps(json.loads(body) | facts))


async def test_everything_survives_the_way(filled_url: str, empty_url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    made = backup.take(database_url(filled_url), path, NOON)
    assert made == backup.check(path)
    assert (made.schema, made.made_at, made.rows) == (schema.head(), NOON, COUNT_TABLES + 1)
    backup.restore(database_url(empty_url), path)
    assert sums(empty_url, tmp_path) == made.tables
    assert schema.version_of(database_url(empty_url)) == schema.head()
    store = Store(empty_url)
    names = {"vi": "Mới"}
    added = await store.write(
        lambda work: work.events.add("new", names=names, time_zone="UTC", first_day=DAY, days=1)
    )
    seen = await store.read(lambda work: work.events.get(1))
    await store.close()
    assert added.id == 3  # numbered after what was restored
    assert seen is not None
    assert (seen.parent_id, seen.first_day, seen.closed_at) == (2, DAY, NOON)


def test_references_are_checked_again_after_a_restore(filled_url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    backup.take(database_url(filled_url), path, NOON)
    backup.restore(database_url(filled_url), path)
    with (
        pytest.raises(Exception, match=r"(?i)foreign key"),
        schema.writing(database_url(filled_url)) as conn,
    ):
        conn.execute(insert(event).values(an_event(3) | {"parent_id": 99}))


def test_a_restore_replaces_what_is_there(filled_url: str, tmp_path: Path) -> None:
    path = tmp_path / "before.zip"
    before = backup.take(database_url(filled_url), path, NOON)
    with schema.writing(database_url(filled_url)) as conn:
        conn.execute(insert(event).values(an_event(9)))
    assert backup.holds_rows(database_url(filled_url))
    backup.restore(database_url(filled_url), path)
    assert sums(filled_url, tmp_path) == before.tables


def test_an_empty_database_holds_nothing(any_url: str) -> None:
    assert not backup.holds_rows(database_url(any_url))


def test_a_backup_is_private_and_never_overwritten(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.zip"
    backup.take(database_url(sqlite_url), path, NOON)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(StoreError, match="there already"):
        backup.take(database_url(sqlite_url), path, NOON)
    assert path.read_bytes() == before


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    nowhere = database_url(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(StoreError, match="nothing to back up"):
        backup.take(nowhere, tmp_path / "a.zip", NOON)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: with_meta(path, schema="9999"), "newer than this program"),
        (lambda path: with_meta(path, format=2), "newer than this program"),
        (lambda path: with_meta(path, tables={"event": {"rows": 1}}), "damaged"),
        (lambda path: with_meta(path, made_at="once"), "damaged"),
        (lambda path: altered(path, "tables/event.jsonl", lambda body: body[:-9]), "damaged"),
        (lambda path: altered(path, backup.META, lambda _: b"[]"), "damaged"),
        (lambda path: truncated(path), "damaged"),
        (lambda path: path.with_name("none.zip"), "There is no file"),
    ],
)
def test_what_cannot_be_restored_changes_nothing(
    filled_url: str, tmp_path: Path, spoil: Any, says: str
) -> None:
    path = tmp_path / "good.zip"
    before = backup.take(database_url(filled_url), path, NOON).tables
    with pytest.raises(StoreError, match=says) as refused:
        backup.restore(database_url(filled_url), spoil(path))
    assert "\n" not in str(refused.value)
    assert sums(filled_url, tmp_path) == before


def truncated(path: Path) -> Path:
    other = path.with_name("short.zip")
    other.write_bytes(path.read_bytes()[:-400])
    return other


def test_rows_that_refer_to_nothing_change_nothing(filled_url: str, tmp_path: Path) -> None:
    path = tmp_path / "good.zip"
    before = backup.take(database_url(filled_url), path, NOON).tables
    facts = {name: vars_of(member) for name, member in before.items() if name != "person"}
    with pytest.raises(StoreError, match=r"refers to rows|nothing was changed"):
        backup.restore(database_url(filled_url), with_meta(path, tables=facts))
    assert sums(filled_url, tmp_path) == before


def vars_of(member: backup.Member) -> dict[str, Any]:
    return {"rows": member.rows, "sha256": member.sha256}


def test_somebody_elses_database_is_left_alone(
    empty_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "good.zip"
    backup.take(database_url(sqlite_url), path, NOON)
    with schema.writing(database_url(empty_url)) as conn:
        conn.execute(text("CREATE TABLE invoice (id INTEGER)"))
    with pytest.raises(StoreError, match="not Đồng Hành's"):
        backup.restore(database_url(empty_url), path)
    with schema.writing(database_url(empty_url)) as conn:
        assert conn.execute(text("SELECT count(*) FROM invoice")).scalar_one() == 0


class OneStepMore:
    """A program whose newest schema renamed a column that the older schema of the backup has."""

    def head(self) -> str:
        return "newer"

    def known(self, version: str) -> bool:
        return version == "older"

    def upgrade(self, conn: Connection, to: str = "head") -> None:
        if to == "older":
            schema.upgrade(conn)
            conn.execute(text("ALTER TABLE event RENAME COLUMN slug TO short"))
        else:
            conn.execute(text("ALTER TABLE event RENAME COLUMN short TO slug"))


def test_an_older_backup_is_brought_to_the_new_schema(filled_url: str, tmp_path: Path) -> None:
    now = sums(filled_url, tmp_path)
    with schema.writing(database_url(filled_url)) as conn:
        conn.execute(text("ALTER TABLE event RENAME COLUMN slug TO short"))
    old = tmp_path / "old.zip"
    backup.take(database_url(filled_url), old, NOON)
    with schema.writing(database_url(filled_url)) as conn:
        conn.execute(text("ALTER TABLE event RENAME COLUMN short TO slug"))
    backup.restore(database_url(filled_url), with_meta(old, schema="older"), OneStepMore())
    assert sums(filled_url, tmp_path) == now


async def test_a_backup_is_one_moment_while_others_write(store: Store, tmp_path: Path) -> None:
    """Each transaction adds one event and two log lines; a backup never sees them apart."""
    writing = asyncio.Event()
    enough = False

    def both(work: Work, number: int) -> None:
        conn = work.conn
        work.audit.add(None, "test", "before", str(number))
        conn.execute(insert(event).values(an_event(number)))
        work.audit.add(None, "test", "after", str(number))

    async def keep_writing() -> int:
        number = 0
        while not enough:
            number += 1
            await store.write(lambda work, n=number: both(work, n))  # type: ignore[misc]
            writing.set()
        return number

    writer = asyncio.create_task(keep_writing())
    await writing.wait()
    counts = []
    for number in range(5):
        path = tmp_path / f"{number}.zip"
        meta = await asyncio.to_thread(backup.take, store.url, path, NOON)
        counts.append((meta.tables["event"].rows, meta.tables["audit_log"].rows))
    enough = True
    written = await writer
    assert counts == [(events, 2 * events) for events, _ in counts]
    assert counts == sorted(counts)
    assert 0 < counts[0][0] <= counts[-1][0] <= written


async def test_a_running_bot_sees_the_old_or_the_new(
    store: Store, migrated_file: Path, tmp_path: Path
) -> None:
    """A reader looks again and again while a restore replaces 1 event by 400."""
    path = tmp_path / "new.zip"
    other = database_url(f"sqlite:///{shutil.copyfile(migrated_file, tmp_path / 'other.db')}")
    with schema.writing(other) as conn:
        conn.execute(insert(event), [an_event(number) for number in range(1, 401)])
    backup.take(other, path, NOON)
    await store.write(lambda work: work.conn.execute(insert(event).values(an_event(7))))
    seen: list[int] = []

    def look(work: Work) -> int:
        return len(work.conn.execute(select(event.c.id)).all())

    restoring = asyncio.create_task(asyncio.to_thread(backup.restore, store.url, path))
    while not restoring.done():
        seen.append(await store.read(look))
    await restoring
    seen.append(await store.read(look))
    assert set(seen) <= {1, 400}
    assert seen == sorted(seen)
    assert seen[-1] == 400


MANY = 1_000_000
MOST_MEMORY = 200 * 1024  # kilobytes, as the kernel counts them
_MEASURED = """
import re, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.store import backup, database_url
url, path = database_url(sys.argv[2]), Path(sys.argv[3])
backup.take(url, path, datetime.now(UTC)) if sys.argv[1] == "take" else backup.restore(url, path)
# Not ru_maxrss: through fork and exec that begins at the peak of the process that started us.
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_million_rows_pass_through_little_memory(any_url: str, tmp_path: Path) -> None:
    with schema.writing(database_url(any_url)) as conn:
        fill = """
            INSERT INTO audit_log (actor, verb, subject, details, at)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
            SELECT 'cli', 'content.load', 'version:' || i, '{"sha256": "0123456789abcdef"}', :at
            FROM n
        """
        if conn.dialect.name == "postgresql":
            fill = fill.replace(" '{", " jsonb '{")
        conn.execute(text(fill).bindparams(many=MANY, at=NOON.replace(tzinfo=None)))
    path = tmp_path / "many.zip"
    for verb in ("take", "restore"):
        command = [sys.executable, "-c", _MEASURED, verb, any_url, str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert int(done.stdout) < MOST_MEMORY, verb
    assert backup.check(path).tables["audit_log"].rows == MANY
    shutil.rmtree(tmp_path)
