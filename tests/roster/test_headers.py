"""Headings in both languages, in any order, and the columns that must never be kept."""

import pytest

from bot.roster import HeaderMap, RosterRefused, Sheet, map_headers
from bot.roster.rows import Cell


def mapped(*rows: tuple[Cell, ...]) -> HeaderMap:
    return map_headers(Sheet("Sheet1", rows))


def fields(*headings: str) -> list[str]:
    """What each heading is read as; the code stands first to make it a roster."""
    columns = mapped(("Mã ĐB", *headings)).columns[1:]
    return [column.field if column.fate == "used" else column.fate for column in columns]


def test_the_sample_headings() -> None:
    assert fields(
        "Họ và tên", "Danh xưng", "Đoàn", "Chức danh trong đoàn", "Số điện thoại", "Khách sạn",
        "Phòng", "Xe", "Ghế", "Bàn ăn", "Tổ thảo luận", "Ngôn ngữ đăng ký", "Cách nhận tin",
        "Trạng thái", "Nơi nhận thẻ",
    ) == [
        "full_name", "salutation", "delegation", "role", "phone", "hotel", "room", "bus", "seat",
        "table", "group", "language", "comfort", "status", "badge_place",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("HỌ TÊN", "full_name"),
        ("Họ và tên (in hoa)", "full_name"),
        ("Full name", "full_name"),
        ("SĐT", "phone"),
        ("sdt", "phone"),
        ("ĐT di động", "ignored"),
        ("Số\nđiện thoại:", "phone"),
        ("Điện thoại / Phone", "phone"),
        ("KS", "hotel"),
        ("Số phòng *", "room"),
        ("Xe số", "bus"),
        ("so_ghe", "seat"),
        ("Tổ", "group"),
        ("Bàn", "table"),
        ("Chức danh", "role"),
        ("Đơn vị", "delegation"),
        ("Phòng/Xe", "ignored"),
        ("Ghi chú", "ignored"),
        ("STT", "ignored"),
    ],
)
def test_one_heading_beside_an_accented_one(heading: str, field: str) -> None:
    assert fields(heading, "Danh xưng")[0] == field


def test_a_bare_word_counts_only_where_nothing_has_accents() -> None:
    assert fields("Ban", "Khách sạn") == ["ignored", "hotel"]
    columns = mapped(("Ma DB", "Ban", "Khach san")).columns
    assert [column.field for column in columns] == ["code", "table", "hotel"]


@pytest.mark.parametrize(
    ("heading", "reveals"),
    [
        ("Dân tộc", "ethnic origin"),
        ("DAN TOC", "ethnic origin"),
        ("Ethnic group", "ethnic origin"),
        ("Thành phần dân tộc / Ethnicity", "ethnic origin"),
        ("Tôn giáo", "religion"),
        ("Religion", "religion"),
        ("Đảng viên", "party membership"),
        ("Ngày vào Đảng", "party membership"),
        ("Party member", "party membership"),
        ("Năm sinh", "age"),
        ("Birth year", "age"),
        ("Ngày, tháng, năm sinh", "age"),
        ("Số CCCD", "identity papers"),
        ("CMND/CCCD", "identity papers"),
        ("Identity card number", "identity papers"),
        ("Sức khỏe", "health"),
        ("Số tài khoản ngân hàng", "bank account"),
    ],
)
def test_a_column_that_reveals_too_much_is_dropped_and_named(heading: str, reveals: str) -> None:
    [dropped] = mapped(("Mã ĐB", "Họ tên", heading)).dropped
    assert (dropped.heading, dropped.field) == (heading, reveals)


def test_headings_under_a_title_in_any_order() -> None:
    headers = mapped(
        ("DANH SÁCH ĐẠI BIỂU",), (), ("(kèm theo công văn)",), ("Phòng", "Mã ĐB", "Họ tên"), ("1",)
    )
    assert (headers.row, headers.index_of("code"), headers.index_of("room")) == (3, 1, 0)


def test_headings_in_two_rows_with_merged_cells() -> None:
    headers = mapped(("Mã ĐB", "Họ tên", "Chỗ ở", None), (None, None, "Khách sạn", "Phòng"))
    assert [column.field for column in headers.columns] == ["code", "full_name", "hotel", "room"]
    assert headers.row == 1


def test_two_columns_for_one_field_are_refused_with_both_cells() -> None:
    with pytest.raises(RosterRefused) as refused:
        mapped(("Mã ĐB", "Phòng", "Số phòng"))
    assert str(refused.value) == (
        "Two columns say the same thing: “Phòng” (Sheet1!B1) and “Số phòng” (Sheet1!C1); "
        "rename or delete one of them."
    )


def test_a_weak_heading_gives_way_to_a_strong_one() -> None:
    assert fields("Đơn vị", "Đoàn", "Chức vụ", "Chức danh") == [
        "ignored", "delegation", "ignored", "role",
    ]  # fmt: skip


def test_a_name_in_two_columns() -> None:
    assert mapped(("Mã ĐB", "Họ đệm", "Tên")).fields == {"code", "full_name"}


def test_a_name_under_one_merged_heading() -> None:
    headers = mapped(
        ("Mã ĐB", "Họ và tên", None, "Phòng"),
        ("1", "Nguyễn Văn", "An", "1"),
        ("2", "Lê Thị", "Bình", "2"),
    )
    assert [column.field for column in headers.columns] == [
        "code", "family name", "given name", "room",
    ]  # fmt: skip
    assert [note.address for note in headers.notes] == ["Sheet1!B1"]


@pytest.mark.parametrize("rows", [(), (("a", "b"),), (("Họ tên", "Phòng"),), (("Mã ĐB",),)])
def test_without_headings_the_file_is_refused(rows: tuple[tuple[Cell, ...], ...]) -> None:
    with pytest.raises(RosterRefused, match="No headings found in the first 10 rows"):
        mapped(*rows)


def test_headings_below_the_tenth_row_are_not_looked_for() -> None:
    with pytest.raises(RosterRefused, match="No headings"):
        mapped(*[("x",)] * 10, ("Mã ĐB", "Họ tên"))
