"""The judge is judged: its limits, its markup, its counting, its bad days."""

import asyncio
import json
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.platform import TOKEN, FakeTelegram
from tests.fakes.telegram_faults import Bucket, FaultPlan, Trouble
from tests.fakes.telegram_html import Entity, MarkupError, parse

CHAT = 77


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Clock:
    return Clock()


@pytest.fixture
async def fake(seconds: Clock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=seconds) as server:
        server.updates.chats.add(CHAT)
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def call(
    http: aiohttp.ClientSession, fake: FakeTelegram, method: str, **fields: Any
) -> tuple[int, Any]:
    """(status, result or description)."""
    async with http.post(f"{fake.url}/bot{TOKEN}/{method}", json=fields) as answer:
        told = await answer.json()
    assert told["ok"] is (answer.status == 200)
    return answer.status, told["result"] if told["ok"] else told["description"]


GOOD_MARKUP = [
    ("xin <b>chào</b>", "xin chào", (Entity("bold", 4, 4),)),
    ("&lt;b&gt; &amp; &quot;&#225;&#x1F64B;", '<b> & "á🙋', ()),
    ("&laquo; &nbsp; & &#xD800;", "&laquo; &nbsp; & &#xD800;", ()),
    ("🙋<b>Ệ</b>", "🙋Ệ", (Entity("bold", 2, 1),)),
    ("<B><i>a</i></B>", "a", (Entity("italic", 0, 1), Entity("bold", 0, 1))),
    ('<a href="https://x.vn/?a=1&amp;b">đây</a>', "đây", None),
    ("<span class='tg-spoiler'>x</span>", "x", (Entity("spoiler", 0, 1),)),
    ('<pre><code class="language-c">x</code></pre>', "x", None),
    ("<b></b>a", "a", ()),
]


@pytest.mark.parametrize(("html", "text", "entities"), GOOD_MARKUP)
def test_markup_is_read(html: str, text: str, entities: tuple[Entity, ...] | None) -> None:
    found, marks = parse(html)
    assert found == text
    assert entities is None or marks == entities


BAD_MARKUP = [
    ("x <b", "Unclosed start tag"),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ("đ</b>", "Unexpected end tag at byte offset 2"),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b><i>x</b></i>", "Unmatched end tag at byte offset 7"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<span>x</span>", "must have class"),
    ("<a href>", "Can't find end tag"),
    ('<a href="x', "Unclosed start tag"),
    ("<i =a>x</i>", "Empty attribute name"),
    ("<blockquote><blockquote>x</blockquote></blockquote>", "Quotations cannot be nested"),
    ("<code><b>x</b></code>", "Code cannot contain markup"),
]


@pytest.mark.parametrize(("html", "said"), BAD_MARKUP)
def test_bad_markup_is_refused(html: str, said: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse(html)
    assert str(caught.value).startswith(said) or said in str(caught.value)


def keyboard(*rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(data: str, text: str = "Xem") -> dict[str, str]:
    return {"text": text, "callback_data": data}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "x", "chat_id": 5}, "chat not found"),
    ("sendMessage", {"text": "x", "chat_id": "@lan"}, "chat_id must be a number"),
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"text": ""}, "message text is empty"),
    ("sendMessage", {"text": " \n"}, "message text is empty"),
    ("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    ("sendMessage", {"text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"text": "🙋" * 2049}, "message is too long"),
    ("sendMessage", {"text": "a<b", "parse_mode": "HTML"}, "can't parse entities"),
    ("sendMessage", {"text": "x", "parse_mode": "Markdown"}, "unsupported parse_mode"),
    ("sendMessage", {"text": "x", "txet": "x"}, "unknown parameter txet"),
    ("sendMessage", {"text": "x", "reply_markup": {"keyboard": []}}, "object expected"),
    ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply_markup"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard([button("đ" * 32 + "x")])},
        "BUTTON_DATA_INVALID",
    ),
    ("sendMessage", {"text": "x", "reply_markup": keyboard([button("")])}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard([button("a", " ")])}, "non-empty"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard([{"text": "a"}])}, "unallowed"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard([button("a")] * 9)}, "too long"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard(*[[button("a")]] * 101)}, "too long"),
    ("sendPhoto", {"photo": "nothing"}, "wrong file identifier"),
    ("sendPhoto", {"photo": "nothing", "caption": "x" * 1025}, "caption is too long"),
    ("sendVenue", {"latitude": 91, "longitude": 0, "title": "a", "address": "b"}, "wrong venue"),
    ("sendVenue", {"latitude": 1, "longitude": 0, "title": "", "address": "b"}, "title is empty"),
    ("editMessageText", {"message_id": 3, "text": "x"}, "message to edit not found"),
    ("deleteMessage", {"message_id": 3}, "message to delete not found"),
    ("answerCallbackQuery", {"chat_id": None, "callback_query_id": "4"}, "query is too old"),
    ("setMyCommands", {"commands": [{"command": "Đi", "description": "x"}]}, "COMMAND_INVALID"),
    ("setMyCommands", {"commands": [], "language_code": "hmn"}, "language code"),
    ("setWebhook", {"url": "http://example.org"}, "HTTPS URL"),
    ("setWebhook", {"url": "https://a", "secret_token": "đ"}, "unallowed characters"),
    ("setWebhook", {"url": "https://a", "max_connections": 101}, "between 1 and 100"),
    ("getFile", {"file_id": "x"}, "wrong file_id"),
]


