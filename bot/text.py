"""Vietnamese, Khmer and Tây Nguyên text, handled once and by what a reader sees.

Phones, spreadsheets and copied web pages spell one word in several code point orders and carry
characters nobody sees. Everything that comes in passes `clean`, everything compared passes `fold`,
and everything counted or cut goes by visible characters (grapheme clusters), never code points.
"""

import re
from unicodedata import category, normalize

import regex

_MARKS_AT_MOST = 8  # on one letter; Khmer needs five, a prank needs thousands
_POINTS_PER_CHARACTER = 16  # bounds the work before anything is counted

# Khmer's coeng (U+17D2) binds the next consonant; older tables of clusters do not know that.
_CLUSTER = regex.compile("\\X(?:(?<=\u17d2)\\X)*")
_MARK_PILE = regex.compile(rf"(\p{{M}}{{{_MARKS_AT_MOST}}})\p{{M}}+")
_WORD_HINT = re.compile("(?<=[\u1780-\u17ff])\u200b+(?=[\u1780-\u17ff])|(\u200b)")
_STRIPPED = " \n\t\u200b"

_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\t\v\f"), " ")
_LINES = dict.fromkeys(map(ord, "\r\u0085\u2028\u2029"), "\n")
# Print nothing: the joiner, Hangul fillers, the Braille blank, two inherent vowels of Khmer.
_BLANK = frozenset("\u034f\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")

