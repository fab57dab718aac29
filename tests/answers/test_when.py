"""The day and hour a question speaks of, and the numbers that speak of none."""

from datetime import date

import pytest

from bot.answers.when import Calendar, read

# A congress from Monday the 18th to Friday the 22nd, on its second day.
HERE = Calendar(first_day=date(2027, 1, 18), days=5, today=date(2027, 1, 19))

# What is said; "day part hour", a dash for what was not said.
SAID: tuple[tuple[str, str], ...] = (
    ("hôm nay có gì", "2 - -"),
    ("hom nay co gi", "2 - -"),
    ("bữa nay làm chi", "2 - -"),
    ("hôm ni có phiên mô", "2 - -"),
    ("hnay họp gì", "2 - -"),
    ("nay có gì", "2 - -"),
    ("sáng nay mấy giờ họp", "2 morning -"),
    ("sang nay hop gi", "2 morning -"),
    ("trưa nay ăn ở đâu", "2 noon -"),
    ("chiều nay có họp không", "2 afternoon -"),
    ("chieu nay co gi", "2 afternoon -"),
    ("chiều này họp gì", "2 afternoon -"),
    ("tối nay có hoạt động gì", "2 evening -"),
    ("toi nay co gi khong", "2 evening -"),
    ("tối ni đi mô", "2 evening -"),
    ("đêm nay có gì", "2 evening -"),
    ("chieeuf nay cos gif", "2 afternoon -"),
    ("sa1ng mai co1 gi2", "3 morning -"),
    ("hôm qua họp gì", "1 - -"),
    ("hom qua noi gi", "1 - -"),
    ("hqua họp gì", "1 - -"),
    ("chiều qua có gì", "1 afternoon -"),
    ("tối hôm qua có gì", "1 evening -"),
    ("hôm kia có gì", "0 - -"),
    ("ngày mai có gì", "3 - -"),
    ("ngay mai co gi", "3 - -"),
    ("mai mấy giờ họp", "3 - -"),
    ("mai hop gi", "3 - -"),
    ("em mai đi xe nào", "3 - -"),
    ("ngày mơi có gì", "3 - -"),
    ("sáng mai có gì", "3 morning -"),
    ("sang mai co gi", "3 morning -"),
    ("trưa mai ăn đâu", "3 noon -"),
    ("chiều mai làm gì", "3 afternoon -"),
    ("chiều ngày mai làm gì", "3 afternoon -"),
    ("tối mai", "3 evening -"),
    ("toi mai co gi", "3 evening -"),
    ("mốt có gì", "4 - -"),
    ("ngày mốt họp gì", "4 - -"),
    ("bữa mốt làm gì", "4 - -"),
    ("ngày kia có gì", "4 - -"),
    ("ngay kia hop gi", "4 - -"),
    ("sáng mốt đi đâu", "4 morning -"),
    ("thứ 5 có gì", "4 - -"),
    ("thứ năm họp gì", "4 - -"),
    ("thu 5 co gi", "4 - -"),
    ("luc bay gio co gi", "- - 07:00"),
    ("bay gio ruoi an sang", "- - 07:30"),
    ("thu nam hop gi", "4 - -"),
    ("thu5 co gi", "4 - -"),
    ("T5 họp gì", "4 - -"),
    ("hôm thứ năm có gì", "4 - -"),
    ("chiều thứ 5 họp gì", "4 afternoon -"),
    ("chieu thu nam hop gi", "4 afternoon -"),
    ("sang thu 5 co gi", "4 morning -"),
    ("toi thu 5 lam gi", "4 evening -"),
    ("thứ 5 buổi chiều có gì", "4 afternoon -"),
    ("sáng t5", "4 morning -"),
    ("thứ hai có gì", "1 - -"),
    ("thứ hai chiều có gì", "1 afternoon -"),
    ("thu ba co gi", "2 - -"),
    ("thứ tư", "3 - -"),
    ("thu tu nay hop gi", "3 - -"),
    ("thứ 6 mấy giờ về", "5 - -"),
    ("thứ sáu này", "5 - -"),
    ("thứ bảy còn họp không", "6 - -"),
    ("thứ 7 ở lại được không", "6 - -"),
    ("chủ nhật có gì", "7 - -"),
    ("chu nhat co gi", "7 - -"),
    ("cn còn ai không", "7 - -"),
    ("sáng cn", "7 morning -"),
    ("chúa nhật", "7 - -"),
    ("thứ 5 tuần sau", "11 - -"),
    ("thứ ba tuần trước", "-5 - -"),
    ("ngày 19 có gì", "2 - -"),
    ("ngay 20 hop gi", "3 - -"),
    ("hôm 21 làm gì", "4 - -"),
    ("chiều ngày 20", "3 afternoon -"),
    ("ngày 20/1 có gì", "3 - -"),
    ("20/1 có gì", "3 - -"),
    ("20/01/2027 họp gì", "3 - -"),
    ("ngày 20-1 họp gì", "3 - -"),
    ("ngày 20.1 họp gì", "3 - -"),
    ("20 tháng 1", "3 - -"),
    ("ngày 20 tháng giêng năm 2027", "3 - -"),
    ("ngày 14 có gì", "-3 - -"),
    ("14/3 có gì", "56 - -"),
    ("chương trình ngày 2", "2 - -"),
    ("chuong trinh ngay 3", "3 - -"),
    ("ngày thứ nhất có gì", "1 - -"),
    ("ngày thứ hai của đại hội", "2 - -"),
    ("ngày đầu tiên làm gì", "1 - -"),
    ("hôm đầu có gì", "1 - -"),
    ("ngày cuối cùng", "5 - -"),
    ("hôm cuối xong lúc nào", "5 - -"),
    ("14h30 có gì", "- - 14:30"),
    ("14:30 họp gì", "- - 14:30"),
    ("14g30 có gì", "- - 14:30"),
    ("lúc 14 giờ 30 phút có gì", "- - 14:30"),
    ("14h", "- - 14:00"),
    ("2 giờ chiều có gì", "- - 14:00"),
    ("2h chieu co gi", "- - 14:00"),
    ("hai giờ chiều họp gì", "- - 14:00"),
    ("2 giờ rưỡi chiều", "- - 14:30"),
    ("8h sang co gi", "- - 08:00"),
    ("8h30 sáng mai", "3 - 08:30"),
    ("7 giờ tối thứ 5 có gì", "4 - 19:00"),
    ("8h toi nay co gi", "2 - 20:00"),
    ("8h toi phai lam gi", "- - 08:00"),
    ("1 giờ trưa", "- - 13:00"),
    ("12h trưa nay", "2 - 12:00"),
    ("8 giờ kém 15", "- - 07:45"),
    ("2 giờ có gì", "- - 14:00"),
    ("chiều thứ 5 lúc 2h30", "4 - 14:30"),
    ("ba giowf chieeuf mai", "3 - 15:00"),
    ("họp tổ 2 giờ chiều", "- - 14:00"),
    ("xe 7h chạy chưa", "- - 07:00"),
    ("9h sáng ngày 20/1", "3 - 09:00"),
    ("buổi chiều làm gì", "- afternoon -"),
    ("buoi sang hop gi", "- morning -"),
    ("chiều có gì", "- afternoon -"),
    ("tối làm gì", "- evening -"),
    ("an trua mai o dau", "3 - -"),
    ("mấy giờ ăn tối nay", "2 - -"),
    ("what is on today", "2 - -"),
    ("what is on tonight", "2 evening -"),
    ("tomorrow morning", "3 morning -"),
    ("what happens tomorrow", "3 - -"),
    ("tmr afternoon", "3 afternoon -"),
    ("the day after tomorrow", "4 - -"),
    ("what did we do yesterday", "1 - -"),
    ("this afternoon", "2 afternoon -"),
    ("in the evening", "- evening -"),
    ("what is on Thursday", "4 - -"),
    ("Thursday afternoon", "4 afternoon -"),
    ("anything on Thu", "4 - -"),
    ("next Tuesday", "9 - -"),
    ("at 14:30", "- - 14:30"),
    ("at 2 pm on Thursday", "4 - 14:00"),
    ("2:30pm tomorrow", "3 - 14:30"),
    ("half past eight", "- - 08:30"),
    ("quarter to nine", "- - 08:45"),
    ("8 o'clock", "- - 08:00"),
    ("day 2", "2 - -"),
    ("on the second day", "2 - -"),
    ("the last day", "5 - -"),
    ("20 January", "3 - -"),
    ("January 20th", "3 - -"),
    ("on the 20th", "3 - -"),
)

