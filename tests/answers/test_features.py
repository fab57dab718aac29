"""Rows of terms and the weights learned on them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.answers.features import Rows, characters, kinds, letters, vietnamese_words, words
from bot.answers.head import learn
from bot.answers.normalise import Tokens, rules_for, tokens

SAID: tuple[Tokens, ...] = (
    ("khach", "san", "o", "dau"),
    ("xe", "o", "dau", "dau"),
    ("mat", "the"),
    ("khach", "san", "nao"),
)
MANY = tuple(tuple(f"w{(i * j) % 11}" for j in range(1, 6)) for i in range(60))


def test_each_kind_of_term() -> None:
    assert words(("o", "dau")) == ["o", "dau", "o dau"]
    assert vietnamese_words(("o", "dau")) == ["o", "dau", "o dau", "@where"]
    assert letters(("o",)) == [" o", "o ", " o "]
    assert characters(("ab", "c")) == ["ab", "bc", "abc"]


def test_a_script_without_spaces_has_one_kind() -> None:
    assert [kinds(rules_for(code)) for code in ("km", "en")] == [
        (characters,),
        (words, letters),
    ]


@pytest.mark.parametrize("said", [SAID, MANY])
def test_the_gram_matrix_is_that_of_the_reference(said: tuple[Tokens, ...]) -> None:
    reference = TfidfVectorizer(analyzer=words, sublinear_tf=True).fit_transform(said)
    expected = (reference @ reference.T).toarray()
    np.testing.assert_allclose(Rows.of(said, words).gram(), expected, atol=1e-5)


@pytest.mark.parametrize("at", range(len(SAID)))
def test_an_example_is_as_like_the_others_as_in_the_gram_matrix(at: int) -> None:
    rows = Rows.of(SAID, letters)
    np.testing.assert_allclose(rows.likeness(SAID[at]), rows.gram()[at], atol=1e-5)


def test_terms_nobody_knows_make_a_question_less_like() -> None:
    rows = Rows.of(SAID, words)
    plain, longer = rows.likeness(("mat", "the")), rows.likeness(("mat", "the", "zzz"))
    assert plain[2] == pytest.approx(1)
    assert 0 < longer[2] < plain[2]


@given(st.lists(st.text(max_size=12), max_size=12), st.text(max_size=30))
def test_likeness_is_a_share_whatever_is_typed(examples: list[str], question: str) -> None:
    rules = rules_for("vi")
    said = tuple(tokens(text, rules) for text in ["phòng ở đâu", *examples])
    likeness = Rows.of(said, letters).likeness(tokens(question, rules))
    assert likeness.shape == (len(said),)
    assert np.all((likeness >= 0) & (likeness <= 1 + 1e-5))


def test_the_head_learns_who_owns_the_examples() -> None:
    gram = Rows.of(SAID, words).gram()
    owner = np.array([0, 1, 2, 0])
    evidence = learn(gram, owner, 3).evidence(gram)
    assert evidence.argmax(axis=1).tolist() == owner.tolist()


def test_a_single_answer_has_nothing_to_beat_but_silence() -> None:
    head = learn(np.eye(2, dtype=np.float32), np.array([0, 0]), 1)
    near, far = head.evidence(np.array([[1, 0], [0, 0]], dtype=np.float32))[:, 0]
    assert near > 0.5
    assert far == 0


def test_the_head_is_the_regression_it_says_it_is() -> None:
    """At the optimum each example's weights are its damped error: (wanted - chances) / damping."""
    gram = Rows.of(MANY, words).gram()
    owner = np.arange(len(MANY)) % 7
    head = learn(gram, owner, 7)
    grown = np.exp(head.evidence(gram))
    chances = grown / (grown.sum(axis=1, keepdims=True) + 1)
    np.testing.assert_allclose(head.weights, (np.eye(7)[owner] - chances) / 0.2, atol=0.05)
