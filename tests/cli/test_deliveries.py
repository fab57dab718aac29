"""`donghanh deliveries` as an operator types it, and what the doctor says of queues."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.queues import queue_findings, transaction_finding, uncertain_finding
from bot.config import PREFIX, Settings
from bot.store import Store, Work
from bot.store.backlog import QueueState
from bot.values.letter import Lane
from bot.vault import key_in
from tests.store.test_backlog import World, fill, tried

T = TypeVar("T")
NOW = datetime(2027, 1, 19, 1, 10, tzinfo=UTC)


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    monkeypatch.setenv("DONGHANH_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    key_in(tmp_path)
    return sqlite_url


def done(url: str, do: Callable[[Work], T]) -> T:
    async def once() -> T:
        store = Store(url)
        try:
            return await store.write(do)
        finally:
            await store.close()

    return asyncio.run(once())


def ran(*words: str | int, answer: str = "", code: int = 0) -> str:
    told = CliRunner().invoke(app, ["deliveries", *map(str, words)], input=answer)
    assert told.exit_code == code, told.output
    return " ".join(told.output.split())


def rows(*words: str | int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ran(*words, "--event", "mine", "--json"))
    return found


def acts(url: str, world: World) -> list[tuple[str, str]]:
    entries = done(url, lambda work: work.audit.of_event(world.event))
    return [(one.verb, one.subject) for one in reversed(entries)]


def test_what_is_uncertain_is_listed_and_decided_by_a_person(here: str) -> None:
    world = done(here, fill)
    number = world.ids["uncertain"]
    assert [one["id"] for one in rows("uncertain")] == [number]
    theirs = world.ids["other-uncertain"]
    assert "There is no such delivery" in ran(
        "uncertain", "--sent", theirs, "-e", "mine", "--yes", code=1
    )
    ran("uncertain", "--sent", number, "-e", "mine", answer="n\n", code=1)
    assert rows("show", number)[0]["state"] == "uncertain"
    assert "1 of 1 count as sent" in ran("uncertain", "--sent", number, "-e", "mine", answer="y\n")
    assert rows("show", number)[0]["state"] == "sent"
    assert acts(here, world) == [("deliveries.sent", f"delivery:{number}")]
    assert rows("uncertain") == []


def test_the_tries_of_a_delivery_are_shown(here: str) -> None:
    world = done(here, fill)
    number = done(here, lambda work: tried(work, world, 5))
    [found] = rows("show", number)
    assert [(one["outcome"], one["code"]) for one in found["tries"]] == [("retry", "network")]
    assert "retry: network" in ran("show", number, "-e", "mine")


def test_what_is_uncertain_is_sent_again(here: str) -> None:
    world = done(here, fill)
    number = world.ids["uncertain"]
    said = ran("uncertain", "--again", number, "-e", "mine", "--yes")
    assert "1 of 1 wait to be sent again." in said
    assert rows("show", number)[0]["state"] == "pending"


def test_what_cannot_be_done_is_left_and_told(here: str) -> None:
    world = done(here, fill)
    failed, sent, expired = (world.ids[name] for name in ("failed", "sent", "expired"))
    said = ran("retry", failed, sent, expired, "-e", "mine", "--yes")
    assert said.startswith("1 of 3 wait to be sent again.")
    assert f"Left as they are: {expired}, {sent}." in said
    assert "1 of 1 wait" in ran("retry", expired, "--late", "-e", "mine", "--yes")
    assert "1 of 1 are cancelled." in ran("cancel", world.ids["pending"], "-e", "mine", "--yes")
    assert [verb for verb, _ in acts(here, world)] == [
        "deliveries.retry", "deliveries.retry", "deliveries.cancel",
    ]  # fmt: skip


def test_words_are_shown_only_when_asked_and_that_is_remembered(here: str) -> None:
    world = done(here, fill)
    number = world.ids["sent"]
    assert "lời sent" not in ran("show", number, "-e", "mine")
    assert acts(here, world) == []
    assert "lời sent" in ran("show", number, "-e", "mine", "--words")
    assert acts(here, world) == [("deliveries.words", f"delivery:{number}")]
    assert "Say which: numbers" in ran("show", "-e", "mine", code=1)
    assert "Nobody on the roster has the code X1" in ran(
        "show", "--person", "X1", "-e", "mine", code=1
    )


def queue(**changes: Any) -> QueueState:
    until = NOW + timedelta(seconds=8)
    plain = QueueState(3, "telegram", 1, 0, "host:12:ab", until, None, {}, None, 0, 0)
    return plain._replace(**changes)


@pytest.mark.parametrize(
    ("state", "how", "what"),
    [
        (queue(), "ok", "host:12 sends, for 8 s more; 0 wait, 0 are tried again, 0 are on"),
        (queue(owner="", until=None), "ok", "nobody sends; 0 wait"),
        (
            queue(until=NOW - timedelta(seconds=1), lanes={Lane.ROUTINE: 2}, oldest=NOW),
            "warning",
            "nobody sends; 2 wait (routine 2; the oldest for 0 s)",
        ),
        (
            queue(lanes={Lane.REPLY: 1}, oldest=NOW - timedelta(minutes=2)),
            "warning",
            "the oldest for 120 s",
        ),
        (
            queue(paused_until=NOW + timedelta(minutes=1)),
            "ok",
            "for 8 s more, paused until 01:11:00 UTC",
        ),
    ],
)
def test_the_doctor_looks_at_each_queue(state: QueueState, how: str, what: str) -> None:
    [found] = queue_findings([state], NOW)
    assert (found.name, found.state) == ("Queue 3 (telegram 1)", how)
    assert what in found.what
    assert bool(found.cure) is (how != "ok")


def test_the_doctor_counts_what_is_uncertain_and_how_long_a_transaction_lasts() -> None:
    assert uncertain_finding(2).what == "2 may have arrived or not."
    lasting = (timedelta(seconds=3), timedelta(minutes=6), timedelta(hours=2))
    assert [transaction_finding(one).state for one in lasting] == ["ok", "warning", "wrong"]
