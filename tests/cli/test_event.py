"""`donghanh event` as an operator types it."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.clock import SystemClock
from bot.config import load
from bot.store import Store


@pytest.fixture
def _installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DONGHANH_DATABASE_URL", raising=False)
    ran("migrate")
    ran("event", "new", "ward", "--name", "Đại hội phường", "--first-day", "2027-01-18")


def ran(*words: str, answer: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(app, words, input=answer)
    assert result.exit_code == code, result.output
    return result.output


def history() -> list[str]:
    async def look() -> list[str]:
        store = Store(load().database, SystemClock())
        try:
            entries = await store.read(lambda work: work.audit.of_event(1))
            return [entry.verb for entry in entries]
        finally:
            await store.close()

    return asyncio.run(look())


@pytest.mark.usefixtures("_installation")
def test_an_event_is_closed_after_a_question_and_opened_again() -> None:
    ran("event", "close", "ward", answer="n\n", code=1)
    assert "open" in ran("event", "list")
    assert "donghanh event reopen ward" in ran("event", "close", "ward", answer="y\n")
    assert "is closed already" in ran("event", "close", "ward", "--yes")
    assert "closed" in ran("event", "list")
    ran("event", "reopen", "ward")
    assert "closed" not in ran("event", "list")
    assert sorted(history()) == ["event.close", "event.new", "event.reopen"]


@pytest.mark.usefixtures("_installation")
def test_an_event_that_is_not_there_is_named_with_those_that_are() -> None:
    said = " ".join(ran("event", "close", "city", "--yes", code=1).split())
    assert "There is no event city. Events here: ward." in said
