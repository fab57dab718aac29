"""Vietnamese typed while the keyboard's Telex or VNI was off: "khasch", "ddaau", "sa5ch".

Works on folded syllables and gives a folded syllable, because that is what is searched. It only
proposes: whoever asks must know the proposal, so that "bus" and "wifi" stay what they are. Where
one word of a message was surely typed so, all were, and proposals nobody knows count too.
"""

import re
from collections.abc import Callable

from bot.answers.wording import BORROWED

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|dd|[bcdghklmnpqrstvx]"
_TYPED = re.compile(rf"({_ONSET})?([aeiouyw][a-z]*)")
_PLAIN = re.compile(rf"(?:{_ONSET})?[aeiouy]{{1,3}}(ch|nh|ng|c|m|n|p|t)?")
_STOPS = ("c", "ch", "p", "t")  # such syllables take only the tones sắc and nặng
_SHAPE_AT_END = re.compile(r"([aeo])((?:ch|nh|ng|[cmnptiuy])+)\1$")
_VNI = re.compile(r"[a-z]+(?:\d{1,2}[a-z]*){1,4}")
_ACRONYM = re.compile("d[d9][bcdghklmnpqrstvx]{2,}")
_LATE = re.compile(r"(?<=[a-z][?!.,;])[sfrxj1-5](?!\w)")
_SHAPES = {"6": "aeo", "7": "ou", "8": "a", "9": "d"}

_BORROWED = frozenset(BORROWED.split())


def repaired(syllable: str, is_known: Callable[[str], bool]) -> str | None:
    """The known syllable that was meant by this folded, unknown one, or None to leave it alone."""
    if is_borrowed(syllable) or not syllable.isascii():
        return None
    meant = _from_vni(syllable) if any(map(str.isdigit, syllable)) else _from_telex(syllable)
    return next((plain for plain in meant if plain != syllable and is_known(plain)), None)


def unkeyed(syllable: str) -> str | None:
    """The syllable this folded word is when the keyboard is known to be off; None if it is none."""
    if not syllable.isascii():
        return None
    if is_acronym(syllable):
        return f"d{syllable[2:]}"
    if any(map(str.isdigit, syllable)):
        meant = _from_vni(syllable, alone="oy")
    else:
        meant = _from_telex(syllable, alone="aeiouy")
    return next((plain for plain in meant if plain != syllable), None)


def is_acronym(word: str) -> bool:
    """Whether this can only be an acronym that begins with Đ: "DDBQH" and "D9BQH" are "ĐBQH"."""
    return _ACRONYM.fullmatch(word) is not None


def without_late_keys(text: str) -> str:
    """The text without a tone key that was struck after the end of the sentence: "gi?f"."""
    return _LATE.sub("", text)


def is_borrowed(word: str) -> bool:
    """Whether a folded word is one that Vietnamese took over as it is: "taxi", "wifi"."""
    return word in _BORROWED


def is_syllable(word: str) -> bool:
    """Whether a folded word could be a Vietnamese syllable."""
    return _PLAIN.fullmatch(word) is not None


def _from_telex(syllable: str, alone: str = "") -> tuple[str, ...]:
    typed = _TYPED.fullmatch(syllable)
    if typed is None:
        return ()
    onset, rest = typed[1] or "", typed[2]
    if onset in ("d", "dd"):
        rest = re.sub("d$", "", rest)
    tones = re.findall("[sfrxjz]", rest)
    rest = re.sub("[sfrxjz]", "", rest)
    shaped = "w" in rest or re.search("aa|ee|oo", rest) is not None
    if len(set(tones)) > 1 or (len(rest) < 2 and not onset + alone and not shaped):
        return ()  # "of", "as" and "is" are words of their own
    rest = re.sub("^w", "u", rest).replace("w", "")  # alone it is ư: "what" is not "hăt"
    rest = re.sub("aa|ee|oo", lambda double: double[0][0], rest)
    plain = onset.replace("dd", "d") + _SHAPE_AT_END.sub(r"\1\2", rest)
    return (plain,) if _can_be(plain, "".join(tones)) else ()


def _can_be(plain: str, tones: str) -> bool:
    shape = _PLAIN.fullmatch(plain)
    return shape is not None and (shape[1] not in _STOPS or tones[:1] in ("", "s", "j", "z"))


def _from_vni(syllable: str, alone: str = "") -> tuple[str, ...]:
    if _VNI.fullmatch(syllable) is None:
        return ()
    digits = [digit for digit in syllable if digit.isdigit()]
    plain = "".join(filter(str.isalpha, syllable))
    tones = [digit for digit in digits if digit not in _SHAPES]
    fits = all(set(_SHAPES.get(digit, plain)) & set(plain) for digit in digits)
    if len(tones) > 1 or not fits or (len(plain) < 2 and len(digits) < 2 and plain not in alone):
        return ()  # "b12", "a1" and "xe29" are a bus, a room and a bus
    return (plain,) if _can_be(plain, "") else ()
