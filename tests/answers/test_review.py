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
    assert vi["reached"] is vi["careful_reached"] is True
    assert "examples asked without themselves" in asked("eval", "--folder", folder)


def answer(title: str, questions: list[str]) -> str:
    asks = json.dumps(questions, ensure_ascii=False)
    return f"""
source = "Tiểu ban Lễ tân"
updated = 2026-11-20T08:10:00+07:00
go = "mine.room"
[vi]
title = "{title}"
questions = {asks}
[en]
title = "{title} (en)"
questions = {json.dumps([f"{title} {number}" for number in range(6)])}
"""


def test_eval_says_which_answers_are_confusable_and_what_would_tell_them_apart(
    tmp_path: Path,
) -> None:
    bags = ["thấy túi lạ ở cửa", "túi lạ ai để đây", "cái túi không ai nhận", "túi của ai đây"]
    lost = ["tôi mất túi ở cửa", "mất cái túi rồi", "ai thấy túi của tôi", "thấy túi lạ không"]
    files: dict[str, str | bytes] = {
        "answers/security/tui-la.toml": answer("Túi lạ", [*bags, "báo túi lạ", "lạ quá cái túi"]),
        "answers/hotel/mat-tui.toml": answer("Mất túi", [*lost, "mất túi", "tìm túi bị mất"]),
    }
    folder = write(tmp_path / "content", GOOD | files)
    (vi,) = asked("eval", "--folder", folder, "--lang", "vi", "--json")
    pair = next(one for one in vi["confusable"] if "tui-la" in (one["first"], one["second"]))
    assert {pair["first"], pair["second"]} == {"tui-la", "mat-tui"}
    assert vi["sensitive"] == ["tui-la"]
    told = asked("eval", "--folder", folder, "--lang", "vi")
    assert "tui-la (sensitive)" in told
    assert "taken for one another" in told
    assert "More examples of mat-tui with its own words: mất" in told
    assert "tui-la has 7 examples; write more" in told


def test_eval_says_when_no_score_is_sure_enough(tmp_path: Path) -> None:
    numbered = [f"câu hỏi thứ {number}" for number in range(10, 80)]
    files: dict[str, str | bytes] = {
        "answers/hotel/chan.toml": answer("Số chẵn", numbered[::2]),
        "answers/hotel/le.toml": answer("Số lẻ", numbered[1::2]),
    }
    folder = write(tmp_path / "content", GOOD | files)
    told = asked("eval", "--folder", folder, "--lang", "vi")
    assert "answers: no score is right 95% of the time" in told
    (vi,) = asked("eval", "--folder", folder, "--lang", "vi", "--json")
    assert (vi["reached"], vi["threshold"]) == (False, 1)
