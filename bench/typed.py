"""Questions as people type them: without accents, with the keyboard off, in chat, in haste."""

import itertools
import random
import re
from collections.abc import Callable
from unicodedata import normalize

from bot.text import fold

TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
TELEX_SHAPES = {"\u0306": "w", "\u031b": "w"}
VNI = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
VNI_SHAPES = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}
CHAT = {
    "không": "ko",
    "được": "dc",
    "gì": "j",
    "vậy": "z",
    "với": "vs",
    "rồi": "r",
    "biết": "bt",
    "bao nhiêu": "bn",
    "như thế nào": "ntn",
    "khách sạn": "ks",
    "phòng": "p",
    "người": "ng",
    "giờ": "h",
    "mình": "mk",
    "làm": "lm",
    "cũng": "cx",
    "điện thoại": "đt",
    "bây giờ": "bh",
    "you": "u",
    "are": "r",
    "please": "pls",
    "to": "2",
    "for": "4",
    "what": "wat",
}
_WORD = re.compile(r"\w+")


def telex(text: str) -> str:
    """What prints when the input method is off: the tone at the end of every second word."""
    return _keyed(text.replace("đ", "dd").replace("Đ", "Dd"), TELEX, TELEX_SHAPES)


def vni(text: str) -> str:
    """The same for people who type VNI."""
    return _keyed(text.replace("đ", "d9").replace("Đ", "D9"), VNI, VNI_SHAPES)


def _keyed(text: str, tones: dict[str, str], shapes: dict[str, str]) -> str:
    turn = itertools.cycle((True, False))
    return _WORD.sub(
        lambda word: _keys(word[0], tones, shapes, tone_last=next(turn)), normalize("NFC", text)
    )


def _keys(word: str, tones: dict[str, str], shapes: dict[str, str], *, tone_last: bool) -> str:
    keys = tone = base = ""
    for letter in normalize("NFD", word):
        if letter in tones and tone_last:
            tone = tones[letter]
        elif letter in tones or letter in shapes:
            keys += tones.get(letter) or shapes[letter]
        elif letter == "\u0302":
            keys += base
        else:
            base = letter
            keys += letter
    return keys + tone


def chat(text: str) -> str:
    """Chat spelling, no accents, and a letter missing, doubled or changed about every twentieth."""
    for whole, short in CHAT.items():
        text = f" {text} ".replace(f" {whole} ", f" {short} ").strip()
    chance = random.Random(text)
    return "".join(_slip(letter, chance) for letter in fold(text))


def _slip(letter: str, chance: random.Random) -> str:
    if not letter.isalpha() or chance.random() >= 0.05:
        return letter
    return chance.choice(("", letter * 2, chance.choice("abcdefghiklmnopqrstuvxy")))


WAYS: dict[str, Callable[[str], str]] = {
    "written": str,
    "no accents": fold,
    "Telex": telex,
    "VNI": vni,
    "chat+slips": chat,
}
