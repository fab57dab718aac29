"""Questions as rows of numbers: words and their pairs, the letters inside them, what they speak of.

Words say what is meant, letters forgive how it is spelt, things forgive which word was chosen.
Each kind is weighed apart and has its share, so that the product of two rows is a likeness between
0 and 1. Sparse rows are plain arrays: one question is compared with every example at once.
"""

import itertools
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.answers.concepts import things
from bot.answers.normalise import Rules, Tokens
from bot.answers.stems import stem

Floats: TypeAlias = NDArray[np.float32]
Whole: TypeAlias = NDArray[np.int32]
Kind: TypeAlias = tuple[float, Callable[[Tokens], Iterable[str]]]  # its share of the likeness

_COMMON_SHARE = 20  # a term that one example in so many holds is also kept as a whole column
_MOST_COMMON = 256
_AT_ONCE = 2048  # examples whose terms are counted together
_BORDER = "\N{MIDDLE DOT}"  # the first and the last word of a question tell much: "how …"


def words(said: Tokens) -> list[str]:
    """Words and pairs of neighbours, the borders of the question among them."""
    bordered = (_BORDER, *said, _BORDER)
    return [*said, *(f"{one} {two}" for one, two in itertools.pairwise(bordered))]


def stemmed_words(said: Tokens) -> list[str]:
    """As `words`, without English endings; a word that loses one also stands as it is."""
    stems = tuple(map(stem, said))
    whole = [f"={word}" for word, stemmed in zip(said, stems, strict=True) if word != stemmed]
    return words(stems) + whole


def letters(said: Tokens) -> list[str]:
    """Two to four letters inside each word, its borders marked by a space."""
    return [gram for word in said for gram in _inside(word)]


def characters(said: Tokens) -> list[str]:
    """Two to five characters over the whole string, for scripts without spaces."""
    return _grams("".join(said), 2, 5)


@lru_cache(maxsize=16384)  # the same few thousand words come again and again
def _inside(word: str) -> tuple[str, ...]:
    return tuple(f"~{gram}" for gram in _grams(f" {word} ", 2, 4))


def _grams(text: str, least: int, most: int) -> list[str]:
    return [
        text[start : start + size]
        for size in range(least, most + 1)
        for start in range(len(text) - size + 1)
    ]


def kinds(rules: Rules) -> tuple[Kind, ...]:
    """The kinds of terms that count in a language, with the share of each. No term is of two."""
    if not rules.spaced:
        return ((1.0, characters),)
    if not (rules.english or rules.vietnamese):
        return ((0.5, words), (0.5, letters))
    spelt = stemmed_words if rules.english else words
    return ((0.375, spelt), (0.375, letters), (0.25, lambda said: things(said, rules)))


@dataclass(frozen=True, slots=True)
class Question:
    """The terms of a question that some example holds, and their weights in its row."""

    terms: list[int]
    weights: list[float]


