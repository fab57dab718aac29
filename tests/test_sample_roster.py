"""The committed sample roster is what demos and other tests stand on: it must be whole, invented
and exactly what its script writes."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[1]
ROSTER = ROOT / "content" / "sample" / "roster.xlsx"
SCRIPT = ROOT / "tools" / "sample_roster.py"
HEADERS = [
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
]
LANGUAGES = ["", "vi", "en", "km", "hmn", "tyz", "blt", "jra", "rad"]
People = list[dict[str, str]]


def _sheet() -> list[list[str]]:
    rows = CalamineWorkbook.from_path(str(ROSTER)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


@pytest.fixture(scope="module")
def people() -> People:
    header, *rows = _sheet()
    return [dict(zip(header, row, strict=True)) for row in rows]


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def _filled(people: People, header: str) -> list[str]:
    return [person[header] for person in people if person[header]]


def test_the_columns_are_the_agreed_ones_and_none_is_forbidden() -> None:
    # Equality is the rule against ethnic origin, religion and party: no other column can slip in.
    assert _sheet()[0] == HEADERS


def test_the_workbook_says_that_it_is_a_sample(people: People) -> None:
    assert CalamineWorkbook.from_path(str(ROSTER)).sheet_names == ["Danh sách mẫu"]
    assert {person["Ghi chú"] for person in people} == {"Mẫu"}
    assert [p["Đoàn"] for p in people if not p["Đoàn"].endswith(" (mẫu)")] == []


def test_codes_run_from_the_first_to_the_last(people: People) -> None:
    assert [p["Mã đại biểu"] for p in people] == [f"DB{n:04}" for n in range(1, 1601)]


@pytest.mark.parametrize("header", ["Ghế", "Số điện thoại"])
def test_no_seat_and_no_phone_is_given_twice(people: People, header: str) -> None:
    assert [value for value, times in Counter(_filled(people, header)).items() if times > 1] == []


def test_phones_are_whole_and_in_the_invented_range(people: People) -> None:
    bare = [p["Số điện thoại"].replace(" ", "") for p in people]
    assert len([p for p in bare if p.startswith("09000") and len(p) == 10 and p.isdigit()]) == 1600


def test_every_delegation_has_exactly_one_head(people: People) -> None:
    delegations = {p["Đoàn"] for p in people}
    heads = Counter(p["Đoàn"] for p in people if p["Chức danh trong đoàn"] == "Trưởng đoàn")
    assert len(delegations) == 36
    assert heads == dict.fromkeys(delegations, 1)


def test_buses_keep_to_one_hotel_and_every_group_and_table_is_used(people: People) -> None:
    hotels_of_bus = {(p["Xe"], p["Khách sạn"]) for p in people if p["Xe"]}
    assert sorted(int(bus) for bus, _ in hotels_of_bus) == list(range(1, 41))  # one hotel each
    assert {int(p["Tổ thảo luận"]) for p in people} == set(range(1, 17))
    assert {int(p["Bàn ăn"]) for p in people} == set(range(1, 161))


def test_a_room_holds_one_or_two_of_one_salutation(people: People) -> None:
    rooms = Counter((p["Khách sạn"], p["Phòng"]) for p in people)
    salutations = {(p["Khách sạn"], p["Phòng"], p["Danh xưng"]) for p in people}
    assert set(rooms.values()) == {1, 2}
    assert len(salutations) == len(rooms)


def test_a_few_seats_and_buses_are_missing_as_in_real_lists(people: People) -> None:
    missing = [1600 - len(_filled(people, header)) for header in ("Ghế", "Xe")]
    assert [0 < count <= 32 for count in missing] == [True, True]


def test_namesakes_are_there_on_purpose(people: People) -> None:
    times = Counter(p["Họ và tên"] for p in people)
    assert sum(count > 1 for count in times.values()) >= 10


def test_text_is_composed(people: People) -> None:
    cells = [cell for person in people for cell in person.values()]
    assert [c for c in cells if unicodedata.normalize("NFC", c) != c] == []


def test_the_declared_language_does_not_follow_from_the_name(people: People) -> None:
    declared_by_family: dict[str, list[str]] = {}
    families_by_language: dict[str, set[str]] = {}
    for person in people:
        family, language = person["Họ và tên"].split()[0], person["Ngôn ngữ đăng ký"]
        declared_by_family.setdefault(family, []).append(language)
        families_by_language.setdefault(language, set()).add(family)
    telling = [
        family
        for family, languages in declared_by_family.items()
        if len(languages) >= 20 and Counter(languages).most_common(1)[0][0] != ""
    ]
    assert telling == []
    assert sorted(families_by_language) == sorted(LANGUAGES)
    assert min(len(families) for families in families_by_language.values()) >= 4
    assert 0.25 < len(_filled(people, "Ngôn ngữ đăng ký")) / 1600 < 0.35


def test_the_delegate_of_the_guides(people: People) -> None:
    assert list(people[0].values()) == [
        "DB0001",
        "Rơ Châm H'Lan",
        "bà",
        "Đoàn đại biểu tỉnh Gia Lai (mẫu)",
        "Đại biểu",
        "0900 010 000",
        "Khách sạn Sen Hồng",
        "305",
        "1",
        "12-07",
        "1",
        "15",
        "jra",
        "audio",
        "Mẫu",
    ]


def test_the_script_writes_the_same_workbook_every_time(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        subprocess.run([sys.executable, str(SCRIPT), str(tmp_path / name)], check=True)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    # The committed file is compared member by member: another zlib may pack the same content
    # into other bytes.
    assert _members(tmp_path / "one.xlsx") == _members(ROSTER)
