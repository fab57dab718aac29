"""Whose room a question is about: "mẹ tôi", "bà Hà", or a number that may be another's.

Pure. It knows only the names it is given, those of the people who share the phone, and tells
nothing about anybody else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import regex

from bot.text import clean, fold

_WORD = re.compile(r"\w+")
_TITLE = "ông|bà|bác|chú|cô|dì|cậu|mợ|thím|anh|chị|em|cháu|con|già|mế|ama|amí|đồng chí"
_TITLES = frozenset((*_TITLE.split("|"), *fold(_TITLE).split("|")))
_NEAR = "mẹ|má|mế|vợ|chồng|bố|ba|cha|tía"
_KIN = "ông|bà|bác|chú|cô|dì|cậu|anh|chị|em|con|cháu|bạn"
_SIDE = "nội|ngoại|gái|trai|ruột|rể|dâu|vợ|chồng|họ|bạn"
_MINE = "tôi|tui|em|cháu|mình|tớ"
_RELATIVES = re.compile(
    rf"\b(?:(?:{_NEAR})(?: (?:vợ|chồng|em|tôi))?(?: của)? (?:{_MINE})"
    rf"|(?:{_KIN}) (?:{_SIDE})(?: (?:của )?(?:{_MINE}))?"
    r"|(?:ông|bà|dì|cậu|bạn|con) (?:của )?(?:tôi|tui)"
    r"|(?:vợ|chồng)(?= ))\b"
)
_BARE = re.compile(r"\b(?:me|vo|chong|bo|cha) (?:cua )?(?:toi|tui)\b")  # typed without accents
_ENGLISH = re.compile(
    r"\bmy (?:wife|husband|mother|father|mum|mom|dad|son|daughter|sister|brother|friend)('s|’s)?\b"
)
_ROOM = re.compile(r"\b(?:phong|room)(?: so| no\.?| number)? ?(\d{2,4})\b")


# "Anh Tuấn": a capital after a title. Who types all in capitals, or none, names nobody by them.
_SOMEBODY = regex.compile(rf"\b(?i:{_TITLE})(?: \p{{Lu}}\p{{Ll}}*)+")


@dataclass(frozen=True, slots=True)
class Whose:
    """The question as if she asked for herself, and the ids of those it names: none for kin.

    `other`: it names somebody this phone does not speak for.
    """

    rest: str
    named: tuple[int, ...] = ()
    other: bool = False


def whose(text: str, names: Mapping[int, str]) -> Whose | None:
    """Whom a question is about, when it says so; `names` are those of the phone, by their ids."""
    text = clean(text)
    low = text.lower()
    spans = {one: span for one, name in names.items() if (span := _named(low, name))}
    if spans:
        first, last = max(spans.values(), key=lambda span: span[1] - span[0])
        sure = tuple(one for one, span in spans.items() if span == (first, last))
        return Whose(f"{low[:first]}tôi{low[last:]}", sure)
    if text != text.upper() and (hit := _SOMEBODY.search(text)):
        return Whose(f"{low[: hit.start()]}tôi{low[hit.end() :]}", other=True)
    for kin in (_RELATIVES, *((_BARE,) if low == fold(low) else ())):
        if hit := kin.search(low):
            return Whose(f"{low[: hit.start()]}tôi{low[hit.end() :]}")
    if hit := _ENGLISH.search(low):
        return Whose(f"{low[: hit.start()]}{'my' if hit[1] else 'i'}{low[hit.end() :]}")
    return None


def room(text: str) -> str:
    """The number of the room a question names, without zeros in front; "" when it names none."""
    hit = _ROOM.search(fold(clean(text)))
    return hit[1].lstrip("0") if hit else ""


def _named(low: str, name: str) -> tuple[int, int] | None:
    """Where a name stands, with the title before it: whole, its last two words, or title and last.

    What is typed without accents is the name as well.
    """
    said = [(hit.start(), hit.end(), hit[0]) for hit in _WORD.finditer(low)]
    parts = _WORD.findall(clean(name).lower())
    for length in dict.fromkeys((len(parts), 2, 1)):
        if 0 < length <= len(parts):
            for at in _places([one for *_, one in said], parts[-length:]):
                titled = at > 0 and said[at - 1][2] in _TITLES
                if length > 1 or titled:
                    return said[at - 1 if titled else at][0], said[at + length - 1][1]
    return None


def _places(said: Sequence[str], parts: Sequence[str]) -> Iterator[int]:
    for at in range(len(said) - len(parts) + 1):
        pairs = zip(said[at : at + len(parts)], parts, strict=True)
        if all(typed in (part, fold(part)) for typed, part in pairs):
            yield at