SILENT: tuple[str, ...] = (
    "bay gio co gi",
    "bay gio toi an o dau",
    "bây giờ có gì",
    "phòng 305",
    "tôi ở phòng 14",
    "phong 14/3",
    "xe số 14",
    "xe 12 đậu ở đâu",
    "tổ 5",
    "tổ 5 họp ở đâu",
    "to 5 hop o dau",
    "ghế 12-07",
    "bàn 24",
    "tầng 3",
    "cửa số 2",
    "số 14/3 đường Lê Lợi",
    "gọi 0912 345 678",
    "0912345678",
    "gọi 115",
    "mở cửa 24/7",
    "24/24",
    "mạng 4g yếu quá",
    "đi mất 2 giờ",
    "trong 2 giờ",
    "2 giờ nữa có xe không",
    "ngày 3 bữa ăn gì",
    "ở lại 2 ngày 1 đêm",
    "o day 2 ngay",
    "nhà ăn Ban Mai ở đâu",
    "nha an ban mai o dau",
    "chị Mai ở phòng nào",
    "đồng chí Mai đâu rồi",
    "mai mốt có đại hội nữa không",
    "cho toi mot chai nuoc",
    "toi qua phong an duoc khong",
    "toi o phong nao",
    "tôi ở tổ nào",
    "em sang phong ben duoc khong",
    "đem theo giấy tờ gì",
    "dem theo giay to gi",
    "ánh sáng yếu",
    "tối đa mấy người",
    "máy chiếu hỏng",
    "may chieu hong",
    "đêm văn nghệ ở đâu",
    "chào buổi sáng",
    "good morning",
    "where is the culture evening",
    "mấy giờ ăn sáng",
    "mấy giờ ăn tối",
    "mùng một ăn chay",
    "thứ tự phát biểu",
    "hàng thứ 5",
    "nghị quyết số 12",
    "room 305",
    "bus 14",
    "group 5",
    "mấy giờ họp tổ",
    "bao giờ khai mạc",
    "khách sạn ở đâu",
    "",
    "😀",
)


