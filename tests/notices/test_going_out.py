"""From an approved notice to one delivery for each of its people, on both databases."""

import asyncio
import random
from collections import Counter
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from bot import reach
from bot.clock import SetClock
from bot.errors import Refusal
from bot.notices import EVERYBODY, approve, draft, expand_due, expire, keep_quiet
from bot.outbox import Owed, put
from bot.store import Store, Work
from bot.store.deliveries import Outcome, delivery
from bot.store.notices import notice, notice_recipient
from bot.store.people import person
from bot.values.delivery import State
from bot.values.letter import Lane, Letter
from bot.values.notice import Audience, Notice, NoticeState
from bot.values.quiet import Quiet
from bot.values.reply import Reply
from tests.notices.crowd import WORDS, Crowd, gather


class Killed(Exception):
    """Stands for kill -9: nothing of this transaction is there afterwards."""


async def approved(store: Store, crowd: Crowd, **more: Any) -> Notice:
    """A notice to everybody of a crowd, about to go out."""
    texts = more.pop("texts", WORDS)
    one = await store.write(
        lambda work: draft(work, crowd.event.id, texts, author="Ban Tổ chức", **more)
    )
    return await approve(store, crowd.event.id, one.id, "Chánh Văn phòng")


async def crowded(store: Store, size: int, slug: str = "a") -> Crowd:
    return await store.write(lambda work: gather(work, slug, size))


def rows(work: Work, *columns: Any) -> list[Any]:
    return [tuple(row) for row in work.conn.execute(select(*columns).order_by(delivery.c.id))]


async def state_of(store: Store, one: Notice) -> tuple[NoticeState, int]:
    now = await store.read(lambda work: work.notices.get(one.event_id, one.id))
    assert now is not None
    return now.state, now.cursor


async def test_everybody_is_owed_it_once_at_the_next_tags(store: Store) -> None:
    crowd = await crowded(store, 25)
    one = await approved(store, crowd)
    assert await expand_due(store, limit=10) == 25
    c = delivery.c
    owed = await store.read(lambda work: rows(work, c.person_id, c.queue_id, c.vtime, c.state))
    people = range(crowd.first, crowd.last + 1)
    assert owed == [
        (person_id, crowd.queue_id, float(number), "pending")
        for number, person_id in enumerate(people, 1)
    ]
    assert await state_of(store, one) == (NoticeState.EXPANDED, crowd.last)
    assert await expand_due(store, limit=10) == 0


async def test_what_is_claimed_is_the_words_in_her_language(store: Store) -> None:
    crowd = await crowded(store, 3)
    texts = {"vi": Reply("Xe số 3."), "en": Reply("Bus 3.", language="en")}

    def choose(work: Work) -> None:
        for person_id, language in ((crowd.first, "en"), (crowd.first + 1, "jra")):
            work.people.set_language(person_id, language)

    await store.write(choose)
    await approved(store, crowd, texts=texts)
    chains = {"en": ("en", "vi"), "jra": ("jra", "vi"), "vi": ("vi",)}
    assert await expand_due(store, chains) == 3

    def claim(work: Work) -> list[str]:
        lease = work.queues.take(crowd.queue_id, "here", work.now, force=True)
        assert lease is not None
        return [one.reply.text for one in work.deliveries.claim(crowd.queue_id, lease.epoch, 9)]

    assert await store.write(claim) == ["Bus 3.", "Xe số 3.", "Xe số 3."]


@pytest.mark.parametrize("stops_at", range(8))
async def test_killed_at_any_moment_it_goes_on_where_it_stopped(
    store: Store, stops_at: int
) -> None:
    """The process dies before the n-th of its commits; the next one finishes, nobody twice."""
    crowd = await crowded(store, 25)
    one = await approved(store, crowd)
    commits = 0

    class Dying(Store):
        async def write(self, do: Any) -> Any:
            def half(work: Work) -> Any:
                nonlocal commits
                result = do(work)
                commits += 1
                if commits > stops_at:
                    raise Killed
                return result

            return await store.write(half)

        async def read(self, do: Any) -> Any:
            return await store.read(do)

    try:
        await expand_due(Dying(store.url.render_as_string(hide_password=False)), limit=10)
    except Killed:
        assert await state_of(store, one) != (NoticeState.EXPANDED, crowd.last)
    await expand_due(store, limit=10)
    owed = await store.read(lambda work: rows(work, delivery.c.person_id, delivery.c.vtime))
    assert [who for who, _ in owed] == list(range(crowd.first, crowd.last + 1))
    assert [tag for _, tag in owed] == [float(number) for number in range(1, 26)]
    assert await state_of(store, one) == (NoticeState.EXPANDED, crowd.last)


