"""Everything the platform or the network may answer, as what it means for a delivery."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs
from telegram.error import BadRequest, TimedOut

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import send_error
from bot.channels.telegram.transport import AiohttpRequest, NoAnswerError, NotSentError
from bot.errors import (
    ConfigError,
    Gone,
    Rejected,
    SendError,
    Throttled,
    Unavailable,
    Uncertain,
)
from bot.fit import Part
from tests.channels.telegram.conftest import CHAT, Inbox, Make
from tests.channels.telegram.test_sending import owed
from tests.fakes.platform import TOKEN, FakeTelegram
from tests.fakes.telegram_faults import Trouble

HELLO = Part(0, "Xin chào")


async def failed(channel: TelegramChannel) -> tuple[type[SendError], str]:
    """What a send raised: its class and code."""
    with pytest.raises(SendError) as caught:
        await channel.send(owed(), HELLO)
    return type(caught.value), caught.value.code


ANSWERS = [
    (400, "Bad Request: chat not found", Gone, "chat_not_found"),
    (400, "Bad Request: PEER_ID_INVALID", Gone, "chat_not_found"),
    (400, "Bad Request: user not found", Gone, "chat_not_found"),
    (400, "Bad Request: message is too long", Rejected, "too_long"),
    (400, "Bad Request: message caption is too long", Rejected, "too_long"),
    (400, "Bad Request: MEDIA_CAPTION_TOO_LONG", Rejected, "too_long"),
    (400, "Bad Request: message text is empty", Rejected, "empty"),
    (400, "Bad Request: BUTTON_DATA_INVALID", Rejected, "bad_choice"),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", Rejected, "file_reference"),
    (400, "Bad Request: IMAGE_PROCESS_FAILED", Rejected, "bad_picture"),
    (400, "Bad Request: something of tomorrow", Rejected, "bad_request"),
    (
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        Rejected,
        "migrated",
    ),
    (401, "Unauthorized", Rejected, "token"),
    (403, "Forbidden: bot was blocked by the user", Gone, "blocked"),
    (403, "Forbidden: user is deactivated", Gone, "deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user", Gone, "never_started"),
    (403, "Forbidden: bot was kicked from the group chat", Gone, "forbidden"),
    (404, "Not Found", Rejected, "token"),
    (409, "Conflict: terminated by other getUpdates request", Rejected, "conflict"),
    (413, "Request Entity Too Large", Rejected, "file_too_big"),
    (418, "I'm a teapot", Rejected, "status_418"),
    (500, "Internal Server Error: restart", Uncertain, "server_error"),
    (502, "Bad Gateway", Uncertain, "server_error"),
    (504, "Gateway Timeout", Uncertain, "server_error"),
]


@pytest.mark.parametrize(("status", "said", "kind", "code"), ANSWERS)
async def test_each_refusal_has_its_meaning(
    fake: FakeTelegram,
    channel: TelegramChannel,
    status: int,
    said: str,
    kind: type[SendError],
    code: str,
) -> None:
    fake.faults.refuse(status, said, method="sendMessage")
    assert await failed(channel) == (kind, code)
    assert fake.journal == []


async def test_too_many_says_how_long_to_wait(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fake.faults.refuse(429, "Too Many Requests: retry after 17", seconds=17)
    with pytest.raises(Throttled) as caught:
        await channel.send(owed(), HELLO)
    assert caught.value.wait_seconds == 17.0
    fake.faults.refuse(429, "Too Many Requests", seconds=0)
    with pytest.raises(Throttled) as caught:
        await channel.send(owed(), HELLO)
    assert caught.value.wait_seconds == 0.0


@pytest.mark.parametrize(
    ("trouble", "accepted"),
    [
        (Trouble.ACCEPT_THEN_RESET, 1),
        (Trouble.ACCEPT_THEN_GARBAGE, 1),
        (Trouble.RESET_BEFORE_ACCEPT, 0),
        (Trouble.SERVER_ERROR, 0),
    ],
)
async def test_nobody_knows_what_became_of_it(
    fake: FakeTelegram, channel: TelegramChannel, trouble: Trouble, accepted: int
) -> None:
    fake.faults.then(trouble)
    kind, _ = await failed(channel)
    assert kind is Uncertain
    assert len(fake.journal) == accepted


async def test_an_answer_that_does_not_come_in_time_is_uncertain(
    fake: FakeTelegram, make: Make, inbox: Inbox
) -> None:
    channel = make(answer_seconds=0.2)
    await channel.open(inbox.accept)
    fake.faults.then(Trouble.ACCEPT_THEN_TIMEOUT)
    assert await failed(channel) == (Uncertain, "no_answer")
    assert len(fake.journal) == 1
    await channel.close()


async def test_no_connection_means_nothing_was_sent(make: Make, inbox: Inbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    channel = make(api_url=f"http://127.0.0.1:{port}")
    with capture_logs() as logs:
        await channel.open(inbox.accept)  # the others need not stand still for it
    assert [line["event"] for line in logs] == ["telegram not reached"]
    assert await failed(channel) == (Unavailable, "no_connection")
    await channel.close()
    assert await failed(channel) == (Unavailable, "no_connection")


@asynccontextmanager
async def _silent() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A server that reads and never answers; the event tells that a request arrived."""
    arrived, leave = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        arrived.set()
        await leave.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x", arrived
    leave.set()
    server.close()


