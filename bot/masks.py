"""Takes out of a question what says who asked it, before anybody reads it: numbers, codes, names.

Pure: the names are given. A single given name is an ordinary word and stays.
"""

import re
from collections.abc import Iterable
from itertools import groupby

from bot.text import fold

BLANK = "…"
_TELLING = re.compile(
    r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,9}(?!\d)"  # a phone number, grouped or not
    r"|(?<![\w-])(?=[A-Za-z-]*\d)[0-9A-Za-z]{4}-[0-9A-Za-z]{4}(?![\w-])"  # the code on a card
    r"|(?<!\d)\d(?:[ .-]?\d){4,}(?!\d)"  # digits of a card, an identity paper, a parcel
    r"|\S+@\S+\.\S+|\bhttps?://\S+"  # an address
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORTEST = 2  # words of a name


def masked(text: str, names: Iterable[str] = (), own: Iterable[str] = ()) -> str:
    """The text with a blank for every telling thing.

    `names`: names of two words or more, and codes with a digit. `own`: what stands in her own
    record, like her room, blanked whatever it looks like.
    """
    text = _TELLING.sub(BLANK, text)
    words = [(hit.start(), hit.end(), fold(hit[0])) for hit in _WORD.finditer(text)]
    telling = _by_first(_parts(names, own))
    hidden = [False] * len(words)
    for at, (_, _, first) in enumerate(words):
        for name in telling.get(first, ()):
            if tuple(word for _, _, word in words[at : at + len(name)]) == name:
                hidden[at : at + len(name)] = [True] * len(name)
    return _blanked(text, [span for span, hide in zip(words, hidden, strict=True) if hide])


def _parts(names: Iterable[str], own: Iterable[str]) -> set[tuple[str, ...]]:
    given = {_words(name) for name in names}
    telling = {name for name in given if len(name) >= _SHORTEST or _has_digit(name)}
    return telling | {words for words in map(_words, own) if words}


def _words(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in _WORD.findall(name))


def _has_digit(name: tuple[str, ...]) -> bool:
    return any(letter.isdigit() for word in name for letter in word)


def _by_first(names: set[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    ordered = sorted(names)
    return {first: list(group) for first, group in groupby(ordered, key=lambda name: name[0])}


def _blanked(text: str, spans: list[tuple[int, int, str]]) -> str:
    for start, end, _ in reversed(spans):
        text = text[:start] + BLANK + text[end:]
    return re.sub(rf"{BLANK}(?:\s*{BLANK})+", BLANK, text)
