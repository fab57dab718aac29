"""The law's limits in working days, and the desk that sees what is overdue first."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SetClock
from bot.privacy import answer_by, due_at
from bot.store import Store, Work
from bot.values.request import RequestKind
from tests.conftest import MORNING
from tests.privacy.world import an_event

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2027-01-19T08:10", "2027-01-22T00:00"),  # a Tuesday: Wednesday and Thursday
        ("2027-01-21T23:59", "2027-01-26T00:00"),  # a Thursday: Friday and Monday
        ("2027-01-23T08:00", "2027-01-27T00:00"),  # a Saturday: Monday and Tuesday
    ],
)
def test_two_working_days(asked: str, answered: str) -> None:
    moment = datetime.fromisoformat(asked).replace(tzinfo=HANOI)
    assert answer_by(moment, HANOI) == datetime.fromisoformat(answered).replace(tzinfo=HANOI)


def test_only_what_concerns_her_data_has_a_limit() -> None:
    days = {kind: due_at(kind, MORNING) for kind in RequestKind}
    assert days == {
        RequestKind.HELP: None,
        RequestKind.URGENT: None,
        RequestKind.PRIVACY: MORNING + timedelta(days=15),
        RequestKind.CORRECTION: MORNING + timedelta(days=10),
    }


async def test_what_is_overdue_stands_first(store: Store, clock: SetClock) -> None:
    def ask(work: Work) -> int:
        event = an_event(work)
        account = work.accounts.ensure("webchat", "c")
        place = work.accounts.add_address(account.id, "a").id
        for kind, due in (
            (RequestKind.HELP, None),
            (RequestKind.PRIVACY, work.now + timedelta(days=15)),
            (RequestKind.CORRECTION, work.now + timedelta(days=10)),
        ):
            who = work.people.add()
            work.requests.open(event, who, place, kind=kind, language="vi", due_at=due)
        return event

    event = await store.write(ask)
    clock.forward(timedelta(days=11))
    waiting = await store.read(lambda work: work.requests.waiting(event))
    assert [one.kind for one in waiting] == ["correction", "help", "privacy"]
