"""A finger beside the key: "khcah san" for "khach san".

Only what cannot be a word is mended. A Vietnamese syllable nobody wrote an example with is a word
all the same, and English words are left alone while they are short: so clean questions lose
nothing.
"""

from collections.abc import Mapping

from bot.answers.telex import is_borrowed, is_syllable

_KEYS = "abcdefghijklmnopqrstuvwxyz"
_MOST_MEANINGS = 3
_LONGEST = 15


def meant(word: str, known: Mapping[str, int], shortest: int, *, vietnamese: bool) -> list[str]:
    """The known words one slip away from this folded, unknown one, the commonest first.

    `known` says how many examples hold a word; `shortest` is the length from which to mend,
    0 for never.
    """
    if not 0 < shortest <= len(word) <= _LONGEST or not (word.isascii() and word.isalpha()):
        return []
    if is_borrowed(word) or (vietnamese and is_syllable(word)):
        return []
    near = {one for one in _one_slip_away(word) if one in known and len(one) >= shortest - 1}
    return sorted(near, key=lambda one: (-known[one], one))[:_MOST_MEANINGS]


def _one_slip_away(word: str) -> set[str]:
    """A letter too many, two in the wrong order, a wrong letter, a letter too few."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    without = {head + tail[1:] for head, tail in cuts if tail}
    turned = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    wrong = {head + key + tail[1:] for head, tail in cuts if tail for key in _KEYS}
    return without | turned | wrong | {head + key + tail for head, tail in cuts for key in _KEYS}
