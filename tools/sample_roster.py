"""Write the sample congress's roster: 1,600 invented people, the same bytes every run.

The roster is what demos, tests and load experiments stand on, so it holds the awkward things real
lists hold: namesakes, names with apostrophes, shared rooms, room numbers with a leading zero, and a
few missing seats and buses. Nobody in it exists. There is no column for ethnic origin, religion or
party, and there never will be.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import xlsxwriter

PEOPLE = 1600
SEED = 20270118
SHEET = "Danh sách mẫu"
DEFAULT_PATH = Path(__file__).resolve().parents[1] / "content" / "sample" / "roster.xlsx"
HEADERS = (
    "Mã đại biểu",
    "Họ và tên",
    "Danh xưng",
    "Đoàn",
    "Chức danh trong đoàn",
    "Số điện thoại",
    "Khách sạn",
    "Phòng",
    "Xe",
    "Ghế",
    "Bàn ăn",
    "Tổ thảo luận",
    "Ngôn ngữ đăng ký",
    "Cách nhận tin",
    "Ghi chú",
)
HEAD, DEPUTY, DELEGATE = "Trưởng đoàn", "Phó trưởng đoàn", "Đại biểu"
LOTUS, RIVER = "Khách sạn Sen Hồng", "Khách sạn Sông Xanh"

# Size, then the kinds of names met there beside Kinh names, then languages people may declare.
Home = tuple[str, int, str, str]
HOMES: tuple[Home, ...] = (
    ("tỉnh Gia Lai", 46, "plateau", "jra rad"),
    ("thành phố Hà Nội", 86, "", "en"),
    ("thành phố Hồ Chí Minh", 98, "khmer", "en km"),
    ("thành phố Hải Phòng", 56, "", "en"),
    ("thành phố Huế", 34, "", "en"),
    ("thành phố Đà Nẵng", 46, "", "en"),
    ("thành phố Cần Thơ", 50, "khmer", "km en"),
    ("tỉnh Lai Châu", 28, "mong thai", "hmn blt"),
    ("tỉnh Điện Biên", 30, "mong thai", "hmn blt"),
    ("tỉnh Sơn La", 34, "mong thai", "hmn blt"),
    ("tỉnh Lạng Sơn", 32, "tay", "tyz"),
    ("tỉnh Cao Bằng", 30, "tay mong", "tyz hmn"),
    ("tỉnh Quảng Ninh", 40, "tay", "tyz en"),
    ("tỉnh Thanh Hóa", 58, "thai", "blt hmn"),
    ("tỉnh Nghệ An", 56, "thai mong", "blt hmn"),
    ("tỉnh Hà Tĩnh", 36, "", "en"),
    ("tỉnh Tuyên Quang", 40, "tay mong", "tyz hmn"),
    ("tỉnh Lào Cai", 40, "mong tay", "hmn tyz"),
    ("tỉnh Thái Nguyên", 40, "tay", "tyz en"),
    ("tỉnh Phú Thọ", 50, "", "en tyz"),
    ("tỉnh Bắc Ninh", 50, "tay", "en tyz"),
    ("tỉnh Hưng Yên", 48, "", "en"),
    ("tỉnh Ninh Bình", 50, "", "en"),
    ("tỉnh Quảng Trị", 38, "", "en"),
    ("tỉnh Quảng Ngãi", 40, "plateau", "jra rad"),
    ("tỉnh Khánh Hòa", 40, "plateau", "rad en"),
    ("tỉnh Lâm Đồng", 48, "plateau", "rad jra"),
    ("tỉnh Đắk Lắk", 46, "plateau", "rad jra"),
    ("tỉnh Đồng Nai", 52, "khmer", "km en"),
    ("tỉnh Tây Ninh", 44, "khmer", "km en"),
    ("tỉnh Vĩnh Long", 50, "khmer", "km en"),
    ("tỉnh Đồng Tháp", 46, "", "km en"),
    ("tỉnh Cà Mau", 42, "khmer", "km en"),
    ("tỉnh An Giang", 52, "khmer", "km en"),
    ("khối các cơ quan Trung ương", 14, "tay thai", "en"),
    ("khối doanh nghiệp", 10, "", "en"),
)

# (family names, middle words, given names); a name repeated is met more often.
Pool = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _pool(families: str, middles: str, givens: str) -> Pool:
    """Words apart by spaces; "_" stands for a space inside a name, and alone for no word."""

    def words(text: str) -> tuple[str, ...]:
        return tuple(word.replace("_", " ").strip() for word in text.split())

    return words(families), words(middles), words(givens)


KINH = (
    "Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Trần Lê Lê Lê Phạm Phạm Hoàng Huỳnh "
    "Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Mai Cao Tạ Lương Đào Châu Tô"
)
PLATEAU = "Rơ_Châm Siu Ksor Rơ_Mah Kpă Nay Rah_Lan"
KHMER = "Thạch Sơn Kim Danh Lâm Châu Kiên"
MONG = "Giàng Vừ Sùng Thào Lầu Mùa Hạng Vàng Cứ Lù"
THAI = "Lò Quàng Cà Lường Tòng Vi Lô Hà Đèo Lèo"
TAY = "Nông Hoàng Triệu Lý Bế Lục Hứa Ma Vi Chu Đàm"
CLANS = ("Niê", "Êban", "Mlô", "Ayŭn", "Kbuôr")  # they follow names that begin with Y or H'
# A pool for men, then one for women.
POOLS: dict[str, tuple[Pool, Pool]] = {
    "kinh": (
        _pool(
            KINH,
            "Văn Văn Văn Hữu Đức Minh Quang Xuân Thanh Công Đình Ngọc Quốc Trọng Bá Anh",
            "Hùng Dũng Thuận Tuấn Bình Hào Sang Nam Long Phát An Khoa Tâm Thành Hiếu Cường Trung "
            "Kiên Lâm Tài Đạt Vinh Quân Huy Khánh Nghĩa Hòa Phong Tùng Việt Toàn Thịnh",
        ),
        _pool(
            KINH,
            "Thị Thị Thị Thị Thanh Ngọc Thu Kim Minh Bích Hồng Mỹ Thùy Phương",
            "Lan Hoa Hương Mai Hạnh Thảo Linh Trang Nga Hằng Yến Nhung Loan Phượng Vân Dung Thủy "
            "Thúy Hiền Thoa Ngân Quỳnh Xuân Tuyết Liên Huệ Hà My Nguyệt Ánh Châu Diệp",
        ),
    ),
    "plateau": (
        _pool(
            f"{PLATEAU} Y Y",
            "_",
            "Blui Thuy Hlun Dơng Bhem Jơr Blơ Khăm Phin Wơn Thơm Nguyên Bliu Ayun Phun",
        ),
        _pool(
            f"{PLATEAU} Kpuih H'",
            "_",
            "H'Bin H'Lê H'Nhiên H'Mai H'Phương H'Yun H'Diêm H'Oanh H'Thu H'Nga H'Blơ H'Hoa",
        ),
    ),
    "khmer": (
        _pool(
            KHMER,
            "_ Sa Minh Sô Ngọc",
            "Phia Rươl Thuôl Phát Oai Khương Thanh Vanh Rinh Phước Sên Đa",
        ),
        _pool(
            KHMER,
            "Thị Sa Sô Thị_Sa",
            "Phia Rây Pha Nết Đa Quyên Thia Ly Ngà Hên Phol Vane",
        ),
    ),
    "mong": (
        _pool(MONG, "A A A Seo Mí Bá", "Páo Sử Chống Dơ Súa Lử Tủa Phềnh Dế Lềnh Chu Vảng Cở"),
        _pool(MONG, "Thị", "Mỷ Dợ Sua Chư Máy Dua Ly Pà Xua Chía Mo Dí"),
    ),
    "thai": (
        _pool(
            THAI,
            "Văn Văn Minh Xuân",
            "Pánh Inh Ọi Hặc Muôn Hương Thoan Biên Chung Thương Ún Xôm",
        ),
        _pool(THAI, "Thị", "Pánh Ọi Inh Hặc Pâng Xuân Hương Biên Muôn Thoa Bun Chựa"),
    ),
    "tay": (
        _pool(
            TAY,
            "Văn Văn Đức Quốc Ích",
            "Thắng Tiến Tư Điệp Sinh Hiệu Kiểm Thuận Cương Trình Tuyên Nghiệp",
        ),
        _pool(
            TAY,
            "Thị Thị Bích Thanh",
            "Thắm Bích Chuyên Len Niềm Hiệp Ngoan Chiêm Thơ Lệ Nhình Dịu",
        ),
    ),
}
T = TypeVar("T")


class Draw:
    """Choices made from `random()` alone, the one method whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self._rng.random() < share

    def one(self, items: Sequence[T]) -> T:
        return items[int(self._rng.random() * len(items))]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the roster, its fields in the order of HEADERS."""

    code: str
    full_name: str
    salutation: str
    delegation: str
    role: str
    phone: str
    hotel: str = ""
    room: str = ""
    bus: str = ""
    seat: str = ""
    table: str = ""
    group: str = ""
    language: str = ""
    comfort: str = "text"
    remark: str = "Mẫu"


def people() -> list[Row]:
    """The 1,600 rows, in the order of the sheet: delegation by delegation, its head first."""
    draw = Draw(SEED)
    rows: list[Row] = []
    for home in HOMES:
        rows += _delegation(draw, home, first=len(rows))
    rows = _housed(_grouped(rows))
    rows = [_seated(draw, index, row) for index, row in enumerate(rows)]
    return [_memorable(rows[0]), *rows[1:]]


def write(path: Path) -> None:
    """Write the workbook to `path`; a fixed creation date keeps the bytes the same each time."""
    book = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties(
        {
            "title": "Danh sách mẫu, không có người thật",
            "created": datetime(2026, 11, 21, tzinfo=UTC),
        }
    )
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 2)
    sheet.write_row(0, 0, HEADERS, bold)
    for index, width in enumerate((12, 26, 11, 52, 18, 14, 20, 8, 5, 8, 8, 13, 17, 14, 9)):
        sheet.set_column(index, index, width)
    for number, row in enumerate(people(), start=1):
        for column, cell in enumerate(astuple(row)):
            if cell:
                sheet.write_string(number, column, cell)
    book.close()


def _delegation(draw: Draw, home: Home, first: int) -> list[Row]:
    place, size, kinds, languages = home
    deputies = 2 if size >= 40 else 1
    women_share = 0.38 + draw.one((0.0, 0.04, 0.08))
    rows = []
    for offset in range(size):
        woman = draw.chance(women_share)
        row = Row(
            code=f"DB{first + offset + 1:04}",
            full_name=_name(draw, _kind(draw, kinds), woman),
            salutation="bà" if woman else "ông",
            delegation=f"Đoàn đại biểu {place} (mẫu)",
            role=HEAD if offset == 0 else DEPUTY if offset <= deputies else DELEGATE,
            phone=_phone(first + offset),
            language=_language(draw, languages.split()),
            comfort=draw.one(("text",) * 15 + ("audio",) * 3 + ("pictures",) * 2),
        )
        # Some organisers address everybody as "đồng chí"; it comes from their list, never from us.
        rows.append(replace(row, salutation="đồng chí") if place.startswith("khối") else row)
    # DB0001 is kept for the delegate of the guides, so the first delegation is led by the second.
    if first == 0:
        rows[0], rows[1] = replace(rows[0], role=DELEGATE), replace(rows[1], role=HEAD)
    return rows


def _kind(draw: Draw, kinds: str) -> str:
    return draw.one(kinds.split()) if kinds and draw.chance(0.45) else "kinh"


def _name(draw: Draw, kind: str, woman: bool) -> str:
    families, middles, givens = POOLS[kind][1 if woman else 0]
    family, middle, given = draw.one(families), draw.one(middles), draw.one(givens)
    if family in ("H'", "Y"):  # "H'Bin Niê", "Y Blơ Mlô": the given name comes first
        return f"{'Y ' if family == 'Y' else ''}{given} {draw.one(CLANS)}"
    return " ".join(word for word in (family, middle, given) if word)


def _phone(index: int) -> str:
    # 7,919 is prime to 89,000, so no number comes twice; numbers below 010 000 are for the desks.
    digits = f"{10_000 + index * 7_919 % 89_000:06}"
    return f"0900 {digits[:3]} {digits[3:]}"


def _language(draw: Draw, others: Sequence[str]) -> str:
    """What the person declared, drawn without looking at the name: mostly nothing, then vi."""
    if not draw.chance(0.3):
        return ""
    return "vi" if draw.chance(0.62) else draw.one(others)


def _grouped(rows: list[Row]) -> list[Row]:
    """Whole delegations, the largest first, each to the group with the fewest people."""
    load = dict.fromkeys(range(1, 17), 0)
    group_of: dict[str, str] = {}
    for place, size, _, _ in sorted(HOMES, key=lambda home: -home[1]):
        group = min(load, key=lambda number: (load[number], number))
        load[group] += size
        group_of[f"Đoàn đại biểu {place} (mẫu)"] = str(group)
    return [replace(row, group=group_of[row.delegation]) for row in rows]


def _housed(rows: list[Row]) -> list[Row]:
    """Hotel, room and bus: heads sleep alone, the others share with one of their own delegation."""
    hotel_of = _hotels(rows)
    beds = [hotel_of[row.delegation] for row in rows]
    rooms_taken, guests = {LOTUS: 0, RIVER: 0}, {LOTUS: 0, RIVER: 0}
    waiting: dict[tuple[str, str], str] = {}
    housed = []
    for row in rows:
        hotel = hotel_of[row.delegation]
        # A comrade's sex is not written down, so nobody is made to share by a guess.
        alone = row.role == HEAD or row.code == "DB0001" or row.salutation == "đồng chí"
        pair = (row.delegation, row.salutation)
        room = "" if alone else waiting.pop(pair, "")
        if not room:
            room = _room(hotel, rooms_taken[hotel])
            rooms_taken[hotel] += 1
            if not alone:
                waiting[pair] = room
        bus = (1 if hotel == LOTUS else 21) + guests[hotel] * 20 // beds.count(hotel)
        guests[hotel] += 1
        housed.append(replace(row, hotel=hotel, room=room, bus=str(bus)))
    return housed


def _hotels(rows: list[Row]) -> dict[str, str]:
    hotel_of: dict[str, str] = {}
    for index, row in enumerate(rows):
        hotel_of.setdefault(row.delegation, LOTUS if index < PEOPLE / 2 else RIVER)
    return hotel_of


def _room(hotel: str, index: int) -> str:
    """Floors 2 to 18; "305" at one hotel, "0305" at the other, as printed on each one's keys."""
    per_floor = 26
    # Room 305 is kept free: it belongs to DB0001.
    if hotel == LOTUS and index >= per_floor + 4:
        index += 1
    floor, door = 2 + index // per_floor, 1 + index % per_floor
    return f"{floor}{door:02}" if hotel == LOTUS else f"{floor:02}{door:02}"


def _seated(draw: Draw, index: int, row: Row) -> Row:
    """Seat and table in the order of the list; a few seats and buses are missing, as ever."""
    place = (index + 446) % PEOPLE  # the first delegation sits in row 12
    return replace(
        row,
        seat="" if draw.chance(0.008) else f"{1 + place // 40:02}-{1 + place % 40:02}",
        bus="" if draw.chance(0.008) else row.bus,
        table=str(1 + index // 10),
    )


def _memorable(row: Row) -> Row:
    """The delegate every guide and test speaks of."""
    return replace(
        row,
        full_name="Rơ Châm H'Lan",
        salutation="bà",
        role=DELEGATE,
        room="305",
        bus="1",
        seat="12-07",
        language="jra",
        comfort="audio",
    )


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_PATH
    write(target)
    print(f"{PEOPLE} invented people written to {target}")