_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_ACCENTS = re.compile("[\u0300-\u036f]")
# NFD leaves these whole: a stroke is not a mark. Ð and Ɖ are look-alikes old keyboards produce.
_STROKES = {ord(letter): "d" for letter in "đĐðÐɖƉ"} | {ord(letter): "b" for letter in "ƀɃ"}
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ‛`´′＇"), "'")
_FOLDED = {**_HIDDEN, **_SPACES, **_STROKES, **_APOSTROPHES}

# The marks that make a letter of its own in Vietnamese (a ă â), after which tones are compared.
_OWN_LETTER = {"\u0306": 1, "\u0302": 2, "\u031b": 3}
_NUMBER = re.compile(r"(\d+)")

_SENTENCE_END = regex.compile(
    r"""(?<=[.!?…។៕。！？]["'”’»)\]]*)(?<!(?:^|[.!?…]\s+)\p{N}{1,2}\.)\s+|(?<=[។៕。！？])|\n+""",
    regex.MULTILINE,
)
_SYLLABLE = regex.compile(r"\p{N}+(?:[.,:/]\p{N}+)*|[\p{L}\p{M}_](?:['’ʼ]?[\p{L}\p{M}\p{N}_])*")
_PHONE = re.compile(r"\(?\+?\d[\d .()-]*")


def nfc(s: str) -> str:
    """The same text with every letter composed, so that equal words are equal strings."""
    return normalize("NFC", s)


def clean(s: str, limit: int = 2000) -> str:
    """What a stranger typed, made safe to store, compare and show again.

    Composed; without control, direction and invisible characters; with plain spaces; trimmed;
    cut at `limit` visible characters. Line breaks stay, and so does the zero-width space between
    two Khmer letters, which is a legal place to break the line.
    """
    shorter = s[: limit * _POINTS_PER_CHARACTER].replace("\r\n", "\n")
    if shorter.isascii() and shorter.isprintable():  # as the value of every button is
        return shorter.strip(_STRIPPED)[:limit].strip(_STRIPPED)
    seen = "".join(filter(_is_seen, shorter.translate(_SPACES).translate(_LINES)))
    hinted = _WORD_HINT.sub(lambda hit: "" if hit[1] else "\u200b", seen)
    composed = _without_piles(nfc(_without_piles(hinted))).strip(_STRIPPED)
    return "".join(graphemes(composed)[:limit]).strip(_STRIPPED)


def _is_seen(character: str) -> bool:
    if character in "\n\u200b":
        return True
    return category(character) not in ("Cc", "Cf", "Cs") and character not in _BLANK


def _without_piles(s: str) -> str:
    """Composing a run of a thousand marks takes quadratic time and covers the lines around it."""
    thinner: str = _MARK_PILE.sub(r"\1", s)
    return thinner


def fold(s: str) -> str:
    """The search key of a text: small letters without Latin accents, strokes or hidden characters.

    "ĐẮK LẮK", "đăk lăk" and "dak lak" fold alike, and so do "hoà" and "hòa". The vowels of Khmer,
    Lao and Tai Viet are marks of their own and stay. Never store or show a folded text.
    """
    bare = _ACCENTS.sub("", normalize("NFD", s.translate(_FOLDED).lower()))
    return nfc(bare)


def alphabetical(s: str) -> tuple[object, ...]:
    """A key to sort by: the Vietnamese alphabet, numbers as numbers, then tones and the rest."""
    whole = nfc(s)
    pieces = _NUMBER.split(normalize("NFD", whole).casefold())
    key = [(int(one), ()) if one.isdecimal() else (-1, _letters(one)) for one in pieces]
    return tuple(key), whole


def _letters(s: str) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for character in s:
        own = _OWN_LETTER.get(character, 0)
        if own and found:
            found[-1] = (found[-1][0], own)
        elif category(character) != "Mn":
            found.append(("d", 1) if character == "đ" else (character, 0))
    return tuple(found)


def graphemes(s: str) -> list[str]:
    """The visible characters of a text, each with its marks. Joined, they give the text again."""
    seen: list[str] = _CLUSTER.findall(s)
    return seen


def visible_length(s: str) -> int:
    """How many characters a reader sees."""
    return len(graphemes(s))


def clip(s: str, n: int) -> str:
    """The text if it has at most `n` visible characters, else its beginning and an ellipsis."""
    seen = graphemes(s)
    if len(seen) <= n:
        return s
    return "".join(seen[: n - 1]).rstrip() + "…" if n > 0 else ""


def split(s: str, n: int) -> list[str]:
    """Long text in parts of at most `n` visible characters, cut where a reader would pause.

    Tries a paragraph, a line, a sentence, a space, and last the border between two characters.
    Joined, the parts lack only white space. A blank text has no parts. `n` is at least 1.
    """
    if n < 1:
        raise ValueError("a part needs room for at least one character")
    rest, parts = graphemes(s.strip()), []
    while len(rest) > n:
        cut = _best_cut(rest, n)
        parts.append("".join(rest[:cut]).strip())
        rest = rest[cut:]
        while rest and rest[0].isspace():
            rest = rest[1:]
    parts.append("".join(rest).strip())
    return [part for part in parts if part]


def _best_cut(seen: list[str], n: int) -> int:
    """How many of the characters go into the first part; the last good border wins."""
    for least, is_border in ((n // 3, _ends_paragraph), (n // 3, _ends_line)):
        for cut in range(n, least, -1):
            if is_border(seen, cut):
                return cut
    for least, is_border in ((n // 3, _ends_sentence), (0, _ends_word)):
        for cut in range(n, least, -1):
            if is_border(seen, cut):
                return cut
    return n


def _ends_paragraph(seen: list[str], cut: int) -> bool:
    return seen[cut - 1 : cut + 1] == ["\n", "\n"]


def _ends_line(seen: list[str], cut: int) -> bool:
    return seen[cut] == "\n"


def _ends_sentence(seen: list[str], cut: int) -> bool:
    if seen[cut - 1][0] in "។៕。！？":
        return True
    return seen[cut].isspace() and seen[cut - 1][-1] in '.!?…”"'


def _ends_word(seen: list[str], cut: int) -> bool:
    return seen[cut].isspace() or seen[cut - 1].endswith("\u200b")


def sentences(s: str) -> list[str]:
    """The sentences of a text, without the white space between them. A line break ends one too.

    The number before a choice ("1. Xem phòng") belongs to its sentence.
    """
    return [part for part in map(str.strip, _SENTENCE_END.split(s)) if part]


def syllables(s: str) -> list[str]:
    """The Vietnamese syllables of a text; a number or a time ("14:30") counts as one."""
    found: list[str] = _SYLLABLE.findall(s)
    return found


def phone_groups(number: str) -> str:
    """A Vietnamese phone number as people read it aloud: "+84912345678" -> "0912 345 678".

    Anything that is not plainly a Vietnamese number comes back as it was printed.
    """
    if not _PHONE.fullmatch(number.strip()):
        return number
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+84") or (digits.startswith("84") and len(digits) == 11):
        digits = "0" + digits.removeprefix("84").removeprefix("0")
    return _grouped(digits) or number.strip()


def _grouped(digits: str) -> str | None:
    sizes = {
        (10, "0"): (4, 3, 3),
        (11, "0"): (3, 4, 4) if digits[:3] in ("024", "028") else (4, 4, 3),
        (8, "1"): (4, 4),
        (10, "1"): (4, 3, 3),
    }.get((len(digits), digits[:1]))
    if sizes is None or (digits[0] == "1" and digits[:4] not in ("1800", "1900")):
        return None
    first, second = sizes[0], sizes[0] + sizes[1]
    return " ".join(filter(None, (digits[:first], digits[first:second], digits[second:])))
