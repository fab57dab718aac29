"""The prepared congress once for all tests; a fresh copy of its database for each."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.clock import SetClock
from bot.reception import House
from bot.store import Store
from bot.vault import Vault
from tests.conftest import MORNING
from tests.handlers.chats import Chat, Ground, prepare, texts


@pytest.fixture(scope="session")
def ground(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Ground:
    path = tmp_path_factory.mktemp("ground") / "filled.db"
    shutil.copyfile(migrated_file, path)
    return prepare(path, vault, SetClock(MORNING))


@pytest.fixture(scope="session")
def house(ground: Ground, vault: Vault) -> House:
    return House(ground.knowledge, texts(), vault)


@pytest.fixture
async def another(
    ground: Ground, house: House, clock: SetClock, tmp_path: Path
) -> AsyncIterator[Callable[[str], Chat]]:
    """Opens a dialogue of a sender; all of them meet in one database."""
    path = tmp_path / "chat.db"
    shutil.copyfile(ground.path, path)
    store = Store(f"sqlite:///{path}", clock)
    yield lambda sender: Chat(store, clock, house, ground, sender)
    await store.close()


@pytest.fixture
def chat(another: Callable[[str], Chat]) -> Chat:
    return another("c1")