async def test_waiting_in_vain_for_a_free_connection_means_not_sent() -> None:
    async with _silent() as (url, arrived):
        line = AiohttpRequest(5.0, connect_seconds=0.05, connections=1)
        await line.initialize()
        first = asyncio.create_task(line.do_request(url, "POST"))
        await arrived.wait()
        with pytest.raises(NotSentError):
            await line.do_request(url, "POST")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await line.shutdown()


async def test_a_server_that_goes_away_mid_answer_leaves_it_open() -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{")
        writer.close()

    server = await asyncio.start_server(half, "127.0.0.1", 0)
    line = AiohttpRequest(5.0)
    await line.initialize()
    with pytest.raises(NoAnswerError):
        await line.do_request(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x", "POST")
    await line.shutdown()
    server.close()


def test_what_the_library_says_itself_was_never_sent() -> None:
    pool = send_error(TimedOut("Pool timeout: All connections in the pool are occupied"))
    assert type(pool) is Unavailable
    ours = send_error(BadRequest("chat not found"))
    assert (type(ours), ours.code) == (Rejected, "library")


@pytest.mark.parametrize("token", ["", "secret", "12:", ":ab", "12:a b", "12:ab\n"])
def test_a_token_that_is_none_is_told_without_it(make: Make, token: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make(token=token)
    assert token == "" or token not in str(caught.value)


@pytest.mark.parametrize("token", [TOKEN[:-1] + "X", "7000000002:" + TOKEN.partition(":")[2]])
async def test_a_refused_token_stops_the_channel(make: Make, inbox: Inbox, token: str) -> None:
    channel = make(token=token)
    with pytest.raises(ConfigError) as caught:
        await channel.open(inbox.accept)
    assert token not in str(caught.value)


async def test_a_server_for_another_bot_stops_the_channel(
    fake: FakeTelegram, make: Make, inbox: Inbox
) -> None:
    fake.token = "12:abc"
    with pytest.raises(ConfigError):
        await make(token="12:abc").open(inbox.accept)


async def test_the_token_is_never_seen(
    fake: FakeTelegram,
    make: Make,
    inbox: Inbox,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    channel = make(answer_seconds=0.2)
    await channel.open(inbox.accept)
    for trouble in Trouble:
        fake.faults.then(trouble, seconds=0)
        try:
            await channel.send(owed(), HELLO)
        except SendError as error:
            seen += _everything(error)
        fake.world.blocked.clear()
    await channel.close()
    for lost in ("http://127.0.0.1:1", "http://no-such-host.invalid", "http://127.0.0.1:99999"):
        away = make(api_url=lost)
        with capture_logs() as logs:
            await away.open(inbox.accept)
            try:
                await away.send(owed(), HELLO)
            except SendError as error:
                seen += _everything(error)
            await away.close()
        seen.append(repr(logs))
    seen += [repr(channel), str(vars(channel)), caplog.text, *capfd.readouterr()]
    secret = TOKEN.partition(":")[2]
    assert [text for text in seen if secret in text] == []


def _everything(error: BaseException | None) -> list[str]:
    """The error and whatever stands behind it, as a careless logger would print it."""
    told: list[str] = []
    while error is not None:
        told += [str(error), repr(error), repr(error.args), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return told


async def test_one_chat_too_fast_is_throttled_by_the_platform(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    for _ in range(3):
        await channel.send(owed(), HELLO)
    assert await failed(channel) == (Throttled, "throttled")
    assert [one.which for one in fake.too_fast] == ["chat"]


async def test_the_operators_line_reports_refusals(fake: FakeTelegram) -> None:
    api = Api(TOKEN, fake.url)
    await api.open()
    assert await api.check() == "donghanh_bot"
    await api.close()
    assert CHAT not in {fields.get("chat_id") for _, fields in fake.calls}
