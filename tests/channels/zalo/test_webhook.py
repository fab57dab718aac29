"""What the webhook answers: to Zalo, to its console, to strangers, and while the disk is away."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.channels.zalo import Manners, ZaloChannel
from bot.channels.zalo.webhook import BODY_LIMIT, Webhook
from bot.clock import SetClock
from bot.errors import ConfigError
from bot.outbox import Owed, put
from bot.store import Store, Work
from bot.store.deliveries import Outcome, delivery
from bot.store.platform_events import platform_event
from bot.values.delivery import State
from bot.values.letter import Letter
from bot.values.reply import Reply
from bot.zalo import WebhookEvent, oa
from bot.zalo.fake import APP_ID, APP_SECRET, OA_SECRET, FakeZalo
from bot.zalo.fake.hooks import LADDER
from bot.zalo.signature import mac_of
from tests.channels.served import served
from tests.channels.zalo.conftest import HER, Inbox, Make, hooked, say
from tests.conftest import MORNING


async def test_an_event_is_taken_once_however_often_it_comes(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox
) -> None:
    inbox.failing = 1
    async with hooked(channel, zalo) as heard:
        with capture_logs() as logs:
            zalo.acts.says(HER, "Xe của tôi?")
            assert await heard(1) == [503]
        (again,) = zalo.hooks.waiting
        again.due = 0.0
        assert await heard(2) == [503, 200]
        await zalo.hooks._post(again)
    assert [one.text for one in inbox.kept] == ["Xe của tôi?"]
    told = [(one["event"], one["what"]) for one in logs if one["log_level"] == "error"]
    assert told == [("event not kept", "RuntimeError")]


class Caller:
    """Speaks ASGI to a webhook, without sockets."""

    def __init__(self, clock: SetClock, *secrets: str) -> None:
        self.taken: list[WebhookEvent] = []
        self.webhook = Webhook(APP_ID, secrets or (OA_SECRET,), self._take, clock.now)

    async def _take(self, event: WebhookEvent) -> str:
        self.taken.append(event)
        return "new"

    async def post(self, body: bytes, mac: str = "", method: str = "POST") -> int:
        sent: list[Any] = []
        name = b"x-zevent-signature"
        scope = {"type": "http", "method": method, "headers": [(name, mac.encode())]}
        chunks = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return chunks.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        await self.webhook(scope, receive, send)
        status: int = sent[0]["status"]
        return status


def event(at: float, **otherwise: Any) -> tuple[bytes, str]:
    stamp = str(int(at * 1000))
    told = {
        "app_id": APP_ID,
        "event_name": "user_send_text",
        "sender": {"id": HER},
        "recipient": {"id": "298"},
        "message": {"text": "Xin chào", "msg_id": "m1"},
        "timestamp": stamp,
        **otherwise,
    }
    body = json.dumps(told).encode()
    return body, stamp


def signed(secret: str, at: float, **otherwise: Any) -> tuple[bytes, str]:
    body, stamp = event(at, **otherwise)
    return body, f"mac={mac_of(APP_ID, body, stamp, secret)}"


async def test_strangers_are_answered_and_not_heard(clock: SetClock) -> None:
    caller = Caller(clock)
    body, mac = signed(OA_SECRET, MORNING.timestamp())
    assert await caller.post(body) == 200
    assert await caller.post(body.replace(b"Xin", b"Sin"), mac) == 200
    assert await caller.post(b"\xff{", mac) == 200
    assert await caller.post(b"x" * (BODY_LIMIT + 1), mac) == 200
    assert await caller.post(b"", method="GET") == 200
    assert await caller.post(b"", method="HEAD") == 200
    other = {"app_id": "999"}
    assert await caller.post(*signed(OA_SECRET, MORNING.timestamp(), **other)) == 200
    assert caller.taken == []


async def test_either_key_may_sign_and_the_log_says_which(clock: SetClock) -> None:
    caller = Caller(clock, OA_SECRET, APP_SECRET)
    with capture_logs() as logs:
        for secret in (APP_SECRET, OA_SECRET, APP_SECRET):
            assert await caller.post(*signed(secret, MORNING.timestamp())) == 200
    assert len(caller.taken) == 3
    assert [one["key"] for one in logs] == ["app secret", "oa secret key"]


async def test_a_late_repeat_is_taken_and_an_old_record_is_not(clock: SetClock) -> None:
    caller = Caller(clock)
    late = (MORNING - timedelta(seconds=sum(LADDER))).timestamp()
    old = (MORNING - timedelta(hours=14)).timestamp()
    assert await caller.post(*signed(OA_SECRET, late)) == 200
    assert await caller.post(*signed(OA_SECRET, old)) == 200
    assert len(caller.taken) == 1


async def test_what_is_not_kept_in_time_is_asked_for_again(clock: SetClock) -> None:
    async def for_ever(_event: WebhookEvent) -> str:
        await asyncio.Event().wait()
        return "never"

    caller = Caller(clock)
    caller.webhook = Webhook(APP_ID, (OA_SECRET,), for_ever, clock.now, kept_seconds=0.01)
    with capture_logs():
        assert await caller.post(*signed(OA_SECRET, MORNING.timestamp())) == 503


async def test_a_channel_that_is_not_open_keeps_nothing(make: Make, zalo: FakeZalo) -> None:
    async with hooked(make(), zalo) as heard:
        with capture_logs():
            zalo.acts.says(HER, "Xin chào")
            assert await heard(1) == [503]


async def test_the_files_that_prove_a_domain_are_served(make: Make) -> None:
    channel = make(manners=Manners(verifiers=("AbC1",)))
    async with served(channel) as url, httpx.AsyncClient() as client:
        base = url.partition("/webhook")[0]
        proof = await client.get(f"{base}/zalo_verifierAbC1.html")
        other = await client.get(f"{base}/zalo_verifierXyZ9.html")
        picture = await client.get(f"{base}/zalo/share.png")
    assert (proof.status_code, 'content="AbC1"' in proof.text) == (200, True)
    assert other.status_code == 404
    assert picture.content.startswith(b"\x89PNG")


def test_without_keys_nothing_begins(sqlite_store: Store, clock: SetClock) -> None:
    with pytest.raises(ConfigError):
        ZaloChannel(
            1,
            oa.Client(APP_ID, APP_SECRET),
            store=sqlite_store,
            clock=clock,
            speak=lambda _: None,  # type: ignore[arg-type, return-value]
            secrets=("",),
            base_url="",
        )


def _owe(work: Work, account: int, message: str) -> None:
    person, queue = work.people.add(), work.queues.ensure(account)
    place = work.accounts.add_address(account, HER)
    letter = Letter(f"in:{account}:1:0", {"vi": Reply("Phòng 305")})
    put(work, [Owed(letter, person, place.id, HER, queue, "vi")], {})
    lease = work.queues.take(queue, "me", work.now + timedelta(hours=1), force=True)
    assert lease is not None
    (claimed,) = work.deliveries.claim(queue, lease.epoch, 10)
    work.deliveries.settle([Outcome(claimed.id, lease.epoch, State.SENT, message)])


async def test_receipts_reach_their_delivery_and_only_they_do(
    channel: ZaloChannel, zalo: FakeZalo, sqlite_store: Store
) -> None:
    async def times() -> Any:
        d = delivery.c
        query = select(d.sent_at, d.delivered_at, d.seen_at, d.acknowledged_at)
        row = await sqlite_store.read(lambda work: work.conn.execute(query).one())
        return [at is not None for at in row]

    async with hooked(channel, zalo) as heard:
        (message,) = await say(channel, Reply("Phòng 305"))
        await sqlite_store.write(lambda work: _owe(work, channel.account_id, message))
        assert await times() == [True, False, False, False]
        await heard(2)
        await channel.apply_receipts()
        assert await times() == [True, True, False, False]
        zalo.acts.sees(HER)
        await heard(3)
        await channel.apply_receipts()
    assert await times() == [True, True, True, False]


async def test_silence_during_an_event_is_told(make: Make, clock: SetClock) -> None:
    channel = make(is_on=lambda: True)
    with capture_logs() as logs:
        await channel.watch()
        await channel.watch()
    assert [one["event"] for one in logs] == ["zalo silent", "no organiser could be told"]
    with capture_logs() as logs:
        await make(is_on=lambda: False).watch()
        await make(is_on=lambda: True, manners=Manners(silent_hours=0)).watch()
    assert logs == []


async def test_what_nothing_answers_is_counted_once_and_none_of_it_kept(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox, sqlite_store: Store, clock: SetClock
) -> None:
    words = "Số của tôi là 0912345678"
    async with hooked(channel, zalo) as heard:
        zalo.acts.unknown("some_future_event")
        zalo.acts.says_in_group(HER, "group-1", words)
        await heard(2)
        clock.forward(timedelta(minutes=1))
        zalo.acts.says_in_group(HER, "group-1", words)
        assert await heard(3) == [200, 200, 200]
        async with httpx.AsyncClient() as client:  # Zalo posts the first of them again
            body, mac = signed(OA_SECRET, MORNING.timestamp(), event_name="some_other_event")
            for _ in range(2):
                await client.post(zalo.hooks.url, content=body, headers={"X-ZEvent-Signature": mac})
    assert inbox.kept == []

    counted = await sqlite_store.read(lambda work: work.platform_events.counted(channel.account_id))
    assert [(one.name, one.kind, one.times) for one in counted] == [
        ("user_send_group_text", "group.message.text", 2),
        ("some_future_event", "unknown", 1),
        ("some_other_event", "unknown", 1),
    ]
    assert counted[0].last_at - counted[0].first_at == timedelta(minutes=1)
    assert counted[1].shape["data"] == {"a": "number"}
    rows = await sqlite_store.read(
        lambda work: work.conn.execute(select(platform_event)).mappings().all()
    )
    kept = json.dumps([dict(row) for row in rows], default=str, ensure_ascii=False)
    assert [one for one in (words, "0912345678", HER, "group-1") if one in kept] == []

    clock.forward(timedelta(days=8))
    await channel.forget_leftovers()
    assert (
        await sqlite_store.read(lambda work: work.platform_events.counted(channel.account_id)) == []
    )
