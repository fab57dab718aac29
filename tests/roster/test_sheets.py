"""Files good and hostile: read in any of the four formats, or refused in one sentence."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from bot.roster import RosterRefused, map_headers, read
from bot.roster.open_workbook import COLUMNS, ROWS
from bot.roster.rows import OddCell
from tests.roster.books import csv, workbook

ROWS_OF_TWO: list[list[object]] = [
    ["Mã ĐB", "Họ tên", "Phòng"],
    ["DB1", "Nguyễn Văn An", 412],
    ["DB2", "Lê Bình", 5],
]

ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Danh sách"><table:table-row>%s</table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def refusal(path: Path) -> str:
    with pytest.raises(RosterRefused) as refused:
        map_headers(read(path))
    return str(refused.value)


def rewritten(path: Path, edit: Callable[[str, bytes], bytes]) -> Path:
    """The same workbook with its parts changed by `edit`."""
    whole = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, edit(part, old.read(part)))
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, content)
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return workbook(tmp_path / "roster.xlsx", ROWS_OF_TWO)


def test_a_workbook(good: Path) -> None:
    sheet = read(good)
    assert sheet.rows == (
        ("Mã ĐB", "Họ tên", "Phòng"),
        ("DB1", "Nguyễn Văn An", 412.0),
        ("DB2", "Lê Bình", 5.0),
    )
    assert (sheet.name, sheet.notes, sheet.address(11, 27)) == ("Sheet1", (), "Sheet1!AB12")


def test_a_sheet_that_begins_far_from_the_corner_keeps_its_addresses(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[], [], [None, None, "Mã ĐB", "Họ tên"]], "Tờ 'số' 1")
    sheet = read(path)
    assert sheet.rows == ((), (), ("", "", "Mã ĐB", "Họ tên"))
    assert sheet.address(2, 2) == "'Tờ ''số'' 1'!C3"


def test_an_excel_97_workbook_in_an_old_font() -> None:
    sheet = read(Path(__file__).parent / "old.xls")  # as a province's office would send it
    assert sheet.rows == (
        ("Mã ĐB", "Họ tên", "SĐT", "Phòng"),
        ("0412", "Nguyễn Văn Dũng", 912345678.0, 412),
        ("DB2", "Trần Thị Hằng", "0900001234", "0305"),
        ("DB3", "Hồ Thị Phượng"),
    )


def test_an_open_document(tmp_path: Path) -> None:
    path = tmp_path / "roster.ods"
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in ("Mã ĐB", "Họ tên")
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", ODS % cells)
    assert read(path).rows == (("Mã ĐB", "Họ tên"),)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_csv_file_with_each_delimiter(mark: str, tmp_path: Path) -> None:
    text = f'Mã ĐB{mark}Họ tên\nDB1{mark}"An{mark} Bình"\n\n'
    assert read(csv(tmp_path / "a.csv", text)).rows == (
        ("Mã ĐB", "Họ tên"),
        ("DB1", f"An{mark} Bình"),
    )


def test_a_csv_file_that_names_its_delimiter(tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "sep=;\nMã ĐB;Họ tên\n")
    assert read(path).rows == (("Mã ĐB", "Họ tên"),)


def test_the_one_sheet_with_headings_is_found_and_hidden_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Bìa").write(0, 0, "Đại hội")
        book.add_worksheet("Danh sách").write_row(0, 0, ["Mã ĐB", "Họ tên"])
        hidden = book.add_worksheet("Cũ")
        hidden.write_row(0, 0, ["Mã ĐB", "Họ tên"])
        hidden.hide()
    sheet = read(path)
    assert sheet.name == "Danh sách"
    assert [str(note) for note in sheet.notes] == ["The hidden sheet “Cũ” was not read."]
    assert read(path, "bìa").name == "Bìa"


def test_two_rosters_in_a_workbook_are_refused_until_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("A", "B"):
            book.add_worksheet(name).write_row(0, 0, ["Mã ĐB", "Họ tên"])
    assert refusal(path) == (
        "More than one sheet looks like a roster (A, B); say which one with --sheet."
    )
    assert read(path, "B").name == "B"
    with pytest.raises(RosterRefused, match="no visible sheet “C”"):
        read(path, "C")


def test_formulas_give_their_last_value_and_broken_ones_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Mã ĐB", "Họ tên", "Phòng", "Xe", "Ghế"])
        page.write_row(1, 0, ["DB1", "An"])
        page.write_formula(1, 2, "=400+12", None, 412)
        page.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        page.write_formula(1, 4, "=T(0)", None, "")
    # Excel marks a formula that gives an empty text; the library that wrote this file does not.
    rewritten(path, lambda _, xml: xml.replace(b'<c r="E2"', b'<c r="E2" t="str"'))
    assert read(path).rows[1] == ("DB1", "An", 412.0, OddCell("error"))


def test_formulas_nobody_calculated_are_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Mã ĐB", "Họ tên", "Phòng", "Xe"])
    book.active.append(["DB1", "An", "=400+12", 3])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").rows[1] == ("DB1", "An", OddCell("error"), 3.0)


def test_a_seat_excel_took_for_a_date_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Mã ĐB", "Ghế"])
        page.write(1, 0, "DB1")
        page.write_number(1, 1, 46580, book.add_format({"num_format": "d-mmm"}))
    assert read(path).rows[1] == ("DB1", OddCell("date", "2027-07-12"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", "This is a web page"),
        ("a.xls", b"MIME-Version: 1.0\r\n<html>", "This is a web page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "This is a web page"),
        ("a.xlsx", b"Ma,Ten\n1,2\n", "This is not a workbook"),
        ("a.csv", b"%PDF-1.7\n", "This is not a workbook"),
        ("a.csv", bytes(range(256)) * 20, "This is not a workbook"),
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b" \r\n\r\n", "The file is empty."),
        ("a.csv", b'Code,Name\n1,"A' + b"x" * 40_000, "Line 2 of the file cannot be read"),
        ("a.csv", b"Code,Name" + b",x" * 1_000_000, "The file has more than 200 columns."),
        ("a.csv", b"Code,Name\n" + b"1,A\n" * ROWS, "The file has more than 200000 rows."),
        ("a.xlsx", b"PK\x03\x04 and no more", "The workbook is cut short or damaged"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "The workbook is locked with a password",
        ),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"),
            "The workbook has macros",
        ),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le") + bytes(600),
            "The workbook is cut short or damaged",
        ),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This is not a workbook"),
    ],
)
def test_what_is_not_a_roster_gets_one_sentence(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path).startswith(said)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.xlsx") == "The file “gone.xlsx” cannot be opened."


def test_half_a_workbook(good: Path) -> None:
    good.write_bytes(good.read_bytes()[:3000])
    assert refusal(good).startswith("The workbook is cut short or damaged")


def test_macros(good: Path) -> None:
    assert refusal(with_part(good, "xl/vbaProject.bin", b"x")).startswith("The workbook has macros")


def test_a_word_document(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("word/document.xml", "<w/>")
    assert refusal(path).startswith("This is not a workbook")


def test_a_locked_open_document(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
        book.writestr("content.xml", "?")
    assert refusal(path).startswith("The workbook is locked with a password")


def test_a_file_that_unpacks_to_hundreds_of_times_its_size(good: Path) -> None:
    bomb = with_part(good, "xl/media/image1.bin", bytes(40_000_000))
    assert "which no roster does; it was not opened." in refusal(bomb)


def test_thousands_of_parts(good: Path) -> None:
    with zipfile.ZipFile(good, "a") as book:
        for number in range(3001):
            book.writestr(f"x{number}", "")
    assert refusal(good).startswith("The workbook is too large once unpacked")


@pytest.mark.parametrize("where", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_xml_entities(good: Path, where: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    bomb = rewritten(
        good, lambda name, xml: xml.replace(b"?>", b"?>" + laughs, 1) if name == where else xml
    )
    assert refusal(bomb).startswith("The workbook holds XML entities")


def test_a_cell_in_the_last_corner_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Mã ĐB", "Họ tên"])
    book.active.cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx").startswith("The workbook takes too much memory or time")


def test_a_cell_far_to_the_right_or_far_below(tmp_path: Path) -> None:
    for name, place in (("right", (1, COLUMNS + 1)), ("below", (ROWS + 1, 1))):
        book = openpyxl.Workbook()
        book.active.append(["Mã ĐB", "Họ tên"])
        book.active.cell(*place, "x")
        book.save(tmp_path / f"{name}.xlsx")
    assert refusal(tmp_path / "right.xlsx").startswith("The sheet has more than 200 columns")
    assert refusal(tmp_path / "below.xlsx").startswith("The sheet has more than 200000 rows")
