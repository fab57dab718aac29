"""The page without a script: read and pressed as forms, guarded like everything else."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.channels.webchat.words import SPOKEN
from bot.store import Store
from bot.values.incoming import Kind
from bot.values.reply import Choice, MapPoint, Media, Phone, Reply
from tests.web.assembly import CARD, CLIP, TEXTS, ZONE, Site, site
from tests.web.browser import browser

T = TEXTS.translator("vi", ZONE)
LIGHT = "/chat/sample/light"


@pytest.fixture
async def place(sqlite_store: Store) -> AsyncIterator[Site]:
    made = await site(sqlite_store)
    yield made
    await made.channel.close()


@pytest.fixture
async def page(place: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(place.app) as opened:
        yield opened


def hidden(text: str) -> dict[str, str]:
    """The fields nobody sees of the first form that has some."""
    form = text[text.index('<input type="hidden"') :].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


async def press(page: httpx.AsyncClient, **fields: str) -> httpx.Response:
    """Press on the page as it stands now."""
    return await page.post(LIGHT, data={**hidden((await page.get(LIGHT)).text), **fields})


async def begin(page: httpx.AsyncClient) -> None:
    assert (await press(page, joined="1")).status_code == 303


async def test_a_card_is_used_by_the_press_and_not_by_opening(
    place: Site, page: httpx.AsyncClient
) -> None:
    opened = await page.get(f"{LIGHT}?card={CARD}")
    assert place.taken == []
    answer = await page.post(LIGHT, data={**hidden(opened.text), "joined": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIGHT}#new")
    assert [(one.kind, one.started_with) for one in place.taken] == [(Kind.JOINED, CARD)]
    shown = (await page.get(LIGHT)).text
    assert "Kính chào đại biểu." in shown
    assert CARD not in shown


async def test_buttons_and_words_are_said_and_answered(
    place: Site, page: httpx.AsyncClient
) -> None:
    await begin(page)
    await press(page, value="mine.room", on="1")
    await press(page, text="xin chào")
    await press(page, value="menu.again")
    told = [(one.kind, one.value or one.text) for one in place.taken]
    assert told == [
        (Kind.JOINED, ""),
        (Kind.TAP, "mine.room"),
        (Kind.TEXT, "xin chào"),
        (Kind.TAP, "menu.again"),
    ]
    shown = (await page.get(LIGHT)).text
    bubbles = re.findall(r'<div class="bubble">(.*?)</div>', shown, re.DOTALL)
    assert bubbles == [
        "Kính chào đại biểu. Trợ lý Đồng Hành giúp tìm phòng, ghế, xe.",
        "Xem phòng",
        "Nhận được: mine.room",
        "xin chào",
        "Nhận được: xin chào",
        "Đọc lại",
        "Nhận được: menu.again",
    ]


async def test_the_same_press_twice_is_said_once(place: Site, page: httpx.AsyncClient) -> None:
    await begin(page)
    fields = hidden((await page.get(LIGHT)).text) | {"on": "1"}
    for value in ("mine.room", "mine.room", "mine.bus"):
        await page.post(LIGHT, data={**fields, "value": value})
    assert [one.value for one in place.taken] == ["", "mine.room", "mine.bus"]


async def test_beginning_again_greets_nobody_twice(place: Site, page: httpx.AsyncClient) -> None:
    fields = hidden((await page.get(LIGHT)).text)
    for _ in range(3):
        await page.post(LIGHT, data={**fields, "joined": "1"})
    assert len(place.taken) == 1


@pytest.mark.parametrize("token", ["", "0" * 32, "é"])
async def test_a_form_that_is_not_ours_says_nothing(
    place: Site, page: httpx.AsyncClient, token: str
) -> None:
    await begin(page)
    answer = await press(page, text="giữ lại", token=token)
    assert (answer.status_code, len(place.taken)) == (403, 1)
    assert ">giữ lại</textarea>" in answer.text


async def test_the_form_of_another_browser_is_not_ours(place: Site) -> None:
    async with browser(place.app) as hers, browser(place.app) as other:
        theirs = hidden((await other.get(LIGHT)).text)
        await begin(hers)
        assert (await press(hers, text="x", token=theirs["token"])).status_code == 403


async def test_other_sites_and_browsers_without_a_cookie_are_refused(
    place: Site, page: httpx.AsyncClient
) -> None:
    fields = hidden((await page.get(LIGHT)).text) | {"joined": "1"}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert (await page.post(LIGHT, data=fields, headers=foreign)).status_code == 403
    page.cookies.clear()
    assert (await page.post(LIGHT, data=fields)).status_code == 403
    assert place.taken == []


async def test_what_cannot_be_taken_now_stays_in_the_box(
    place: Site, page: httpx.AsyncClient
) -> None:
    await begin(page)
    place.broken = 1
    answer = await press(page, text="phòng <b>nào</b>")
    assert answer.status_code == 503
    assert ">phòng &lt;b&gt;nào&lt;/b&gt;</textarea>" in answer.text
    for _ in range(30):
        answer = await press(page, text="nhanh")
    assert answer.status_code == 429


@pytest.mark.parametrize("body", [b"", b"text=", b"value=never.shown", b"%ff", b"a=1&" * 13])
async def test_odd_forms_change_nothing(place: Site, page: httpx.AsyncClient, body: bytes) -> None:
    await begin(page)
    token = hidden((await page.get(LIGHT)).text)["token"].encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await page.post(LIGHT, content=b"token=" + token + b"&" + body, headers=form)
    assert answer.status_code in (303, 409, 403)
    assert len(place.taken) == 1
    too_long = await page.post(LIGHT, content=b"x" * 70_000, headers=form)
    assert too_long.status_code == 413


async def test_the_longest_text_passes(place: Site, page: httpx.AsyncClient) -> None:
    await begin(page)
    assert (await press(page, text="ẵ" * 2000)).status_code == 303
    assert place.taken[-1].text == "ẵ" * 2000


async def test_everything_of_a_reply_is_there_and_nothing_runs(
    place: Site, page: httpx.AsyncClient
) -> None:
    await begin(page)
    media = (
        Media("picture", "a" * 64, "x.png", 'Cửa <i>số 2</i> "chính"'),
        Media("audio", "b" * 64, "x.mp3", "Lời đọc"),
        Media("file", "c" * 64, "x.pdf", "Nội quy"),
    )
    said = Reply(
        "Phòng **0412**, gọi 0900 000 101.\n(Ban Tổ chức cập nhật 08:10)<script>",
        choices=(Choice("<u>Xem</u>", "mine.room"),),
        media=media,
        point=MapPoint(21.0278, 105.8342, "Khách sạn Sen Hồng", "Cạnh **Cửa số 2**."),
        phones=(Phone("Phòng y tế", "0900 000 115"),),
    )
    await place.say(place.taken[0].sender, said)
    shown = (await page.get(LIGHT)).text
    for piece in (
        'Phòng <strong>0412</strong>, gọi <a href="tel:0900000101">0900 000 101</a>.',
        "(Ban Tổ chức cập nhật 08:10)&lt;script&gt;",
        f'<img src="/media/{"a" * 64}" alt="Cửa &lt;i&gt;số 2&lt;/i&gt; &#34;chính&#34;">',
        f'<audio controls preload="none" src="/media/{"b" * 64}" aria-label="Lời đọc">',
        f'<a class="paper" href="/chat/sample/file/{"c" * 64}">Nội quy</a>',
        'href="geo:21.02780,105.83420?q=21.02780,105.83420(Kh%C3%A1ch',
        '<a href="tel:0900000115">Phòng y tế <b>0900 000 115</b></a>',
        "<span>&lt;u&gt;Xem&lt;/u&gt;</span>",
    ):
        assert piece in shown
    assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=", shown) == []


async def test_nobody_reads_what_another_browser_said(place: Site, page: httpx.AsyncClient) -> None:
    await begin(page)
    await press(page, text="chuyện riêng")
    async with browser(place.app) as other:
        assert "chuyện riêng" not in (await other.get(LIGHT)).text
    answer = await page.get(LIGHT)
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.content) < 60_000


async def test_while_an_answer_is_coming_the_page_looks_for_it_and_then_stops(
    place: Site, page: httpx.AsyncClient
) -> None:
    await begin(page)
    address = place.taken[0].sender
    found = await place.store.read(
        lambda work: work.accounts.address(place.channel.account_id, address)
    )
    assert found is not None
    body = {"said": "0" * 16, "text": "chờ"}
    await place.store.write(lambda work: work.transcripts.add(found.id, "in", "in:x", body))

    async def looks(at: str) -> list[str]:
        return re.findall(r'http-equiv="refresh" content="([^"]+)"', (await page.get(at)).text)

    assert await looks(f"{LIGHT}?look=1") == [f"3;url={LIGHT}?look=2"]
    assert await looks(f"{LIGHT}?look=7") == []
    assert await looks(f"{LIGHT}?look=99") == []
    assert await looks(LIGHT) == []
    await place.say(address, Reply("Đây ạ."))
    assert await looks(f"{LIGHT}?look=2") == []


async def test_a_reply_is_heard_on_a_page_of_its_own_or_it_says_that_there_is_no_clip(
    place: Site, page: httpx.AsyncClient
) -> None:
    await begin(page)
    sender, sha = place.taken[0].sender, "d" * 64
    clip = Media("audio", sha, "a.mp3", "Lời đọc: phòng 305")
    await place.say(sender, Reply("Phòng **305**.", media=(clip,)))
    first, second = "/chat/sample/listen/1", "/chat/sample/listen/2"
    assert "<audio" not in (await page.get(second)).text
    await place.store.write(
        lambda work: work.contents.keep_media(place.event_id, "a.mp3", sha, "audio/mpeg", b"ID3")
    )
    heard = (await page.get(second)).text
    assert f'src="/media/{sha}" aria-label="Lời đọc: phòng 305"' in heard
    assert "Phòng <strong>305</strong>." in heard
    assert "<audio" not in (await page.get(first)).text
    for wrong in ("/chat/sample/listen/3", "/chat/sample/listen/x"):
        assert (await page.get(wrong)).status_code == 404
    async with browser(place.app) as other:
        await other.get(LIGHT)
        assert (await other.get(second)).status_code == 404


async def test_a_clip_that_was_sent_in_zalo_has_its_words_language_and_way_back(
    page: httpx.AsyncClient,
) -> None:
    heard = await page.get(f"/listen/7/{CLIP}")
    assert heard.status_code == 200
    assert f'src="/media/{CLIP}" aria-label=' in heard.text
    assert "Phòng <strong>305</strong>, tầng 3." in heard.text
    assert T(SPOKEN, language="Tiếng Việt") in heard.text
    assert 'href="https://zalo.me/2981304786125508117"' in heard.text
    assert 'class="large"' in heard.text
    for wrong in (f"/listen/8/{CLIP}", f"/listen/7/{CLIP[1:]}", f"/listen/{'9' * 5000}/{CLIP}"):
        gone = await page.get(wrong)
        assert (gone.status_code, "<audio" in gone.text, "<h1>" in gone.text) == (404, False, True)


async def test_larger_letters_are_kept_and_go_round(page: httpx.AsyncClient) -> None:
    await begin(page)

    async def letters() -> list[str]:
        return re.findall(r'<html lang="\w+"(?: class="([\w-]+)")?>', (await page.get(LIGHT)).text)

    seen = [await letters()]
    for _ in range(3):
        assert (await page.post(f"{LIGHT}/letters")).headers["location"] == f"{LIGHT}#new"
        seen.append(await letters())
    assert seen == [[""], ["large"], ["larger-still"], [""]]
    page.cookies.set("donghanh-letters", '9"><b>')
    assert await letters() == [""]
