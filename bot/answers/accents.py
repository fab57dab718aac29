"""What accents still say after a search without them: "chào" is a greeting, "cháo" is a meal.

Only asked about an example that a question repeats word for word. Who types no accents, or only
some, contradicts nobody; hỏi and ngã are confused by half the country and count as one.
"""

import re
from unicodedata import normalize

from bot.text import clean, fold

_WORD = re.compile(r"[^\W\d_]+")
_HOOK, _TILDE = "\u0309", "\u0303"


def contradict(question: str, example: str) -> bool:
    """Whether half of the words or more are other words, the letters below the accents alike."""
    pairs = _pairs(question, example)
    others = sum(
        said != meant and _is_accented(said) and _is_accented(meant) for said, meant in pairs
    )
    return 2 * others >= max(len(pairs), 1)


def same(question: str, example: str) -> bool:
    """Whether all words have the same accents, and there are some."""
    pairs = _pairs(question, example)
    return any(map(_is_accented, (said for said, _ in pairs))) and all(
        said == meant for said, meant in pairs
    )


def _pairs(question: str, example: str) -> list[tuple[str, str]]:
    """Word by word; nothing when they do not stand side by side, as with "ks" and "khách sạn"."""
    one, other = _words(question), _words(example)
    if [fold(word) for word in one] != [fold(word) for word in other]:
        return []
    return list(zip(one, other, strict=True))


def _words(text: str) -> list[str]:
    return [_sorted(word) for word in _WORD.findall(clean(text).lower())]


def _sorted(word: str) -> str:
    """The word apart into letters and marks, the marks in one order wherever they stood."""
    letters = normalize("NFD", word).replace(_HOOK, _TILDE)
    return "".join(sorted(letters, key=lambda one: "\u0300" <= one <= "\u036f"))


def _is_accented(word: str) -> bool:
    return fold(word) != word
