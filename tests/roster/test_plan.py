"""The dry run: what would change, and what never changes by itself."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.roster import FIELDS, Change, Parsed, Placed, Plan, Row, plan
from tests.roster.books import csv, parsed

AN = Row("DB1", "Nguyễn Văn An", room="305", hotel="Sen Hồng", status="active")
BINH = Row("DB2", "Lê Bình", room="306", phone="+84900001234", status="active")
ROSTER = {row.code: row for row in (AN, BINH)}


def said(*rows: Row, fields: Sequence[str] = ("code", "full_name", "room", "status")) -> Parsed:
    placed = tuple(Placed(row, f"Sheet1!A{n}") for n, row in enumerate(rows, start=2))
    return Parsed(placed, (), frozenset(fields), (), (), ())


def planned(tmp_path: Path, text: str) -> Plan:
    return plan(ROSTER, parsed(csv(tmp_path / "a.csv", text)))


def test_added_changed_and_unchanged(tmp_path: Path) -> None:
    todo = planned(
        tmp_path, "Mã ĐB,Họ tên,Phòng\nDB1,Nguyễn Văn An,412\nDB2,Lê Bình,306\nDB3,Chi,1\n"
    )
    assert todo.added == (Placed(Row("DB3", "Chi", room="1", status="active"), "a!A4"),)
    assert [(each.address, each.changes) for each in todo.changed] == [
        ("a!A2", (Change("room", "305", "412"),))
    ]
    assert (todo.unchanged, todo.withdrawn, todo.is_empty) == (("DB2",), (), False)


def test_a_missing_row_is_never_a_withdrawal(tmp_path: Path) -> None:
    assert planned(tmp_path, "Mã ĐB,Họ tên\nDB1,Nguyễn Văn An\n").is_empty


def test_a_field_without_a_column_stays_and_an_empty_cell_clears(tmp_path: Path) -> None:
    [changed] = planned(tmp_path, "Mã ĐB,Phòng\nDB1,\n").changed
    assert changed.new == replace(AN, room="")


def test_nobody_loses_a_name_to_an_empty_cell(tmp_path: Path) -> None:
    assert planned(tmp_path, "Mã ĐB,Họ tên\nDB1,\n").is_empty


def test_a_withdrawal_is_a_word_in_the_status_column(tmp_path: Path) -> None:
    todo = planned(tmp_path, "Mã ĐB,Trạng thái\nDB1,rút\nDB2,\n")
    assert [each.changes for each in todo.withdrawn] == [(Change("status", "active", "withdrawn"),)]
    assert (todo.changed, todo.unchanged, todo.withdrawals_to_confirm) == ((), ("DB2",), 1)


@pytest.mark.parametrize(("people", "leaving", "confirm"), [(200, 2, 0), (200, 3, 3), (99, 1, 1)])
def test_more_than_one_in_a_hundred_must_be_confirmed(
    people: int, leaving: int, confirm: int
) -> None:
    roster = {str(n): Row(str(n), "A", status="active") for n in range(people)}
    leave = [replace(roster[str(n)], status="withdrawn") for n in range(leaving)]
    assert plan(roster, said(*leave)).withdrawals_to_confirm == confirm


def test_the_withdrawn_stay_so_until_the_file_says_otherwise() -> None:
    roster = {"DB1": replace(AN, status="withdrawn")}
    silent = plan(roster, said(replace(AN, status="")))
    assert silent.is_empty
    assert [note.values for note in silent.warnings] == [{"count": "1", "cells": "Sheet1!A2"}]
    [back] = plan(roster, said(AN)).changed
    assert back.changes == (Change("status", "withdrawn", "active"),)


def test_new_people_need_a_name_and_must_not_be_withdrawn() -> None:
    todo = plan({}, said(Row("DB8"), Row("DB9", "Chi", status="withdrawn")))
    assert todo.is_empty
    assert [(each.number, str(each.reasons[0])) for each in todo.rejected] == [
        (2, "Sheet1!A2: A new person needs a full name."),
        (3, "Sheet1!A3: This person is withdrawn and not in the roster; there is nothing to do."),
    ]


def test_a_code_that_lost_its_zeros_is_pointed_at() -> None:
    todo = plan({"0412": Row("0412", "An", status="active")}, said(Row("412", "An")))
    assert [str(note) for note in todo.warnings] == [
        "1 new codes differ from existing ones only by zeros in front: Sheet1!A2."
    ]


_WORDS = st.sampled_from(["", "a", "b"])
_ROWS = st.lists(
    st.builds(
        Row,
        code=st.sampled_from("123456"),
        full_name=_WORDS,
        room=_WORDS,
        status=st.sampled_from(["", "active", "withdrawn"]),
    ),
    unique_by=lambda row: row.code,
)


@given(_ROWS, _ROWS)
def test_after_applying_a_plan_the_same_file_changes_nothing(
    before: list[Row], file: list[Row]
) -> None:
    roster = {
        row.code: replace(row, full_name=row.full_name or "x", status=row.status or "active")
        for row in before
    }
    todo = plan(roster, said(*file))
    after = (
        roster
        | {placed.row.code: placed.row for placed in todo.added}
        | {each.new.code: each.new for each in (*todo.changed, *todo.withdrawn)}
    )
    assert plan(after, said(*file)).is_empty
    assert after.keys() >= roster.keys()
    assert set(FIELDS) >= {change.field for each in todo.changed for change in each.changes}
