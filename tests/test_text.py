"""Text as phones, spreadsheets and real published documents bring it."""

import csv
import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text import (
    clean,
    clip,
    fold,
    graphemes,
    nfc,
    phone_groups,
    sentences,
    split,
    syllables,
    visible_length,
)

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = Path(os.environ.get("DONGHANH_TEST_DATA", _BESIDE)) / "lang"


def rights(key: str) -> list[str]:
    """The articles of the Universal Declaration in one language; real text none of us wrote."""
    path = DATA / "udhr_articles_01-15.tsv"
    if not path.is_file():
        pytest.skip("data folder absent")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["text"] for row in rows if row["udhr_key"] == key]


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Phòng 305", "Phòng 305"),
        (unicodedata.normalize("NFD", "Đại hội ở Hà Nội"), "Đại hội ở Hà Nội"),
        ("mê\u0323t", "mệt"),
        ("  phòng\u00a0305\u202f ", "phòng 305"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("Lê \u202enăV\u202c A", "Lê năV A"),
        ("ph\u200bò\u200dn\u2060g\ufeff\u00ad", "phòng"),
        ("dòng một\r\ndòng hai\u2028dòng ba\n", "dòng một\ndòng hai\ndòng ba"),
        ("ភាសា\u200bខ្មែរ\u200b", "ភាសា\u200bខ្មែរ"),
        ("ភាសា\u200b\u200bខ្មែរ phòng\u200b5", "ភាសា\u200bខ្មែរ phòng5"),
        ("\u3164\u2800", ""),
        ("một \ud800nửa", "một nửa"),
        ("🙋🏽 ⚠️", "🙋🏽 ⚠️"),
        ("H'Mông ơ̆ ê̆ ƀ", "H'Mông ơ̆ ê̆ ƀ"),
    ],
)
def test_what_a_stranger_typed_becomes_safe(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_pile_of_marks_is_thinned_and_quick() -> None:
    assert clean("e" + "\u0301\u0323" * 50_000 + "m") != ""
    assert visible_length(clean("a" + "\u0335" * 500)) == 1
    assert len(clean("a" + "\u0335" * 500)) == 9


def test_clean_cuts_at_visible_characters() -> None:
    assert clean("ơ̆" * 50, limit=20) == "ơ̆" * 20
    assert clean("abc  d", limit=4) == "abc"


@given(st.text(max_size=80))
def test_clean_is_settled_after_once(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ĐẮK LẮK", "dak lak"),
        ("Ðà Nẵng", "da nang"),
        ("Ɖông", "dong"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("Ƀuôn Ƀƀ ơ̆ ê̆ č ŭ ñ", "buon bb o e c u n"),
        ("H’Mông", "h'mong"),
        ("MʼNông", "m'nong"),
        ("K‘Ho", "k'ho"),
        ("ភាសាខ្មែរ", "ភាសាខ្មែរ"),
        ("ភាសា\u200bខ្មែរ", "ភាសាខ្មែរ"),
        ("ພາສາລາວ ບໍ່", "ພາສາລາວ ບໍ່"),
        ("ꪼꪕꪒꪾ", "ꪼꪕꪒꪾ"),
        ("İstanbul", "istanbul"),
    ],
)
def test_fold(written: str, key: str) -> None:
    assert fold(written) == key
    assert fold(unicodedata.normalize("NFD", written)) == key


def test_real_vietnamese_folds_alike_in_every_form() -> None:
    for article in rights("vie"):
        decomposed = unicodedata.normalize("NFD", article)
        assert fold(article) == fold(decomposed) == fold(article.upper())
        assert re.sub(r"[\x20-\x7e]", "", fold(article)) in ("", "–", "“”", "“”“”")


@pytest.mark.parametrize("key", ["khm", "lao", "blt", "arb", "cmn_hans"])
def test_marks_of_other_scripts_survive_folding(key: str) -> None:
    for article in rights(key):
        kept = nfc(re.sub("[\u200b-\u200d\u2060\ufeff\u00ad]", "", article)).lower()
        assert fold(article) == kept.replace("\u00a0", " ")


def test_published_vietnamese_is_not_composed_until_we_do_it() -> None:
    published = rights("vie")
    assert [clean(article) for article in published] == [nfc(a).strip() for a in published]
    assert sum(map(len, published)) > sum(len(nfc(article)) for article in published)


def test_a_visible_character_is_what_a_reader_sees() -> None:
    assert graphemes("ខ្មែរ") == ["ខ្មែ", "រ"]
    assert graphemes(unicodedata.normalize("NFD", "ệơ̆")) == ["e\u0323\u0302", "o\u031b\u0306"]
    assert visible_length("Phòng 305 🙋🏽") == 11


def test_khmer_takes_about_half_the_characters_of_vietnamese() -> None:
    khmer = visible_length(" ".join(rights("khm")))
    vietnamese = visible_length(nfc(" ".join(rights("vie"))))
    assert 0.4 < khmer / vietnamese < 0.6


@given(st.text(max_size=60))
def test_graphemes_joined_are_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


def test_clip() -> None:
    assert clip("Xem phòng", 9) == "Xem phòng"
    assert clip("Gặp người hỗ trợ", 10) == "Gặp người…"
    assert clip("ơ̆ơ̆ơ̆", 2) == "ơ̆…"
    assert [clip("abc", n) for n in (2, 1, 0)] == ["a…", "…", ""]


@pytest.mark.parametrize(
    ("text", "n", "parts"),
    [
        ("", 5, []),
        (" \n ", 5, []),
        ("ngắn", 10, ["ngắn"]),
        ("Một hai.\n\nBa bốn năm.", 14, ["Một hai.", "Ba bốn năm."]),
        ("Một hai ba\nbốn năm sáu", 14, ["Một hai ba", "bốn năm sáu"]),
        ("Một hai. Ba bốn năm.", 14, ["Một hai.", "Ba bốn năm."]),
        ("Một hai ba bốn", 9, ["Một hai", "ba bốn"]),
        ("khôngcódấucách", 5, ["không", "códấu", "cách"]),
        ("កខគ។ឃងច", 4, ["កខគ។", "ឃងច"]),
    ],
)
def test_long_text_is_cut_where_a_reader_pauses(text: str, n: int, parts: list[str]) -> None:
    assert split(text, n) == parts


@pytest.mark.parametrize("key", ["vie", "khm", "lao", "blt", "eng", "arb", "cmn_hans"])
@pytest.mark.parametrize("n", [1, 20, 160])
def test_real_articles_lose_only_white_space(key: str, n: int) -> None:
    for article in rights(key):
        parts = split(article, n)
        assert bare("".join(parts)) == bare(article)
        assert max(map(visible_length, parts)) <= n
        assert [p for p in parts if unicodedata.category(p[0]) in ("Mn", "Mc")] == []
        assert [p for p in parts if p.endswith("\u17d2")] == []


@given(st.text(max_size=80), st.integers(1, 30))
@settings(max_examples=200)
def test_any_text_loses_only_white_space(text: str, n: int) -> None:
    parts = split(text, n)
    assert bare("".join(parts)) == bare(text)
    assert [part for part in parts if visible_length(part) > n] == []


def test_split_needs_room() -> None:
    with pytest.raises(ValueError, match="at least one"):
        split("abc", 0)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Phòng 305. Mời đại biểu nhận phòng.", ["Phòng 305.", "Mời đại biểu nhận phòng."]),
        ("1. Xem phòng. 2. Xem xe.", ["1. Xem phòng.", "2. Xem xe."]),
        ("1. Xem phòng\n2. Xem xe", ["1. Xem phòng", "2. Xem xe"]),
        ("Xe số 1.234 lúc 14.30 ở cổng.", ["Xe số 1.234 lúc 14.30 ở cổng."]),
        ("Ông nói: “Mời vào.” Rồi đi.", ["Ông nói: “Mời vào.”", "Rồi đi."]),
        ("Ở đâu? Hội trường… Tầng 2!", ["Ở đâu?", "Hội trường…", "Tầng 2!"]),
        ("សួស្តី។ខ្ញុំ", ["សួស្តី។", "ខ្ញុំ"]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_syllables() -> None:
    assert syllables("H'Mông, Bru-Vân Kiều: 14:30 ngày 07/03/2026 (xe {bus}).") == [
        *("H'Mông", "Bru", "Vân", "Kiều", "14:30", "ngày", "07/03/2026", "xe", "bus")
    ]
    assert syllables(unicodedata.normalize("NFD", "Mời đại biểu")) == [
        unicodedata.normalize("NFD", word) for word in ("Mời", "đại", "biểu")
    ]


@pytest.mark.parametrize(
    ("number", "grouped"),
    [
        ("+84912345678", "0912 345 678"),
        ("84912345678", "0912 345 678"),
        ("0912.345.678", "0912 345 678"),
        ("+84 (0)912 345 678", "0912 345 678"),
        ("0900 000 101", "0900 000 101"),
        ("02438251234", "024 3825 1234"),
        ("02053812345", "0205 3812 345"),
        ("19001234", "1900 1234"),
        ("1900545464", "1900 545 464"),
        ("115", "115"),
        ("+85512345678", "+85512345678"),
        ("máy lẻ 12", "máy lẻ 12"),
    ],
)
def test_phone_groups(number: str, grouped: str) -> None:
    assert phone_groups(number) == grouped
    assert phone_groups(grouped) == grouped
