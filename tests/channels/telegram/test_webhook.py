"""What the webhook answers: to Telegram, to strangers, and to bodies nobody would write."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.reading import read
from bot.channels.telegram.strays import wish_of
from bot.channels.telegram.webhook import BODY_LIMIT, Webhook
from bot.errors import ConfigError
from bot.values.incoming import Incoming, Kind
from tests.channels.served import served
from tests.channels.telegram.conftest import CHAT, SECRET, Inbox, Make, payload
from tests.conftest import MORNING
from tests.fakes.platform import FakeTelegram
from tests.fakes.telegram_world import Hook

HEADER = "X-Telegram-Bot-Api-Secret-Token"


async def _hooked(fake: FakeTelegram, url: str) -> None:
    async with aiohttp.ClientSession() as client:
        told = {"url": url, "secret_token": SECRET, "allowed_updates": ["message"]}
        answer = await client.post(f"{fake.url}/bot{fake.token}/setWebhook", json=told)
        assert await answer.json() == {"ok": True, "result": True}


async def test_an_update_travels_from_the_platform_to_the_inbox(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    update = fake.text(CHAT, "Xe của tôi?")
    async with served(channel) as url:
        await _hooked(fake, url)
        assert await fake.deliver(update) == 200
        assert await fake.deliver(update) == 200  # the platform may repeat; the inbox tells
    numbers = [incoming.update_id for incoming in inbox.kept]
    assert numbers == [str(update["update_id"])] * 2
    assert [incoming.text for incoming in inbox.kept] == ["Xe của tôi?"] * 2


async def test_what_was_not_kept_is_asked_for_again(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    inbox.failing = 1
    update = fake.text(CHAT, "Xe của tôi?")
    async with served(channel) as url:
        await _hooked(fake, url)
        with capture_logs() as logs:
            assert await fake.deliver(update) == 503
        assert await fake.deliver(update) == 200
    assert len(inbox.kept) == 1
    assert [(line["event"], line["what"]) for line in logs] == [("update not kept", "RuntimeError")]


async def test_a_channel_that_is_not_open_keeps_nothing(fake: FakeTelegram, make: Make) -> None:
    async with served(make()) as url:
        await _hooked(fake, url)
        assert await fake.deliver(fake.text(CHAT, "Xin chào")) == 503


class Caller:
    """Speaks ASGI to a webhook, without sockets."""

    def __init__(self) -> None:
        self.kept: list[Incoming] = []
        self.webhook = Webhook(SECRET, lambda raw: read(raw, 7, MORNING), lambda: self._accept)

    async def _accept(self, incoming: Incoming) -> bool:
        self.kept.append(incoming)
        return True

    async def post(
        self, *chunks: bytes, secret: bytes | None = SECRET.encode(), method: str = "POST"
    ) -> int | None:
        """The status; None when it was not answered."""
        headers = [(b"host", b"a")] + ([(HEADER.lower().encode(), secret)] if secret else [])
        events: list[dict[str, Any]] = [
            {"type": "http.request", "body": chunk, "more_body": n < len(chunks)}
            for n, chunk in enumerate(chunks, 1)
        ]
        answered: list[int] = []

        async def receive() -> dict[str, Any]:
            return events.pop(0) if events else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answered.append(message["status"])

        scope = {"type": "http", "method": method, "path": "/", "headers": headers}
        await self.webhook(scope, receive, send)
        assert len(answered) <= 1
        return answered[0] if answered else None


GOOD = json.dumps(payload("text")).encode()


@pytest.mark.parametrize("secret", [None, b"", b"wrong", SECRET.encode()[:-1], "mật".encode()])
async def test_strangers_are_refused_whatever_they_bring(secret: bytes | None) -> None:
    caller = Caller()
    assert await caller.post(GOOD, secret=secret) == 403
    assert caller.kept == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (GOOD, 200),
        (json.dumps(payload("edited")).encode(), 200),
        (json.dumps(payload("of_tomorrow")).encode(), 200),
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"update_id": "1"}', 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 100_000, 400),
        (b'{"update_id": ' + b"9" * 5000 + b"}", 400),
        (b" " * (BODY_LIMIT + 1), 413),
        (b'{"update_id": 1}' + b" " * (BODY_LIMIT - 16), 200),
    ],
)
async def test_every_body_has_its_answer(body: bytes, status: int) -> None:
    assert await Caller().post(body) == status


async def test_a_body_may_come_in_pieces_but_not_without_end() -> None:
    caller = Caller()
    assert await caller.post(GOOD[:40], GOOD[40:]) == 200
    assert await caller.post(*[b" " * 65_536] * 100) == 413
    assert len(caller.kept) == 1


async def test_only_post_is_served() -> None:
    assert await Caller().post(GOOD, method="GET") == 405


async def test_who_hangs_up_gets_no_answer() -> None:
    assert await Caller().post() is None


async def test_a_bad_body_is_told_once_and_not_repeated() -> None:
    with capture_logs() as logs:
        await Caller().post(b'{"text": "0912 345 678"')
    assert logs == [{"event": "webhook body is no update", "log_level": "warning"}]


@pytest.mark.parametrize("secret", ["", "có dấu", "x" * 257])
def test_a_webhook_without_a_good_secret_does_not_start(make: Make, secret: str) -> None:
    with pytest.raises(ConfigError):
        make(secret=secret)


def test_polling_serves_nothing(make: Make) -> None:
    assert list(make(mode="polling", secret="").routes()) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


@given(ANYTHING)
@settings(deadline=None, max_examples=150)
async def test_any_json_has_an_answer(body: Any) -> None:
    assert await Caller().post(json.dumps(body).encode()) in (200, 400)


def _twisted(value: Any, path: list[int], put: Any) -> Any:
    """The value with something else in one place, chosen by `path`."""
    if not path or not isinstance(value, dict | list) or not value:
        return put
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = _twisted(value[key], path[1:], put)
    return copy


NAMES = st.sampled_from(
    ["text", "tap", "start_payload", "photo", "contact_own", "location", "blocked"]
)


@given(NAMES, st.lists(st.integers(0, 9), min_size=2, max_size=6), ANYTHING)
@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
async def test_a_real_update_with_anything_in_one_place_has_an_answer(
    name: str, path: list[int], put: Any
) -> None:
    caller = Caller()
    raw = payload(name)
    raw = {"update_id": raw.pop("update_id"), **_twisted(raw, path, put)}
    assert await caller.post(json.dumps(raw).encode()) == 200
    for incoming in caller.kept:
        assert Incoming.from_json(incoming.to_json()) == incoming
        assert isinstance(incoming.kind, Kind)
        for word in (incoming.text, incoming.value, incoming.media_ref, incoming.tap_id):
            word.encode()  # no lone surrogates reach the database
            assert "\x00" not in word


async def test_groups_are_left_and_their_buttons_stop_spinning(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    names = ("added_to_group", "tap_in_group", "tap_inline", "tap_game", "group")
    updates = [payload(name) for name in names]
    groups = {updates[0]["my_chat_member"]["chat"]["id"], updates[4]["message"]["chat"]["id"]}
    taps = {one["callback_query"]["id"] for one in updates[1:4]}
    fake.world.groups |= groups
    fake.updates.taps |= taps
    async with served(channel) as url:
        fake.world.hook = Hook(url, SECRET)
        assert [await fake.deliver(one) for one in updates] == [200] * 5
        while fake.world.groups or fake.world.answered.keys() != taps:
            await asyncio.sleep(0.005)
    assert inbox.kept == []
    assert fake.journal == []


@pytest.mark.parametrize("name", ["blocked", "unblocked", "text", "dice", "channel_post", "edited"])
def test_private_chats_are_no_strays(name: str) -> None:
    assert wish_of(payload(name)) is None


@pytest.mark.parametrize(
    "raw",
    [
        {"callback_query": {"id": 5}},
        {"callback_query": {"id": "x" * 65}},
        {"my_chat_member": {"chat": {"type": "group", "id": "-5"}}},
        {"my_chat_member": {"new_chat_member": {"status": "member"}, "chat": None}},
        {"message": {"chat": {"type": "group", "id": 2**70}}},
        {"message": 5},
    ],
)
def test_strays_that_make_no_sense_ask_for_nothing(raw: dict[str, object]) -> None:
    assert wish_of(raw) is None
