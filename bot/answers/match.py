"""Finds the approved answers a question may be asking for, best first, and says why.

One index holds the example questions of one language. It never changes once built: a new content
version builds a new one beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from bot.answers.accents import contradict, same
from bot.answers.calibrate import MEASURED, Case, Scale, Signals
from bot.answers.cover import share, weighed_words
from bot.answers.drawn import drawn
from bot.answers.encoder import Encode, Meaning
from bot.answers.features import Floats, Rows, Whole, kinds
from bot.answers.head import LEFT_OUT, Standing, stand
from bot.answers.normalise import (
    NO_ABBREVIATIONS,
    Abbreviations,
    Rules,
    Tokens,
    readings,
    rules_for,
    tokens,
)
from bot.answers.written import as_read

NOBODY = -1  # has a question alone
_AT_HOME = 3.5  # more than any other question can belong
_FOLLOWING = 6.0  # how fast the chances of followers fall with the score they lack


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
    belonging: float = 0.0  # how much the question is of this content at all, whatever is right


@dataclass(frozen=True, slots=True)
class Match:
    """An answer that may be meant. The score, 0 to 1, is how likely it is the right one."""

    answer_id: str
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the question, compared with every example."""

    said: Tokens
    likeness: Floats


@dataclass(frozen=True, slots=True)
class Index:
    """The example questions of one language, ready to be asked."""

    language: str
    examples: tuple[Example, ...]  # answer by answer
    answers: tuple[str, ...]
    rules: Rules
    said: tuple[Tokens, ...]
    vocabulary: Mapping[str, int]  # how many examples hold each word
    begin: Whole  # the examples of answer `a` are `begin[a]` to `begin[a + 1]`
    rows: Rows
    verbatim: Mapping[Tokens, Sequence[int]]  # where the very words of a question stand
    meaning: Meaning | None = None  # what an encoder says, where one is plugged in

    @staticmethod
    def build(
        examples: Iterable[Example],
        language: str,
        encode: Encode | None = None,
        extra: Abbreviations = NO_ABBREVIATIONS,
    ) -> "Index":
        """Learns the examples of this language; others are passed over, and so are empty ones.

        `extra` are the event's chat spellings, which examples may hold as well as questions.
        """
        rules = rules_for(language)
        given = [one for one in examples if one.language == language]
        read = as_read([one.text for one in given], rules, extra)
        pairs = [pair for pair in zip(given, read, strict=True) if pair[1]]
        pairs.sort(key=lambda pair: pair[0].answer_id)
        mine = tuple(one for one, _ in pairs)
        said = tuple(said for _, said in pairs)
        sizes = Counter(one.answer_id for one in mine)
        answers = tuple(sorted(sizes))
        begin = np.cumsum([0, *(sizes[one] for one in answers)]).astype(np.int32)
        owner = np.repeat(np.arange(len(answers)), np.diff(begin)).astype(np.int32)
        index = Index(
            language=language,
            examples=mine,
            answers=answers,
            rules=rules,
            said=said,
            vocabulary=MappingProxyType(Counter(word for words in said for word in set(words))),
            begin=begin,
            rows=Rows.of(said, owner, kinds(rules)),
            verbatim=_verbatim(said),
        )
        if encode is None or not mine:
            return index
        return replace(
            index, meaning=_blended(index, Meaning.of([one.text for one in mine], encode))
        )

    def match(
        self,
        question: str,
        extra: Abbreviations = NO_ABBREVIATIONS,
        *,
        most: int = 3,
        typed: Rules | None = None,
        familiar: frozenset[str] = frozenset(),
        scale: Scale = MEASURED,
    ) -> tuple[Match, ...]:
        """The answers the question may mean, best first, at most `most`; none if nothing is alike.

        `extra` are the event's chat spellings. A delegate whose language is not this index's may
        be searching: `typed` are then the rules of theirs, and words in `familiar` are theirs too,
        not misspelt words of this language.
        """
        if not self.answers:
            return ()
        rules = typed or self.rules
        ways = readings(question, rules, self.vocabulary, extra, familiar)
        best = max(map(self._read, ways), key=self._fit)
        if self.meaning is not None:
            best = replace(best, likeness=self.meaning.fused(best.likeness, question))
        if not best.likeness.any():
            return ()
        found = self._ranked(best, most, scale, met=self._met(best.said, question))
        if len(best.said) > _MOST_GUESSED or self._is_spoken(tokens(question, rules)):
            return found
        plain = readings(question, replace(rules, mended_from=0), self.vocabulary, extra, familiar)
        if any(map(self._is_spoken, plain)):
            return found
        # All of it is guessed ("htẻ" alone): what was typed is spoken of nowhere.
        return tuple(replace(one, reason=replace(one.reason, covered=0.0)) for one in found)

    def _is_spoken(self, words: Tokens) -> bool:
        return any(word in self.vocabulary for word in words)

    def without(self, example: int, *, most: int = 3, scale: Scale = MEASURED) -> tuple[Match, ...]:
        """What the example at this place would find if it were not there itself."""
        said = self.said[example]
        way = _Reading(said, self._apart(example, (example, example + 1)))
        return self._ranked(way, most, scale, left_out=(example, example + 1))

    def cases(self, most: int) -> list[Case]:
        """At most `most` examples, evenly drawn, each asked without itself and without its answer.

        An answer with a single example is only asked as a strange question.
        """
        chosen = drawn([one.text for one in self.examples], self.begin.tolist(), most)
        return [case for example in chosen for case in self._cases(example)]

    def _cases(self, example: int) -> Iterable[Case]:
        answer = int(np.searchsorted(self.begin, example, "right")) - 1
        first, last = self.begin[answer : answer + 2].tolist()
        for span in ((example, example + 1), (first, last)):
            strange = span == (first, last)
            likeness = self._apart(example, span)
            likeness[self._one_of_each(example, answer)] = LEFT_OUT
            standing = stand(likeness, self.begin, self._gram)
            if len(standing.answers):
                signals = self._signals(self.said[example], standing, span)
                yield Case(signals, not strange and standing.answers[0] == answer, strange)

    def _apart(self, example: int, span: tuple[int, int]) -> Floats:
        """The likeness of an example to all others, as if those of a span were not there."""
        likeness = self.rows.likeness(self.rows.question(self.said[example]))
        if self.meaning is not None:
            likeness = self.meaning.fused(likeness, example)
        likeness[span[0] : span[1]] = LEFT_OUT
        return likeness

    def _one_of_each(self, example: int, answer: int) -> Whole:
        """An example of every other answer that has several.

        Left out too, lest the answer that lost the one that is asked have fewer than the others:
        with five examples each, that made our scores look much less certain than they are.
        """
        sizes = np.diff(self.begin)
        others = np.flatnonzero((sizes > 1) & (np.arange(len(sizes)) != answer))
        return np.asarray(self.begin[others] + example % sizes[others], dtype=np.int32)

    def _gram(self, some: Whole) -> Floats:
        gram = self.rows.gram(some)
        return gram if self.meaning is None else self.meaning.fused_gram(gram, some)

    def _read(self, said: Tokens) -> _Reading:
        return _Reading(said, self.rows.likeness(self.rows.question(said)))

    def _fit(self, way: _Reading) -> tuple[bool, float]:
        near = np.sort(np.partition(way.likeness, -3)[-3:]) if len(way.likeness) > 3 else [0.0]
        best = float(way.likeness.max(initial=0))
        return way.said in self.verbatim, best + float(np.mean(near))

    def _met(self, said: Tokens, question: str) -> int | None:
        """The answer of which a question repeats an example; NOBODY when it is nobody's alone."""
        places = self.verbatim.get(said, ())
        agreeing = [at for at in places if not contradict(question, self.examples[at].text)]
        exactly = [at for at in agreeing if same(question, self.examples[at].text)]
        owners = {self.examples[at].answer_id for at in exactly or agreeing}
        if len(owners) == 1:
            return self.answers.index(owners.pop())
        return NOBODY if places else None

    def _signals(
        self, said: Tokens, standing: Standing, left_out: tuple[int, int] = (0, 0)
    ) -> Signals:
        """What speaks for the first answer, as if the examples of a span were not there."""
        first, last = self.begin[standing.answers[0] :][:2].tolist()
        scores = standing.scores.tolist()
        words = weighed_words(said, self.rows, self.rules)
        held = self.rows.held

        def is_known(term: str) -> bool:
            return held(term, 0, len(self.examples)) > held(term, *left_out)

        def is_covered(term: str) -> bool:
            inside = first <= left_out[0] < last
            return held(term, first, last) > (held(term, *left_out) if inside else 0)

        return Signals(
            score=scores[0],
            lead=scores[0] - max([*scores[1:2], 0.0]),
            nearest=float(standing.nearest[0]),
            agreeing=float(standing.agreeing[0]),
            covered=share(words, is_covered),
            known=share(words, is_known),
            length=Signals.measured(len(said)),
        )

    def _ranked(
        self,
        way: _Reading,
        most: int,
        scale: Scale,
        *,
        met: int | None = None,
        left_out: tuple[int, int] = (0, 0),
    ) -> tuple[Match, ...]:
        standing = stand(way.likeness, self.begin, self._gram)
        if not len(standing.answers):
            return ()
        signals = self._signals(way.said, standing, left_out)
        belonging = signals.belonging(float(np.maximum(standing.scores, 0).sum()))
        likely = 1.0 if met not in (None, NOBODY) else scale.likely(signals)
        if met == NOBODY:
            likely = min(likely, 0.5)  # two answers have this very question: a toss of a coin
        order = np.argsort(standing.answers != met, kind="stable")[:most]
        scores = standing.scores[order]
        # Followers fall behind as their chances do: by the score they lack.
        behind = np.exp(_FOLLOWING * np.minimum(scores - scores[0], 0))
        return tuple(
            Match(
                self.answers[answer],
                float(likely * share_of_it),
                self._reason(way, int(answer), signals, belonging),
            )
            for answer, share_of_it in zip(standing.answers[order], behind, strict=True)
        )

    def _reason(self, way: _Reading, answer: int, signals: Signals, belonging: float) -> Reason:
        first, last = self.begin[answer : answer + 2].tolist()
        nearest = first + int(np.argmax(way.likeness[first:last]))
        shared = self._shared(nearest, way.said)
        if self.said[nearest] == way.said:
            return Reason(self.examples[nearest].text, shared, 1.0, 1.0, 1.0, _AT_HOME)
        words = weighed_words(way.said, self.rows, self.rules)
        return Reason(
            example=self.examples[nearest].text,
            words=shared,
            likeness=float(way.likeness[nearest]),
            covered=share(words, lambda term: self.rows.held(term, first, last) > 0),
            known=signals.known,
            belonging=belonging,
        )

    def _shared(self, example: int, said: Tokens) -> tuple[str, ...]:
        words = self.examples[example].text.split()
        return tuple(word for word in words if not _keyed(word, self.rules).isdisjoint(said))


def _blended(index: Index, meaning: Meaning) -> Meaning:
    """The blend of letters and meaning that finds most examples, asked without themselves."""
    found = [
        (sum(case.right for case in replace(index, meaning=blend).cases(_TRIED)), blend)
        for blend in meaning.blends()
    ]
    alone = found[0][0]
    # A fusion has to be clearly better than the encoder alone: luck among the tried is not enough.
    best, blend = max(found, key=lambda pair: pair[0])
    return blend if best > alone + alone**0.5 / 4 else found[0][1]


_TRIED = 200  # examples asked for each blend
_MOST_GUESSED = 6  # words; a longer message is not all slips of the finger


def _verbatim(said: Iterable[Tokens]) -> Mapping[Tokens, Sequence[int]]:
    places: defaultdict[Tokens, list[int]] = defaultdict(list)
    for at, words in enumerate(said):
        places[words].append(at)
    return MappingProxyType(places)


@lru_cache(maxsize=8192)  # the same few words come up in every reason
def _keyed(word: str, rules: Rules) -> frozenset[str]:
    return frozenset(tokens(word, rules))
