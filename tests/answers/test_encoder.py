"""The plug-in point: an engine that knows meanings counts, and mixing never makes it worse."""

import numpy as np
import pytest

from bot.answers import Example, Index, Matcher
from bot.answers.encoder import Meaning

# Two words of one axis mean the same to this engine; no letters need to be alike.
AXES = {"dog": 0, "hound": 0, "puppy": 0, "car": 1, "auto": 1, "wagon": 1, "rain": 2, "wet": 2}
EXAMPLES = [
    Example(answer, f"{word} {number}", "fr")
    for answer, words in (("pet", ("dog", "hound")), ("drive", ("car", "auto")), ("sky", ("rain",)))
    for word in words
    for number in ("alpha", "beta", "gamma")
]


def encode(texts: list[str]) -> np.ndarray:
    rows = np.zeros((len(texts), 3))
    for row, text in zip(rows, texts, strict=True):
        for word in text.split():
            if word in AXES:
                row[AXES[word]] += 1
    return rows


@pytest.mark.parametrize(
    ("asked", "answer"), [("puppy", "pet"), ("wagon", "drive"), ("wet", "sky")]
)
def test_meaning_finds_what_letters_cannot(asked: str, answer: str) -> None:
    assert all(match.score < 0.3 for match in Index.build(EXAMPLES, "fr").match(asked))
    assert Index.build(EXAMPLES, "fr", encode).match(asked)[0].answer_id == answer


def test_an_engine_that_knows_everything_counts_alone() -> None:
    meaning = Index.build(EXAMPLES, "fr", encode).meaning
    assert meaning is not None
    assert meaning.share == 1.0


def test_a_useless_engine_hardly_counts() -> None:
    meaning = Index.build(EXAMPLES, "fr", lambda texts: np.ones((len(texts), 2))).meaning
    assert meaning is not None
    assert meaning.share < 1


def test_a_matcher_is_calibrated_with_its_engine() -> None:
    assert Matcher.build(EXAMPLES, encode=encode).matches("puppy", "fr")[0].answer_id == "pet"


@pytest.mark.parametrize(
    "broken", [np.zeros(3), np.zeros((1, 3)), np.full((len(EXAMPLES), 2), np.nan)]
)
def test_a_broken_engine_is_refused(broken: np.ndarray) -> None:
    with pytest.raises(ValueError, match="rows of finite numbers"):
        Meaning.of([one.text for one in EXAMPLES], lambda texts: broken)
