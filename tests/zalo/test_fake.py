"""The strict fake, spoken to by the real client: it refuses, counts, signs, repeats, and fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.zalo import (
    ZaloException,
    ZaloHTTPException,
    ZaloNoAnswerException,
    ZaloOAAuthTokenExpiredException,
    challenge_of,
    new_verifier,
    oa,
    shapes,
    webhook,
    zns,
)
from bot.zalo.fake import APP_ID, APP_SECRET, OA_SECRET, FakeZalo, Fault
from bot.zalo.fake.hooks import LADDER
from bot.zalo.fake.world import HOUR, Template

HER = "4572947693"
TO = {"user_id": HER}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


class Time:
    """Seconds that move when a test says so."""

    def __init__(self) -> None:
        self.now = 1_795_900_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def zalo(time: Time) -> AsyncIterator[FakeZalo]:
    async with FakeZalo(clock=time) as fake:
        fake.acts.follow(HER)
        yield fake


@pytest.fixture
async def client(zalo: FakeZalo, time: Time) -> AsyncIterator[oa.Client]:
    async with oa.Client(APP_ID, APP_SECRET, *zalo.pair(), **places(zalo, time)) as one:
        yield one


def places(zalo: FakeZalo, time: Time) -> dict[str, Any]:
    return {"endpoint_prefix": zalo.url, "oauth_prefix": zalo.url, "clock": time}


async def code_of(asked: Any) -> int | None:
    with pytest.raises(ZaloException) as caught:
        await asked
    return caught.value.code


async def test_a_message_of_every_kind_is_taken(zalo: FakeZalo, client: oa.Client) -> None:
    picture = (await client.upload_file(PNG, "image"))["data"]["attachment_id"]
    moving = (await client.upload_file(b"GIF89a", "gif"))["data"]["attachment_id"]
    paper = (await client.upload_file(b"%PDF-1.7", "file", "noi-quy.pdf"))["data"]["token"]
    tap = shapes.asks("Xem việc hôm nay", "#dh:today")
    said = [
        shapes.text("Xin chào"),
        shapes.image(attachment_id=picture, words="Sơ đồ"),
        shapes.image(url="https://example.org/a.png"),
        shapes.gif(moving, 10, 10),
        shapes.sticker("bfe458bf64fa8da4d4eb"),
        shapes.file(paper),
        shapes.buttons("Chọn", [tap, shapes.opens("Bản đồ", "https://example.org")]),
        shapes.request_user_info("Ban tổ chức", "Xin phép lấy số", "https://example.org/b.png"),
    ]
    for body in said:
        assert (await client.send_message(TO, body))["data"]["user_id"] == HER
    kinds = [one.kind for one in zalo.world.taken()]
    assert kinds == [
        *("text", "image", "image", "gif", "sticker", "file", "text", "request_user_info")
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, -201),
        ({"text": " "}, -201),
        ({"text": "a" * 2001}, -210),
        ({"text": "a", "quote_message_id": "nobody's"}, -201),
        (shapes.sticker("x").toDict() | {"attachment": {"type": "audio", "payload": {}}}, -233),
        (shapes.image(attachment_id="unknown").toDict(), -201),
        (shapes.file("unknown").toDict(), -201),
        (shapes.listing([{"title": "a"}]).toDict(), -233),
        (
            {
                "text": "a",
                "attachment": {
                    "type": "template",
                    "payload": {"buttons": [shapes.opens("b", "https://x.vn")] * 6},
                },
            },
            -201,
        ),
    ],
)
async def test_what_the_documentation_forbids_is_refused(
    client: oa.Client, body: dict[str, Any], code: int
) -> None:
    assert await code_of(client.send_message(TO, body)) == code


async def test_the_windows(zalo: FakeZalo, client: oa.Client, time: Time) -> None:
    def say() -> Any:
        return client.send_message(TO, shapes.text("a"))

    time.now += 47 * HOUR
    await client.refresh_access_token()
    await say()
    time.now += 2 * HOUR
    await client.refresh_access_token()
    assert await code_of(say()) == -320
    zalo.world.money = 100
    await say()
    assert zalo.world.money == 45
    assert await code_of(say()) == -321
    time.now += 6 * 24 * HOUR
    await client.refresh_access_token()
    assert await code_of(say()) == -230
    zalo.acts.says(HER, "tôi đây")
    await say()
    quota = (await client.get_zalo_user_quotas(HER))["data"]
    assert quota["last_interaction"] == str(int(time.now * 1000))
    assert await code_of(client.send_message({"user_id": "nobody"}, shapes.text("a"))) == -201


async def test_an_upload_dies_after_seven_days(
    zalo: FakeZalo, client: oa.Client, time: Time
) -> None:
    picture = (await client.upload_file(PNG, "image"))["data"]["attachment_id"]
    time.now += 7 * 24 * HOUR + 1
    zalo.acts.says(HER, "a")
    await client.refresh_access_token()
    said = shapes.image(attachment_id=picture)
    assert await code_of(client.send_message(TO, said)) == -100


async def test_a_refresh_token_works_once(zalo: FakeZalo, client: oa.Client, time: Time) -> None:
    old = client.refresh_token
    again = oa.Client(APP_ID, APP_SECRET, client.access_token, old, **places(zalo, time))
    await client.refresh_access_token()
    with pytest.raises(ZaloOAAuthTokenExpiredException) as caught:
        await again.get_oa()
    assert caught.value.code == -220
    assert caught.value.refresh_failure is not None
    assert caught.value.refresh_failure.code == -14020
    assert zalo.tokens.spent[old] == 2
    await again.aclose()


async def test_a_token_lives_25_hours(zalo: FakeZalo, client: oa.Client, time: Time) -> None:
    time.now += 25 * HOUR
    old = client.access_token
    await client.send_message(TO, shapes.text("a"))
    assert client.access_token != old
    assert sum(zalo.tokens.spent.values()) == 1


async def test_consenting(zalo: FakeZalo, time: Time) -> None:
    verifier = new_verifier()
    async with (
        oa.Client(APP_ID, APP_SECRET, **places(zalo, time)) as client,
        httpx.AsyncClient(trust_env=False) as browser,
    ):
        url = client.request_authorization_code_url(
            "https://dh.example/zalo", challenge_of(verifier), "st-1"
        )
        told = parse_qs(urlsplit((await browser.get(url)).headers["location"]).query)
        assert told["state"] == ["st-1"]
        asked = client.get_access_token_from_authorization_code
        await asked(told["code"][0], verifier)
        assert (await client.get_oa())["data"]["is_verified"] is True
        assert await code_of(asked(told["code"][0], verifier)) == -14019
        other = parse_qs(urlsplit((await browser.get(url)).headers["location"]).query)["code"]
        assert await code_of(asked(other[0], new_verifier())) == -14021


async def test_too_many_calls_in_a_minute(client: oa.Client, zalo: FakeZalo) -> None:
    await client.get_oa()
    assert client.rate_remaining == 3999
    zalo.world._calls.extend([zalo.world.clock()] * 3999)
    assert await code_of(client.get_oa()) == -32


@pytest.mark.parametrize(
    ("fault", "kind", "taken"),
    [
        (Fault("html", status=502), ZaloHTTPException, 0),
        (Fault("html", status=200), ZaloHTTPException, 0),
        (Fault("reset"), ZaloNoAnswerException, 0),
        (Fault("lost"), ZaloNoAnswerException, 1),
        (Fault("code", code=-32, path="/v3.0/oa/message/cs"), ZaloException, 0),
    ],
)
async def test_it_fails_when_told_to(
    zalo: FakeZalo, client: oa.Client, fault: Fault, kind: type[ZaloException], taken: int
) -> None:
    zalo.faults.add(Fault("code", path="/elsewhere"))
    zalo.faults.add(fault)
    with pytest.raises(kind):
        await client.send_message(TO, shapes.text("a"))
    assert len(zalo.world.taken()) == taken
    await client.send_message(TO, shapes.text("b"))


async def test_a_slow_answer_is_waited_for_as_long_as_was_said(
    zalo: FakeZalo, client: oa.Client, time: Time
) -> None:
    hasty = oa.Client(
        APP_ID, APP_SECRET, client.access_token, read_seconds=0.2, **places(zalo, time)
    )
    zalo.faults.add(Fault("slow", seconds=1))
    async with hasty:
        with pytest.raises(ZaloNoAnswerException):
            await hasty.send_message(TO, shapes.text("a"))
    zalo.faults.add(Fault("slow", seconds=0.01))
    assert (await client.send_message(TO, shapes.text("b")))["error"] == 0


async def test_people_tags_chats_and_quotas(zalo: FakeZalo, client: oa.Client) -> None:
    await client.tag_follower(HER, "Đoàn Đắk Lắk")
    assert (await client.get_tags_of_oa())["data"] == ["Đoàn Đắk Lắk"]
    listed = await client.get_list({"offset": 0, "count": 50, "tag_name": "Đoàn Đắk Lắk"})
    assert listed["data"]["users"] == [{"user_id": HER}]
    assert (await client.get_user_detail(HER))["data"]["user_is_follower"] is True
    await client.rm_follower_from_tag(HER, "Đoàn Đắk Lắk")
    assert (await client.get_tags_of_oa())["data"] == []
    zalo.acts.says(HER, "Phòng tôi ở đâu?")
    (line,) = (await client.get_conversation(HER))["data"]
    assert (line["src"], line["message"]) == (1, "Phòng tôi ở đâu?")
    assert len((await client.list_recent_chat())["data"]) == 1
    assert (await client.get_zalo_oa_quotas("OA"))["data"] == []
    assert await code_of(client.get_list({"offset": 10_000})) == -210


async def test_reactions(zalo: FakeZalo, client: oa.Client) -> None:
    hers = zalo.acts.says(HER, "Đã nhận")
    for _ in range(50):
        await client.react(HER, hers, "/-strong")
    assert await code_of(client.react(HER, hers, "/-strong")) == -211
    assert await code_of(client.react(HER, hers, "👍")) == -201


async def test_templates(zalo: FakeZalo, client: oa.Client, time: Time) -> None:
    zalo.acts.meet(HER, phone="84900000001")
    zalo.world.templates["t1"] = Template("t1", {"ten": 30})
    zalo.world.money = 1000
    zalo.world.template_left = 3
    assert (await client.send_template(HER, "t1", {"ten": "A"}))["data"]["user_id"] == HER
    access, refresh = client.access_token, client.refresh_token
    async with zns.Client(APP_ID, APP_SECRET, access, refresh, **places(zalo, time)) as phones:
        sent = await phones.send_zns_message("84900000001", "t1", {"ten": "A"}, "dh-1")
        status = await phones.get_message_status(sent["data"]["msg_id"])
        assert status["data"]["status"] == 1
        assert (await phones.get_quota())["data"]["remainingQuota"] == "1"
        assert len((await phones.get_template_list(0, 10))["data"]) == 1
        (param,) = (await phones.get_template_info("t1"))["data"]["listParams"]
        assert param["maxLength"] == 30
        send = phones.send_zns_message
        assert await code_of(send("84900000009", "t1", {"ten": "A"})) == -118
        assert await code_of(send("0900000001", "t1", {"ten": "A"})) == -108
        assert await code_of(send("84900000001", "t1", {"ten": "A" * 31})) == -1122
        await send("84900000001", "t1", {"ten": "A"})
        assert await code_of(send("84900000001", "t1", {"ten": "A"})) == -144


class Receiver(httpx.AsyncBaseTransport):
    """Where webhooks arrive: reads them as the product does, answers as it is told."""

    def __init__(self) -> None:
        self.status: Callable[[], int] = lambda: 200
        self.events: list[webhook.WebhookEvent] = []
        self.retries: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        found = webhook.read(body, request.headers, app_id=APP_ID, secrets=[OA_SECRET])
        assert found is not None
        self.events.append(found)
        self.retries.append(request.headers.get("num_retry", ""))
        return httpx.Response(self.status())


async def heard(zalo: FakeZalo, receiver: Receiver) -> list[str]:
    """The kinds of events since the last look."""
    await zalo.hooks.turn()
    kinds = [one.kind for one in receiver.events]
    receiver.events.clear()
    return kinds


@pytest.fixture
def receiver(time: Time) -> Receiver:
    return Receiver()


@pytest.fixture
async def still(time: Time, receiver: Receiver) -> AsyncIterator[FakeZalo]:
    """The fake without its server: events leave when the test says so."""
    fake = FakeZalo(clock=time)
    fake.hooks.transport = receiver
    fake.hooks.url = "https://dh.example/webhook/zalo/1"
    yield fake
    await fake.hooks.aclose()


async def test_everything_people_do_is_heard_signed(still: FakeZalo, receiver: Receiver) -> None:
    acts, transport = still.acts, httpx.ASGITransport(still)
    client = oa.Client(APP_ID, APP_SECRET, *still.pair(), transport=transport)
    acts.follow(HER)
    acts.opens_chat(HER)
    acts.says(HER, "Xin chào")
    acts.sends(HER, "audio", {"url": "http://f6.voice.talk.zdn.vn/1/a.amr"})
    assert await heard(still, receiver) == [
        *("user.follow", "user.chat_opened", "message.text", "message.audio")
    ]
    tap = shapes.asks("Xem", "#dh:today")
    sent = await client.send_message(TO, shapes.buttons("Chọn", [tap]))
    assert await heard(still, receiver) == ["echo.text", "receipt.delivered"]
    acts.sees(HER)
    acts.taps(HER, sent["data"]["message_id"], "Xem")
    await still.hooks.turn()
    assert [one.text for one in receiver.events] == ["", "#dh:today"]
    assert receiver.events[0].msg_ids == (sent["data"]["message_id"],)
    receiver.events.clear()
    asked = shapes.request_user_info("a", "b", "https://example.org/a.png")
    await client.send_message(TO, asked)
    acts.shares_info(HER)
    acts.reacts(HER, sent["data"]["message_id"], "/-heart")
    acts.console_says(HER, "Để tôi giúp chị")
    acts.withdraws(HER)
    acts.unfollow(HER)
    acts.unknown()
    assert (await heard(still, receiver))[2:] == [
        *("user.info_submitted", "user.reaction", "echo.text", "user.withdrew"),
        *("user.unfollow", "unknown"),
    ]


async def test_what_is_not_answered_comes_again_and_at_last_no_more(
    still: FakeZalo, receiver: Receiver, time: Time
) -> None:
    receiver.status = lambda: 503
    still.acts.says(HER, "a")
    await still.hooks.turn()
    for step in LADDER:
        time.now += step
        assert still.hooks.subscribed
        await still.hooks.turn()
    assert receiver.retries == ["", "1", "2", "3", "4", "5"]
    assert len({one.key for one in receiver.events}) == 1
    assert not still.hooks.subscribed
    receiver.status = lambda: 200
    still.acts.says(HER, "b")
    assert await still.hooks.turn() == 0


async def test_it_is_told_what_to_do_from_another_process(zalo: FakeZalo) -> None:
    async with httpx.AsyncClient(base_url=f"{zalo.url}/control/", trust_env=False) as control:
        said = await control.post("says", json={"user_id": HER, "text": "a"})
        assert said.json()["result"] in zalo.world.messages
        await control.post("fail", json={"way": "html", "times": 2})
        assert zalo.faults.take("/any") == Fault("html")
        assert (await control.post("hooked")).json()["result"]["subscribed"] is True
        assert (await control.post("nothing")).status_code == 404


async def test_its_own_server_posts_to_a_real_address(zalo: FakeZalo) -> None:
    got: asyncio.Queue[bytes] = asyncio.Queue()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        got.put_nowait(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        zalo.hooks.url = f"http://127.0.0.1:{port}/webhook"
        zalo.acts.says(HER, "a")
        async with asyncio.timeout(10):
            assert b"user_send_text" in await got.get()


async def test_an_address_that_is_taken_away_meanwhile_is_told_nothing_more() -> None:
    async def once(_scope: Any, _receive: Any, send: Any) -> None:
        fake.hooks.url = ""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with FakeZalo() as fake:
        fake.hooks.transport = httpx.ASGITransport(once)
        fake.hooks.url = "https://dh.example/webhook"
        for _ in range(3):
            fake.acts.unknown()
        assert await fake.hooks.turn() <= 1
        while fake.hooks.waiting:
            await fake.hooks.turn()
        assert fake.hooks.answered == [200]