async def test_an_older_cursor_doubles_nothing(store: Store) -> None:
    crowd = await crowded(store, 12)
    one = await approved(store, crowd)
    await expand_due(store)

    def back(work: Work) -> None:
        again = update(notice).where(notice.c.id == one.id)
        work.conn.execute(again.values(state=NoticeState.EXPANDING, cursor=crowd.first + 3))
        # In one chunk with others that have theirs already.
        work.conn.execute(delete(delivery).where(delivery.c.person_id == crowd.first + 6))

    await store.write(back)
    assert await expand_due(store, limit=5) == 1
    assert len(await store.read(lambda work: rows(work, delivery.c.id))) == 12


async def test_two_processes_at_once_owe_it_once(any_url: str, clock: SetClock) -> None:
    stores = [Store(any_url, clock), Store(any_url, clock)]
    crowd = await crowded(stores[0], 200)
    one = await approved(stores[0], crowd)
    made = await asyncio.gather(*(expand_due(each, limit=10) for each in stores))
    made.append(await expand_due(stores[0], limit=10))
    owed = await stores[0].read(lambda work: rows(work, delivery.c.person_id))
    assert sum(made) == 200
    assert Counter(owed) == Counter((who,) for who in range(crowd.first, crowd.last + 1))
    assert await state_of(stores[0], one) == (NoticeState.EXPANDED, crowd.last)
    for each in stores:
        await each.close()


async def test_approved_by_two_at_once_counts_once(store: Store) -> None:
    crowd = await crowded(store, 3)
    one = await store.write(lambda work: draft(work, crowd.event.id, WORDS, author="a"))
    await approve(store, crowd.event.id, one.id, "b")
    with pytest.raises(Refusal):
        await approve(store, crowd.event.id, one.id, "c")
    assert len(await store.read(lambda work: rows_of_audience(work, one))) == 3


def reach_of(
    work: Work, crowd: Crowd, audience: Audience = EVERYBODY, lane: Lane = Lane.SCHEDULED
) -> tuple[int, int]:
    """How many a notice would go to, and how many of them it reaches."""
    event, ordinary = crowd.event.id, lane >= Lane.SCHEDULED
    people = work.notices.people_of(event, audience)
    found = reach.forecast(work, event, price=0, people=people, ordinary=ordinary)
    return len(people), len(people) - len(found.left) - len(found.by(reach.Way.STOPPED))


def rows_of_audience(work: Work, one: Notice) -> list[int]:
    c = notice_recipient.c
    query = select(c.person_id).where(c.notice_id == one.id).order_by(c.person_id)
    return list(work.conn.execute(query).scalars())


async def test_the_audience_is_who_was_on_the_list_when_it_was_approved(store: Store) -> None:
    crowd = await crowded(store, 6)
    ids = list(range(crowd.first, crowd.last + 1))

    def mark(work: Work) -> None:
        work.conn.exec_driver_sql(
            f"UPDATE record SET delegation = 'Đoàn A', role = 'Trưởng đoàn',"
            f" declared_language = 'km' WHERE person_id IN ({ids[0]}, {ids[1]})"
        )
        work.conn.exec_driver_sql(f"UPDATE record SET status = 'gone' WHERE person_id = {ids[5]}")
        work.people.set_language(ids[1], "en")

    await store.write(mark)
    for audience, people in (
        (Audience(), ids[:5]),
        (Audience(delegations=("Đoàn A",)), ids[:2]),
        (Audience(roles=("Trưởng đoàn",), languages=("en",)), ids[1:2]),
        (Audience(languages=("km",)), ids[:1]),
        (Audience(languages=("vi",)), ids[2:5]),
        (Audience(people=(ids[3], ids[2], ids[2], ids[5], 10**9)), ids[2:4]),
        (Audience(people=()), []),
    ):
        one = await approved(store, crowd, audience=audience)
        assert await store.read(partial(rows_of_audience, one=one)) == people
        reached = await store.read(partial(reach_of, crowd=crowd, audience=audience))
        assert reached == (len(people), len(people))
        assert Audience.from_json(audience.to_json()) == audience
    # Who comes onto the list later does not get what was approved before.
    one = await approved(store, crowd)
    await store.write(
        lambda work: work.conn.exec_driver_sql(
            f"UPDATE record SET status = 'active' WHERE person_id = {ids[5]}"
        )
    )
    assert await store.read(lambda work: rows_of_audience(work, one)) == ids[:5]


