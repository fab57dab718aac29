"""Old fonts and wrong encodings: real Vietnamese there and back, and good text left alone."""

from pathlib import Path
from unicodedata import normalize

import pytest

from bot.roster import RosterRefused, Sheet, read
from bot.roster.legacy_tables import ENCODINGS, from_tcvn3, from_utf8, from_vni, western
from bot.roster.legacy_text import restored
from bot.roster.rows import Cell
from bot.roster.syllable_shape import is_syllable
from tests.roster.books import SENTENCES, csv, in_tcvn3, in_vni, workbook

NAMES = (
    "Nguyễn Văn Dũng", "Trần Thị Hằng", "Lê Hoàng Yến", "Phạm Đức Thịnh", "Đặng Thị Mỹ Duyên",
    "Vũ Dũng", "Lý A Sùng", "Bùi Quốc Khánh", "Hồ Thị Phượng", "Đỗ Ngọc Sơn", "Y Bhăm Niê",
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("NguyÔn V¨n Dòng", "Nguyễn Văn Dũng"),
        ("Mêng Kh¬ng", "Mờng Khơng"),
        ("M\u00adêng Kh\u00ad¬ng", "Mường Khương"),
        ("B¸t X¸t", "Bát Xát"),
        ("§¹i héi §¶ng bé tØnh", "Đại hội Đảng bộ tỉnh"),
        ("NGUYÔN THÞ ¸NH", "NGUYỄN THỊ ÁNH"),
        ("NguyÔn ThÞ ¸nh", "Nguyễn Thị Ánh"),
        ("Lª Hå", "Lê Hồ"),
        ("¤ng, Bµ", "Ông, Bà"),
        ("Hoμng", "Hoàng"),
    ],
)
def test_tcvn3_as_it_is_found_in_files(old: str, new: str) -> None:
    assert from_tcvn3(old) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Xin chaøo caùc baïn", "Xin chào các bạn"),
        ("Nguyeãn Thò Haûi Yeán", "Nguyễn Thị Hải Yến"),
        ("Ñaéc Laéc, ÖÙNG HOØA", "Đắc Lắc, ỨNG HÒA"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Aân", "Ân"),
    ],
)
def test_vni_as_it_is_found_in_files(old: str, new: str) -> None:
    assert from_vni(old) == new


@pytest.mark.parametrize("sentence", SENTENCES)
def test_real_sentences_there_and_back(sentence: str) -> None:
    assert from_tcvn3(in_tcvn3(sentence)) == sentence
    assert from_vni(in_vni(sentence)) == sentence
    assert from_vni(in_vni(sentence.upper())) == sentence.upper()
    assert from_utf8(western(sentence.encode())) == sentence


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_word_of_the_sentences_has_the_shape_of_a_syllable(sentence: str) -> None:
    words = sentence.replace(",", "").split()
    assert [word for word in words if not is_syllable(word)] == []


@pytest.mark.parametrize("word", ["nguyôn", "haø", "cáà", "việp̀", "thươngn", "straße", "bạtá"])
def test_what_is_not_a_syllable(word: str) -> None:
    assert not is_syllable(word)


def sheet(*names: Cell) -> Sheet:
    return Sheet("Sheet1", (("Mã ĐB", "Họ tên"), *((str(n), name) for n, name in enumerate(names))))


def names_in(read_sheet: Sheet) -> tuple[Cell, ...]:
    return tuple(row[1] for row in read_sheet.rows[1:])


@pytest.mark.parametrize("typed", [in_tcvn3, in_vni, lambda name: western(name.encode())])
def test_a_column_in_an_old_font_is_converted_and_said(typed: object) -> None:
    assert callable(typed)
    found = restored(sheet(*map(typed, NAMES)))
    assert names_in(found) == NAMES
    assert ["B" in note.values["column"] for note in found.notes] == [True]


@pytest.mark.parametrize(
    "names",
    [
        NAMES,
        ("H'Bĭa Niê", "Y Ƀlơ̆ Êñuôl", "Y Krĕč Mlô", "Rơ Chăm H'Yéo", "Kpă Ŭi"),
        ("សុខ", "Hmoob", "Ksor Phước", "Lò Văn Ơn", "Sùng Thị Mỷ"),
        ("O’Brien – “Anna”", "Nhà số 5…", "Khu «B»", "20°"),
    ],
)
def test_good_text_of_every_people_is_left_alone(names: tuple[str, ...]) -> None:
    good = sheet(*names)
    assert restored(good) == good


