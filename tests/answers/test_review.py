"""Examples asked without themselves, questions grouped by likeness, and the verbs for both."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.answers import Example
from bot.answers.likeness import alike
from bot.answers.review import reviewed
from bot.cli.answers import app
from tests.answers.sample import examples
from tests.content.folders import GOOD, STEPS, write

ROOM, BUS = "room", "bus"
PAIRS = (
    (ROOM, "tôi ở phòng nào"),
    (ROOM, "phòng của tôi số mấy"),
    (ROOM, "xe nào chở hành lý về phòng tôi"),
    (BUS, "xe nào đón tôi"),
    (BUS, "xe nào chở tôi đi họp"),
    (BUS, "xe nào chở hành lý"),
    ("lonely", "wifi"),
)
SMALL = [Example(answer, text, "vi") for answer, text in PAIRS]


def test_a_confusion_names_both_answers_and_words_of_each() -> None:
    found = reviewed(SMALL, "vi")
    assert (found.asked, found.right) == (6, 5)  # an answer with one example is not asked
    (one,) = found.confusions
    assert (one.answer, one.instead) == (ROOM, BUS)
    assert one.questions == ("xe nào chở hành lý về phòng tôi",)
    assert "phong" in one.only_answer
    assert set(one.only_answer).isdisjoint(one.only_instead)
    assert found.few == ((BUS, 3), ("lonely", 1), (ROOM, 3))


def test_another_language_is_another_review() -> None:
    assert reviewed(SMALL, "en").asked == 0
    assert reviewed(SMALL, "en").share == 0.0


def test_the_same_examples_give_the_same_review() -> None:
    assert reviewed(SMALL, "vi") == reviewed(SMALL, "vi")


ASKED = [
    "gửi xe máy ở đâu ạ",
    "mượn xe lăn ở đâu",
    "xe may gui o dau",
    "gưi xe máy o dau z",
    "giặt đồ ở đâu",
    "xe lăn mượn chỗ nào vậy",
]


def test_like_questions_stand_together_the_biggest_group_first() -> None:
    background = [one.text for one in examples() if one.language == "vi"]
    assert [sorted(group) for group in alike(ASKED, "vi", background)] == [[0, 2, 3], [1, 5], [4]]


@pytest.mark.parametrize("texts", [[], ["một"], ["", ""], ["🙂", "🙂"]])
def test_few_or_strange_texts_are_grouped_too(texts: list[str]) -> None:
    groups = alike(texts, "vi")
    assert sorted(at for group in groups for at in group) == list(range(len(texts)))
    assert len(groups) == len(set(texts))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "content", GOOD)


def asked(*words: object) -> Any:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout) if "--json" in words else result.stdout


def test_ask_says_how_it_read_the_question_and_why(folder: Path) -> None:
    assert STEPS
    found = asked("ask", "nhan phong o ddaau z", "--folder", folder, "--json")
    assert found["candidates"][0]["answer"] == "nhan-phong"
    assert found["readings"][0] == {"language": "vi", "ways": ["nhan phong o dau vay"]}
    assert 0 < found["suggested"] < found["threshold"] <= 1
    told = asked("ask", "nhận phòng ở đâu", "--folder", folder, "--explain")
    assert "“nhận phòng ở đâu”" in told
    assert "read in vi: nhan phong o dau" in told
    nothing = asked("ask", "🙂", "--folder", folder, "--lang", "km", "--json")
    assert (nothing["verdict"], nothing["candidates"]) == ("nothing", [])


def test_eval_asks_every_example_without_itself(folder: Path) -> None:
    (vi,) = asked("eval", "--folder", folder, "--lang", "vi", "--json")
    assert vi["language"] == "vi"
    assert 0 <= vi["top1"] <= 1
    assert "examples asked without themselves" in asked("eval", "--folder", folder)
