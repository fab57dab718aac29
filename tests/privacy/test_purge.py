"""Words go a week after the event, people a month after it; twice is as good as once."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import privacy
from bot.clock import SetClock
from bot.store import Store, Work, backup
from bot.values.event import Event
from bot.vault import Vault
from tests.privacy.world import AN, BINH, a_person, an_event, everything, rows_of, traces

WORDS, PEOPLE = 7, 30
END = timedelta(days=3, hours=16)  # from the clock's second morning to the midnight after the fifth


@pytest.fixture
async def event(store: Store, vault: Vault) -> Event:
    """An event with An, and another one with Bình."""

    def fill(work: Work) -> Event | None:
        mine, other = an_event(work), an_event(work, "other")
        a_person(work, vault, mine, AN, shared=AN["sender"])
        a_person(work, vault, other, BINH, shared=BINH["sender"])
        return work.events.get(mine)

    found = await store.write(fill)
    assert found is not None
    return found


async def count(store: Store, *tables: str) -> list[int]:
    return [len(await store.read(lambda work, t=t: rows_of(work, t))) for t in tables]  # type: ignore[misc]


async def test_words_stay_until_a_week_after_the_end(
    store: Store, event: Event, clock: SetClock
) -> None:
    clock.forward(END + timedelta(days=7) - timedelta(hours=1))
    assert event.ends_at - clock.now() < -timedelta(days=6)
    done = await store.write(lambda work: privacy.purge_words(work, WORDS))
    assert privacy.total(done) == 0
    clock.forward(timedelta(hours=1))
    done = await store.write(lambda work: privacy.purge_words(work, WORDS))
    assert done == {
        "transcript": 2,
        "handed_in": 2,
        "session": 2,
        "letter_text": 4,
        "inbound": 2,
        "request": 6,
        "question": 2,
        "example_proposal": 0,
    }  # both events ended on the same day
    again = await store.write(lambda work: privacy.purge_words(work, WORDS))
    assert privacy.total(again) == 0
    assert (await store.read(lambda work: work.people.get(1, event.id))).linked  # type: ignore[union-attr]


async def test_somebody_who_still_talks_is_not_cut_off(
    store: Store, event: Event, clock: SetClock
) -> None:
    clock.forward(END + timedelta(days=9))

    def talk(work: Work) -> None:
        work.transcripts.add(1, "in", "in:late", {"text": "cảm ơn"})

    await store.write(talk)
    clock.forward(timedelta(hours=2))
    await store.write(lambda work: privacy.purge_words(work, WORDS))
    assert await count(store, "transcript") == [1]
    clock.forward(timedelta(days=1))
    await store.write(lambda work: privacy.purge_words(work, WORDS))
    assert await count(store, "transcript") == [0]


async def test_strangers_in_no_event_are_forgotten_after_a_week(
    store: Store, clock: SetClock
) -> None:
    def talk(work: Work) -> None:
        account = work.accounts.ensure("telegram", "shared")
        place = work.accounts.add_address(account.id, "5512")
        work.transcripts.add(place.id, "in", "in:1", {"text": "alo"})

    await store.write(talk)
    clock.forward(timedelta(days=6))
    assert privacy.total(await store.write(lambda w: privacy.purge_words(w, WORDS))) == 0
    clock.forward(timedelta(days=1, minutes=1))
    assert privacy.total(await store.write(lambda w: privacy.purge_words(w, WORDS))) == 1


async def test_a_purged_event_holds_nobody_and_the_other_one_everybody(
    store: Store, vault: Vault, event: Event
) -> None:
    before = await store.read(everything)
    assert len(traces(before, AN)) == 5
    done = await store.write(lambda w: privacy.purge_people(w, vault, event, actor="cli"))
    assert {name: done[name] for name in ("record", "card", "person", "address")} == {
        "record": 1,
        "card": 1,
        "person": 1,
        "address": 1,
    }
    assert (done["delivery.sent"], done["delivery.expired"]) == (1, 1)
    left = await store.read(everything)
    assert traces(left, AN) == []
    assert "DB1" not in left
    assert len(traces(left, BINH)) == 5
    again = await store.write(lambda w: privacy.purge_people(w, vault, event, actor="cli"))
    assert privacy.total(again) == 0
    audits = [one["verb"] for one in await store.read(lambda work: rows_of(work, "audit_log"))]
    assert audits == ["privacy.purge"]


async def test_a_restored_backup_does_not_bring_the_purged_back(
    store: Store, vault: Vault, event: Event, tmp_path: Path, clock: SetClock
) -> None:
    file = tmp_path / "before.zip"
    backup.take(store.url, file, clock.now())
    clock.forward(timedelta(days=40))
    await store.write(lambda w: privacy.purge_people(w, vault, event, actor="cli"))
    stones = await store.read(lambda work: work.privacy.tombstones())
    privacy.keep_beside(tmp_path, stones)
    written = privacy.written_in(tmp_path)
    backup.restore(store.url, file, then=lambda w, meta: _again(w, vault, written, meta))
    left = await store.read(everything)
    assert traces(left, AN) == []
    assert len(traces(left, BINH)) == 5


def _again(work: Work, vault: Vault, written: object, meta: backup.Meta) -> None:
    assert privacy.reapply(work, vault, written, meta.made_at) == 1  # type: ignore[arg-type]