def test_foreign_names_are_kept_and_pointed_at() -> None:
    found = restored(sheet(*NAMES, "François Müller"))
    assert names_in(found) == (*NAMES, "François Müller")
    assert [note.values["cells"] for note in found.notes] == ["Sheet1!B13"]


def test_a_mixed_column_converts_what_is_certain_and_points_at_the_rest() -> None:
    old = [in_tcvn3(name) for name in NAMES[:5]]
    found = restored(sheet(*old, *NAMES[7:], "Vò Dòng"))
    assert names_in(found) == (*NAMES[:5], *NAMES[7:], "Vò Dòng")
    assert found.notes[-1].values["cells"] == "Sheet1!B11"


def test_a_short_column_follows_the_rest_of_the_file() -> None:
    rows = [(str(n), in_tcvn3(name), "¤ng" if n % 2 else "Bµ") for n, name in enumerate(NAMES)]
    found = restored(Sheet("Sheet1", (("M·", "Hä tªn", "Danh x\u00adng"), *rows)))
    assert found.rows[0] == ("Mã", "Họ tên", "Danh xưng")
    assert {row[2] for row in found.rows[1:]} == {"Ông", "Bà"}


def test_an_unknown_font_is_refused() -> None:
    garbled = [f"Nguy\x90n V\x81n {letter}\x9dn \x8ft" for letter in "abcdefgh"]
    with pytest.raises(RosterRefused, match="Column B is in an old font"):
        restored(sheet(*garbled))


def test_lost_accents_are_refused() -> None:
    with pytest.raises(RosterRefused, match="accents of this file are lost"):
        restored(sheet("Nguy?n V?n A", "Tr?n Th? B", "Ph?m V?n C", "Lê D"))


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "Windows-1258", "UTF-8", "UTF-16", "BOM"])
def test_a_csv_file_in_each_encoding(encoding: str, tmp_path: Path) -> None:
    text = "Mã đại biểu,Họ tên\n" + "\n".join(f"{n},{name}" for n, name in enumerate(NAMES))
    raw = {
        "TCVN3": in_tcvn3(text).encode("latin-1"),
        "VNI": in_vni(text).encode("cp1252"),
        "Windows-1258": as_cp1258(text),
        "UTF-8": text.encode(),
        "UTF-16": text.encode("utf-16-le"),
        "BOM": text.encode("utf-16"),
    }[encoding]
    path = tmp_path / "roster.csv"
    path.write_bytes(raw)
    found = read(path)
    assert found.rows[0] == ("Mã đại biểu", "Họ tên")
    assert names_in(found) == NAMES
    assert [note.values["encoding"] for note in found.notes] == (
        [encoding] if encoding in ENCODINGS and encoding != "UTF-8" else []
    )


def as_cp1258(text: str) -> bytes:
    """Vietnamese Windows keeps the shape in the letter and the tone in a sign behind it."""
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = normalize("NFD", letter)
            base, marks = parts[0], list(parts[1:])
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            shaped = normalize("NFC", base + "".join(mark for mark in marks if mark != tone))
            out += (shaped + tone).encode("cp1258")
    return out


def test_a_csv_file_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    path = csv(tmp_path / "roster.csv", "Mã,Tên\n", "latin-1")
    path.write_bytes(b"Code,Name\n" + b"".join(b"%d,B\xfcrg\xe9r\xe7\n" % n for n in range(9)))
    with pytest.raises(RosterRefused, match="encoding the program does not know"):
        read(path)


def test_a_workbook_in_an_old_font(tmp_path: Path) -> None:
    rows = [["M· §B", "Hä vµ tªn"], *([str(n), in_tcvn3(name)] for n, name in enumerate(NAMES))]
    found = read(workbook(tmp_path / "roster.xlsx", rows))
    assert found.rows[0] == ("Mã ĐB", "Họ và tên")
    assert names_in(found) == NAMES
