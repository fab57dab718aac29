"""Approved templates against the strict fake: what is said, to whom, at what price, and when."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.zalo import ZaloChannel
from bot.channels.zalo.templates import TemplateLane, left_of, spent_until
from bot.clock import SetClock
from bot.errors import Gone, Later, Rejected, SendError, Uncertain
from bot.fit import fit
from bot.notices import approve, draft, expand_due
from bot.store import Store, Work
from bot.store.accounts import CLOSED_AFTER
from bot.store.deliveries import Outcome
from bot.store.deliveries import delivery as table
from bot.store.roster import COLUMNS
from bot.store.windows import Heard
from bot.values.consent import TEXT_VERSION
from bot.values.delivery import Delivery, State
from bot.values.letter import Lane
from bot.values.person import Role
from bot.values.reply import Reply
from bot.values.template import Param, Template
from bot.vault import Vault
from bot.zalo import oa, zns
from bot.zalo.fake import APP_ID, APP_SECRET, FakeZalo
from bot.zalo.fake.faults import Fault
from bot.zalo.fake.world import Template as Approved
from tests.channels.zalo.conftest import HER, Inbox, Make, hooked, speak

PHONE = "+84900000111"
LONG_AGO = CLOSED_AFTER + timedelta(hours=1)
WORDS = "Xe số 3 đón lúc 07:15."


@dataclass
class Congress:
    """Somebody silent on Zalo for long, somebody who never was there, an organiser elsewhere."""

    store: Store
    account: int
    event: int
    template: Template

    async def out(self, words: str = WORDS, parts: int = 1) -> list[Delivery]:
        """A notice with the template goes out; its rows, claimed."""
        texts = {"vi": Reply(words * parts)}
        template = self.template
        one = await self.store.write(
            lambda work: draft(work, self.event, texts, author="Ban Tổ chức", template=template)
        )
        await approve(self.store, self.event, one.id, "Chánh Văn phòng")
        await expand_due(self.store)

        def claim(work: Work) -> list[Delivery]:
            queue = work.queues.ensure(self.account)
            lease = work.queues.take(queue, "here", work.now, force=True)
            assert lease is not None
            return work.deliveries.claim(queue, lease.epoch, 9)

        return await self.store.write(claim)

    async def told(self) -> list[str]:
        """What organisers were told, in English."""

        def read(work: Work) -> list[str]:
            (queue,) = [work.queues.ensure(one.id) for one in work.accounts.of_kind("telegram")]
            query = select(table.c.id).where(table.c.queue_id == queue).order_by(table.c.id)
            ids = list(work.conn.execute(query).scalars())
            return [one.reply.text for one in work.deliveries.rendered(ids)]

        return await self.store.write(read)


@pytest.fixture
async def congress(
    sqlite_store: Store, account_id: int, vault: Vault, zalo: FakeZalo, clock: SetClock
) -> Congress:
    params = {"ten": Param("{name}", 30), "nd": Param("{text}", 60)}
    template = Template("thong-bao", "312", account_id, params, price=165, phone_price=200)

    def fill(work: Work) -> int:
        event = work.events.add(
            "town",
            names={"vi": "Đại hội"},
            time_zone="Asia/Ho_Chi_Minh",
            first_day=date(2027, 1, 18),
            days=5,
        )
        people = {name: work.people.add() for name in ("Lan", "Mai", "Chánh Văn phòng")}
        for name, person in people.items():
            row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
                "event_id": event.id,
                "updated_at": work.now,
                "person_id": person,
                "code": name,
                "full_name": name,
                "status": "active",
                "phone_cipher": vault.seal(PHONE) if name == "Mai" else "",
            }
            work.roster.add_many([row])
            work.people.join(event.id, [person], Role.DELEGATE)
        lan = work.accounts.add_address(account_id, HER)
        work.accounts.tie(lan.id, people["Lan"], event.id, "card")
        work.windows.heard(account_id, [Heard(HER, work.now - LONG_AGO)])
        work.people.consent(event.id, people["Mai"], TEXT_VERSION, "vi", True)
        telegram = work.accounts.ensure("telegram", "bot").id
        office = work.accounts.add_address(telegram, "office")
        work.accounts.tie(office.id, people["Chánh Văn phòng"], event.id, "card")
        work.people.join(event.id, [people["Chánh Văn phòng"]], Role.ORGANISER)
        work.people.stop_notices(people["Chánh Văn phòng"], True)
        work.templates.put(event.id, [template])
        return event.id

    event = await sqlite_store.write(fill)
    world = zalo.world
    world.templates["312"] = Approved("312", {"ten": 30, "nd": 60}, price=165)
    world.money = 10_000
    zalo.acts.meet("900", phone=PHONE.lstrip("+"))
    world.people[HER].last_interaction = (clock.now() - LONG_AGO).timestamp()
    return Congress(sqlite_store, account_id, event, template)


@pytest.fixture
async def channel(
    make: Make, inbox: Inbox, zalo: FakeZalo, congress: Congress, vault: Vault, clock: SetClock
) -> AsyncIterator[ZaloChannel]:
    def client(kind: Any) -> Any:
        now = {"clock": lambda: clock.now().timestamp()}
        where = {"endpoint_prefix": zalo.url, "oauth_prefix": zalo.url}
        return kind(APP_ID, APP_SECRET, *zalo.pair(), **where, **now)

    by_uid = client(oa.Client)
    lane = TemplateLane(
        congress.account,
        by_uid,
        client(zns.Client),
        vault.open,
        speak,
        store=congress.store,
        clock=clock,
    )
    opened = make(templates=lane)
    await opened.open(inbox.accept)
    yield opened
    await opened.close()
    await by_uid.aclose()


async def send(channel: ZaloChannel, owed: Delivery) -> list[str]:
    """Every part, as the sender sends them."""
    parts = fit(owed.reply, channel.capabilities)
    return [(await channel.send(owed, part)).message_id for part in parts]


async def refusal(channel: ZaloChannel, owed: Delivery) -> SendError:
    with pytest.raises(SendError) as raised:
        await send(channel, owed)
    return raised.value


def taken(zalo: FakeZalo) -> list[tuple[str, str, Any]]:
    return [(one.path, one.user_id, one.body) for one in zalo.world.taken()]


SAID = {"nd": WORDS}
BY_UID = ("/v3.0/oa/message/template", HER, {"ten": "Lan", **SAID})
BY_PHONE = ("/message/template", "900", {"ten": "Mai", **SAID})


async def test_it_goes_by_her_id_and_by_her_number_with_its_parameters_only(
    channel: ZaloChannel, congress: Congress, zalo: FakeZalo
) -> None:
    owed = await congress.out()
    ids = [await send(channel, one) for one in owed]
    assert taken(zalo) == [BY_UID, BY_PHONE]
    assert [len(each) for each in ids] == [1, 1]
    assert zalo.world.money == 10_000 - 2 * 165  # the fake has one price for both


async def test_however_many_parts_it_has_it_is_one_template(
    channel: ZaloChannel, congress: Congress, zalo: FakeZalo
) -> None:
    congress.template.params["nd"] = Param("Xem tin trong trợ lý", 60)  # type: ignore[index]
    owed = await congress.out("Một câu dài. ", parts=200)
    assert [len(await send(channel, one)) for one in owed] == [2, 2]
    assert len(taken(zalo)) == 2


async def test_who_came_back_meanwhile_is_told_as_usual(
    channel: ZaloChannel, congress: Congress, zalo: FakeZalo, clock: SetClock
) -> None:
    her, *_ = await congress.out()
    zalo.acts.says(HER, "Chào")
    now = clock.now()
    await congress.store.write(lambda w: w.windows.heard(congress.account, [Heard(HER, now)]))
    await send(channel, her)
    ((path, _, _),) = taken(zalo)
    assert path == "/v3.0/oa/message/cs"
    assert zalo.world.money == 10_000


async def test_where_only_zalo_knew_that_her_window_is_closed_the_template_goes(
    channel: ZaloChannel, congress: Congress, zalo: FakeZalo, clock: SetClock
) -> None:
    now = clock.now()
    await congress.store.write(lambda w: w.windows.heard(congress.account, [Heard(HER, now)]))
    her, *_ = await congress.out()
    assert her.template == ""
    await send(channel, her)
    assert taken(zalo) == [BY_UID]
    reply = replace(her, lane=Lane.REPLY)
    assert (await refusal(channel, reply)).code == "zalo-230"  # an answer is no notice

    def places(work: Work) -> list[str]:
        return [one.gone_reason for one in work.windows.of_event(congress.event)]

    assert "zalo-230" in await congress.store.read(places)
    congress.template = replace(congress.template, price=None)
    await congress.store.write(lambda w: w.windows.heard(congress.account, [Heard(HER, now)]))
    await congress.store.write(lambda w: w.accounts.mark_back(her.address_id))
    again, *_ = await congress.out()
    assert isinstance(await refusal(channel, again), Gone)


async def test_delivered_and_seen_come_from_receipts_only(
    channel: ZaloChannel, congress: Congress, zalo: FakeZalo
) -> None:
    owed = await congress.out()
    async with hooked(channel, zalo) as heard:
        for one in owed:
            (message_id,) = await send(channel, one)
            done = Outcome(one.id, one.epoch, State.SENT, message_id, parts_done=1)
            await congress.store.write(lambda w, done=done: w.deliveries.settle([done]))  # type: ignore[misc]
        zalo.acts.sees(HER)
        await heard(4)  # an echo, two receipts, one of them of a number, and that she saw it
        await channel.apply_receipts()

    def states(work: Work) -> list[tuple[Any, ...]]:
        c = table.c
        query = select(c.state, c.delivered_at, c.seen_at).where(c.id.in_([one.id for one in owed]))
        rows = work.conn.execute(query.order_by(c.id))
        return [(row[0], *(at is not None for at in row[1:])) for row in rows]

    assert await congress.store.read(states) == [("sent", True, True), ("sent", True, False)]


@pytest.mark.parametrize(
    ("code", "kind", "stops"),
    [
        (-145, Rejected, True),  # disabled: the account's queue goes on
        (-112, Rejected, True),
        (-115, Rejected, True),
        (-1122, Rejected, False),  # of this one's values
        (-147, Later, False),
        (-119, Gone, False),
        (-144, Later, False),
    ],
)
async def test_what_zalo_refuses_is_not_asked_again_where_that_is_of_no_use(
    channel: ZaloChannel,
    congress: Congress,
    zalo: FakeZalo,
    code: int,
    kind: type[SendError],
    stops: bool,
) -> None:
    owed = await congress.out()
    path = BY_UID[0]
    zalo.faults.add(Fault("code", code=code, path=path))
    failure = await refusal(channel, owed[0])
    assert (type(failure), failure.code) == (kind, f"zalo{code}")
    (kept,) = await congress.store.read(lambda work: work.templates.of_event(congress.event))
    assert kept.refused == (f"zalo{code}" if stops else "")
    spent = code == -144
    if stops or spent:
        again = await refusal(channel, owed[1])
        assert (type(again), again.code) == (kind, f"zalo{code}")
        assert taken(zalo) == []
    else:
        await send(channel, owed[1])
        assert taken(zalo) == [BY_PHONE]
    assert len(await congress.told()) == int(stops)


async def test_a_refused_template_is_told_once_and_tried_again_once_it_is_set_up_anew(
    channel: ZaloChannel, congress: Congress, zalo: FakeZalo
) -> None:
    owed = await congress.out()
    zalo.faults.add(Fault("code", code=-145, path=BY_UID[0]))
    for one in owed:
        await refusal(channel, one)
    (told,) = await congress.told()
    assert told.startswith("Zalo no longer takes the template “thong-bao” (-145).")
    await congress.store.write(lambda w: w.templates.put(congress.event, [congress.template]))
    await send(channel, owed[0])
    assert taken(zalo) == [BY_UID]


async def test_the_last_template_of_a_day_keeps_the_others_for_the_next(
    channel: ZaloChannel, congress: Congress, zalo: FakeZalo, clock: SetClock
) -> None:
    owed = await congress.out()
    zalo.world.template_left = 1
    await send(channel, owed[0])
    failure = await refusal(channel, owed[1])
    assert isinstance(failure, Later)
    assert taken(zalo) == [BY_UID]
    until = await congress.store.read(lambda work: spent_until(work, congress.account))
    assert until == datetime.fromisoformat("2027-01-20T00:05:00+07:00")
    assert clock.now() + timedelta(seconds=failure.wait_seconds) == until
    clock.forward(timedelta(seconds=failure.wait_seconds))
    zalo.world.template_left = 500
    await send(channel, owed[1])
    assert taken(zalo) == [BY_UID, BY_PHONE]


async def test_an_answer_that_never_came_is_in_doubt(
    channel: ZaloChannel, congress: Congress, zalo: FakeZalo
) -> None:
    owed = await congress.out()
    zalo.faults.add(Fault("lost", path=BY_UID[0]))
    assert isinstance(await refusal(channel, owed[0]), Uncertain)


async def test_a_channel_without_templates_says_so(make: Make, congress: Congress) -> None:
    channel = make()
    owed = await congress.out()
    assert (await refusal(channel, owed[0])).code == "cannot"
    await channel.close()


def test_what_is_left_is_read_from_both_hosts() -> None:
    assert left_of({"dailyQuota": "500", "remainingQuota": "3"}) == 3
    assert left_of({"quota_type": "daily", "remain": 0}) == 0
    assert [left_of(one) for one in (None, {}, {"remain": "many"}, "3")] == [None] * 4
