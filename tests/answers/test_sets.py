"""Public sets of labelled questions, where they are at hand: accuracy and care must not sink.

DONGHANH_TEST_DATA names the folder that holds `qa/`; without it the neighbouring folders are tried.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answers import Example, Index
from bot.answers.verdict import weighed

OUT_OF_SCOPE = "__oos__"


def _folders() -> Iterator[Path]:
    if named := os.environ.get("DONGHANH_TEST_DATA"):
        yield Path(named) / "qa"
        return
    for parent in Path(__file__).resolve().parents:
        yield from sorted(parent.glob("*/data/qa"))


FOLDER = next((folder for folder in _folders() if (folder / "hwu64.dev.tsv").exists()), None)
pytestmark = pytest.mark.skipif(FOLDER is None, reason="no labelled questions (DONGHANH_TEST_DATA)")


def load(name: str) -> list[Example]:
    assert FOLDER is not None
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return [Example(intent, text, language) for language, intent, text in rows]


@pytest.mark.parametrize(
    ("learnt", "asked", "accuracy", "precision", "coverage"),
    [
        ("clinc150.train10", "clinc150.dev", 0.79, 0.95, 0.30),
        ("hwu64.train10", "hwu64.dev", 0.70, 0.93, 0.25),
        ("massive-vi5.train", "massive-vi5.dev", 0.97, 0.97, 0.85),
        ("vi-ptit.train", "vi-ptit.dev", 0.45, 0.60, 0.20),
    ],
)
def test_accuracy_and_care(
    learnt: str, asked: str, accuracy: float, precision: float, coverage: float
) -> None:
    """Accuracy over the questions in scope, precision over all answers given, coverage in scope."""
    examples, questions = load(learnt), load(asked)
    index = Index.build(examples, examples[0].language)
    inside = first = answered = covered = right = 0
    for question in questions:
        matches = index.match(question.text)
        verdict = weighed(matches)
        correct = bool(matches) and matches[0].answer_id == question.answer_id
        inside += question.answer_id != OUT_OF_SCOPE
        first += correct
        answered += verdict.kind == "answer"
        covered += verdict.kind == "answer" and question.answer_id != OUT_OF_SCOPE
        right += verdict.kind == "answer" and correct
    assert first >= accuracy * inside
    assert right >= precision * answered
    assert covered >= coverage * inside


def test_a_congress_of_75_answers_is_learnt_while_one_blinks() -> None:
    """75 answers with 10 questions each. The limits are far above what is measured."""
    examples = [one for one in load("clinc150.train10") if one.answer_id < "m"][:750]
    began = time.perf_counter()
    index = Index.build(examples, "en")
    built = time.perf_counter()
    for example in examples[:200]:
        index.match(example.text)
    assert built - began < 2
    assert time.perf_counter() - built < 200 * 0.01
