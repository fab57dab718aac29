"""`donghanh migrate`, `backup`, `restore` as an operator types them."""

import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from typer.testing import CliRunner

from bot import __version__
from bot.cli import app
from bot.cli.database import KEPT, bring_up
from bot.config import load
from bot.errors import StoreError
from bot.store import database_url, schema
from tests.databases import PostgresServer

ADD_EVENT = (
    "INSERT INTO event (slug, names, time_zone, first_day, days, languages, created_at) "
    "VALUES ('{}', '{{}}', 'UTC', '2027-01-18', 5, '[\"vi\"]', '2027-01-01 00:00:00')"
)


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The data folder of an installation where nothing was ever run."""
    folder = tmp_path / "dữ liệu" / "donghanh"
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(folder))
    monkeypatch.delenv("DONGHANH_DATABASE_URL", raising=False)
    return folder


def ran(*words: str | Path, answer: str = "", code: int = 0) -> str:
    done = CliRunner().invoke(app, [*map(str, words)], input=answer)
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def in_file(data: Path, statement: str) -> list[tuple[object, ...]]:
    opened = sqlite3.connect(data / "donghanh.db")
    rows = opened.execute(statement).fetchall()
    opened.commit()
    opened.close()
    return rows


def slugs(data: Path) -> list[tuple[object, ...]]:
    return in_file(data, "SELECT slug FROM event ORDER BY slug")


def made(data: Path) -> list[Path]:
    return sorted((data / "backups").glob("*.zip"))


def test_migrate_makes_folder_and_database_for_the_owner_only(data: Path) -> None:
    file = data / "donghanh.db"
    assert ran("migrate") == f"Made {file} with schema {schema.head()}."
    assert data.stat().st_mode & 0o777 == 0o700
    assert ran("migrate") == f"{file} has schema {schema.head()} already."
    assert [path.name for path in data.iterdir() if path.is_dir()] == []


class TwoSteps:
    """A program with one migration more than ours: it marks every event."""

    fails = False

    def head(self) -> str:
        return "9999"

    def known(self, version: str) -> bool:
        return version in (schema.head(), "9999")

    def upgrade(self, conn: Connection, to: str = "head") -> None:
        conn.execute(text("UPDATE event SET slug = slug || '-marked'"))
        if self.fails:
            raise StoreError("Half way.")
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_migrate_backs_up_first(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran("migrate")
    in_file(data, ADD_EVENT.format("kept"))
    bring_up(load(), TwoSteps())
    [backup] = made(data)
    assert capsys.readouterr().out.splitlines() == [
        f"Backed up what was there to {backup}.",
        f"Brought {data / 'donghanh.db'} from schema {schema.head()} to 9999.",
    ]
    assert slugs(data) == [("kept-marked",)]
    ran("restore", backup, "--yes")  # this program is older than that database: the way back
    assert slugs(data) == [("kept",)]
    assert ran("migrate").endswith("already.")


def test_a_migration_that_fails_changes_nothing(data: Path) -> None:
    ran("migrate")
    in_file(data, ADD_EVENT.format("kept"))
    steps = TwoSteps()
    steps.fails = True
    with pytest.raises(StoreError):
        bring_up(load(), steps)
    assert slugs(data) == [("kept",)]
    assert ran("migrate").endswith("already.")


def test_a_newer_database_is_refused(data: Path) -> None:
    ran("migrate")
    in_file(data, "UPDATE alembic_version SET version_num = '9999'")
    said = ran("migrate", code=1)
    assert "schema 9999, which is newer than this program" in said
    assert in_file(data, "SELECT version_num FROM alembic_version") == [("9999",)]
    assert made(data) == []


def test_a_folder_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path / "file" / "folder"))
    monkeypatch.delenv("DONGHANH_DATABASE_URL", raising=False)
    assert "Set DONGHANH_DATA_DIR" in ran("migrate", code=1)


def test_there_and_back(data: Path, tmp_path: Path) -> None:
    ran("migrate")
    in_file(data, ADD_EVENT.format("first"))
    file = tmp_path / "one.zip"
    assert ran("backup", file).startswith("Backed up 1 rows to")
    in_file(data, ADD_EVENT.format("second"))
    assert "there already" in ran("backup", file, code=1)

    assert "Aborted" in ran("restore", file, answer="n\n", code=1)
    assert (slugs(data), made(data)) == ([("first",), ("second",)], [])

    said = ran("restore", file, answer="y\n")
    assert re.search(
        rf"Backup of .* UTC, donghanh {re.escape(__version__)}, schema {schema.head()}: 1 events",
        said,
    )
    assert slugs(data) == [("first",)]
    [before] = made(data)
    assert before.stat().st_mode & 0o777 == 0o600

    ran("restore", before, "--yes")
    assert slugs(data) == [("first",), ("second",)]


def test_an_empty_database_is_filled_without_asking(data: Path, tmp_path: Path) -> None:
    ran("migrate")
    in_file(data, ADD_EVENT.format("first"))
    ran("backup", tmp_path / "one.zip")
    for path in data.iterdir():
        path.unlink()
    ran("restore", tmp_path / "one.zip")
    assert slugs(data) == [("first",)]
    assert made(data) == []


def test_only_the_newest_backups_are_kept(data: Path, tmp_path: Path) -> None:
    ran("migrate")
    in_file(data, ADD_EVENT.format("first"))
    ran("backup", tmp_path / "one.zip")
    seen: list[Path] = []
    for _ in range(KEPT + 2):
        ran("restore", tmp_path / "one.zip", "--yes")
        seen = sorted({*seen, *made(data)})
    assert len(seen) == KEPT + 2
    assert made(data) == seen[-KEPT:]


def test_from_sqlite_to_postgresql_and_back(
    data: Path, postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran("migrate")
    in_file(data, ADD_EVENT.format("first"))
    ran("backup", tmp_path / "one.zip")
    with postgres.database("moving") as url:
        with schema.writing(database_url(url)) as conn:
            conn.execute(text("INSERT INTO person (created_at) VALUES (now())"))
        monkeypatch.setenv("DONGHANH_DATABASE_URL", url)
        ran("restore", tmp_path / "one.zip", "--yes")
        with schema.writing(database_url(url)) as conn:
            assert conn.execute(text("SELECT slug FROM event")).all() == [("first",)]
            assert conn.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
            conn.execute(text("UPDATE event SET slug = 'moved'"))
        ran("backup", tmp_path / "two.zip")
    monkeypatch.delenv("DONGHANH_DATABASE_URL")
    ran("restore", tmp_path / "two.zip", "--yes")
    assert slugs(data) == [("moved",)]


@pytest.mark.parametrize("verb", [["migrate"], ["backup", "x.zip"], ["restore", "x.zip"]])
def test_a_wrong_address_is_one_sentence(
    data: Path, monkeypatch: pytest.MonkeyPatch, verb: list[str]
) -> None:
    monkeypatch.setenv("DONGHANH_DATABASE_URL", "mysql://secret:word@host/name")
    said = ran(*verb, code=1)
    assert "DONGHANH_DATABASE_URL names mysql" in said
    assert "word@" not in said
