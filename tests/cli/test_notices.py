"""`donghanh notices` as an organiser types it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.clock import SystemClock
from bot.config import load
from bot.store import Store, Work
from tests.notices.crowd import gather


def ran(*words: str, answer: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(app, words, input=answer)
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def wrote(do: Callable[[Work], object]) -> None:
    async def write() -> None:
        store = Store(load().database, SystemClock())
        await store.write(do)
        await store.close()

    asyncio.run(write())


@pytest.fixture
def _installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Three delegates; one of them without a telephone."""
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DONGHANH_DATABASE_URL", raising=False)
    ran("migrate")

    def fill(work: Work) -> None:
        crowd = gather(work, "ward", 3)
        work.accounts.untie(crowd.last + 10**9, crowd.last)

    wrote(fill)


@pytest.mark.usefixtures("_installation")
def test_it_says_to_how_many_it_goes_and_asks_before_anything_is_written() -> None:
    said = ran("notices", "send", "--vi", "Xe số 3.", "--names", answer="no\n")
    assert "If it goes out now, of 3 people in ward:" in said
    assert "2 reached in the web chat, when they open it" in said
    assert "Cost: 0 VND. Not reached: 1 DB3 Đại biểu 3" in said
    assert "Nothing was sent." in said
    assert json.loads(ran("notices", "list", "--json")) == []


@pytest.mark.usefixtures("_installation")
def test_sent_it_can_be_taken_back_before_it_leaves() -> None:
    said = ran("notices", "send", "--vi", "Xe số 3.", "--ack", "--rounds", "1", answer="yes\n")
    assert "Take it back: donghanh notices cancel 1" in said
    (line,) = json.loads(ran("notices", "list", "--json"))
    assert line["state"] == "approved"
    assert line["not_before"] is not None
    ran("notices", "cancel", "1", answer="n\n")
    assert "0 letters stopped, 0 people have it already" in ran("notices", "cancel", "1", "--yes")
    shown = json.loads(ran("notices", "show", "1", "--json", "--names"))
    assert (shown["state"], shown["people"], shown["reached"]) == ("cancelled", 3, 0)
    assert "has ended already" in ran("notices", "cancel", "1", "--yes", code=1)
    assert "is not out" in ran("notices", "close", "1", "--yes", code=1)


@pytest.mark.usefixtures("_installation")
def test_an_urgent_one_goes_at_once_and_words_come_from_a_file(tmp_path: Path) -> None:
    words = tmp_path / "words.toml"
    words.write_text('vi = "Hội trường đổi."\nen = "Another hall."\n', encoding="utf-8")
    ran("notices", "send", "--text", str(words), "--lane", "urgent", "--yes")
    (line,) = json.loads(ran("notices", "list", "--json"))
    assert (line["lane"], line["not_before"]) == ("urgent", None)
    words.write_text("vi: Hội trường đổi.", encoding="utf-8")
    assert "is no TOML file" in ran("notices", "send", "--text", str(words), "--yes", code=1)
    assert "--vi" in ran("notices", "send", "--yes", code=1)


@pytest.mark.usefixtures("_installation")
def test_quiet_hours_are_set_shown_and_taken_away() -> None:
    away = "2027-01-19T08:00/2027-01-19T11:30"
    said = ran("notices", "quiet", "--hours", "22:00-06:00", "--away", away)
    assert said == (
        "Quiet hours of ward: 22:00 to 06:00. "
        "Telephones away: 08:00:00 19/01/2027 to 11:30:00 19/01/2027."
    )
    assert ran("notices", "quiet") == said
    assert (
        ran("notices", "quiet", "--hours", "off", "--away", "off") == "Quiet hours of ward: none."
    )
    assert "are no hours" in ran("notices", "quiet", "--hours", "night", code=1)
    assert "is no span" in ran("notices", "quiet", "--away", "2027-01-19T08:00", code=1)
