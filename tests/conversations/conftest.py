"""The sample congress, prepared once on each database and copied for every conversation."""

import asyncio
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from bot.clock import SetClock
from bot.config import Settings
from bot.i18n import Texts
from bot.knowledge import Knowledge
from bot.paths import resource
from bot.sample import prepare
from bot.store import Store
from tests.conftest import MORNING
from tests.conversations.stage import Congress
from tests.databases import PostgresServer

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(database_url=url, data_dir=folder, secret_key=KEY)


@contextmanager
def made_once(factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder all test workers share, for one of them at a time."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds the sample congress; made once for all workers."""
    with made_once(tmp_path_factory) as shared:
        path = shared / "sample.db"
        if not path.exists():
            unready = shared / "sample.unready.db"
            asyncio.run(prepare(settings_for(f"sqlite:///{unready}", shared), SetClock(MORNING)))
            closing = sqlite3.connect(unready)
            closing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            closing.close()
            unready.rename(path)
        return path


@pytest.fixture(scope="session")
def sample_template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same on PostgreSQL, to make copies of; made once for all workers."""
    with made_once(tmp_path_factory) as shared:
        named = shared / "sample.postgres"
        if not named.exists():
            name = f"sample_{uuid4().hex[:12]}"
            postgres.run(f"CREATE DATABASE {name}")
            asyncio.run(prepare(settings_for(postgres.url(name), shared), SetClock(MORNING)))
            named.write_text(name)
        return named.read_text()


@pytest.fixture(scope="session")
def congress(sample_file: Path) -> Congress:
    """What a process knows of the sample congress, learnt once."""

    async def learnt() -> Congress:
        store = Store(f"sqlite:///{sample_file}", SetClock(MORNING))
        try:
            knowledge = Knowledge(store)
            await knowledge.refresh()
        finally:
            await store.close()
        event = knowledge.only_event()
        assert event is not None
        return Congress(event, knowledge, Texts.load(resource("locales")))

    return asyncio.run(learnt())


@pytest.fixture(params=["sqlite", "postgresql"])
def sample_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a database of its own that holds the sample congress."""
    if request.param == "sqlite":
        file = request.getfixturevalue("sample_file")
        shutil.copyfile(file, tmp_path / "donghanh.db")
        yield settings_for(f"sqlite:///{tmp_path / 'donghanh.db'}", tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template = request.getfixturevalue("sample_template")
    with server.database(f"chat_{uuid4().hex[:12]}", template) as url:
        yield settings_for(url, tmp_path)
