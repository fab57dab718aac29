"""How much of a question the examples speak of at all, and how much those of one answer do.

Likeness alone is fooled by common words: "giá vàng hôm nay" is much like "hôm nay có gì", yet what
it asks for stands in no example of that answer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from bot.answers.features import characters
from bot.answers.normalise import Rules, Tokens, alike


@dataclass(frozen=True, slots=True)
class Cover:
    """What the examples of each answer speak of, and how few answers speak of it."""

    rules: Rules
    spoken: tuple[frozenset[str], ...]
    rarity: Mapping[str, float]
    unheard: float  # the rarity of what no answer speaks of

    @staticmethod
    def of(said: Sequence[Tokens], owner: Sequence[int], answers: int, rules: Rules) -> "Cover":
        """Gathers the words of the examples, each of which belongs to the answer `owner` names."""
        gathered: list[set[str]] = [set() for _ in range(answers)]
        for words, answer in zip(said, owner, strict=True):
            for word, thing in _units(words, rules):
                gathered[answer] |= {word, thing}
        spread = Counter(word for words in gathered for word in words)
        rarity = {word: log((1 + answers) / (1 + times)) + 1 for word, times in spread.items()}
        return Cover(rules, tuple(map(frozenset, gathered)), rarity, log(1 + answers) + 1)

    def known(self, question: Tokens) -> float:
        """The share of the question, 0 to 1, that some example speaks of; rare words weigh more.

        Greetings, pronouns and numbers do not count; a question of nothing else knows nothing.
        """
        return self._share(question, self.rarity)

    def by(self, answer: int, question: Tokens) -> float:
        """The same for the examples of one answer."""
        return self._share(question, self.spoken[answer])

    def _share(self, question: Tokens, held: Mapping[str, float] | frozenset[str]) -> float:
        whole = part = 0.0
        for word, thing in _units(question, self.rules):
            if word in self.rules.fillers or word.isdigit():
                continue
            weight = self.rarity.get(word, self.unheard)
            whole += weight
            part += weight if word in held or thing in held else 0
        return part / whole if whole else 0.0


def _units(words: Tokens, rules: Rules) -> list[tuple[str, str]]:
    """Each word with the thing it helps to name, or with itself."""
    if not rules.spaced:
        return [(gram, gram) for gram in characters(words)]
    units = [(word, word) for word in words]
    for start, end, thing in alike(words) if rules.vietnamese else ():
        units[start:end] = [(word, thing) for word in words[start:end]]
    return units