@pytest.mark.parametrize(("question", "meant"), SAID)
def test_a_time_is_understood(question: str, meant: str) -> None:
    found = read(question, HERE)
    assert found is not None
    at = f"{found.at:%H:%M}" if found.at else "-"
    assert f"{'-' if found.day is None else found.day} {found.part or '-'} {at}" == meant


@pytest.mark.parametrize("question", SILENT)
def test_what_is_no_time_is_left_alone(question: str) -> None:
    assert read(question, HERE) is None


def test_there_are_many_phrasings() -> None:
    assert len({question for question, _ in SAID} | set(SILENT)) >= 120


@pytest.mark.parametrize(
    ("question", "rest", "as_today"),
    [
        ("chiều thứ 5 họp gì", "họp gì", "hôm nay họp gì"),
        ("mấy giờ ăn trưa ngày mai?", "mấy giờ ăn trưa ?", "mấy giờ ăn trưa hôm nay ?"),
        ("what is on Thursday at 14:30", "what is", "what is today"),
        ("cơm tối mai ở đâu", "cơm tối ở đâu", "cơm tối hôm nay ở đâu"),
    ],
)
def test_the_rest_of_the_question_stays(question: str, rest: str, as_today: str) -> None:
    found = read(question, HERE)
    assert found is not None
    assert (found.rest, found.as_today) == (rest, as_today)


def test_a_long_event_means_the_next_day_of_that_name() -> None:
    fortnight = Calendar(date(2027, 1, 18), 12, date(2027, 1, 26))
    found = read("thứ năm có gì", fortnight)
    assert found is not None
    assert found.day == 11


def test_the_first_days_of_a_month_are_dates_and_not_numbers() -> None:
    early = Calendar(date(2027, 3, 1), 5, date(2027, 3, 1))
    for question, day in (("ngày 3 có gì", 3), ("ngày 7 có gì", 7), ("day 2", 2)):
        found = read(question, early)
        assert found is not None
        assert found.day == day


def test_hostile_texts_cost_little() -> None:
    for text in ("9" * 10_000, "thứ " * 3_000, "14h" * 3_000, "ngày 1/" * 3_000):
        read(text, HERE)
