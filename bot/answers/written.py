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
    pieces,
    readings,
    tokens,
    words,
)
from bot.answers.telex import is_borrowed, repaired, unkeyed
from bot.text import fold

_Pairs: TypeAlias = Collection[tuple[str, str]]
_HOUR_OR_ROOM = re.compile(r"\d+h\d*|p\d+")
_ALSO_WORDS = frozenset(("hong", "mun", "bit", "khum"))  # "hoa hong" is a flower
_SURELY_OFF = 2  # words that no other keyboard would leave


def as_read(texts: Sequence[str], rules: Rules, extra: Abbreviations) -> list[Tokens]:
    """The words of each example, as a question that says the same would be read."""
    if not rules.vietnamese:
        return [tokens(text, rules) for text in texts]
    typed = [words(text, rules) for text in texts]
    said = [pieces(one) for one in typed]
    every = frozenset(itertools.chain.from_iterable(typed))
    # Each word is looked at once, not in each of the thousands of texts it stands in.
    keyed = frozenset(one for one in every if not is_borrowed(one) and unkeyed(one) is not None)
    forms = chat_forms(rules, extra)
    short = frozenset(one for one in every if _HOUR_OR_ROOM.fullmatch(one) or one in forms)
    odd = {
        at: (_left_over(one, keyed, every), _short(texts[at], one, short - _ALSO_WORDS))
        for at, one in enumerate(typed)
        if not (keyed.isdisjoint(one) and short.isdisjoint(one))
    }
    if not any(itertools.chain.from_iterable(odd.values())):
        return said
    known: Counter[str] = Counter()
    for at, one in enumerate(typed):
        known.update(set(one).difference(*odd[at]) if at in odd else one)
    pairs = {pair for one in said for pair in itertools.pairwise(one)}
    for at, (keys, chat) in odd.items():
        if keys or chat:
            ways = readings(texts[at], rules, known, extra, keyboard_off=bool(keys))
            said[at] = _likeliest(ways, known, pairs)
    return said


def _left_over(typed: Tokens, keyed: frozenset[str], every: Collection[str]) -> frozenset[str]:
    """The words that a keyboard left which was off; none for a single doubtful one."""
    found = keyed.intersection(typed)
    sure = len(found) >= _SURELY_OFF or any(repaired(word, every.__contains__) for word in found)
    return found if sure else frozenset()


def _short(text: str, typed: Tokens, short: frozenset[str]) -> frozenset[str]:
    """Its chat spellings. "Hội trường K" has none: one letter needs a text without accents."""
    found = short.intersection(typed)
    if not found or fold(text) == text.lower():
        return found
    return frozenset(word for word in found if len(word) > 1)


def _likeliest(ways: Sequence[Tokens], known: Mapping[str, int], pairs: _Pairs) -> Tokens:
    def support(way: Tokens) -> tuple[int, float]:
        heard = sum(word in known for word in way) / max(len(way), 1)
        return sum(pair in pairs for pair in itertools.pairwise(way)), heard

    return max(ways, key=support)
