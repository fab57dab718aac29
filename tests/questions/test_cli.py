"""`donghanh questions` as an organiser types it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.questions import app
from bot.clock import SetClock
from bot.store import Store
from tests.conftest import MORNING
from tests.questions.world import PARKING, World

ASKED = ("gửi xe máy ở đâu ạ", "có chỗ gửi xe máy không", "xe máy gửi chỗ nào")


@pytest.fixture
def database(any_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three people asked for one thing, one of them twice, and one proposal waits."""
    monkeypatch.setenv("DONGHANH_DATABASE_URL", any_url)
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path / "data"))

    async def fill() -> None:
        store = Store(any_url, SetClock(MORNING))
        try:
            world = await World(store, tmp_path / "content").open()
            for number, text in enumerate(ASKED):
                await world.asks(await world.somebody(f"s{number}"), text)
            await store.write(
                lambda work: work.proposals.add(
                    world.event.id,
                    language="vi",
                    text="chìa khóa ở mô",
                    folded="chia khoa o mo",
                    answer_id="nhan-phong",
                )
            )
        finally:
            await store.close()

    asyncio.run(fill())
    return any_url


def typed(*words: object, answer: str = "") -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=answer)


def listed() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(typed("list", "--json").stdout)
    return found


def new(number: int) -> Result:
    words = ("--title", PARKING.title, "--text", PARKING.text, "--topic", "hotel")
    return typed("answer", number, *words, "--audience", "public", "--author", "lan")


def test_from_the_list_to_everybody_who_asked(database: str) -> None:
    (group,) = listed()["groups"]
    assert (group["people"], group["language"]) == (3, "vi")
    assert {"person", "person_id", "at", "delegation"}.isdisjoint(group)
    assert "3" in typed("list").stdout
    number = group["number"]
    assert new(number).exit_code == 0
    (draft,) = listed()["drafts"]
    assert (draft["number"], draft["answer"], draft["author"]) == (number, "gui-xe-may", "lan")
    no = typed("approve", number, "--approver", "mai", answer="n\n")
    assert no.exit_code == 1
    assert "3 people asked; send? [y/N]" in no.stdout
    assert listed()["drafts"] == [draft]
    yes = typed("approve", number, "--approver", "mai", answer="y\n")
    assert yes.exit_code == 0, yes.output
    assert listed() == {"groups": [], "drafts": []}
    again = typed("approve", number, "--yes")
    assert again.exit_code == 1
    assert "is answered already" in again.stderr
    back = typed("dismiss", number, "--undo")
    assert "is approved and was sent" in back.stderr


def test_dismissed_and_back(database: str) -> None:
    number = listed()["groups"][0]["number"]
    assert "3 questions dismissed" in typed("dismiss", number).stdout
    assert "No question waits." in typed("list").stdout
    assert "3 questions wait again" in typed("dismiss", number, "--undo").stdout
    assert "1 questions dismissed" in typed("dismiss", number, "--only").stdout
    assert "1 questions wait again" in typed("reopen", number, number).stdout
    assert len(listed()["groups"]) == 1


def test_either_an_answer_there_is_or_a_new_one(database: str) -> None:
    number = listed()["groups"][0]["number"]
    for words in (
        (),
        ("--title", "x"),
        ("--answer", "a", *("--title", "x"), "--text", "y", "--topic", "z"),
    ):
        result = typed("answer", number, *words)
        assert (result.exit_code, "Give either" in result.stderr) == (1, True)
    assert typed("answer", number, "--answer", "nhan-phong").exit_code == 0


def test_proposals_are_accepted_or_refused(database: str) -> None:
    (one,) = json.loads(typed("proposals", "--json").stdout)
    assert (one["text"], one["answer_id"], one["times"]) == ("chìa khóa ở mô", "nhan-phong", 1)
    assert "chìa khóa ở mô" in typed("proposals").stdout
    assert typed("accept", one["id"]).stdout.strip() == "1 examples are content now."
    assert "Nothing is proposed." in typed("proposals").stdout
    assert typed("refuse", one["id"]).exit_code == 1