@pytest.mark.parametrize(("method", "fields", "said"), REFUSED)
async def test_each_limit_is_kept(
    fake: FakeTelegram, http: aiohttp.ClientSession, method: str, fields: dict[str, Any], said: str
) -> None:
    to = {"chat_id": CHAT} if method.startswith(("send", "edit", "deleteM")) else {}
    if fields == {"text": "x"}:
        to = {}
    fields = {key: value for key, value in {**to, **fields}.items() if value is not None}
    status, told = await call(http, fake, method, **fields)
    assert (status, said in told) == (400, True), told
    assert fake.journal == []


async def test_limits_themselves_pass(fake: FakeTelegram, http: aiohttp.ClientSession) -> None:
    rows = keyboard(*[[button("x" * 64)]] * 100)
    status, _ = await call(
        http, fake, "SENDMESSAGE", chat_id=CHAT, text="x" * 4096, reply_markup=rows
    )
    assert status == 200
    status, sent = await call(
        http, fake, "sendMessage", chat_id=str(CHAT), text="<b>x</b>", parse_mode="HTML"
    )
    assert (status, sent["text"]) == (200, "x")
    assert [one.text for one in fake.journal] == ["x" * 4096, "x"]


async def test_strangers_and_unknown_methods(
    fake: FakeTelegram, http: aiohttp.ClientSession
) -> None:
    async with http.post(f"{fake.url}/bot1:x/getMe") as answer:
        assert answer.status == 401
    assert (await call(http, fake, "sendTelepathy"))[0] == 404


async def test_its_own_rate_is_kept_and_reported(
    fake: FakeTelegram, http: aiohttp.ClientSession, seconds: Clock
) -> None:
    fake.updates.chats.update(range(100, 160))

    async def say(chat: int) -> int:
        return (await call(http, fake, "sendMessage", chat_id=chat, text="x"))[0]

    assert [await say(CHAT) for _ in range(4)] == [200, 200, 200, 429]
    seconds.now += 1
    assert [await say(CHAT) for _ in range(2)] == [200, 429]
    seconds.now += 10
    burst = [await say(chat) for chat in range(100, 132)]
    assert burst == [200] * 30 + [429] * 2
    report = fake.report()
    assert (report["too_fast_for_chat"], report["too_fast_for_all"]) == (2, 2)
    assert (report["did_not_wait"], report["accepted"]) == (1, 34)


async def test_whoever_is_told_to_wait_and_goes_on_is_noted(
    fake: FakeTelegram, http: aiohttp.ClientSession, seconds: Clock
) -> None:
    fake.updates.chats.add(5)

    async def say(chat: int) -> int:
        return (await call(http, fake, "sendMessage", chat_id=chat, text="x"))[0]

    fake.faults.then(Trouble.TOO_MANY_CHAT, seconds=2.0)
    assert [await say(CHAT), await say(CHAT), await say(5)] == [429, 429, 200]
    fake.faults.then(Trouble.TOO_MANY_ALL, seconds=3.0)
    assert [await say(5), await say(CHAT)] == [429, 429]
    assert (fake.report()["did_not_wait"], fake.report()["kept_on"]) == (2, 0)
    seconds.now += 1
    assert await say(5) == 429
    assert fake.report()["kept_on"] == 1
    seconds.now += 2
    assert [await say(5), await say(CHAT)] == [200, 200]


