"""Rows of terms, and the answers weighed on them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.answers.concepts import things
from bot.answers.features import (
    Floats,
    Rows,
    Whole,
    characters,
    kinds,
    letters,
    stemmed_words,
    words,
)
from bot.answers.head import EACH, LEFT_OUT, NEAREST, stand
from bot.answers.normalise import Rules, Tokens, rules_for, tokens

SAID: tuple[Tokens, ...] = (
    ("khach", "san", "o", "dau"),
    ("xe", "o", "dau", "dau"),
    ("mat", "the"),
    ("khach", "san", "nao"),
)
MANY = tuple(tuple(f"w{(i * j) % 11}" for j in range(1, 6)) for i in range(60))


VI, EN = rules_for("vi"), rules_for("en")


def rows_of(said: tuple[Tokens, ...], owner: list[int] | None = None) -> Rows:
    owners = np.array(range(len(said)) if owner is None else owner, dtype=np.int32)
    return Rows.of(said, owners, kinds(VI))


def likeness(rows: Rows, said: Tokens) -> Floats:
    return rows.likeness(rows.question(said))


def test_each_kind_of_term() -> None:
    assert words(("o", "dau")) == ["o", "dau", "· o", "o dau", "dau ·"]
    assert stemmed_words(("booked", "room")) == [
        "book",
        "room",
        "· book",
        "book room",
        "room ·",
        "=booked",
    ]
    assert letters(("o",)) == ["~ o", "~o ", "~ o "]
    assert characters(("ab", "c")) == ["ab", "bc", "abc"]


@pytest.mark.parametrize(("code", "shares"), [("km", 1), ("en", 3), ("vi", 3), ("hmn@rpa", 2)])
def test_the_shares_of_a_language_make_a_whole(code: str, shares: int) -> None:
    given = [share for share, _ in kinds(rules_for(code))]
    assert (len(given), sum(given)) == (shares, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "rules"),
    [("ở đâu", "chỗ mô", VI), ("khách sạn", "nhà khách", VI), ("purchased", "buying", EN)],
)
def test_words_for_one_thing_share_it(one: str, other: str, rules: Rules) -> None:
    assert set(things(tokens(one, rules), rules)) & set(things(tokens(other, rules), rules))


def test_other_languages_have_no_things() -> None:
    assert things(("hotel",), rules_for("fr")) == []


@pytest.mark.parametrize("said", [SAID, MANY])
def test_the_gram_matrix_is_that_of_the_reference(said: tuple[Tokens, ...]) -> None:
    expected = np.zeros((len(said), len(said)))
    for share, split in kinds(VI):
        if any(map(split, said)):
            reference = TfidfVectorizer(analyzer=split, sublinear_tf=True).fit_transform(said)
            expected += share * (reference @ reference.T).toarray()
    everyone = np.arange(len(said), dtype=np.int32)
    np.testing.assert_allclose(rows_of(said).gram(everyone), expected, atol=1e-5)


@pytest.mark.parametrize("at", range(len(SAID)))
def test_an_example_is_as_like_the_others_as_in_the_gram_matrix(at: int) -> None:
    rows = rows_of(SAID)
    gram = rows.gram(np.arange(len(SAID), dtype=np.int32))
    np.testing.assert_allclose(likeness(rows, SAID[at]), gram[at], atol=1e-5)


def test_a_term_kept_as_a_whole_column_counts_the_same() -> None:
    rows = rows_of(MANY)
    assert rows.common
    plain = replace(rows, common={})
    np.testing.assert_allclose(likeness(rows, MANY[7]), likeness(plain, MANY[7]), atol=1e-6)


def test_terms_nobody_knows_make_a_question_less_like() -> None:
    rows = rows_of(SAID)
    plain, longer = likeness(rows, ("mat", "the")), likeness(rows, ("mat", "the", "zzz"))
    assert 0 < longer[2] < plain[2]


def test_what_all_answers_say_tells_less_than_what_one_says() -> None:
    rows = rows_of((("xe", "phong"), ("xe", "the"), ("xe",)))
    assert rows.rarity[rows.column["xe"]] < rows.rarity[rows.column["phong"]] < rows.unheard


def test_holders_are_counted_within_a_span() -> None:
    rows = rows_of(SAID)
    assert [rows.held("o", 0, 4), rows.held("o", 1, 4), rows.held("qqq", 0, 4)] == [2, 1, 0]


@given(st.lists(st.text(max_size=12), max_size=12), st.text(max_size=30))
def test_likeness_is_a_share_whatever_is_typed(examples: list[str], question: str) -> None:
    said = tuple(tokens(text, VI) for text in ["phòng ở đâu", *examples])
    alike = likeness(rows_of(said), tokens(question, VI))
    assert alike.shape == (len(said),)
    assert np.all((alike >= 0) & (alike <= 1 + 1e-5))


def begin(*sizes: int) -> Whole:
    return np.cumsum([0, *sizes]).astype(np.int32)


def plain(some: Whole) -> Floats:
    return np.eye(len(some), dtype=np.float32)


def test_the_scores_are_those_of_a_ridge_regression() -> None:
    """With examples unlike each other each counts by its likeness, damped."""
    standing = stand(np.array([0.1, 0.5, 0.4, 0.2], np.float32), begin(1, 2, 1), plain)
    assert standing.answers.tolist() == [1, 2, 0]
    np.testing.assert_allclose(standing.scores, np.array([0.9, 0.2, 0.1]) / 1.3, rtol=1e-5)
    np.testing.assert_allclose(standing.nearest, [0.5, 0.2, 0.1], rtol=1e-5)
    np.testing.assert_allclose(standing.agreeing, np.array([0.9, 0.2, 0.1]) / 3, rtol=1e-5)


def test_examples_left_out_speak_for_nothing() -> None:
    left = np.array([LEFT_OUT, LEFT_OUT, 0.3, LEFT_OUT], np.float32)
    assert stand(left, begin(2, 2), plain).answers.tolist() == [1]
    assert stand(np.full(4, LEFT_OUT, np.float32), begin(2, 2), plain).answers.tolist() == []


def test_only_the_nearest_answers_and_examples_are_weighed() -> None:
    asked: list[int] = []

    def gram(some: Whole) -> Floats:
        asked.append(len(some))
        return plain(some)

    sizes = [3 * EACH] * (3 * NEAREST)
    alike = np.linspace(0.1, 0.9, sum(sizes), dtype=np.float32)
    standing = stand(alike, begin(*sizes), gram)
    assert (len(standing.answers), asked) == (NEAREST, [NEAREST * EACH])
