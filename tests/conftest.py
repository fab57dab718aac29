"""Shared ground of the suite: databases of both kinds, a clock that stands still, a vault."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog

from bot.clock import SetClock
from bot.store import Store, database_url, schema
from bot.vault import Vault
from tests import kept_logs
from tests.databases import PostgresServer, postgres_server

# Tuesday 19 January 2027, 08:10 in Hà Nội: the second morning of the sample congress.
MORNING = datetime(2027, 1, 19, 1, 10, tzinfo=UTC)


kept_logs.begin()
LEAKS = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="Rewrite .chat files as they are now.")


@pytest.fixture(autouse=True)
def logs_are_kept() -> Iterator[None]:
    """A test that configures logging, as commands do, does so for itself alone."""
    ours = structlog.get_config()["logger_factory"]
    yield
    if structlog.get_config()["logger_factory"] is not ours:
        kept_logs.begin()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The whole run fails when anybody's words, name or number stand in any worker's log."""
    lines = kept_logs.TEE.lines()
    found = session.config.stash.setdefault(LEAKS, [])
    found += kept_logs.leaks(lines, kept_logs.people() if lines else ())
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["leaks"] = found
    elif found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker of a parallel run found in its log."""
    found = getattr(node, "workeroutput", {}).get("leaks", [])
    node.config.stash.setdefault(LEAKS, []).extend(found)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Says which log lines those were."""
    found = config.stash.get(LEAKS, [])
    if found:
        terminalreporter.section("log lines with personal data or secrets", red=True)
    for leak in found[:20]:
        terminalreporter.write_line(leak[:2000])


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MORNING)


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest schema, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    with schema.writing(database_url(f"sqlite:///{path}")) as conn:
        schema.upgrade(conn)
    closing = sqlite3.connect(path)
    closing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    closing.close()
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with postgres_server(tmp_path_factory) as server:
        yield server


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """A migrated database of its own for one test."""
    path = tmp_path / "donghanh.db"
    shutil.copyfile(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A migrated PostgreSQL database of its own for one test."""
    name = f"test_{uuid4().hex[:12]}"
    with postgres.database(name) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on SQLite and on PostgreSQL."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
async def store(any_url: str, clock: SetClock) -> AsyncIterator[Store]:
    """An open store on each database in turn."""
    opened = Store(any_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str, clock: SetClock) -> AsyncIterator[Store]:
    """An open store on SQLite only, for what does not depend on the database."""
    opened = Store(sqlite_url, clock)
    yield opened
    await opened.close()
