"""Small rosters for the tests: workbooks, CSV files and the old fonts they were typed in."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from bot.roster import Parsed, language_table, map_headers, parse_rows, read
from bot.roster.legacy_tables import from_tcvn3, from_vni

LANGUAGES = language_table(
    {"Tiếng Việt": "vi", "Tiếng Khmer": "km", "Gia Rai": "jra", "Jrai": "jra", "Mông": "hmn"}
)

SENTENCES = (
    "Nguyễn Thị Hằng và Phạm Đức Thịnh ở phòng ba trăm linh năm",
    "Đặng Thị Mỹ Duyên, Vũ Dũng, Lý A Sùng, Bùi Quốc Khánh",
    "Hồ Thị Phượng đề nghị đổi chỗ ngồi trước giờ khai mạc",
    "Mời đại biểu lên xe số mười hai, kính chúc sức khỏe",
    "Những khuỷu tay, quỹ đạo, nghiêng ngả, thuở trước, ngoằn ngoèo",
    "Sữa chua, bưởi, ổi, ớt, ỉu xìu, yểu điệu, ỷ lại, ý kiến, kỵ",
)


def _old_tables() -> tuple[dict[str, str], dict[str, str]]:
    """Unicode letter to old text, found by asking the readers themselves about every candidate."""
    western = [bytes([byte]).decode("latin-1") for byte in range(0xA1, 0x100)]
    tcvn3 = {new: old for old in western if (new := from_tcvn3(old)) and new != old}
    signs = [*western, *(base + sign for base in "aeouyôöAEOUYÔÖ" for sign in western)]
    vni = {new: old for old in signs if (new := from_vni(old)) and len(new) == 1}
    return tcvn3, vni


TCVN3, VNI = _old_tables()


def in_tcvn3(text: str) -> str:
    """The text as a .VnTime font stores it."""
    return "".join(TCVN3.get(letter, letter) for letter in text)


def in_vni(text: str) -> str:
    """The text as a VNI font stores it."""
    return "".join(VNI.get(letter, letter) for letter in text)


def workbook(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Sheet1") -> Path:
    """A workbook with one sheet; numbers stay numbers, None is an empty cell."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


def csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A CSV file in any encoding Python knows."""
    path.write_bytes(text.encode(encoding))
    return path


def parsed(path: Path) -> Parsed:
    """The whole pure half of an import."""
    sheet = read(path)
    return parse_rows(sheet, map_headers(sheet), LANGUAGES)
