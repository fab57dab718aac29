"""From rows to people: what is read, what is rejected with its cell, what is only pointed at."""

from pathlib import Path

import pytest

from bot.roster import Parsed, Placed, Row
from tests.roster.books import csv, parsed, workbook

HEADINGS = ["Mã ĐB", "Họ tên", "SĐT", "Phòng", "Trạng thái", "Ngôn ngữ", "Cách nhận tin"]


def read_rows(tmp_path: Path, *rows: list[object]) -> Parsed:
    return parsed(workbook(tmp_path / "roster.xlsx", [HEADINGS, *rows]))


def rejections(found: Parsed) -> list[tuple[int, list[str]]]:
    return [(each.number, [str(why) for why in each.reasons]) for each in found.rejected]


def test_a_row_becomes_a_person(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path, ["DB1", "Nguyễn Văn An", 912345678, 412, "", "Tiếng Gia Rai", "nghe"]
    )
    row = Row(
        "DB1", "Nguyễn Văn An", phone="+84912345678", room="412", language="jra", comfort="audio"
    )
    assert found.rows == (Placed(row, "Sheet1!A2"),)
    assert (found.rejected, found.warnings) == ((), ())
    assert found.fields == {
        "code", "full_name", "phone", "room", "status", "language", "comfort",
    }  # fmt: skip


def test_every_bad_cell_of_a_row_is_named(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ["", "An", "12"], ["DB2", "Bình", "", "", "ốm"], ["DB3", "Chi"])
    assert rejections(found) == [
        (
            2,
            [
                "Sheet1!A2: The delegate's code is missing.",
                "Sheet1!C2: This is not a valid telephone number.",
            ],
        ),
        (3, ["Sheet1!E3: The status “ốm” is not known; write “tham dự” or “rút”."]),
    ]
    assert [placed.row.code for placed in found.rows] == ["DB3"]


def test_a_code_twice_rejects_both_rows_with_both_cells(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ["DB1", "An"], ["DB2", "Bình"], ["db 1", "Chi"])
    assert [placed.row.code for placed in found.rows] == ["DB2"]
    assert rejections(found) == [
        (
            2,
            ["Sheet1!A2: The code DB1 stands also in Sheet1!A4; all these rows are left out."],
        ),
        (
            4,
            ["Sheet1!A4: The code DB1 stands also in Sheet1!A2; all these rows are left out."],
        ),
    ]


def test_namesakes_and_shared_phones_are_pointed_at(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path,
        ["DB1", "Lê An", "0900001234"],
        ["DB2", "LÊ AN", "0900001235"],
        ["DB3", "Chi", "0900001234"],
    )
    assert len(found.rows) == 3
    assert [str(warning) for warning in found.warnings] == [
        "2 people share their full name with another; the code tells them apart: "
        "Sheet1!A2, Sheet1!A3.",
        "2 people share a telephone number with another: Sheet1!A2, Sheet1!A4.",
    ]


@pytest.mark.parametrize(
    ("row", "warning"),
    [
        (["DB1", "=1+1"], "1 cells begin like a formula and were kept as plain text: Sheet1!B2."),
        (
            ["DB1", "An", "0900001234; 0911111111"],
            "1 cells hold two telephone numbers; the first was kept: Sheet1!C2.",
        ),
        (
            ["DB1", "An", "", "", "", "Klingon"],
            "1 languages are not among the event's and were left empty: Sheet1!F2.",
        ),
        (
            ["DB1", "An", "", "", "", "", "múa"],
            "1 ways to receive messages are not known and were left empty: Sheet1!G2.",
        ),
    ],
)
def test_what_is_only_pointed_at(row: list[object], warning: str, tmp_path: Path) -> None:
    found = read_rows(tmp_path, row)
    assert [str(each) for each in found.warnings] == [warning]
    assert [placed.row.code for placed in found.rows] == ["DB1"]


def test_rows_about_nobody_are_passed_over(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path,
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        ["DB1", "An"],
        [],
        [" ", None, ""],
        list(HEADINGS),
        ["DB2", "Bình"],
    )
    assert [placed.address for placed in found.rows] == ["Sheet1!A3", "Sheet1!A7"]
    assert found.rejected == ()


def test_a_name_in_two_columns_is_one_name(tmp_path: Path) -> None:
    found = parsed(csv(tmp_path / "a.csv", "Mã ĐB,Họ đệm,Tên\n1,Nguyễn Văn,An\n2,,Bình\n"))
    assert [placed.row.full_name for placed in found.rows] == ["Nguyễn Văn An", "Bình"]


def test_sensitive_columns_leave_no_trace_in_the_rows(tmp_path: Path) -> None:
    found = parsed(
        csv(
            tmp_path / "a.csv",
            "Mã ĐB,Họ tên,Dân tộc,Ngày vào Đảng,Năm sinh,Ghi chú\n1,An,X,Y,Z,W\n",
        )
    )
    assert found.rows == (Placed(Row("1", "An"), "a!A2"),)
    assert [column.heading for column in found.dropped_columns] == [
        "Dân tộc", "Ngày vào Đảng", "Năm sinh",
    ]  # fmt: skip
    assert [column.heading for column in found.ignored_columns] == ["Ghi chú"]


def test_progress_is_reported(tmp_path: Path) -> None:
    from bot.roster import language_table, map_headers, parse_rows, read

    text = "Mã ĐB,Họ tên\n" + "".join(f"{n},Người {n}\n" for n in range(1200))
    sheet = read(csv(tmp_path / "a.csv", text))
    seen: list[tuple[int, int]] = []
    parse_rows(sheet, map_headers(sheet), language_table({}), lambda *at: seen.append(at))
    assert seen == [(500, 1201), (1000, 1201)]
