"""When an event is quiet: nights across midnight, time zones, telephones put away."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.values.quiet import Quiet

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = (time(22), time(6))


def at(hour: int, minute: int = 0, day: int = 19, zone: ZoneInfo = HANOI) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (at(21, 59), None),
        (at(22), at(6, day=20)),
        (at(23, 59), at(6, day=20)),
        (at(0), at(6)),
        (at(5, 59), at(6)),
        (at(6), None),
    ],
)
def test_a_night_across_midnight(now: datetime, ends: datetime | None) -> None:
    assert Quiet(HANOI, NIGHT).until(now) == ends
    assert Quiet(HANOI, NIGHT).until(now.astimezone(UTC)) == ends


def test_a_rest_at_noon() -> None:
    quiet = Quiet(HANOI, (time(12), time(13, 30)))
    assert [quiet.until(at(*one)) for one in ((11, 59), (12, 0), (13, 30))] == [
        None,
        at(13, 30),
        None,
    ]


def test_the_hours_are_those_of_the_event() -> None:
    now = datetime(2027, 1, 19, 16, tzinfo=UTC)  # 23:00 in Hà Nội, 17:00 in Paris
    assert Quiet(HANOI, NIGHT).until(now) == at(6, day=20)
    assert Quiet(ZoneInfo("Europe/Paris"), NIGHT).until(now) is None


def test_telephones_away_right_after_the_night_are_one_span() -> None:
    session = (at(6), at(11, 30))
    quiet = Quiet(HANOI, NIGHT, (session, (at(14), at(17))))
    assert quiet.until(at(5)) == at(11, 30)
    assert quiet.away_until(at(5)) is None
    assert quiet.away_until(at(6)) == at(11, 30)
    assert quiet.until(at(12)) is None
    assert quiet.until(at(16)) == quiet.away_until(at(16)) == at(17)


def test_equal_hours_are_none_and_endless_quiet_ends_somewhere() -> None:
    assert Quiet(HANOI, (time(6), time(6))).until(at(6)) is None
    assert Quiet(HANOI).until(at(3)) is None
    ends = Quiet(HANOI, (time(6), time(5, 59)), ((at(5, 58), at(6, 1)),)).until(at(7))
    assert ends == at(5, 59, day=20)


def test_summer_time_begins_and_ends_in_the_night() -> None:
    paris = ZoneInfo("Europe/Paris")
    spring = datetime(2027, 3, 28, 0, 30, tzinfo=paris)
    assert Quiet(paris, NIGHT).until(spring) == datetime(2027, 3, 28, 4, tzinfo=UTC)
    autumn = datetime(2027, 10, 31, 0, 30, tzinfo=paris)
    assert Quiet(paris, NIGHT).until(autumn) == datetime(2027, 10, 31, 5, tzinfo=UTC)