async def test_where_it_goes_is_where_bot_reach_says(store: Store) -> None:
    """Random ties, preferences, blocked and paused telephones, notices stopped."""
    crowd = await crowded(store, 60)
    dice = random.Random(5)

    def scatter(work: Work) -> None:
        other = work.accounts.ensure("telegram", "second").id
        here = list(range(crowd.first, crowd.last + 1))
        spare = [work.accounts.add_address(other, f"s{number}").id for number in range(40)]
        for who in here:
            mine = [who + 1000000000]
            if dice.random() < 0.3:
                work.accounts.untie(mine.pop(), who)
            for place in dice.sample(spare, dice.choice((0, 0, 1, 2))):
                work.accounts.tie(place, who, crowd.event.id, "card")
                mine.append(place)
            if dice.random() < 0.5:
                work.people.prefer(who, dice.choice([*mine, *spare]))
            if dice.random() < 0.1:
                work.people.stop_notices(who, True)
        for place in dice.sample([*spare, *(one + 1000000000 for one in here)], 30):
            if dice.random() < 0.5:
                work.accounts.mark_gone(place, "blocked")
            else:
                work.accounts.freeze([place])

    await store.write(scatter)
    for lane in (Lane.SCHEDULED, Lane.URGENT):
        one = await approved(store, crowd, lane=lane)
        forecast = await store.read(partial(reach_of, crowd=crowd, lane=lane))
        await expand_due(store)

        def look(work: Work, one: Notice = one, lane: Lane = lane) -> tuple[Any, Any]:
            c = delivery.c
            owed = work.conn.execute(
                select(c.person_id, c.address_id, c.queue_id, c.params).where(
                    c.letter_id == work.letters.id_of(one.key)
                )
            ).all()
            expected = {}
            for who in range(crowd.first, crowd.last + 1):
                place = reach.address_of(work, who, crowd.event.id)
                stopped = work.people.get(who, crowd.event.id).notices_stopped_at  # type: ignore[union-attr]
                if place is None or (stopped and lane is Lane.SCHEDULED):
                    continue
                shared = len(work.accounts.people_at(place.id)) > 1
                opening = {"opening": f"Đại biểu {who}"} if shared else None
                expected[who] = (place.id, work.queues.ensure(place.account_id), opening)
            return {row[0]: tuple(row[1:]) for row in owed}, expected

        owed, expected = await store.write(look)
        assert owed == expected
        assert forecast[1] == len(owed)


async def test_fifty_of_one_event_do_not_wait_behind_ten_thousand_of_another(
    store: Store,
) -> None:
    big, small = await crowded(store, 2000, "big"), await crowded(store, 50, "small")
    await approved(store, big)
    await expand_due(store)
    sent = await claimed(store, big.queue_id, 100)
    await approved(store, small)
    await expand_due(store)
    assert sent == [big.event.id] * 100
    then = await claimed(store, big.queue_id, 120)
    both = then[: 2 * 50]
    assert then.count(small.event.id) == 50
    shares = [both.count(big.event.id), both.count(small.event.id)]
    jain = sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))
    assert jain > 0.99


async def test_a_second_notice_of_an_event_stands_behind_its_first(store: Store) -> None:
    big, small = await crowded(store, 300, "big"), await crowded(store, 30, "small")
    for crowd in (big, small, big):
        await approved(store, crowd)
    await expand_due(store, limit=50)
    assert (await claimed(store, big.queue_id, 60)).count(small.event.id) == 30


