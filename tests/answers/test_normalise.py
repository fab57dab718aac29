"""One spelling for what people type, by the rules of their language and no other."""

from collections.abc import Mapping
from dataclasses import replace
from unicodedata import normalize

import pytest

from bot.answers.normalise import (
    MOST_READINGS,
    NO_ABBREVIATIONS,
    Abbreviations,
    Tokens,
    key,
    readings,
    rules_for,
    tokens,
)

VI, EN, KM, HMONG = map(rules_for, ("vi", "en", "km", "hmn@rpa"))
WORDS = "khách sạn ở đâu phòng mấy giờ không được tôi xe bus địa điểm"
KNOWN = dict.fromkeys(tokens(WORDS, VI), 1)


def read(
    question: str, known: Mapping[str, int] = KNOWN, extra: Abbreviations = NO_ABBREVIATIONS
) -> tuple[str, ...]:
    found = readings(question, VI, known, extra)
    return tuple(" ".join(words) for words in found)


@pytest.mark.parametrize(
    "typed",
    [
        "Khách sạn ở đâu?",
        "KHÁCH SẠN Ở ĐÂU",
        normalize("NFD", "khách sạn ở đâu"),
        "khach san o dau",
        "khách\u200b sạn\u00a0ở   đâu",
        "𝐤𝐡𝐚́𝐜𝐡 𝐬𝐚̣𝐧 ở đâuuuu",
        "khách sạn ở Ðâu",
    ],
)
def test_one_question_typed_many_ways_is_one_question(typed: str) -> None:
    assert tokens(typed, VI) == ("khach", "san", "o", "dau")


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("ơiiii", "oi"),
        ("đại hội XIII", "dai hoi xiii"),
        ("viii", "viii"),
        ("phòng 1000", "phong 1000"),
        ("wwwwww", "w"),
        ("khoong", "khoong"),
    ],
)
def test_repeated_letters_are_cut_but_not_roman_numerals(typed: str, seen: str) -> None:
    assert key(typed, VI) == seen


def test_letters_and_digits_stand_apart() -> None:
    assert tokens("p305, 7h30", VI) == ("p", "305", "7", "h", "30")


def test_hmong_is_left_as_it_is() -> None:
    question = "Koj nyob qhov twg, tsis paub cas peem Hmoob ooo"
    expected = tuple(question.lower().replace(",", "").split())
    assert readings(question, HMONG, KNOWN) == (expected,)


def test_english_has_neither_telex_nor_chat_words() -> None:
    question = "as of now has k bus"
    assert readings(question, EN, KNOWN) == (tuple(question.split()),)


def test_khmer_keeps_its_vowels_and_loses_word_hints_and_digits() -> None:
    assert key("សណ្ឋាគារ\u200bនៅ ៣០៥", KM) == "សណ្ឋាគារនៅ 305"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ក\u17d2\u179a\u17d2\u1780ី", "ក\u17d2\u1780\u17d2\u179aី"),  # subscript ro first or last
        ("ក\u17c1\u17b8", "ក\u17be"),  # one vowel typed as its two halves
        ("ក\u17b8\u17c9", "ក\u17c9\u17b8"),  # the shifter before or after the vowel
    ],
)
def test_khmer_marks_in_any_order_are_one_word(one: str, other: str) -> None:
    assert key(one, KM) == key(other, KM)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ks ở đâu", ("khach san o dau",)),
        ("khasch sanj o ddaau", ("khach san o dau",)),
        ("xe bus", ("xe bus",)),
        ("7h30", ("7 gio 30",)),
        ("p305", ("phong 305", "phut 305")),
        ("ko dc", ("khong duoc", "khong dia chi", "khong dong chi")),
        ("sao", ("sao",)),
    ],
)
def test_chat_spellings_are_read_in_every_sense(typed: str, meant: Tokens) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khasch sanj tieenj nghi", "khach san tien nghi"),
        ("kha1ch sa5n tie6n5 nghi", "khach san tien nghi"),
        ("khachs sanj ys", "khach san y"),
        ("khachs sanj owr ddaau?r", "khach san o dau"),
        ("DDBQH", "dbqh"),
        ("D9BQH o ddaau", "dbqh o dau"),
        ("tieenj nghi", "tieenj nghi"),  # nothing here is sure to be a left-over
        ("khachs sanj six", "khach san six"),
        ("khachs sanj p305", "khach san phong 305"),
    ],
)
def test_where_one_word_is_a_left_over_all_are(typed: str, meant: str) -> None:
    assert read(typed)[0] == meant


def test_a_borrowed_word_may_be_a_left_over_too() -> None:
    assert read("khachs sanj six", known={**KNOWN, "si": 1}) == ("khach san si", "khach san six")


def test_a_left_over_may_have_a_slip_as_well() -> None:
    assert "phong tien toi" in read("phonf tieenj tooi")


def test_a_guest_in_the_vietnamese_index_has_no_keyboard_off() -> None:
    guests = replace(VI, mended_from=0)
    ways = readings("khachs tieenj", guests, KNOWN)
    assert ways == (("khach", "tieenj"),)


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("khcah san", ("khach san",)),
        ("khach sann o dua", ("khach san o dua",)),
        ("phonng", ("phong",)),
        ("thoi tiet", ("thoi tiet",)),
        ("taxi", ("taxi",)),
    ],
)
def test_slips_are_mended_unless_they_could_be_a_word(typed: str, read_as: Tokens) -> None:
    assert read(typed) == read_as


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("fòng", ("phong",)),
        ("fong may gio", ("phong may gio",)),
        ("zờ", ("gio", "vo")),
        ("zô", ("gio", "vo")),
        ("wên", ("quen",)),
        ("dzô", ("gio", "vo")),
        ("wifi zalo fax", ("wifi zalo fax",)),
        ("fo", ("fo",)),
    ],
)
def test_what_is_spelt_by_its_sound_is_the_word_that_is_known(typed: str, read_as: Tokens) -> None:
    assert read(typed, known={**KNOWN, "gio": 3, "vo": 1, "quen": 1}) == read_as


def test_no_other_language_is_spelt_by_vietnamese_sounds() -> None:
    assert readings("fong", EN, KNOWN) == (("fong",),)
    assert readings("fong", replace(VI, mended_from=0), KNOWN) == (("fong",),)


def test_english_is_mended_in_long_words_only() -> None:
    known = {"hotel": 2, "where": 1, "bus": 3}
    assert readings("wheer is teh hotle bux", EN, known) == (
        ("where", "is", "teh", "hotel", "bux"),
    )


def test_a_slip_with_several_meanings_has_several_readings() -> None:
    assert read("phogn", known={"phong": 1, "phon": 5, "phogi": 9}) == (
        "phogi",
        "phon",
        "phong",
    )


def test_a_word_of_the_examples_is_never_expanded() -> None:
    assert read("ks ko", known={**KNOWN, "ks": 1, "ko": 1}) == ("ks ko",)


def test_the_events_own_spellings_win() -> None:
    extra: Abbreviations = {"HTQT": "Hội trường Quốc tế", "ks": ("kỹ sư", "khách sạn")}
    assert read("HTQT ks", extra=extra) == (
        "hoi truong quoc te ky su",
        "hoi truong quoc te khach san",
    )


def test_readings_are_few_however_many_words_are_ambiguous() -> None:
    assert len(read("dc " * 50)) == MOST_READINGS


@pytest.mark.parametrize("typed", ["", "   ", "???", "😀", "\u200b\u200b"])
def test_nothing_typed_is_one_empty_reading(typed: str) -> None:
    assert read(typed) == ("",)
