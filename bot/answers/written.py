"""Example questions, read as a delegate's question is: chat spellings and left-over keys too.

An organiser who copies what people really typed ("ks o dau z") must be found by who spells it
out, and by who shortens another word. A form with several senses takes the one that the other
examples speak of.
"""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from bot.answers.normalise import (
    Abbreviations,
    Rules,
    Tokens,
    chat_forms,
    key,
    readings,
    tokens,
    words,
)
from bot.answers.telex import is_borrowed, repaired, unkeyed

_Pairs: TypeAlias = Collection[tuple[str, str]]
_HOUR_OR_ROOM = re.compile(r"\d+h\d*|p\d+")
_ALSO_WORDS = frozenset(("hong", "mun", "bit", "khum"))  # "hoa hong" is a flower
_SURELY_OFF = 2  # words that no other keyboard would leave


def as_read(texts: Sequence[str], rules: Rules, extra: Abbreviations) -> list[Tokens]:
    """The words of each example, as a question that says the same would be read."""
    plain = [tokens(text, rules) for text in texts]
    if not rules.vietnamese:
        return plain
    every = {word for said in plain for word in said}
    left_over = [_left_over(text, rules, every) for text in texts]
    short = [_short(text, rules, chat_forms(rules, extra)) for text in texts]
    known: Counter[str] = Counter()
    for text, *odd in zip(texts, left_over, short, strict=True):
        known.update(word for word in words(text, rules) if not any(word in one for one in odd))
    pairs = {pair for said in plain for pair in itertools.pairwise(said)}
    return [
        _likeliest(readings(text, rules, known, extra, keyboard_off=bool(keys)), known, pairs)
        if keys or forms
        else said
        for text, said, keys, forms in zip(texts, plain, left_over, short, strict=True)
    ]


def _left_over(text: str, rules: Rules, every: Collection[str]) -> frozenset[str]:
    """The words that a keyboard left which was off; none for a single doubtful one."""
    found = {
        word for word in words(text, rules) if not is_borrowed(word) and unkeyed(word) is not None
    }
    sure = len(found) >= _SURELY_OFF or any(repaired(word, every.__contains__) for word in found)
    return frozenset(found) if sure else frozenset()


def _short(text: str, rules: Rules, forms: Collection[str]) -> frozenset[str]:
    """Its chat spellings. "Hội trường K" has none: one letter needs a text without accents."""
    bare = key(text, rules) == text.lower()
    return frozenset(
        word
        for word in words(text, rules)
        if _HOUR_OR_ROOM.fullmatch(word)
        or (word in forms and (bare or len(word) > 1) and word not in _ALSO_WORDS)
    )


def _likeliest(ways: Sequence[Tokens], known: Mapping[str, int], pairs: _Pairs) -> Tokens:
    def support(way: Tokens) -> tuple[int, float]:
        heard = sum(word in known for word in way) / max(len(way), 1)
        return sum(pair in pairs for pair in itertools.pairwise(way)), heard

    return max(ways, key=support)
