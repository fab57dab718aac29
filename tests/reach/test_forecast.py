"""Whom a notice would reach now, how, at what cost, and who would be left: by the hour."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.reach import BILLABLE_FOR, FREE_FOR, Way, Window, address_of, forecast, window_of
from bot.store import Store, Work
from bot.store.roster import COLUMNS
from bot.store.windows import Heard, Place
from bot.values.consent import DEVELOPMENT
from bot.values.person import Role
from tests.conftest import MORNING

HOUR = timedelta(hours=1)


def _place(**otherwise: Any) -> Place:
    given = {
        "person_id": 1,
        "address_id": 1,
        "kind": "zalo",
        "sender": "4",
        "heard_at": MORNING,
        "gone_at": None,
        "gone_reason": "",
        "frozen_at": None,
    }
    return Place(**{**given, **otherwise})


CASES: list[tuple[dict[str, Any], timedelta, Window]] = [
    ({}, timedelta(0), Window.FREE),
    ({}, FREE_FOR, Window.FREE),
    ({}, FREE_FOR + HOUR, Window.BILLABLE),
    ({}, BILLABLE_FOR, Window.BILLABLE),
    ({}, BILLABLE_FOR + HOUR, Window.TEMPLATE),
    ({"heard_at": None}, HOUR, Window.UNKNOWN),
    ({"gone_at": MORNING, "gone_reason": "zalo-230"}, HOUR, Window.TEMPLATE),
    ({"gone_at": MORNING, "gone_reason": "zalo-217"}, HOUR, Window.UNREACHABLE),
    ({"gone_at": MORNING, "gone_reason": "left"}, HOUR, Window.UNREACHABLE),
    ({"frozen_at": MORNING}, HOUR, Window.UNREACHABLE),
    ({"kind": "telegram", "heard_at": None}, HOUR, Window.FREE),
    ({"kind": "telegram", "gone_at": MORNING, "gone_reason": "blocked"}, HOUR, Window.UNREACHABLE),
]


@pytest.mark.parametrize(("place", "later", "window"), CASES)
def test_the_window_of_an_address(place: dict[str, Any], later: timedelta, window: Window) -> None:
    assert window_of(_place(**place), MORNING + later) is window


class Town:
    """An event whose delegates are reached in every way there is."""

    def __init__(self, work: Work) -> None:
        self.work = work
        zone, day = "Asia/Ho_Chi_Minh", date(2027, 1, 18)
        names = {"vi": "Hội nghị"}
        self.event = work.events.add("town", names=names, time_zone=zone, first_day=day, days=5)
        self.people: dict[str, int] = {}

    def delegate(self, name: str, status: str = "active") -> int:
        work, number = self.work, len(self.people) + 1
        (person,) = work.people.add_many(1)
        work.people.join(self.event.id, [person], Role.DELEGATE)
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
            "event_id": self.event.id,
            "updated_at": work.now,
            "person_id": person,
            "code": f"D{number:02}",
            "full_name": name,
            "delegation": "Hà Giang",
            "status": status,
        }
        work.roster.add_many([row])
        self.people[name] = person
        return person

    def at(self, person: int, kind: str, heard: datetime | None = None) -> int:
        account = self.work.accounts.ensure(kind, "one").id
        sender = f"{kind}-{person}"
        address = self.work.accounts.add_address(account, sender)
        self.work.accounts.tie(address.id, person, self.event.id, DEVELOPMENT)
        if heard is not None:
            self.work.windows.heard(account, [Heard(sender, heard)])
        return address.id


def fill(work: Work) -> int:
    town = Town(work)
    now = work.now
    town.at(town.delegate("An"), "zalo", now - HOUR)
    town.at(town.delegate("Bình"), "zalo", now - FREE_FOR - HOUR)
    town.at(town.delegate("Chi"), "zalo", now - FREE_FOR - HOUR)
    town.at(town.delegate("Dung"), "zalo", now - BILLABLE_FOR - HOUR)
    town.at(town.delegate("Giang"), "zalo")
    town.at(town.delegate("Hà"), "telegram")
    town.at(town.delegate("Kim"), "webchat")
    work.accounts.mark_gone(town.at(town.delegate("Lan"), "telegram"), "blocked")
    town.delegate("Mai")
    town.delegate("Nga", status="withdrawn")
    # Silent on Zalo for a fortnight, but she has the page as well.
    oanh = town.delegate("Oanh")
    town.at(oanh, "zalo", now - 2 * BILLABLE_FOR)
    town.at(oanh, "webchat")
    return town.event.id


async def test_everybody_is_counted_once_and_those_left_by_name(store: Store) -> None:
    event = await store.write(fill)
    found = await store.read(lambda work: forecast(work, event, price=55))
    names = {way: [one.full_name for one in found.by(way)] for way in Way if found.by(way)}
    assert names == {
        Way.FREE: ["An", "Hà"],
        Way.OPENED: ["Kim", "Oanh"],
        Way.BILLABLE: ["Bình", "Chi"],
        Way.UNKNOWN: ["Giang"],
        Way.TEMPLATE: ["Dung"],
        Way.UNREACHABLE: ["Lan"],
        Way.UNLINKED: ["Mai"],
    }
    assert (found.cost, len(found.people)) == (110, 10)
    assert [one.full_name for one in found.left] == ["Dung", "Lan", "Mai"]
    told = found.as_json()
    assert told["channels"]["webchat"] == {Way.OPENED: 2}
    assert json.loads(json.dumps(told)) == told


async def test_it_is_the_address_a_letter_goes_to(store: Store) -> None:
    def kinds(work: Work) -> dict[str, str]:
        event = work.events.by_slug("town")
        assert event is not None
        kind = {place.address_id: place.kind for place in work.windows.of_event(event.id)}
        found = {}
        for record in work.roster.all(event.id):
            where = address_of(work, record.person_id, event.id)
            found[record.full_name] = kind[where.id] if where else ""
        return found

    event = await store.write(fill)
    chosen = await store.read(kinds)
    asked = await store.read(lambda work: forecast(work, event, price=0))
    open_ways = (Way.FREE, Way.OPENED, Way.BILLABLE, Way.UNKNOWN)
    told = {one.full_name: one.channel if one.way in open_ways else "" for one in asked.people}
    assert {name: chosen[name] for name in told} == told
    assert chosen["Oanh"] == "webchat"


async def test_only_those_who_are_asked_about(store: Store) -> None:
    event = await store.write(fill)

    def some(work: Work) -> list[str]:
        mai = next(one for one in work.roster.all(event) if one.full_name == "Mai")
        asked = forecast(work, event, price=55, people=[mai.person_id])
        return [one.full_name for one in asked.people]

    assert await store.read(some) == ["Mai"]


async def test_the_command_prints_it(
    sqlite_store: Store, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    from bot.cli import app

    await sqlite_store.write(fill)
    monkeypatch.setenv("DONGHANH_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DONGHANH_SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    runner = CliRunner()
    as_json = await asyncio.to_thread(runner.invoke, app, ["reach", "--json"])
    plain = await asyncio.to_thread(runner.invoke, app, ["reach", "--names"])
    assert (as_json.exit_code, plain.exit_code) == (0, 0)
    told = json.loads(as_json.stdout)
    assert (told["event"], told["people"]) == ("town", 10)
    assert plain.stdout.splitlines()[0] == "If it goes out now, of 10 people in town:"
