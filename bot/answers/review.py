"""How well the examples of some content find their own answers, and what would find them better.

Pure. Every example is asked of an index that has not seen it: one example of every answer is left
out at a time, so no answer loses more than the one that is asked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answers.match import Example, Index
from bot.answers.normalise import rules_for, tokens

FEW = 8  # examples; with fewer an answer is found much less often
_TELLING = 5  # words


@dataclass(frozen=True, slots=True)
class Confusion:
    """Questions of `answer` that found `instead`, and words that only the one or the other has."""

    answer: str
    instead: str
    questions: tuple[str, ...]
    only_answer: tuple[str, ...]
    only_instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One language: `right` of `asked` found their answer first, `near` among three.

    `lost` found nothing at all. `few` are answers with few examples, and how many each has.
    """

    language: str
    asked: int
    right: int
    near: int
    confusions: tuple[Confusion, ...]
    lost: tuple[Example, ...]
    few: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """Of first answers that were right, 0 to 1; 0 when nothing was asked."""
        return self.right / self.asked if self.asked else 0.0


def reviewed(examples: Iterable[Example], language: str) -> Review:
    """Ask every example of a language without itself. An answer with one example is not asked."""
    mine = [one for one in examples if one.language == language]
    sizes = Counter(one.answer_id for one in mine)
    asked = [(one, found) for one, found in _asked(mine, language) if sizes[one.answer_id] > 1]
    return Review(
        language=language,
        asked=len(asked),
        right=sum(found[:1] == (one.answer_id,) for one, found in asked),
        near=sum(one.answer_id in found for one, found in asked),
        confusions=_confusions(asked, mine, language),
        lost=tuple(one for one, found in asked if not found),
        few=tuple(sorted((one, size) for one, size in sizes.items() if size < FEW)),
    )


def _asked(mine: Sequence[Example], language: str) -> list[tuple[Example, tuple[str, ...]]]:
    rounds: defaultdict[int, list[Example]] = defaultdict(list)
    turns: Counter[str] = Counter()
    for one in mine:
        rounds[turns[one.answer_id]].append(one)
        turns[one.answer_id] += 1
    found = []
    for out in rounds.values():
        left = set(out)
        index = Index.build([one for one in mine if one not in left], language)
        found += [(one, tuple(hit.answer_id for hit in index.match(one.text))) for one in out]
    return found


def _confusions(
    asked: Sequence[tuple[Example, tuple[str, ...]]], mine: Sequence[Example], language: str
) -> tuple[Confusion, ...]:
    pairs: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one, found in asked:
        if found and found[0] != one.answer_id:
            pairs[one.answer_id, found[0]].append(one.text)
    words = _words(mine, language)
    made = [
        Confusion(
            answer=answer,
            instead=instead,
            questions=tuple(texts),
            only_answer=_telling(words[answer], words[instead]),
            only_instead=_telling(words[instead], words[answer]),
        )
        for (answer, instead), texts in pairs.items()
    ]
    return tuple(sorted(made, key=lambda one: (-len(one.questions), one.answer, one.instead)))


def _words(mine: Sequence[Example], language: str) -> dict[str, Counter[str]]:
    """How many examples of each answer hold a word, small and without accents."""
    rules = rules_for(language)
    held: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in mine:
        held[one.answer_id].update(set(tokens(one.text, rules)) - rules.fillers)
    return held


def _telling(held: Counter[str], other: Counter[str]) -> tuple[str, ...]:
    alone = [(-times, word) for word, times in held.items() if word not in other]
    return tuple(word for _, word in sorted(alone)[:_TELLING])
