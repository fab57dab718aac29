"""How much of a question the examples speak of at all, and how much those of one answer do.

Likeness alone is fooled by common words: "giá vàng hôm nay" is much like "hôm nay có gì", yet what
it asks for stands in no example of that answer.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.answers.concepts import units
from bot.answers.features import Rows
from bot.answers.normalise import Rules, Tokens
from bot.answers.stems import stem


class Said(NamedTuple):
    """A word of a question: what it weighs, and the terms of which one has to be spoken of."""

    weight: float
    terms: tuple[str, ...]


def weighed_words(question: Tokens, rows: Rows, rules: Rules) -> list[Said]:
    """The words that count, rare ones more. Greetings, pronouns and numbers do not count."""
    found = []
    for phrase, things in _units(question, rules):
        for word in phrase:
            if word in rules.fillers or word.isdigit():
                continue
            term = stem(word) if rules.english else word
            at = rows.column.get(term)
            weight = rows.unheard if at is None else float(rows.rarity[at])
            found.append(Said(weight, (term, *things)))
    return found


def share(question: Sequence[Said], is_spoken_of: Callable[[str], bool]) -> float:
    """The share of the question, 0 to 1, that is spoken of; nothing of a question of no words."""
    whole = sum(said.weight for said in question)
    part = sum(said.weight for said in question if any(map(is_spoken_of, said.terms)))
    return part / whole if whole else 0.0


def _units(words: Tokens, rules: Rules) -> list[tuple[Tokens, tuple[str, ...]]]:
    if rules.spaced:
        return [(unit.words, unit.things) for unit in units(words, rules)]
    text = "".join(words)
    return [((text[at : at + 2],), ()) for at in range(len(text) - 1)]
