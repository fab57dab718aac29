"""The page itself: light, the same for everybody, without anything personal in it."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from bot.channels import webchat
from bot.channels.webchat.page import ChatPage, Front
from bot.store import Store
from tests.web.assembly import CARD, FRONT, TEXTS, ZONE, Site, site
from tests.web.browser import SECURE, browser

LIMIT = 60_000


@pytest.fixture
async def place(sqlite_store: Store) -> AsyncIterator[Site]:
    made = await site(sqlite_store)
    yield made
    await made.channel.close()


async def test_everything_before_pictures_weighs_little(place: Site) -> None:
    async with browser(place.app) as page:
        answer = await page.get("/chat/sample")
        files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text))
        expected = {"chat.css", "chat.js", "clip.js", "mark.svg"}
        assert {name.rpartition("/")[2] for name in files} == expected

        plain = {"Accept-Encoding": "identity"}
        loaded = [await page.get(name, headers=plain) for name in files]
        assert [one.status_code for one in loaded] == [200] * 4
        assert len(answer.content) + sum(len(one.content) for one in loaded) <= LIMIT


async def test_files_are_kept_for_ever_under_an_address_of_their_own(place: Site) -> None:
    async with browser(place.app) as page:
        text = (await page.get("/chat/sample")).text
        script = re.findall(r'src="(/static/[^"]+\.js)"', text)[0]
        packed = await page.get(script, headers={"Accept-Encoding": "gzip"})

        assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert packed.headers["content-type"] == "text/javascript; charset=utf-8"
        assert packed.headers["content-encoding"] == "gzip"
        plain = await page.get(script, headers={"Accept-Encoding": "identity"})
        assert packed.text == plain.text
        for wrong in ("chat.html", "..%2fchannel.py", "nothing.js"):
            assert (await page.get(f"/static/chat/0000000000/{wrong}")).status_code == 404


async def test_nothing_in_the_page_is_inline(place: Site) -> None:
    async with browser(place.app) as page:
        text = (await page.get("/chat/sample")).text
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []


def test_old_phones_understand_it() -> None:
    """Chrome 80 and Safari 13: no gap between flex items, nothing younger than ES2018 regexes."""
    folder = Path(webchat.__file__).parent / "static"
    style = (folder / "chat.css").read_text(encoding="utf-8")
    script = "".join(one.read_text(encoding="utf-8") for one in sorted(folder.glob("*.js")))
    blocks = re.findall(r"[^{}]+{[^{}]*}", style)
    assert [b for b in blocks if "flex" in b and re.search(r"(?<!-)\bgap:", b)] == []
    assert re.findall(r"inset:|aspect-ratio|:is\(|:where\(|\d(?:dvh|svh)|clamp\(", style) == []
    young = r"\?\.[a-zA-Z(\[]|\?\?|\.at\(|replaceAll|\(\?<|structuredClone|randomUUID|\basync\b|=>"
    assert re.findall(young, script) == []


async def test_a_card_opens_the_same_page_and_is_not_used_up(place: Site) -> None:
    async with browser(place.app) as one, browser(place.app) as other:
        plain = await one.get("/chat/sample")
        carded = await other.get(f"/c/{CARD}")

    assert carded.status_code == 200
    assert carded.text.replace(CARD, "") == plain.text
    assert place.taken == []
    assert await place.store.read(lambda work: work.transcripts.newest()) == 0


async def test_a_token_is_never_markup(place: Site) -> None:
    async with browser(place.app) as page:
        text = (await page.get('/c/"><script>alert(1)</script>')).text
    assert "<script>" not in text


async def test_the_words_come_in_the_languages_of_the_event(place: Site) -> None:
    async with browser(place.app) as page:
        text = (await page.get("/chat/sample")).text
    attribute = re.findall(r"data-words='([^']*)'", text)[0]
    words = json.loads(unescape(attribute))
    assert {code: one["title"] for code, one in words.items()} == {
        "vi": "Đại hội Mẫu",
        "en": "Sample Congress",
    }
    assert words["vi"].keys() == words["en"].keys()


async def test_without_a_script_the_light_page_and_the_help_desk_are_there(place: Site) -> None:
    async with browser(place.app) as page:
        text = (await page.get(f"/c/{CARD}")).text
    light = f"/chat/sample/light?card={CARD}"
    assert f'<noscript><meta http-equiv="refresh" content="0;url={light}"></noscript>' in text
    assert f'<a class="newer" href="{light}">' in text
    assert '<a class="newer" href="tel:0900000100">0900 000 100</a>' in text


async def test_only_the_chat_may_use_the_microphone_and_know_the_place(place: Site) -> None:
    async with browser(place.app) as page:
        chat = (await page.get("/chat/sample")).headers
        others = [(await page.get(url)).headers for url in ("/chat/sample/light", "/nothing")]
    rest = "camera=(), geolocation={0}, microphone={0}, payment=(), usb=()"
    assert chat["permissions-policy"] == rest.format("(self)")
    assert [one["permissions-policy"] for one in others] == [rest.format("()")] * 2
    assert chat["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    )
    assert others[0]["content-security-policy"] == (
        "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self'; connect-src 'none'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    )


async def test_the_cookie_is_for_sixty_days_and_renewed(sqlite_store: Store) -> None:
    place = await site(sqlite_store, public_url=SECURE)
    async with browser(place.app, SECURE) as page:
        first = (await page.get("/chat/sample")).headers["set-cookie"]
        again = (await page.get("/chat/sample")).headers["set-cookie"]
    await place.channel.close()

    assert re.sub(r"=[\w-]{22};", "=…;", first) == (
        "__Host-donghanh=…; HttpOnly; Max-Age=5184000; Path=/; SameSite=lax; Secure"
    )
    assert again == first


@pytest.mark.parametrize(
    ("card", "address"),
    [
        (CARD, f"https://t.me/donghanh_bot?start={CARD}"),
        ("", "https://t.me/donghanh_bot"),
        ('x"><b>', "https://t.me/donghanh_bot"),
        ("A" * 65, "https://t.me/donghanh_bot"),
    ],
)
def test_a_card_offers_telegram_where_we_have_a_bot_there(card: str, address: str) -> None:
    page = ChatPage(lambda language: TEXTS.translator(language, ZONE))
    front = replace(FRONT, telegram="donghanh_bot")

    def links(**how: bool) -> list[str]:
        shown = page.show(front, base="/chat/sample", card=card, framed=how["framed"])
        return re.findall(r'id="telegram" href="([^"]*)"', bytes(shown.body).decode())

    assert links(framed=False) == [address]
    assert links(framed=True) == []
    assert FRONT.in_telegram(card) == ""


def test_a_card_offers_zalo_and_says_what_to_do_there() -> None:
    page = ChatPage(lambda language: TEXTS.translator(language, ZONE))
    front = replace(FRONT, zalo="2981304786125508117")

    def offered(front: Front, **how: bool) -> list[str]:
        shown = page.show(front, base="/chat/sample", card=CARD, framed=how["framed"])
        html = bytes(shown.body).decode()
        assert ('id="zalo-how"' in html) == ('id="zalo"' in html)
        return re.findall(r'id="zalo" href="([^"]*)"', html)

    assert offered(front, framed=False) == ["https://zalo.me/2981304786125508117"]
    assert offered(front, framed=True) == []
    assert offered(replace(FRONT, zalo="x/../y"), framed=False) == []
    assert offered(replace(FRONT, zalo=""), framed=False) == []
