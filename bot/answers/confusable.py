"""Which answers are taken for one another, and what would tell them apart: for the organisers.

Pure. Unlike `review.py` it asks the matcher that is in force, so it says why that one stays silent:
where no score reaches the precision wanted, the answers named first here are in the way.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answers.calibrate import NEVER
from bot.answers.match import Index
from bot.answers.normalise import tokens
from bot.answers.verdict import Matcher

_MOST = 2000  # examples of a language that are asked, evenly taken
_TELLING = 5  # words


@dataclass(frozen=True, slots=True)
class Taken:
    """An example that found the other answer, and the example there that it is most like."""

    answer: str  # whose example it is
    text: str
    like: str  # of the other answer
    score: float  # 0 to 1: how sure the wrong answer looked


@dataclass(frozen=True, slots=True)
class Confusable:
    """Two answers of which examples, asked without themselves, found the other one.

    `first` loses more of them than `second`. `share` is of the examples of both that were asked.
    The words are those that only the one or the other uses, the commonest first: examples written
    with them would tell the two apart.
    """

    language: str
    first: str
    second: str
    share: float
    taken: tuple[Taken, ...]  # the surest mistakes first
    words_of_first: tuple[str, ...]
    words_of_second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether any score reaches the precision wanted, for ordinary and for sensitive answers.

    Where it does not, only a question typed like an example is answered, others get suggestions.
    """

    ordinary: bool
    sensitive: bool
    in_the_way: tuple[Confusable, ...]  # what to separate first; empty where both are reached


def reach(matcher: Matcher) -> Reach:
    """Can this matcher be as sure as is wanted of it, and if not, which answers to separate?

    Without sensitive answers nothing is wanted of them, and they count as reached.
    """
    ordinary = matcher.scale.threshold < NEVER
    sensitive = not matcher.sensitive or matcher.scale.careful < NEVER
    pairs = () if ordinary and sensitive else confusable(matcher)
    if ordinary and not sensitive:
        pairs = tuple(one for one in pairs if {one.first, one.second} & matcher.sensitive)
    return Reach(ordinary, sensitive, pairs)


def confusable(matcher: Matcher, language: str = "") -> tuple[Confusable, ...]:
    """The pairs of answers that are taken for one another, in one language or in all.

    The pair with the most and surest mistakes first. An answer with one example is not asked.
    """
    pairs = [
        pair
        for code, index in matcher.indexes.items()
        if language in ("", code)
        for pair in _pairs(index, matcher)
    ]
    return tuple(sorted(pairs, key=lambda one: (-_weight(one), one.first, one.second)))


def _weight(pair: Confusable) -> float:
    return sum(one.score for one in pair.taken)


def _pairs(index: Index, matcher: Matcher) -> Iterator[Confusable]:
    mistakes: defaultdict[tuple[str, str], list[Taken]] = defaultdict(list)
    asked: Counter[str] = Counter()
    sizes = Counter(one.answer_id for one in index.examples)
    for at in range(0, len(index.examples), -(-len(index.examples) // _MOST) or 1):
        one = index.examples[at]
        if sizes[one.answer_id] < 2:
            continue
        asked[one.answer_id] += 1
        for match in index.without(at, most=1, scale=matcher.scale):
            if match.answer_id != one.answer_id:
                taken = Taken(one.answer_id, one.text, match.reason.example, match.score)
                pair = min(one.answer_id, match.answer_id), max(one.answer_id, match.answer_id)
                mistakes[pair].append(taken)
    words = _words(index)
    for pair, taken_ones in mistakes.items():
        lost = Counter(one.answer for one in taken_ones)
        first, second = sorted(pair, key=lambda answer: (-lost[answer], answer))
        yield Confusable(
            language=index.language,
            first=first,
            second=second,
            share=len(taken_ones) / (asked[first] + asked[second]),
            taken=tuple(sorted(taken_ones, key=lambda one: (-one.score, one.text))),
            words_of_first=_telling(words[first], words[second]),
            words_of_second=_telling(words[second], words[first]),
        )


def _words(index: Index) -> dict[str, Counter[str]]:
    """How many examples of each answer hold a word, as the organisers wrote it, but small."""
    held: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in index.examples:
        said = {word.strip(" .,;:?!\"'()“”").lower() for word in one.text.split()}
        telling = {word for word in said if set(tokens(word, index.rules)) - index.rules.fillers}
        held[one.answer_id].update(telling)
    return held


def _telling(held: Counter[str], other: Counter[str]) -> tuple[str, ...]:
    alone = [(-times, word) for word, times in held.items() if word not in other]
    return tuple(word for _, word in sorted(alone)[:_TELLING])
