"""The facts of a leak: whose data lay there, of which class, and a clock that never starts anew."""

from datetime import timedelta

from bot import privacy
from bot.clock import SetClock
from bot.store import Store, Work
from bot.vault import Vault
from tests.privacy.world import AN, BINH, a_person, an_event, traces

HOUR = timedelta(hours=1)


async def test_who_is_affected_and_what_lay_there(
    store: Store, vault: Vault, clock: SetClock
) -> None:
    begins = clock.now()

    def fill(work: Work) -> None:
        event = an_event(work)
        a_person(work, vault, event, AN, shared=AN["sender"])
        work.people.add()

    await store.write(fill)
    clock.forward(2 * HOUR)
    ends = clock.now()
    clock.forward(HOUR)
    later = clock.now()

    def too_late(work: Work) -> None:
        event = an_event(work, "other")
        a_person(work, vault, event, BINH, shared=BINH["sender"])

    await store.write(too_late)
    found = await store.write(lambda work: privacy.breach(work, begins, ends, None))
    assert (found.codes, found.guests, found.people) == ({"sample": ["DB1"]}, 1, 2)
    assert found.active == 1
    assert found.held["sensitive"]["transcript"] == 1
    assert found.held["basic"]["record"] == 2  # no time is kept there: all of them
    assert "job" not in found.held["pseudonym"]
    assert (found.detected, found.left(later)) == (later, 72 * HOUR)
    clock.forward(5 * HOUR)
    again = await store.write(lambda work: privacy.breach(work, begins, ends, None))
    assert again.left(clock.now()) == 67 * HOUR
    earlier = await store.write(lambda work: privacy.breach(work, begins, ends, ends))
    assert earlier.left(clock.now()) == 66 * HOUR
    last = await store.write(lambda work: privacy.breach(work, begins, ends, clock.now()))
    assert last.detected == ends
    facts = last.as_json(clock.now())
    assert (facts["people"], facts["seconds_left"]) == (2, 66 * 3600)
    assert traces(str(facts), AN) == []


async def test_whoever_was_erased_before_is_not_affected(
    store: Store, vault: Vault, clock: SetClock
) -> None:
    def fill(work: Work) -> tuple[int, int]:
        event = an_event(work)
        return event, a_person(work, vault, event, AN, shared=AN["sender"])

    event, an = await store.write(fill)
    await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    begins = clock.now() + HOUR
    clock.forward(3 * HOUR)
    found = await store.write(lambda w: privacy.breach(w, begins, begins + HOUR, None))
    assert (found.codes, found.active) == ({}, 0)
