"""Voices and pictures: kept once, for an open request, and not a day longer."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from bot import desk, privacy
from bot.clock import SetClock
from bot.store import Store, Work
from bot.values.request import RequestKind

VOICE = ("voice", "audio/webm", b"\x1aE\xdf\xa3 speech")


@dataclass(frozen=True)
class Asked:
    """An address with a voice, and the request it was for."""

    event_id: int
    person_id: int
    address_id: int
    request_id: int


def ask(work: Work, asked: Asked | tuple[int, int, int]) -> int:
    event, person, place = (
        asked if isinstance(asked, tuple) else (asked.event_id, asked.person_id, asked.address_id)
    )
    kind = RequestKind.HELP
    return work.requests.open(event, person, place, kind=kind, language="vi").id


@pytest.fixture
async def asked(store: Store) -> Asked:
    def fill(work: Work) -> Asked:
        event = work.events.add(
            "sample", names={}, time_zone="Asia/Ho_Chi_Minh", first_day=date(2027, 1, 18), days=5
        )
        person = work.people.add()
        account = work.accounts.ensure("webchat", "sample", event_id=event.id)
        place = work.accounts.add_address(account.id, "her-page").id
        work.handed_in.keep(place, "in:1", *VOICE, seconds=7)
        return Asked(event.id, person, place, ask(work, (event.id, person, place)))

    return await store.write(fill)


async def kept(store: Store, asked: Asked) -> list[tuple[str, int, int]]:
    found = await store.read(lambda work: work.handed_in.at_address(asked.address_id))
    return [(one.kind, one.seconds, one.size) for one in found]


async def test_tried_again_it_is_kept_once(store: Store, asked: Asked) -> None:
    def again(work: Work) -> list[int]:
        ids = [work.handed_in.keep(asked.address_id, "in:1", *VOICE, seconds=7) for _ in range(2)]
        return [*ids, work.handed_in.at_address(asked.address_id)[0].id]

    assert len(set(await store.write(again))) == 1
    assert await kept(store, asked) == [("voice", 7, len(VOICE[2]))]


async def test_only_her_own_address_finds_it(store: Store, asked: Asked) -> None:
    def look(work: Work) -> list[bytes | None]:
        (one,) = work.handed_in.at_address(asked.address_id)
        places = (asked.address_id, asked.address_id + 1)
        return [work.handed_in.body(place, one.id) for place in places]

    assert await store.read(look) == [VOICE[2], None]


async def test_it_goes_when_the_last_request_is_closed(store: Store, asked: Asked) -> None:
    other = await store.write(lambda work: ask(work, asked))
    await store.write(
        lambda work: desk.close_request(work, asked.event_id, asked.request_id, "Lan")
    )
    assert len(await kept(store, asked)) == 1
    await store.write(lambda work: desk.close_request(work, asked.event_id, other, "Lan"))
    assert await kept(store, asked) == []


async def test_without_a_request_it_goes_after_a_day(
    store: Store, asked: Asked, clock: SetClock
) -> None:
    await store.write(lambda work: work.requests.close(asked.event_id, asked.request_id))
    clock.forward(timedelta(hours=23))
    await store.write(lambda work: privacy.purge_words(work, 7))
    assert len(await kept(store, asked)) == 1
    clock.forward(timedelta(hours=2))
    done = await store.write(lambda work: privacy.purge_words(work, 7))
    assert (done["handed_in"], await kept(store, asked)) == (1, [])


async def test_a_request_that_stays_open_keeps_it_a_week_after_the_end(
    store: Store, asked: Asked, clock: SetClock
) -> None:
    clock.forward(timedelta(days=5))
    await store.write(lambda work: privacy.purge_words(work, 7))
    assert len(await kept(store, asked)) == 1
    clock.forward(timedelta(days=8))
    await store.write(lambda work: privacy.purge_words(work, 7))
    assert await kept(store, asked) == []
