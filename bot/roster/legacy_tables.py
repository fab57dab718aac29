"""How text typed in the fonts of the 1990s becomes Unicode: TCVN3 (.VnTime), VNI and three mishaps.

Those fonts drew Vietnamese letters in the places of Western ones, so the stored text is Western
gibberish: "Nguyễn" is "NguyÔn" in TCVN3 and "Nguyeãn" in VNI. Each function here turns one kind of
gibberish back, or says that the text cannot be of that kind.
"""

import re
from collections.abc import Callable
from unicodedata import normalize

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"


def _western(byte: int) -> str:
    """The character Windows shows for a byte; the five unused ones stay control characters."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_WESTERN = [_western(byte) for byte in range(256)]
_BYTES = {ord(shown): byte for byte, shown in enumerate(_WESTERN)}


def western(raw: bytes) -> str:
    """Bytes read as Western Windows text, which never fails and loses nothing."""
    return raw.decode("latin-1").translate(dict(enumerate(_WESTERN)))


def _back_to_bytes(text: str) -> bytes | None:
    found = [_BYTES.get(ord(character)) for character in text]
    return None if None in found else bytes(byte for byte in found if byte is not None)


# TCVN 5712:1993, VN3. Its capitals with a tone live in a second font (.VnTimeH) at the same places.
_TCVN3_OF = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3_IS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3 = {ord(of): letter for of, letter in zip(_TCVN3_OF, _TCVN3_IS, strict=True)}
_TCVN3[0x3BC] = "à"  # the Greek letter some programs put for the sign µ


def from_tcvn3(text: str) -> str | None:
    """TCVN3 (ABC) text, shown by a Western program, as Unicode. None if it cannot be TCVN3."""
    if not all(ord(at) < 0x80 or ord(at) in _TCVN3 or ord(at) == 0xA0 for at in text):
        return None
    return _with_capitals(text, text.translate(_TCVN3))


def _with_capitals(old: str, new: str) -> str:
    """Give back the capitals TCVN3 cannot write: "NGUYÔN" and the "¸" of "NguyÔn ThÞ ¸nh"."""
    were, words = old.split(" "), new.split(" ")
    if _is_shouted(old) and any(map(_is_capital_word, were)):
        return new.upper()
    words = [
        word.upper() if _is_capital_word(was) else word
        for was, word in zip(were, words, strict=True)
    ]
    if _is_name(were, words):
        words = [word[:1].upper() + word[1:] for word in words]
    return " ".join(words)


def _is_shouted(text: str) -> bool:
    return not any(letter.isascii() and letter.islower() for letter in text)


def _is_capital_word(word: str) -> bool:
    return _is_shouted(word) and sum("A" <= letter <= "Z" for letter in word) >= 2


def _is_name(were: list[str], words: list[str]) -> bool:
    """Two words begin with a capital, and every other one with a letter TCVN3 has only small."""
    pairs = [(was[0], word[0]) for was, word in zip(were, words, strict=True) if was]
    capitals = sum(first.isupper() for _, first in pairs)
    return capitals >= 2 and all(first.isupper() or not was.isascii() for was, first in pairs)


# VNI (Windows): the letter, then one sign for its shape and tone together.
_VNI_TONES = {"ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_CIRCUMFLEX = {"â": "", "à": _GRAVE, "á": _ACUTE, "å": _HOOK, "ã": _TILDE, "ä": _DOT}
_VNI_BREVE = {"ê": "", "è": _GRAVE, "é": _ACUTE, "ú": _HOOK, "ü": _TILDE, "ë": _DOT}
_VNI_ALONE = {"ñ": "đ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"} | {
    "ô": "ơ",
    "ö": "ư",
}


def _vni() -> dict[str, str]:
    table = dict(_VNI_ALONE)
    for base in ("a", "e", "o", "u", "y", "ô", "ö"):
        shaped = _VNI_ALONE.get(base, base)
        table |= {base + sign: shaped + tone for sign, tone in _VNI_TONES.items()}
    for base in ("a", "e", "o"):
        table |= {base + sign: base + _CIRCUMFLEX + tone for sign, tone in _VNI_CIRCUMFLEX.items()}
    table |= {"a" + sign: "a" + _BREVE + tone for sign, tone in _VNI_BREVE.items()}
    small = {old: normalize("NFC", new) for old, new in table.items()}
    large = {old.upper(): new.upper() for old, new in small.items()}
    # A capital followed by a small sign ("Aân") is how many people typed it.
    capital = {old[0].upper() + old[1:]: new.upper() for old, new in small.items()}
    return capital | large | small


_VNI = _vni()
_VNI_LETTER = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))


def from_vni(text: str) -> str | None:
    """VNI Windows text, shown by a Western program, as Unicode. None if it cannot be VNI."""
    rest = _VNI_LETTER.sub("", text)
    if not rest.isascii():
        return None
    return _VNI_LETTER.sub(lambda found: _VNI[found[0]], text)


def from_cp1258(text: str) -> str | None:
    """Vietnamese Windows text that a Western program opened, as Unicode."""
    raw = _back_to_bytes(text)
    try:
        return None if raw is None else normalize("NFC", raw.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def from_utf8(text: str) -> str | None:
    """UTF-8 that a Western program opened ("Nguyá»…n"), as Unicode."""
    raw = _back_to_bytes(text)
    try:
        return None if raw is None else normalize("NFC", raw.decode("utf-8"))
    except UnicodeDecodeError:
        return None


ENCODINGS: dict[str, Callable[[str], str | None]] = {
    "UTF-8": from_utf8,
    "TCVN3": from_tcvn3,
    "VNI": from_vni,
    "Windows-1258": from_cp1258,
}
