"""Whose room is asked for: her mother's, that of who shares the phone, or nobody else's."""

import pytest

from bot.whose import Whose, room, whose

NAMES = {1: "Y Lan", 2: "Nguyễn Thị Hà", 3: "Trần Văn Hà", 4: "Rơ Châm Jơr"}


@pytest.mark.parametrize(
    ("asked", "rest", "named"),
    [
        ("bác Y Lan ở phòng nào", "tôi ở phòng nào", (1,)),
        ("bac y lan o phong nao", "tôi o phong nao", (1,)),
        ("phòng của Thị Hà ở đâu", "phòng của tôi ở đâu", (2,)),
        ("bà Hà đi xe nào", "tôi đi xe nào", (2, 3)),
        ("Trần Văn Hà ngồi đâu", "tôi ngồi đâu", (3,)),
        ("chồng tôi là Rơ Châm Jơr ở phòng mấy", "chồng tôi là tôi ở phòng mấy", (4,)),
        ("mẹ tôi ở phòng nào", "tôi ở phòng nào", ()),
        ("phòng của bà nội cháu", "phòng của tôi", ()),
        ("con gái tôi đi xe mấy", "tôi đi xe mấy", ()),
        ("vo toi ngoi dau", "tôi ngoi dau", ()),
        ("where is my wife's room", "where is my room", ()),
        ("which bus is my son on", "which bus is i on", ()),
    ],
)
def test_the_question_as_she_would_ask_for_herself(
    asked: str, rest: str, named: tuple[int, ...]
) -> None:
    assert whose(asked, NAMES) == Whose(rest, named)


def test_somebody_of_another_phone_is_told_apart() -> None:
    assert whose("anh Tuấn ở phòng mấy", NAMES) == Whose("tôi ở phòng mấy", other=True)


@pytest.mark.parametrize(
    "asked",
    [
        "bác ở phòng nào hả cháu",
        "con ơi phòng bác số mấy",
        "PHÒNG CỦA TÔI Ở ĐÂU",
        "nhưng mà tôi ở phòng nào",
        "em ở phòng mấy ạ",
        "anh em mình ăn ở đâu",
        "hà nội có gì",
        "my room",
    ],
)
def test_she_speaks_of_herself(asked: str) -> None:
    assert whose(asked, NAMES) is None


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("phòng 305 ở đâu", "305"),
        ("phòng số 0324", "324"),
        ("where is room 41", "41"),
        ("phòng ở đâu", ""),
        ("phòng họp 3", ""),
    ],
)
def test_the_room_a_question_names(asked: str, number: str) -> None:
    assert room(asked) == number
