"""What words speak of: "chỗ nào" and "ở đâu" are one thing, and so are "buy" and "purchase".

The lists lie in `lexicon/`, read once when this module is imported; a language without a list has
no things. With ten examples an answer, most questions use a word that no example holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.answers.normalise import Rules, Tokens, rules_for, tokens
from bot.answers.stems import stem

_FOLDER = Path(__file__).parent / "lexicon"
Things = tuple[str, ...]


class Unit(NamedTuple):
    """Words that stand together for some things, or one word that stands for none."""

    words: Tokens
    things: Things


def units(words: Tokens, rules: Rules) -> list[Unit]:
    """The words one after another, the longest phrase that names something taken first."""
    if rules.english:
        return [Unit((word,), _ENGLISH.get((stem(word),), ())) for word in words]
    if rules.vietnamese:
        return list(_phrases(words))
    return [Unit((word,), ()) for word in words]


def things(words: Tokens, rules: Rules) -> list[str]:
    """The things the words name, in their order; a thing named twice stands twice."""
    return [thing for unit in units(words, rules) for thing in unit.things]


def _phrases(words: Tokens) -> Iterator[Unit]:
    at = 0
    while at < len(words):
        longest = min(_LONGEST, len(words) - at)
        sizes = (size for size in range(longest, 0, -1) if words[at : at + size] in _VIETNAMESE)
        size = next(sizes, 1)
        phrase = words[at : at + size]
        yield Unit(phrase, _VIETNAMESE.get(phrase, ()))
        at += size


def _lines(language: str) -> Iterator[tuple[str, str]]:
    """Each line with the name of its thing."""
    text = (_FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith("#"):
            yield f"@{number}", line


def _english() -> Mapping[Tokens, Things]:
    pairs = [((stem(word),), thing) for thing, line in _lines("en") for word in line.split()]
    return _gathered(pairs)


def _vietnamese() -> Mapping[Tokens, Things]:
    rules = rules_for("vi")
    lines = _lines("vi")
    return _gathered(
        [(tokens(said, rules), thing) for thing, line in lines for said in line.split(",")]
    )


def _gathered(pairs: Iterable[tuple[Tokens, str]]) -> dict[Tokens, Things]:
    found: dict[Tokens, Things] = {}
    for words, thing in pairs:
        if thing not in found.get(words, ()):
            found[words] = (*found.get(words, ()), thing)
    return found


_ENGLISH = _english()
_VIETNAMESE = _vietnamese()
_LONGEST = max(map(len, _VIETNAMESE))