async def test_it_answers_late_and_over_tls(tmp_path: Path) -> None:
    async with FakeTelegram(everybody=True, delay=0.05, tls=tmp_path) as fake:
        trusted = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        said = {"chat_id": 9, "text": "Xin chào"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{fake.url}/bot{TOKEN}/sendMessage", json=said, ssl=trusted) as answer,
        ):
            assert (fake.url[:6], answer.status) == ("https:", 200)


def test_a_bucket_gives_back_with_time() -> None:
    bucket = Bucket(2.0, 2)
    assert [bucket.take(at) for at in (0.0, 0.0, 0.0, 0.5, 0.5)] == [0.0, 0.0, 0.5, 0.0, 0.5]


async def test_blocking_and_coming_back(fake: FakeTelegram, http: aiohttp.ClientSession) -> None:
    change = fake.block(CHAT)["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"
    told = await call(http, fake, "sendMessage", chat_id=CHAT, text="x")
    assert told == (403, "Forbidden: bot was blocked by the user")
    fake.unblock(CHAT)
    assert (await call(http, fake, "sendMessage", chat_id=CHAT, text="x"))[0] == 200
    fake.world.deactivated.add(CHAT)
    told = await call(http, fake, "sendMessage", chat_id=CHAT, text="x")
    assert told == (403, "Forbidden: user is deactivated")


async def test_files_are_known_by_their_id(fake: FakeTelegram, http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData({"chat_id": str(CHAT), "caption": "sơ đồ"}, quote_fields=False)
    form.add_field("photo", b"\x89PNG\r\n\x1a\n", filename="sơ đồ.png", content_type="image/png")
    async with http.post(f"{fake.url}/bot{TOKEN}/sendPhoto", data=form) as answer:
        sent = (await answer.json())["result"]
    file_id = sent["photo"][-1]["file_id"]
    assert fake.world.files[file_id].name == "sơ đồ.png"
    assert (await call(http, fake, "sendPhoto", chat_id=CHAT, photo=file_id))[0] == 200
    told = await call(http, fake, "sendVoice", chat_id=CHAT, voice=file_id)
    assert told == (400, "Bad Request: can't use file of type photo as voice")
    _, file = await call(http, fake, "getFile", file_id=file_id)
    async with http.get(f"{fake.url}/file/bot{TOKEN}/{file['file_path']}") as answer:
        assert await answer.read() == b"\x89PNG\r\n\x1a\n"


def test_a_plan_of_faults_is_the_same_each_time() -> None:
    def lived() -> list[Trouble | None]:
        plan = FaultPlan({Trouble.SERVER_ERROR: 0.2, Trouble.SLOW: 0.1}, seed=4)
        found = [plan.take("sendmessage") for _ in range(200)]
        return [fault.trouble if fault else None for fault in found]

    assert lived() == lived()
    assert 25 < sum(one is Trouble.SERVER_ERROR for one in lived()) < 60
    assert FaultPlan({Trouble.SLOW: 1.0}).take("getme") is None


async def test_updates_stay_until_they_are_passed(
    fake: FakeTelegram, http: aiohttp.ClientSession
) -> None:
    first, second = fake.text(CHAT, "một"), fake.text(CHAT, "hai")
    fake.push(first, second)
    assert await call(http, fake, "getUpdates") == (200, [first, second])
    after = first["update_id"] + 1
    assert await call(http, fake, "getUpdates", offset=after) == (200, [second])
    waiting = asyncio.create_task(call(http, fake, "getUpdates", offset=after + 1, timeout=30))
    third = fake.start(CHAT, "x")
    fake.push(third)
    assert await waiting == (200, [third])


async def test_it_runs_in_a_process_of_its_own(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    journal = tmp_path / "sent.jsonl"
    arguments = ("-m", "tests.fakes.platform", "--journal", str(journal), "--chance", "5xx=0")
    server = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        assert server.stdout is not None
        url = (await server.stdout.readline()).decode().strip()
        said = {"chat_id": 9, "text": "Xin chào"}
        async with http.post(f"{url}/bot{TOKEN}/sendMessage", json=said) as answer:
            assert answer.status == 200
        order = {"trouble": "accept-then-reset", "method": "sendMessage"}
        await http.post(f"{url}/control/fault", json=order)
        with pytest.raises(aiohttp.ClientError):
            await http.post(f"{url}/bot{TOKEN}/sendMessage", json=said)
        async with http.get(f"{url}/control/report") as answer:
            assert (await answer.json())["accepted"] == 2
    finally:
        server.kill()
        await server.wait()
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert [(line["chat_id"], line["text"]) for line in lines] == [(9, "Xin chào")] * 2