async def claimed(store: Store, queue_id: int, count: int) -> list[int]:
    """The events of the next so many rows, as the sender takes them and settles them."""

    def take(work: Work) -> list[int]:
        lease = work.queues.take(queue_id, "here", work.now, force=True)
        assert lease is not None
        events = []
        for _ in range(count // 20):
            some = work.deliveries.claim(queue_id, lease.epoch, 20)
            work.queues.advance(queue_id, max(one.vtime for one in some))
            ids = [one.id for one in some]
            work.deliveries.settle([Outcome(one, lease.epoch, State.SENT, "m") for one in ids])
            found = work.conn.execute(
                select(delivery.c.id, delivery.c.event_id).where(delivery.c.id.in_(ids))
            )
            by_id = {row.id: row.event_id for row in found}
            events += [by_id[one] for one in ids]
        return events

    return await store.write(take)


async def test_its_time_and_its_end_are_in_the_row(store: Store, clock: SetClock) -> None:
    crowd = await crowded(store, 2)
    later = clock.now() + timedelta(minutes=10)
    one = await store.write(
        lambda work: draft(
            work, crowd.event.id, WORDS, author="a", expires_at=later + timedelta(hours=1)
        )
    )
    await approve(store, crowd.event.id, one.id, "b", not_before=later)
    assert await expand_due(store) == 0
    clock.forward(timedelta(minutes=10))
    assert await expand_due(store) == 2
    due = await store.read(lambda work: rows(work, delivery.c.expires_at))
    assert due == [(later + timedelta(hours=1),)] * 2


async def test_too_late_is_shown_and_not_sent(store: Store, clock: SetClock) -> None:
    crowd = await crowded(store, 2)
    one = await approved(store, crowd, expires_at=clock.now() + timedelta(minutes=5))
    clock.forward(timedelta(minutes=6))
    assert await expire(store) == [one.id]
    assert await expand_due(store) == 0
    assert await state_of(store, one) == (NoticeState.EXPIRED, 0)


async def test_ordinary_notices_wait_for_the_end_of_the_night(
    store: Store, clock: SetClock
) -> None:
    crowd = await crowded(store, 2)
    quiet = Quiet(crowd.event.zone, (time(22), time(6)))
    await store.write(lambda work: work.events.set_quiet(crowd.event.id, quiet))
    assert await store.read(lambda work: work.events.quiet(crowd.event.id)) == quiet
    clock.forward(timedelta(hours=14))  # 22:10 in Hà Nội
    await approved(store, crowd)
    urgent = await approved(store, crowd, lane=Lane.URGENT)
    assert await expand_due(store) == 2
    owed = await store.read(lambda work: rows(work, delivery.c.lane))
    assert owed == [(Lane.URGENT,)] * 2
    assert await state_of(store, urgent) == (NoticeState.EXPANDED, crowd.last)
    clock.forward(timedelta(hours=7, minutes=49))
    assert await expand_due(store) == 0
    clock.forward(timedelta(minutes=1))  # 06:00
    assert await expand_due(store) == 2


async def test_what_waits_when_the_night_begins_waits_for_its_end(
    store: Store, clock: SetClock
) -> None:
    crowd = await crowded(store, 3)
    quiet = Quiet(crowd.event.zone, (time(22), time(6)))
    await store.write(lambda work: work.events.set_quiet(crowd.event.id, quiet))
    for lane in (Lane.SCHEDULED, Lane.URGENT):
        await approved(store, crowd, lane=lane)
    await expand_due(store)
    letter = Letter("in:1", {"vi": Reply("Trả lời")}, event_id=crowd.event.id)
    owed = Owed(letter, crowd.first, crowd.first + 1000000000, "a", crowd.queue_id, "vi")
    await store.write(lambda work: put(work, [owed], {}))
    assert await keep_quiet(store) == 0
    clock.forward(timedelta(hours=14))
    assert await keep_quiet(store) == 3
    assert await keep_quiet(store) == 0
    ends = clock.now() + timedelta(hours=7, minutes=50)
    c = delivery.c
    states = await store.read(lambda work: rows(work, c.lane, c.state, c.due_at))
    assert Counter(states) == {
        (Lane.SCHEDULED, "retry", ends): 3,
        (Lane.URGENT, "pending", None): 3,
        (Lane.REPLY, "pending", None): 1,
    }
    clock.forward(timedelta(hours=7, minutes=50))
    assert await store.write(lambda work: work.deliveries.promote_due(crowd.queue_id)) == 3


async def test_a_closed_event_is_told_nothing_more(store: Store, clock: SetClock) -> None:
    crowd = await crowded(store, 2)
    await approved(store, crowd)

    def close(work: Work) -> None:
        work.conn.exec_driver_sql("UPDATE event SET closed_at = created_at")

    await store.write(close)
    assert await expand_due(store) == 0


async def test_who_was_erased_after_approval_gets_nothing(store: Store) -> None:
    crowd = await crowded(store, 2)
    await approved(store, crowd)
    await store.write(lambda work: work.privacy.erase(crowd.first))
    assert await expand_due(store) == 1
    gone = await store.read(
        lambda work: work.conn.execute(
            select(person.c.erased_at).where(person.c.id == crowd.first)
        ).scalar_one()
    )
    assert gone is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"texts": {"en": Reply("Bus")}},
        {"texts": {"vi": Reply("")}},
        {"lane": Lane.REPLY},
        {"max_rounds": 1},
        {"acknowledge": True, "max_rounds": 9},
        {"acknowledge": True, "max_rounds": 1, "gap": timedelta(minutes=14)},
        {"acknowledge": True, "max_rounds": 1, "lane": Lane.URGENT, "gap": timedelta(minutes=2)},
    ],
)
async def test_what_cannot_be_meant_is_refused(sqlite_store: Store, wrong: dict[str, Any]) -> None:
    crowd = await crowded(sqlite_store, 1)
    with pytest.raises(Refusal):
        await approved(sqlite_store, crowd, **wrong)
