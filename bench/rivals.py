"""What people would otherwise use to find an answer, each in the way its manual begins."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeAlias

import bm25s
import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.answers import Example

Answerer: TypeAlias = Callable[[Sequence[str]], Sequence[str]]
Learner: TypeAlias = Callable[[Sequence[Example]], Answerer]


def _cosine(examples: Sequence[Example]) -> Answerer:
    terms = TfidfVectorizer()
    rows = terms.fit_transform(_texts(examples))
    return lambda texts: _owners(examples, (terms.transform(texts) @ rows.T).toarray())


def _regression(examples: Sequence[Example]) -> Answerer:
    terms = TfidfVectorizer()
    rows = terms.fit_transform(_texts(examples))
    machine = LogisticRegression(max_iter=200, C=10).fit(rows, [e.answer_id for e in examples])
    return lambda texts: [str(one) for one in machine.predict(terms.transform(texts))]


def _bm25(examples: Sequence[Example]) -> Answerer:
    index = bm25s.BM25()
    index.index([text.lower().split() for text in _texts(examples)], show_progress=False)
    return lambda texts: _owners(
        examples, np.array([index.get_scores(text.lower().split()) for text in texts])
    )


def _fuzzy(examples: Sequence[Example]) -> Answerer:
    known = [text.lower() for text in _texts(examples)]
    return lambda texts: _owners(
        examples,
        process.cdist([text.lower() for text in texts], known, scorer=fuzz.token_sort_ratio),
    )


def _full_text(examples: Sequence[Example]) -> Answerer:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE example USING fts5(text, owner UNINDEXED)")
    database.executemany(
        "INSERT INTO example VALUES (?, ?)", [(e.text, e.answer_id) for e in examples]
    )
    find = "SELECT owner FROM example WHERE example MATCH ? ORDER BY rank LIMIT 1"

    def answer(text: str) -> str:
        words = " OR ".join(f'"{word}"' for word in text.replace('"', " ").split())
        row = database.execute(find, (words,)).fetchone() if words else None
        return str(row[0]) if row else ""

    return lambda texts: [answer(text) for text in texts]


RIVALS: dict[str, Learner] = {
    "tf-idf": _cosine,
    "tf-idf+LR": _regression,
    "bm25s": _bm25,
    "rapidfuzz": _fuzzy,
    "FTS5": _full_text,
}


def _texts(examples: Sequence[Example]) -> list[str]:
    return [example.text for example in examples]


def _owners(examples: Sequence[Example], likeness: "np.ndarray") -> list[str]:
    return [examples[at].answer_id for at in likeness.argmax(axis=1)]
