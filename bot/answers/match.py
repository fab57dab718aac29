"""Finds the approved answers a question may be asking for, best first, and says why.

One index holds the example questions of one language. It never changes once built: a new content
version builds a new one beside it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from types import MappingProxyType

import numpy as np

from bot.answers.cover import Cover
from bot.answers.features import Floats, Rows, Whole, kinds
from bot.answers.head import Head, learn
from bot.answers.normalise import (
    NO_ABBREVIATIONS,
    Abbreviations,
    Rules,
    Tokens,
    readings,
    rules_for,
    tokens,
)

# A logistic curve through measured questions (docs/answers.md): how often the first answer was
# right, by its lead over the second, its nearest example, and how much of the question it covers.
_LEAD, _NEAR, _COVERED, _START = 1.3, 1.6, 0.85, -2.35


@dataclass(frozen=True, slots=True)
class Example:
    """A question as the organisers expect it, and the answer it belongs to."""

    answer_id: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an answer came up: the example nearest to the question, and what they share."""

    example: str
    words: tuple[str, ...]  # of the example, as the organisers wrote them
    likeness: float  # of question and example, 0 to 1
    covered: float  # 0 to 1: how much of the question this answer's examples speak of
    known: float  # 0 to 1: how much of it any example does


@dataclass(frozen=True, slots=True)
class Match:
    """An answer that may be meant. The score, 0 to 1, is comparable between questions."""

    answer_id: str
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the question, compared with every example."""

    said: Tokens
    likeness: Floats
    evidence: Floats


@dataclass(frozen=True, slots=True)
class Index:
    """The example questions of one language, ready to be asked."""

    language: str
    examples: tuple[Example, ...]
    answers: tuple[str, ...]
    rules: Rules
    said: tuple[Tokens, ...]
    vocabulary: Mapping[str, int]  # how many examples hold each word
    owner: Whole  # which of `answers` each example speaks for
    rows: tuple[Rows, ...]
    head: Head
    cover: Cover
    verbatim: Mapping[Tokens, int]  # the answer of a very question; -1 where several have it

    @staticmethod
    def build(examples: Iterable[Example], language: str) -> "Index":
        """Learns the examples of this language; others are passed over, and so are empty ones."""
        rules = rules_for(language)
        pairs = [(one, tokens(one.text, rules)) for one in examples if one.language == language]
        mine = tuple(one for one, said in pairs if said)
        said = tuple(said for _, said in pairs if said)
        answers = tuple(sorted({one.answer_id for one in mine}))
        owner = np.searchsorted(np.array(answers), np.array([one.answer_id for one in mine]))
        rows = tuple(Rows.of(said, split) for split in kinds(rules))
        gram = sum((row.gram() for row in rows), np.float32(0)) / np.float32(len(rows))
        return Index(
            language=language,
            examples=mine,
            answers=answers,
            rules=rules,
            said=said,
            vocabulary=MappingProxyType(Counter(word for words in said for word in set(words))),
            owner=owner,
            rows=rows,
            head=learn(np.asarray(gram), owner, len(answers)),
            cover=Cover.of(said, owner.tolist(), len(answers), rules),
            verbatim=_verbatim(said, owner),
        )

    def match(
        self,
        question: str,
        extra: Abbreviations = NO_ABBREVIATIONS,
        *,
        most: int = 3,
        typed: Rules | None = None,
        familiar: frozenset[str] = frozenset(),
    ) -> tuple[Match, ...]:
        """The answers the question may mean, best first, at most `most`; none if nothing is alike.

        `extra` are the event's chat spellings. A delegate whose language is not this index's may
        be searching: `typed` are then the rules of theirs, and words in `familiar` are theirs too,
        not misspelt words of this language.
        """
        if not self.answers:
            return ()
        ways = readings(question, typed or self.rules, self.vocabulary, extra, familiar)
        best = max(map(self._read, ways), key=self._fit)
        if not best.likeness.any():
            return ()
        return self._ranked(best, most)

    def _read(self, said: Tokens) -> _Reading:
        likeness = np.stack([row.likeness(said) for row in self.rows]).mean(axis=0)
        return _Reading(said, likeness, self.head.evidence(likeness))

    def _fit(self, way: _Reading) -> tuple[bool, float]:
        return self.verbatim.get(way.said, -1) >= 0, float(way.evidence.max())

    def _ranked(self, way: _Reading, most: int) -> tuple[Match, ...]:
        verbatim = self.verbatim.get(way.said, -1)
        order = np.argsort(-way.evidence, kind="stable")
        order = order[np.argsort(order != verbatim, kind="stable")]
        top, second = np.append(way.evidence[order], 0)[:2].tolist()
        order = order[:most]
        known = self.cover.known(way.said)
        reasons = [self._reason(way, int(answer), known) for answer in order]
        score = 1.0 if verbatim >= 0 else _score(top - max(second, 0.0), reasons[0])
        # Followers fall behind as their chances do: by the evidence they lack.
        behind = np.exp(np.minimum(way.evidence[order] - top, 0))
        return tuple(
            Match(self.answers[answer], float(score * share), reason)
            for answer, share, reason in zip(order, behind, reasons, strict=True)
        )

    def _reason(self, way: _Reading, answer: int, known: float) -> Reason:
        theirs = np.flatnonzero(self.owner == answer)
        nearest = int(theirs[np.argmax(way.likeness[theirs])])
        if self.said[nearest] == way.said:
            return Reason(
                self.examples[nearest].text, self._shared(nearest, way.said), 1.0, 1.0, 1.0
            )
        return Reason(
            example=self.examples[nearest].text,
            words=self._shared(nearest, way.said),
            likeness=float(way.likeness[nearest]),
            covered=self.cover.by(answer, way.said),
            known=known,
        )

    def _shared(self, example: int, said: Tokens) -> tuple[str, ...]:
        words = self.examples[example].text.split()
        return tuple(word for word in words if not _keyed(word, self.rules).isdisjoint(said))


def _verbatim(said: Iterable[Tokens], owner: Whole) -> Mapping[Tokens, int]:
    owners: dict[Tokens, int] = {}
    for words, answer in zip(said, owner.tolist(), strict=True):
        owners[words] = answer if owners.get(words, answer) == answer else -1
    return owners


@lru_cache(maxsize=8192)  # the same few words come up in every reason
def _keyed(word: str, rules: Rules) -> frozenset[str]:
    return frozenset(tokens(word, rules))


def _score(lead: float, first: Reason) -> float:
    weighed = _LEAD * lead + _NEAR * first.likeness + _COVERED * first.covered + _START
    return 1 / (1 + exp(-weighed))
