"""A fresh congress for each test, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from bot.store import Store
from tests.questions.world import World


@pytest.fixture
async def world(store: Store, tmp_path: Path) -> World:
    return await World(store, tmp_path / "content").open()
