"""Questions as rows of numbers: syllables and their pairs, and the letters inside them.

Words say what is meant, letters forgive how it is spelt; each kind has its own sparse rows of
length one, so that their product is a likeness between 0 and 1. Sparse rows are plain arrays:
one question is compared with every example in well under a millisecond.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.answers.normalise import Rules, Tokens, things

Floats: TypeAlias = NDArray[np.float32]
Whole: TypeAlias = NDArray[np.int64]
Split: TypeAlias = Callable[[Tokens], Iterable[str]]

_COMMON = 24  # a term in more examples than this is multiplied as a dense column


def words(said: Tokens) -> list[str]:
    """Syllables and pairs of neighbours."""
    return [*said, *(f"{one} {two}" for one, two in itertools.pairwise(said))]


def vietnamese_words(said: Tokens) -> list[str]:
    """As `words`, with the things spoken of: "chỗ nào" and "ở đâu" share one."""
    return [*words(said), *things(said)]


def letters(said: Tokens) -> list[str]:
    """Two to four letters inside each word, its borders marked by a space."""
    return [gram for word in said for gram in _grams(f" {word} ", 2, 4)]


def characters(said: Tokens) -> list[str]:
    """Two to five characters over the whole string, for scripts without spaces."""
    return _grams("".join(said), 2, 5)


def _grams(text: str, least: int, most: int) -> list[str]:
    return [
        text[start : start + size]
        for size in range(least, most + 1)
        for start in range(len(text) - size + 1)
    ]


def kinds(rules: Rules) -> tuple[Split, ...]:
    """The kinds of terms that count, each as much as the others, in a language."""
    if not rules.spaced:
        return (characters,)
    return (vietnamese_words if rules.vietnamese else words, letters)


@dataclass(frozen=True, slots=True)
class Rows:
    """The examples as rows of weighted terms of one kind, each row of length one.

    Stored by term: the examples that hold term `t`, and its weight there, stand at
    `start[t]` to `start[t + 1]`.
    """

    split: Split
    column: Mapping[str, int]
    rarity: Floats  # of each term; the last is that of a term no example holds
    start: Whole
    example: Whole
    weight: Floats
    examples: int

    @staticmethod
    def of(examples: Sequence[Tokens], split: Split) -> "Rows":
        """Learns the terms of the examples. An example without terms is a row of zeros."""
        counts = [Counter(split(said)) for said in examples]
        column = {term: at for at, term in enumerate(sorted(set().union(*counts)))}
        rows = np.repeat(np.arange(len(counts)), [len(count) for count in counts])
        terms = np.array([column[term] for count in counts for term in count], dtype=np.int64)
        times = np.array([time for count in counts for time in count.values()], dtype=np.float64)
        spread = np.bincount(terms, minlength=len(column))
        rarity = np.log((1 + len(counts)) / (1 + np.append(spread, 0))) + 1
        weight = (1 + np.log(times)) * rarity[terms]
        length = np.sqrt(np.bincount(rows, weight**2, minlength=len(counts)))
        order = np.argsort(terms, kind="stable")
        return Rows(
            split=split,
            column=column,
            rarity=rarity.astype(np.float32),
            start=np.concatenate([[0], np.cumsum(spread)]),
            example=rows[order],
            weight=(weight / length[rows])[order].astype(np.float32),
            examples=len(counts),
        )

    def likeness(self, said: Tokens) -> Floats:
        """How like each example a question is, 0 to 1. Unheard terms make it less like all."""
        held, weights, length = [], [], 0.0
        for term, times in Counter(self.split(said)).items():
            at = self.column.get(term, -1)
            weight = (1 + log(times)) * float(self.rarity[at])
            length += weight * weight
            if at >= 0:
                held.append(at)
                weights.append(weight)
        if not held:
            return np.zeros(self.examples, dtype=np.float32)
        begins, spread = self.start[held], self.start[1:][held] - self.start[held]
        # Where the terms held stand in the arrays, one run after another.
        at_runs = np.repeat(begins - np.cumsum(spread) + spread, spread) + np.arange(spread.sum())
        products = np.repeat(weights, spread) * self.weight[at_runs]
        total = np.bincount(self.example[at_runs], products, minlength=self.examples)
        return (total / sqrt(length)).astype(np.float32)

    def gram(self) -> Floats:
        """The likeness of every example to every other."""
        total = np.zeros((self.examples, self.examples), dtype=np.float32)
        spread = np.diff(self.start)
        for size in np.unique(spread[spread <= _COMMON]):
            at = self.start[:-1][spread == size][:, None] + np.arange(size)
            rows, weights = self.example[at], self.weight[at]
            pairs = rows[:, :, None] * self.examples + rows[:, None, :]
            np.add.at(total.reshape(-1), pairs, weights[:, :, None] * weights[:, None, :])
        common = np.flatnonzero(spread > _COMMON)
        dense = np.zeros((self.examples, len(common)), dtype=np.float32)
        for place, term in enumerate(common):
            span = slice(self.start[term], self.start[term + 1])
            dense[self.example[span], place] = self.weight[span]
        return np.asarray(total + dense @ dense.T, dtype=np.float32)
