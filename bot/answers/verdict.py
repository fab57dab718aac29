"""Decides whether to answer, to suggest, or to say that nothing was found.

A wrong answer costs a delegate more than a suggestion does, so an answer needs a clear lead; what
is merely likely becomes up to three suggestions, and a person is one step further.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from bot.answers.calibrate import MEASURED, Case, Scale, calibrated, is_enough
from bot.answers.encoder import Encode
from bot.answers.match import Example, Index, Match
from bot.answers.normalise import NO_ABBREVIATIONS, Abbreviations, Rules, rules_for

EVERYONES = "vi"  # searched for every delegate: many ask in Vietnamese whatever they read

SUGGEST_FROM = 0.3  # below, strangers are as many as questions of ours
FOLLOWING_FROM = 0.2  # for the second and third, once there is a first
MOST_SUGGESTIONS = 3
PRECISION, CAREFUL_PRECISION = 0.95, 0.98  # the shares of answers that must be right
_CASES, _ALL_CASES = 500, 600  # examples of one language, of all, asked to learn a score's worth
_FEWER_CASES, _LARGE = 250, 5000  # where each takes longer, and from how many examples on


class Why(StrEnum):
    """The reason of a verdict, for logs and for the organisers' desk."""

    CLEAR = "one answer leads clearly"
    RIVALS = "two answers are both likely"
    WEAK = "no answer is likely enough"
    PARTLY = "the answer speaks of too little of it"
    SENSITIVE = "the answer is sensitive, and not certain enough"
    STRANGE = "none of its words are known"
    NOTHING_ALIKE = "nothing alike was found"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a question: one candidate to answer, up to three to suggest, or none."""

    kind: Literal["answer", "unsure", "nothing"]
    candidates: tuple[Match, ...]
    why: Why


@dataclass(frozen=True, slots=True)
class Matcher:
    """The indexes of one event, one a language."""

    indexes: Mapping[str, Index]
    abbreviations: Abbreviations = field(default_factory=dict)
    scale: Scale = MEASURED
    sensitive: frozenset[str] = frozenset()

    @staticmethod
    def build(
        examples: Iterable[Example],
        abbreviations: Abbreviations = NO_ABBREVIATIONS,
        *,
        precision: float = PRECISION,
        sensitive: Iterable[str] = (),
        careful: float = CAREFUL_PRECISION,
        encode: Encode | None = None,
    ) -> "Matcher":
        """Learns the examples of every language that has some, and what a score is worth here.

        `precision` is the share of answers that must be right, `careful` that of the `sensitive`
        ones. `encode` turns texts into rows of numbers, where somebody plugs such an engine in.
        """
        given = tuple(examples)
        indexes, cases = _learnt(given, encode, tuple(abbreviations.items()))
        return Matcher(
            indexes,
            MappingProxyType(dict(abbreviations)),
            calibrated(cases, precision, careful),
            frozenset(sensitive),
        )

    @property
    def threshold(self) -> float:
        """The least score of an ordinary answer."""
        return self.scale.threshold

    def ask(self, question: str, language: str) -> Verdict:
        """Searches the delegate's language and Vietnamese, and weighs what was found."""
        return weighed(self.matches(question, language), self.scale, self.sensitive)

    def matches(self, question: str, language: str) -> tuple[Match, ...]:
        """The answers either language offers, best first, each once, with its better score."""
        best: dict[str, Match] = {}
        for match in self._found(question, language):
            if match.answer_id not in best or best[match.answer_id].score < match.score:
                best[match.answer_id] = match
        return tuple(sorted(best.values(), key=lambda match: (-match.score, match.answer_id)))

    def _found(self, question: str, language: str) -> Iterator[Match]:
        own, everyones = self.indexes.get(language), self.indexes.get(EVERYONES)
        if own is not None:
            yield from own.match(
                question, self.abbreviations, most=MOST_SUGGESTIONS, scale=self.scale
            )
        if everyones is not None and language != EVERYONES:
            yield from everyones.match(
                question,
                self.abbreviations,
                most=MOST_SUGGESTIONS,
                scale=self.scale,
                typed=_as_a_guest(language, everyones),
                familiar=frozenset(own.vocabulary) if own else frozenset(),
            )


def _cases(indexes: Iterable[Index]) -> list[Case]:
    asked = tuple(indexes)
    most = min(_CASES, _ALL_CASES // max(len(asked), 1))
    few = min(most, _FEWER_CASES)
    sizes = [few if len(index.examples) > _LARGE else most for index in asked]
    return [case for index, size in zip(asked, sizes, strict=True) for case in index.cases(size)]


@lru_cache(maxsize=1)  # a rollback, a restart of a part, and every test ask for the same again
def _learnt(
    given: tuple[Example, ...],
    encode: Encode | None,
    extra: tuple[tuple[str, str | tuple[str, ...]], ...],
) -> tuple[Mapping[str, Index], tuple[Case, ...]]:
    languages = sorted({one.language for one in given})
    indexes = {
        language: Index.build(given, language, encode, dict(extra)) for language in languages
    }
    return MappingProxyType(indexes), tuple(_cases(indexes.values()))


def _as_a_guest(language: str, index: Index) -> Rules:
    """How to read a question in an index of another language than the delegate's.

    What looks misspelt may be well spelt in hers, so no slips are mended. Hmong ends its words in
    tone letters that Telex rules would take for their own, so nothing is touched at all.
    """
    hers = rules_for(language)
    return replace(index.rules, mended_from=0) if hers.shorten else hers


def weighed(
    matches: tuple[Match, ...],
    scale: Scale = MEASURED,
    sensitive: frozenset[str] = frozenset(),
) -> Verdict:
    """The verdict on answers found, best first."""
    likely = tuple(match for match in matches if match.score >= FOLLOWING_FROM)[:MOST_SUGGESTIONS]
    if not likely or likely[0].score < SUGGEST_FROM:
        return Verdict("nothing", (), Why.NOTHING_ALIKE)
    first = likely[0]
    if first.reason.known == 0:
        return Verdict("nothing", (), Why.STRANGE)
    if first.score < scale.threshold:
        return Verdict("unsure", likely, Why.WEAK)
    if not is_enough(first.reason.covered, first.reason.known):
        return Verdict("unsure", likely, Why.PARTLY)
    if first.answer_id in sensitive and first.score < scale.careful:
        return Verdict("unsure", likely, Why.SENSITIVE)
    if len(likely) > 1 and likely[1].score >= scale.threshold and not _repeats(first, likely[1]):
        return Verdict("unsure", likely, Why.RIVALS)
    return Verdict("answer", likely[:1], Why.CLEAR)


def _repeats(first: Match, second: Match) -> bool:
    """Whether the first is asked for word for word: what another language finds does not rival it.

    "Where do delegates check in" is an approved question, however like "check in mấy giờ" it is.
    """
    return first.score == 1.0 and first.reason.likeness == 1 > second.reason.likeness
