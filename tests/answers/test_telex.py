"""Repairs what a switched-off keyboard left, and nothing that was meant as it stands."""

from unicodedata import normalize

import pytest

from bot.answers.telex import repaired
from bot.text import fold

PLAIN = (
    "bus taxi wifi of as is us test fax web zalo box visa b12 p305 a1 xe29 42 qr12 phongf305 what"
)
SENTENCE = (
    "Khách sạn của đoàn tôi ở đâu, mấy giờ xe đón, được mượn những tài liệu nào, "
    "phòng hướng dẫn nghiệp vụ ở tầng mấy, quên thuốc thì hỏi ai, người ốm nằm giường nào"
)
SYLLABLES = SENTENCE.lower().replace(",", "").split()
KNOWN = frozenset(map(fold, [*SYLLABLES, "ướt"]))

_TELEX = {
    "\u0302": "",  # â is aa
    "\u0306": "w",
    "\u031b": "w",
    "\u0301": "s",
    "\u0300": "f",
    "\u0309": "r",
    "\u0303": "x",
    "\u0323": "j",
}
_VNI = {
    "\u0302": "6",
    "\u0306": "8",
    "\u031b": "7",
    "\u0301": "1",
    "\u0300": "2",
    "\u0309": "3",
    "\u0303": "4",
    "\u0323": "5",
}
_TONES = "\u0301\u0300\u0309\u0303\u0323"


def typed(syllable: str, *, vni: bool, tone_last: bool) -> str:
    """What a keyboard without its input method prints for a syllable."""
    keys, tone, base = "", "", ""
    for letter in normalize("NFD", syllable.replace("đ", "d9" if vni else "dd")):
        if letter not in _VNI:
            base = letter
            keys += letter
            continue
        key = _VNI[letter] if vni else _TELEX[letter] or base
        if letter in _TONES and tone_last:
            tone = key
        else:
            keys += key
    return keys + tone


@pytest.mark.parametrize("tone_last", [True, False])
@pytest.mark.parametrize("vni", [True, False])
@pytest.mark.parametrize("syllable", sorted(set(SYLLABLES)))
def test_every_syllable_comes_back(syllable: str, vni: bool, tone_last: bool) -> None:
    keys = typed(syllable, vni=vni, tone_last=tone_last)
    plain = fold(syllable)
    assert keys == plain or repaired(keys, KNOWN.__contains__) == plain


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("khachs", "khach"),
        ("khasch", "khach"),
        ("dduwowcj", "duoc"),
        ("dduocwj", "duoc"),
        ("duocwjd", "duoc"),
        ("nhwngx", "nhung"),
        ("giowf", "gio"),
        ("tafi", "tai"),
        ("nguowif", "nguoi"),
        ("owr", "o"),
        ("muwowjn", "muon"),
        ("wowjt", "uot"),
    ],
)
def test_keys_may_come_in_any_customary_order(keys: str, meant: str) -> None:
    assert repaired(keys, KNOWN.__contains__) == meant


@pytest.mark.parametrize("word", PLAIN.split())
def test_other_words_stay_even_where_a_syllable_would_fit(word: str) -> None:
    assert repaired(word, lambda _: True) is None


def test_a_repair_nobody_knows_is_no_repair() -> None:
    assert repaired("bangf", KNOWN.__contains__) is None


def test_stop_syllables_take_only_two_tones() -> None:
    assert [repaired(keys, {"tot"}.__contains__) for keys in ("toots", "tootf")] == ["tot", None]
