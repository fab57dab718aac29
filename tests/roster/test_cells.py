"""Cells as people and spreadsheets write them, and what becomes of each."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.roster.cells import (
    CellError,
    code_of,
    comfort_of,
    has_two_phones,
    is_like_formula,
    language_of,
    phone_of,
    status_of,
    text_of,
    value_of,
)
from bot.roster.rows import Cell, OddCell
from bot.text import nfc
from tests.roster.books import LANGUAGES


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (412.0, "412"),
        ("0412", "0412"),
        (412, "412"),
        (12.5, "12.5"),
        (None, ""),
        (True, "x"),
        ("  Sen \n Hồng\u00a0 ", "Sen Hồng"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("An\u200b\u00ad Bình\x07", "An Bình"),
    ],
)
def test_a_cell_is_what_the_organiser_sees(cell: Cell, shown: str) -> None:
    assert text_of(cell) == shown


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("room", "Phòng 305", "305"),
        ("room", "P.0412", "0412"),
        ("room", "P305", "P305"),
        ("room", "Phòng Hoa Sen", "Phòng Hoa Sen"),
        ("room", "chưa xếp", ""),
        ("bus", "Xe số 07", "07"),
        ("seat", "Ghế 12-07", "12-07"),
        ("table", "Bàn số 12", "12"),
        ("group", "Tổ 5", "5"),
        ("group", "Tổ thảo luận số 16", "16"),
        ("hotel", "–", ""),
        ("hotel", "Đang cập nhật", ""),
        ("full_name", "Đinh Na", "Đinh Na"),
    ],
)
def test_a_value_is_without_its_label_and_without_signs_for_nothing(
    field: str, cell: Cell, value: str
) -> None:
    assert value_of(field, cell) == value


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (OddCell("date", "2027-07-12"), "Excel made a date or time of this (2027-07-12); "),
        (OddCell("error"), "The formula here shows an error"),
        (9.1e21, "Excel shortened this number"),
        ("x" * 121, "This is longer than"),
    ],
)
def test_what_cannot_be_put_back_is_refused(cell: Cell, said: str) -> None:
    with pytest.raises(CellError) as refused:
        value_of("seat", cell)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("0912345678", "+84912345678"),
        (912345678.0, "+84912345678"),
        (912345678, "+84912345678"),
        ("912345678", "+84912345678"),
        ("090.000.1234", "+84900001234"),
        ("090-000-1234", "+84900001234"),
        ("(090) 000 1234", "+84900001234"),
        ("+84 900 001 234", "+84900001234"),
        ("84900001234", "+84900001234"),
        (84900001234.0, "+84900001234"),
        ("0084900001234", "+84900001234"),
        ("+84 (0)900 001 234", "+84900001234"),
        ("'0900001234", "+84900001234"),
        ("024 3825 1234", "+842438251234"),
        (2438251234.0, "+842438251234"),
        ("+856 20 5555 1234", "+8562055551234"),
        ("0900001234 / 0911111111", "+84900001234"),
        ("-", ""),
        (None, ""),
    ],
)
def test_a_phone_becomes_e164(cell: Cell, phone: str) -> None:
    assert phone_of(cell) == phone


@pytest.mark.parametrize("cell", ["12345", "0123456789", "không nhớ", "09123456789", 7.0])
def test_what_is_not_a_phone_is_refused(cell: Cell) -> None:
    with pytest.raises(CellError, match="not a valid telephone number"):
        phone_of(cell)


def test_two_phones_in_a_cell_are_noticed() -> None:
    assert [has_two_phones(cell) for cell in ("0900001234/0911111111", "0900 001 234", 9.0)] == [
        True,
        False,
        False,
    ]


@given(st.integers(0, 10**9 - 1), st.sampled_from(["0", "84", "+84", "0084", "", "+84 0"]))
def test_the_quick_way_to_read_a_mobile_agrees_with_libphonenumber(
    national: int, prefix: str
) -> None:
    number = phonenumbers.parse(f"+84{national:09}")
    is_mobile = (
        phonenumbers.is_valid_number(number)
        and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        and national >= 10**8
    )
    if is_mobile:
        assert phone_of(f"{prefix}{national:09}") == f"+84{national:09}"


@given(st.from_regex(r"\+[1-9][0-9]{6,13}", fullmatch=True))
def test_a_phone_read_twice_is_the_same_phone(number: str) -> None:
    try:
        once = phone_of(number)
    except CellError:
        return
    assert phone_of(once) == once


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("DB0001", "DB0001"),
        ("db 0001", "DB0001"),
        ("ĐB-12/3", "ĐB-12/3"),
        ("0412", "0412"),
        (412.0, "412"),
    ],
)
def test_a_code_keeps_its_zeros_and_loses_its_spaces(cell: Cell, code: str) -> None:
    assert code_of(cell) == code


@pytest.mark.parametrize("cell", ["", None, "-", "ĐOÀN TỈNH ĐẮK LẮK", "=1+1", "DB#1", "1" * 41])
def test_what_is_not_a_code_is_refused(cell: Cell) -> None:
    with pytest.raises(CellError, match="code"):
        code_of(cell)


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("rút", "withdrawn"),
        ("Đã rút", "withdrawn"),
        ("THÔI THAM DỰ", "withdrawn"),
        ("withdrawn", "withdrawn"),
        ("tham dự", "active"),
        ("active", "active"),
        ("x", "active"),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_status_is_one_of_two_or_silent(cell: Cell, status: str) -> None:
    assert status_of(cell) == status


def test_a_status_not_known_is_never_guessed() -> None:
    with pytest.raises(CellError, match="The status “ốm” is not known"):
        status_of("ốm")


@pytest.mark.parametrize(
    ("cell", "comfort"),
    [("nghe", "audio"), ("Hình ảnh", "pictures"), ("chữ", "text"), ("", ""), ("múa", None)],
)
def test_comfort_in_vietnamese(cell: Cell, comfort: str | None) -> None:
    assert comfort_of(cell) == comfort


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("jra", "jra"),
        ("Jrai", "jra"),
        ("Tiếng Gia Rai", "jra"),
        ("gia rai", "jra"),
        ("tiếng khmer", "km"),
        ("Việt", "vi"),
        ("", ""),
        ("Klingon", None),
    ],
)
def test_a_language_by_key_or_by_name(cell: Cell, language: str | None) -> None:
    assert language_of(cell, LANGUAGES) == language


@pytest.mark.parametrize(
    ("shown", "is_formula"),
    [
        ("=1+1", True),
        ("@SUM(A1)", True),
        ("+cmd|' /C calc'!A0", True),
        ("-x", True),
        ("+84900001234", False),
        ("-5", False),
        ("Y = X", False),
        ("", False),
    ],
)
def test_text_another_program_might_run_is_seen(shown: str, is_formula: bool) -> None:
    assert is_like_formula(shown) is is_formula


@given(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=200)),
    st.sampled_from(["room", "full_name", "hotel", "seat"]),
)
def test_every_cell_is_read_or_refused_and_reading_again_changes_nothing(
    cell: Cell, field: str
) -> None:
    try:
        value = value_of(field, cell)
    except CellError:
        return
    assert value == nfc(value)
    assert "\n" not in value
    assert text_of(value) == value


@given(st.integers(0, 10**15 - 1))
def test_a_whole_number_keeps_every_digit(number: int) -> None:
    assert text_of(float(number)) == text_of(number) == str(number)


@given(st.text(alphabet="0123456789ABCĐabc./- ", max_size=30))
def test_a_code_read_twice_is_the_same_code(text: str) -> None:
    try:
        once = code_of(text)
    except CellError:
        return
    assert code_of(once) == once
