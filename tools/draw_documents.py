"""Write the sample documents: a programme booklet, house rules, a slip, a list, and a map.

The booklet is set from the programme's own files, so that paper and chat never differ. Written
again, every file has the same bytes: dates inside are fixed and fonts are cut the same way.

Run by maintainers; the files are committed. Needs fpdf2, resvg-py and the Noto Sans fonts of the
system (Debian: fonts-noto-core); without them Vietnamese letters would be missing, so it stops.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import resvg_py
from fpdf import FPDF

SAMPLE = Path(__file__).resolve().parents[1] / "content" / "sample"
FILES = SAMPLE / "documents" / "files"
FONTS = {
    "": "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "B": "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf",
}
MADE = datetime(2026, 11, 19, tzinfo=UTC)
EVERYBODY = ("linked", "public", ["linked"], ["public"])
MARGIN, LINE = 18.0, 7.0  # millimetres
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")

RULES_VI = (
    "Đến trước giờ họp 15 phút và ngồi đúng ghế ghi trên thẻ.",
    "Luôn đeo thẻ đại biểu ở nơi dễ thấy.",
    "Trong hội trường, điện thoại để im lặng.",
    "Không chụp ảnh, không sao chép tài liệu có dấu Thu hồi.",
    "Ra ngoài khi đang họp, mời đi cửa bên.",
    "Mệt hoặc cần giúp, mời gọi 0900 000 100.",
)
RULES_EN = (
    "Come 15 minutes before a session and take the seat on your badge.",
    "Wear your badge where it can be seen.",
    "Keep your phone silent in the hall.",
    "Do not photograph or copy papers stamped Thu hồi.",
    "To leave during a session, use the side door.",
    "If you feel unwell or need help, call 0900 000 100.",
)
HEADS = (
    "Trước giờ xe chạy 15 phút: điểm danh đoàn tại điểm đón. Thiếu người, gọi 0900 000 100.",
    "Trước giờ họp 15 phút: xem đoàn đã ngồi đúng ghế chưa.",
    "Giờ ăn: báo bàn trống cho người phục vụ.",
    "Người mệt: đưa đến phòng y tế, gọi 0900 000 115.",
    "Sau phiên họp: thu lại tài liệu có dấu Thu hồi, nộp tại Bàn tài liệu và thiết bị.",
    "Có đổi giờ, đổi xe: nhắc từng người trong đoàn.",
    "Buổi tối: báo Ban Tổ chức số người vắng ngày mai.",
)


class Sheet(FPDF):
    """An A4 paper in large letters, with a number on every page."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__()
        for style, path in FONTS.items():
            self.add_font("Noto", style, path)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.set_creation_date(MADE)
        self.set_title(title)
        self.set_lang(language)
        self.add_page()
        self.large(title, 22)

    def footer(self) -> None:
        """Which page of how many."""
        self.set_y(-MARGIN + 4)
        self.set_font("Noto", "", 10)
        self.cell(0, 5, f"{self.page_no()}/{{nb}}", align="C")

    def large(self, text: str, size: int = 15) -> None:
        """A heading."""
        self.set_font("Noto", "B", size)
        self.multi_cell(0, LINE + size / 6, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def plain(self, text: str) -> None:
        """A paragraph."""
        self.set_font("Noto", "", 13)
        self.multi_cell(0, LINE, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(1.5)

    def numbered(self, lines: Sequence[str]) -> None:
        """One thing to do a line."""
        for number, line in enumerate(lines, 1):
            self.plain(f"{number}. {line}")

    def written(self, name: str) -> None:
        """Keep it."""
        self.output(str(FILES / name))


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def programme() -> Iterator[tuple[str, list[str]]]:
    """Each day in words, and its lines for everybody: what only a few see stays out."""
    first = read(SAMPLE / "event.toml")["first_day"]
    for path in sorted((SAMPLE / "programme").glob("day-*.toml")):
        day = read(path)
        date = first + timedelta(days=day["day"] - 1)
        items = [one for one in day["item"] if one["audience"] in EVERYBODY]
        lines = [line(one) for one in sorted(items, key=lambda one: str(one["start"]))]
        yield f"Ngày {day['day']}: {WEEKDAYS[date.weekday()]}, {date:%d/%m/%Y}", lines


def line(item: dict[str, Any]) -> str:
    where = read(SAMPLE / "places" / f"{item['place']}.toml")["sign"] if "place" in item else ""
    told = f"{item['start']}-{item['end']}  {item['vi']['title']}"
    return told if where in told else f"{told}. {where}."


def booklet() -> None:
    sheet = Sheet("Sổ tay chương trình", "vi")
    sheet.plain("Đại hội Mẫu Đồng Hành 2027. Mọi tên người, nơi chốn và số điện thoại là ví dụ.")
    for day, lines in programme():
        sheet.large(day)
        for text in lines:
            sheet.plain(text)
    sheet.large("Số điện thoại cần nhớ")
    sheet.plain("Hỗ trợ đại biểu: 0900 000 100. Phòng y tế: 0900 000 115. Cấp cứu: 115.")
    sheet.written("so-tay-chuong-trinh.pdf")


def rules() -> None:
    for title, language, lines, name in (
        ("Nội quy Đại hội", "vi", RULES_VI, "noi-quy.pdf"),
        ("House rules", "en", RULES_EN, "noi-quy-en.pdf"),
    ):
        sheet = Sheet(title, language)
        sheet.numbered(lines)
        sheet.written(name)


def heads() -> None:
    sheet = Sheet("Việc của trưởng đoàn", "vi")
    sheet.numbered(HEADS)
    sheet.written("viec-truong-doan.pdf")


def slip() -> None:
    sheet = Sheet("Phiếu góp ý", "vi")
    sheet.plain("Ghi xong, mời đại biểu nộp cho thư ký tổ thảo luận.")
    for label in ("Văn kiện", "Phần, trang", "Ý kiến"):
        sheet.plain(f"{label}:")
        for _ in range(1 if label != "Ý kiến" else 12):
            sheet.cell(0, 11, "", border="B", new_x="LMARGIN", new_y="NEXT")
        sheet.ln(3)
    sheet.written("phieu-gop-y.pdf")


ROOMS = (
    # left, top, width, height, colour, the words on the sign
    (300, 70, 360, 200, "#f3e6cf", "Hội trường Lớn"),
    (60, 70, 200, 200, "#cfe3c2", "Nhà ăn Ban Mai"),
    (700, 70, 200, 90, "#f6d4d4", "Phòng y tế"),
    (700, 180, 200, 90, "#eaf5fb", "Phòng họp 1-16"),
    (60, 310, 840, 120, "#fbf6ec", "Sảnh chính"),
)
DESKS = (("Bàn hướng dẫn số 1", 480), ("Bàn tài liệu và thiết bị", 190), ("Khu đón tiếp", 770))


def plan() -> None:
    shapes = [
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{colour}" stroke="#12365f"'
        f' stroke-width="3"/>{words(sign, x + w / 2, y + h / 2 - (30 if w > 800 else -8))}'
        for x, y, w, h, colour, sign in ROOMS
    ]
    shapes += [
        f'<circle cx="{x}" cy="375" r="9" fill="#1f5fa8"/>{words(name, x, 410, 20)}'
        for name, x in DESKS
    ]
    arrow = '<path d="M480 560V455M455 485l25-30 25 30" stroke="#c8202c" stroke-width="10"'
    shapes.append(f'{arrow} fill="none"/>{words("Cổng chính", 590, 530)}')
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="600" viewBox="0 0 960 600">'
        f'<rect width="960" height="600" fill="#ffffff"/>{"".join(shapes)}</svg>'
    )
    png = resvg_py.svg_to_bytes(svg_string=svg, font_files=[FONTS["B"]], skip_system_fonts=True)
    (FILES / "so-do-trung-tam.png").write_bytes(bytes(png))


def words(text: str, x: float, y: float, size: int = 24) -> str:
    return (
        f'<text x="{x}" y="{y}" font-family="Noto Sans" font-weight="700" font-size="{size}"'
        f' text-anchor="middle" fill="#12365f">{escape(text)}</text>'
    )


def main() -> None:
    missing = [path for path in FONTS.values() if not Path(path).exists()]
    if missing:
        sys.exit(f"Missing fonts: {', '.join(missing)}")
    FILES.mkdir(parents=True, exist_ok=True)
    for draw in (booklet, rules, heads, slip, plan):
        draw()
    for path in sorted(FILES.iterdir()):
        print(f"{path.name}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
