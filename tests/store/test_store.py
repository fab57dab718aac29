"""The store on both databases: one transaction, once-only inserts, leases, claims, settlement."""

from datetime import date, timedelta

import pytest

from bot.clock import SetClock
from bot.errors import StaleSession
from bot.outbox import Owed, claim, put
from bot.store import Store, Work
from bot.store.deliveries import Outcome
from bot.store.upkeep import MOST_TAKEOVERS
from bot.values.consent import TEXT_VERSION
from bot.values.delivery import State
from bot.values.incoming import Incoming, Kind
from bot.values.letter import Lane, Letter
from bot.values.person import Role
from bot.values.reply import Choice, Reply
from bot.values.session import Session


def an_event(work: Work, slug: str = "sample") -> int:
    return work.events.add(
        slug,
        names={"vi": "Đại hội Mẫu"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=date(2027, 1, 18),
        days=5,
    ).id


def an_address(work: Work, sender: str = "chat-1") -> tuple[int, int, int]:
    """(queue, address, person) of somebody who writes for the first time."""
    account = work.accounts.ensure("telegram", "bot-1")
    queue = work.queues.ensure(account.id)
    address = work.accounts.add_address(account.id, sender)
    return queue, address.id, work.people.add()


def queued(work: Work, key: str, place: tuple[int, int, int], text: str = "Xin chào") -> int:
    queue, address, person = place
    letter_id = work.letters.add_all([Letter(key, {"vi": Reply(text)})])[key]
    row = {
        "queue_id": queue,
        "lane": 0,
        "vtime": 0.0,
        "letter_id": letter_id,
        "person_id": person,
        "address_id": address,
        "lang": "vi",
        "act": "say",
        "state": State.PENDING,
    }
    return work.deliveries.add_all([row])[0]


async def test_a_unit_of_work_that_raises_writes_nothing(store: Store) -> None:
    def broken(work: Work) -> None:
        an_event(work)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await store.write(broken)
    assert await store.read(lambda work: work.events.all()) == []


async def test_an_update_is_accepted_once_and_its_payload_goes_with_the_turn(
    store: Store, clock: SetClock
) -> None:
    def incoming(work: Work, update: str) -> Incoming:
        account = work.accounts.ensure("telegram", "bot-1")
        return Incoming(account.id, "7", update, Kind.TEXT, clock.now(), text="tôi ở đâu")

    first = await store.write(lambda w: w.inbound.accept([incoming(w, "1"), incoming(w, "1")]))
    again = await store.write(lambda w: w.inbound.accept([incoming(w, "1"), incoming(w, "2")]))
    assert [one is not None for one in first + again] == [True, False, False, True]
    later = clock.now() + timedelta(seconds=1)
    waiting = await store.read(lambda w: w.inbound.waiting(later))
    assert [one.incoming.text for one in waiting] == ["tôi ở đâu", "tôi ở đâu"]
    done = [await store.write(lambda w: w.inbound.finish(waiting[0].id)) for _ in range(2)]
    assert done == [True, False]
    assert len(await store.read(lambda w: w.inbound.waiting(later))) == 1


async def test_the_second_save_of_a_session_loses(store: Store) -> None:
    def begin(work: Work) -> Session:
        _, address, person = an_address(work)
        new = Session(address, person, notes={"shown": ["menu.show"]})
        work.sessions.add(new)
        return new

    session = await store.write(begin)
    await store.write(lambda w: w.sessions.save(session))
    with pytest.raises(StaleSession):
        await store.write(lambda w: w.sessions.save(session))
    kept = await store.read(lambda w: w.sessions.get(session.address_id))
    assert kept is not None
    assert (kept.revision, kept.notes) == (1, {"shown": ["menu.show"]})


async def test_one_owner_at_a_time_and_a_new_epoch_for_each(store: Store, clock: SetClock) -> None:
    queue = (await store.write(an_address))[0]
    until = clock.now() + timedelta(seconds=10)
    first = await store.write(lambda w: w.queues.take(queue, "a", until, force=False))
    other = await store.write(lambda w: w.queues.take(queue, "b", until, force=False))
    assert first is not None
    assert (first.epoch, other) == (1, None)
    clock.forward(timedelta(seconds=11))
    late = clock.now() + timedelta(seconds=10)
    second = await store.write(lambda w: w.queues.take(queue, "b", late, force=False))
    assert second is not None
    assert second.epoch == 2
    assert await store.write(lambda w: w.queues.renew(first, late)) is None


async def test_a_result_of_an_old_epoch_is_dropped(store: Store) -> None:
    place = await store.write(an_address)
    row = await store.write(lambda w: queued(w, "in:1:1:0", place))
    claimed = await store.write(lambda w: w.deliveries.claim(place[0], 1, 10))
    assert [(one.id, one.reply.text, one.sender) for one in claimed] == [
        (row, "Xin chào", "chat-1")
    ]
    old = [Outcome(row, 0, State.SENT, message_id="9")]
    own = [Outcome(row, 1, State.SENT, message_id="9")]
    assert await store.write(lambda w: w.deliveries.settle(old)) == 0
    assert await store.write(lambda w: w.deliveries.settle(own)) == 1
    assert await store.write(lambda w: w.deliveries.settle(own)) == 0


async def test_a_later_letter_waits_while_an_earlier_one_is_in_retry(
    store: Store, clock: SetClock
) -> None:
    place = await store.write(an_address)
    other = await store.write(lambda w: an_address(w, "chat-2"))
    first = await store.write(lambda w: queued(w, "in:1:1:0", place, "một"))
    await store.write(lambda w: w.deliveries.claim(place[0], 1, 10))
    due = clock.now() + timedelta(seconds=30)
    retry = [Outcome(first, 1, State.RETRY, reason="network", due_at=due)]
    await store.write(lambda w: w.deliveries.settle(retry))
    await store.write(lambda w: queued(w, "in:1:2:0", place, "hai"))
    await store.write(lambda w: queued(w, "in:1:3:0", other, "ba"))
    claimed = await store.write(lambda w: w.deliveries.claim(place[0], 1, 10))
    assert [one.reply.text for one in claimed] == ["ba"]
    clock.forward(timedelta(seconds=31))
    assert await store.write(lambda w: w.deliveries.promote_due(place[0])) == 1
    claimed = await store.write(lambda w: w.deliveries.claim(place[0], 1, 10))
    assert [one.reply.text for one in claimed] == ["một", "hai"]


async def test_what_dead_owners_left_is_sent_again_and_at_last_waits_for_a_person(
    store: Store,
) -> None:
    place = await store.write(an_address)
    await store.write(lambda w: queued(w, "in:1:1:0", place))

    async def owner_dies(epoch: int) -> dict[str, int]:
        await store.write(lambda w: w.deliveries.claim(place[0], epoch, 10))
        await store.write(lambda w: w.deliveries.recover(place[0], epoch + 1))
        return await store.read(lambda w: w.deliveries.counts(place[0]))

    ends = [await owner_dies(epoch) for epoch in range(1, MOST_TAKEOVERS + 2)]
    assert ends == [{"pending": 1}] * MOST_TAKEOVERS + [{"uncertain": 1}]


async def test_replies_survive_the_database_whole(store: Store) -> None:
    place = await store.write(an_address)
    reply = Reply("Phòng **305** <b>&", choices=(Choice("Xem xe", "mine.bus"),))
    queue, address, person = place

    def put(work: Work) -> None:
        letter_id = work.letters.add_all([Letter("k", {"vi": reply})])["k"]
        shared = {"vtime": 0.0, "letter_id": letter_id, "person_id": person, "lang": "vi"}
        row = shared | {"queue_id": queue, "lane": 0, "address_id": address, "act": "say"}
        work.deliveries.add_all([row | {"state": State.PENDING}])

    await store.write(put)
    claimed = await store.write(lambda w: w.deliveries.claim(queue, 1, 1))
    assert claimed[0].reply == reply


async def test_deferring_open_work_twice_is_harmless(store: Store) -> None:
    first = await store.write(lambda w: w.jobs.defer("import", "a.xlsx", {}, None))
    again = await store.write(lambda w: w.jobs.defer("import", "a.xlsx", {}, None))
    assert (first is None, again) == (False, None)
    job = await store.write(lambda w: w.jobs.claim())
    assert job is not None
    await store.write(lambda w: w.jobs.finish(job.id))
    assert await store.write(lambda w: w.jobs.defer("import", "a.xlsx", {}, None)) is not None


async def test_the_latest_consent_counts(store: Store, clock: SetClock) -> None:
    event = await store.write(an_event)
    person = await store.write(lambda w: w.people.add())
    await store.write(lambda w: w.people.join(event, [person], Role.DELEGATE))

    async def answers(agreed: bool) -> bool | None:
        await store.write(lambda w: w.people.consent(event, person, TEXT_VERSION, "vi", agreed))
        clock.forward(timedelta(seconds=1))
        found = await store.read(lambda w: w.people.get(person, event))
        return found.consented if found else None

    assert [await answers(True), await answers(False)] == [True, False]


async def test_a_yes_to_an_earlier_text_is_no_answer_to_this_one(store: Store) -> None:
    event = await store.write(an_event)

    async def stands(*answers: tuple[str, bool]) -> tuple[bool | None, bool]:
        def give(work: Work) -> int:
            person = work.people.add()
            for version, agreed in answers:
                work.people.consent(event, person, version, "vi", agreed)
            return person

        person = await store.write(give)
        found = await store.read(lambda w: w.people.get(person, event))
        assert found is not None
        return found.consented, found.agreed_earlier

    assert await stands() == (None, False)
    assert await stands(("2025-01-01", True)) == (None, True)
    assert await stands(("2025-01-01", False)) == (False, False)
    assert await stands(("2025-01-01", True), (TEXT_VERSION, True)) == (True, False)
    assert await stands((TEXT_VERSION, True), ("erased", False)) == (False, False)


async def test_a_small_event_does_not_wait_for_a_big_one(store: Store) -> None:
    """Start-time fair queueing: B's few letters leave among A's many, not behind them."""
    place = await store.write(an_address)
    queue, address, person = place

    def owe(work: Work, slug: str, count: int) -> None:
        event = work.events.by_slug(slug)
        event_id = event.id if event else an_event(work, slug)
        owed = [
            Owed(
                Letter(f"{slug}:{n}", {"vi": Reply(slug)}, event_id, Lane.ROUTINE),
                person,
                address,
                "chat-1",
                queue,
                "vi",
            )
            for n in range(count)
        ]
        for one in owed:
            put(work, [one], {})

    async def leave(count: int) -> str:
        claimed = await store.write(lambda w: claim(w, queue, 1, count))
        return "".join(one.reply.text for one in claimed)

    await store.write(lambda w: w.queues.take(queue, "here", w.now, force=True))
    await store.write(lambda w: owe(w, "a", 40))
    assert await leave(10) == "a" * 10
    await store.write(lambda w: owe(w, "b", 3))
    assert await leave(6) in ("ababab", "bababa")