@dataclass(frozen=True, slots=True)
class Rows:
    """The examples as rows of weighted terms, kept both ways.

    By term: the examples that hold term `t` stand at `start[t]` to `start[t + 1]`, in order. By
    example: its terms stand at `begin[e]` to `begin[e + 1]`.
    """

    kinds: tuple[Kind, ...]
    column: Mapping[str, int]
    rarity: Floats  # of each term, by how many answers speak of it
    unheard: float  # the rarity of a term no example holds
    start: Whole
    example: Whole
    weight: Floats
    begin: Whole
    term: Whole
    value: Floats
    common: Mapping[int, Floats]  # of the terms that many examples hold, the weight in each

    @staticmethod
    def of(examples: Sequence[Tokens], owner: Whole, kinds: tuple[Kind, ...]) -> "Rows":
        """Learns the terms of the examples. An example without terms is a row of zeros."""
        column, kind, begin, ids, times = _terms(examples, kinds)
        order = np.argsort(ids, kind="stable")
        start = _borders(ids, len(column))
        example = np.repeat(np.arange(len(examples), dtype=np.int32), np.diff(begin))[order]
        rarity, unheard = _rarity(owner, example, ids[order], len(column))
        value = _scaled(ids, times, begin, rarity, kind, np.sqrt([share for share, _ in kinds]))
        by_term = value[order]
        return Rows(
            kinds=kinds,
            column=column,
            rarity=rarity,
            unheard=unheard,
            start=start,
            example=example,
            weight=by_term,
            begin=begin,
            term=ids,
            value=value,
            common=_common(start, example, by_term, len(examples)),
        )

    @property
    def examples(self) -> int:
        """How many examples there are."""
        return len(self.begin) - 1

    def question(self, said: Tokens) -> Question:
        """A question as a row. Unheard terms make it less like all examples."""
        found = Question([], [])
        for share, split in self.kinds:
            length = 0.0
            mine: list[float] = []
            for term, times in Counter(split(said)).items():
                at = self.column.get(term)
                rarity = self.unheard if at is None else float(self.rarity[at])
                weight = (1 + log(times)) * rarity
                length += weight * weight
                if at is not None:
                    found.terms.append(at)
                    mine.append(weight)
            scale = sqrt(share / length) if length else 0.0
            found.weights.extend(weight * scale for weight in mine)
        return found

    def likeness(self, asked: Question) -> Floats:
        """How like each example a question is, 0 to 1."""
        total = np.zeros(self.examples, dtype=np.float32)
        rare, weights = [], []
        for term, weight in zip(asked.terms, asked.weights, strict=True):
            column = self.common.get(term)
            if column is None:
                rare.append(term)
                weights.append(weight)
            else:
                total += np.float32(weight) * column
        if not rare:
            return total
        begins = self.start[rare]
        spread = self.start[1:][rare] - begins
        # Where the terms held stand in the arrays, one run after another.
        at_runs = np.repeat(begins - np.cumsum(spread) + spread, spread) + np.arange(spread.sum())
        products = np.repeat(np.array(weights, dtype=np.float32), spread) * self.weight[at_runs]
        total += np.bincount(self.example[at_runs], products, minlength=self.examples)
        return total

    def gram(self, some: Whole) -> Floats:
        """The likeness of some examples to each other."""
        begins, sizes = self.begin[some], self.begin[1:][some] - self.begin[some]
        at_runs = np.repeat(begins - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        terms, values = self.term[at_runs], self.value[at_runs]
        rows = np.repeat(np.arange(len(some)), sizes)
        # A term that one of them holds alone only matters on the diagonal.
        ordered = np.sort(terms)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        shared = twice[np.append(True, twice[1:] != twice[:-1])] if len(twice) else twice
        place = np.zeros(len(self.rarity), dtype=np.int32)
        place[shared] = np.arange(1, len(shared) + 1)
        places = place[terms]  # 0 for those held alone: a column that is left out again
        dense = np.zeros((len(some), len(shared) + 1), dtype=np.float32)
        dense[rows, places] = values
        dense[:, 0] = 0
        product = dense @ dense.T
        product[np.diag_indices(len(some))] = np.bincount(rows, values**2, minlength=len(some))
        return np.asarray(product, dtype=np.float32)

    def held(self, term: str, first: int, last: int) -> int:
        """How many of the examples `first` to `last`, the last left out, hold a term."""
        at = self.column.get(term)
        if at is None:
            return 0
        run = self.example[self.start[at] : self.start[at + 1]]
        low, high = np.searchsorted(run, (first, last))
        return int(high - low)


def _common(start: Whole, example: Whole, weight: Floats, examples: int) -> dict[int, Floats]:
    spread = np.diff(start)
    most = np.argsort(-spread, kind="stable")[:_MOST_COMMON]
    columns = {}
    for term in most[spread[most] * _COMMON_SHARE > examples].tolist():
        columns[term] = np.zeros(examples, dtype=np.float32)
        run = slice(start[term], start[term + 1])
        columns[term][example[run]] = weight[run]
    return columns


def _terms(
    examples: Sequence[Tokens], kinds: tuple[Kind, ...]
) -> tuple[dict[str, int], NDArray[np.uint8], Whole, Whole, Floats]:
    """Every term and its kind; of each example its terms, in order, and how often each is in it.

    A part of the examples at a time: all terms at once would take several times the memory.
    """
    column: defaultdict[str, int] = defaultdict()
    column.default_factory = column.__len__
    kind = array("B")
    sizes, ids, times = [np.zeros(1, np.int32)], [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
    for first in range(0, len(examples), _AT_ONCE):
        part = examples[first : first + _AT_ONCE]
        flat, runs = array("i"), array("i")
        for number, (_, split) in enumerate(kinds):
            for said in part:
                before = len(flat)
                flat.extend(map(column.__getitem__, split(said)))
                runs.append(len(flat) - before)
            kind.extend(itertools.repeat(number, len(column) - len(kind)))
        rows = np.repeat(np.tile(np.arange(len(part)), len(kinds)), runs)
        held, many = _counted(rows << 32 | np.array(flat, dtype=np.int64))
        sizes.append(np.bincount(held >> 32, minlength=len(part)).astype(np.int32))
        ids.append((held & 0xFFFFFFFF).astype(np.int32))
        times.append(many.astype(np.float32))
    begin = np.cumsum(np.concatenate(sizes), dtype=np.int32)
    column.default_factory = None
    return column, np.array(kind), begin, np.concatenate(ids), np.concatenate(times)


def _scaled(
    ids: Whole,
    times: Floats,
    begin: Whole,
    rarity: Floats,
    kind: NDArray[np.uint8],
    shares: NDArray[np.float64],
) -> Floats:
    """The weight of each term in its row; those of one kind together have the share of the kind."""
    value = (1 + np.log(times)) * rarity[ids]
    for first in range(0, len(begin) - 1, _AT_ONCE):
        borders = begin[first : first + _AT_ONCE + 1]
        run = slice(borders[0], borders[-1])
        kinds = kind[ids[run]]
        rows = np.repeat(np.arange(len(borders) - 1), np.diff(borders))
        part = rows * len(shares) + kinds
        length = np.sqrt(np.bincount(part, value[run].astype(np.float64) ** 2))
        value[run] *= shares[kinds] / length[part]
    return value


def _rarity(owner: Whole, example: Whole, ids: Whole, terms: int) -> tuple[Floats, float]:
    """Of each term, by how many answers speak of it; `ids` in order, then by answer."""
    answers = int(owner.max(initial=-1)) + 1
    whose = owner[example]
    another = np.append(True, (ids[1:] != ids[:-1]) | (whose[1:] != whose[:-1]))[: len(ids)]
    spread = np.bincount(ids[another], minlength=terms)
    rarity = np.log((1 + answers) / (1 + spread)) + 1
    return rarity.astype(np.float32), log(1 + answers) + 1


def _counted(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each number once, in order, and how often it stood there. np.unique takes twice as long."""
    numbers.sort()
    first = np.flatnonzero(np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)])
    return numbers[first], np.diff(np.append(first, len(numbers)))


def _borders(ids: Whole, size: int) -> Whole:
    counts = np.bincount(ids, minlength=size)[:size]
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
