"""The page without JavaScript in a real browser: from a card to an answer, pressed and written."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.values.incoming import Kind
from bot.values.reply import Choice, MapPoint, Media, Reply
from tests.e2e.conftest import PHONE, clean_by_axe
from tests.e2e.servers import Scripted
from tests.e2e.test_page import BUTTON_PIXELS, sideways
from tests.web.assembly import CARD, CLIP, WELCOME

pytestmark = pytest.mark.browser


@pytest.fixture
def quiet(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone whose browser runs no scripts."""
    phone = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="vi-VN")
    phone.set_default_timeout(15_000)
    yield phone
    phone.close()


@pytest.fixture
def light(quiet: BrowserContext) -> Page:
    """An open page of it."""
    return quiet.new_page()


def test_from_a_card_to_an_answer(light: Page, chat: Scripted) -> None:
    light.goto(f"{chat.url}/c/{CARD}")
    light.wait_for_url("**/chat/sample/light?card=*")
    light.get_by_role("button", name="Bắt đầu trò chuyện").click()
    light.wait_for_url("**/chat/sample/light#new")
    light.get_by_role("button", name="1 Xem phòng").click()
    expect(light.locator(".out .bubble").last).to_have_text("Nhận được: mine.room")
    light.locator("#text").fill("xe số mấy")
    light.get_by_role("button", name="Gửi", exact=True).click()
    expect(light.locator(".out .bubble").last).to_have_text("Nhận được: xe số mấy")
    light.get_by_role("button", name="Gặp người hỗ trợ").click()
    expect(light.locator(".out .bubble").last).to_have_text("Nhận được: helper.start")
    expect(light.locator(".out .bubble").last).to_be_in_viewport()

    light.reload()
    light.get_by_role("button", name="Chữ to").click()
    expect(light.locator("html")).to_have_class("large")
    assert sideways(light) == 0

    told = [(one.kind, one.value or one.text or one.started_with) for one in chat.place.taken]
    assert told == [
        (Kind.JOINED, CARD),
        (Kind.TAP, "mine.room"),
        (Kind.TEXT, "xe số mấy"),
        (Kind.TAP, "helper.start"),
    ]
    expect(light.locator(".in .bubble")).to_have_text(
        ["Xem phòng", "xe số mấy", "Gặp người hỗ trợ"]
    )


def test_a_later_message_is_found_by_the_link(light: Page, chat: Scripted) -> None:
    light.goto(f"{chat.url}/chat/sample")
    light.get_by_role("button", name="Bắt đầu trò chuyện").click()
    chat.say(Reply("Xe số 12 đã đến."))
    light.get_by_role("link", name="Xem tin mới").click()
    expect(light.locator(".out .bubble").last).to_have_text("Xe số 12 đã đến.")


@pytest.mark.parametrize(
    ("width", "height", "factor"), [(360, 740, 1.0), (320, 480, 1.0), (640, 400, 2.0)]
)
def test_it_fits_and_axe_finds_nothing(
    chromium: Browser, chat: Scripted, width: int, height: int, factor: float
) -> None:
    """The same page with scripts, for only with them can it be measured."""
    phone = chromium.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=factor, locale="vi-VN"
    )
    page = phone.new_page()
    page.goto(f"{chat.url}/chat/sample/light?card={CARD}")
    expect(page.get_by_role("button", name="Bắt đầu trò chuyện")).to_be_visible()
    page.get_by_role("button", name="Bắt đầu trò chuyện").click()
    point = MapPoint(21.02780, 105.83420, "Khách sạn Sen Hồng", "Cổng chính ở phố Ban Mai.")
    clip = Media("audio", "a" * 64, "x.mp3", "Lời đọc")
    paper = Media("file", "b" * 64, "x.pdf", "Nội quy Đại hội (PDF)")
    chat.say(
        Reply(
            "Phòng **305**. Gọi 0900 000 101",
            point=point,
            media=(clip, paper),
            choices=(*WELCOME.choices, Choice("Một-lựa-chọn-rất-dài-" * 4, "mine.all")),
        )
    )
    page.get_by_role("link", name="Xem tin mới").click()
    expect(page.locator(".place")).to_have_count(1)
    clean_by_axe(page)
    assert sideways(page) == 0
    for target in page.locator("button:visible, a.paper, a.newer, .place a, .hotline a").all():
        shape = target.bounding_box()
        assert shape is not None
        assert round(min(shape["width"], shape["height"]), 1) >= BUTTON_PIXELS, target.inner_text()
    phone.close()


def test_a_clip_that_was_sent_in_zalo_is_heard_with_and_without_scripts(
    light: Page, page: Page, chat: Scripted
) -> None:
    for phone, player in ((light, "audio"), (page, ".clip.big .go")):
        phone.goto(f"{chat.url}/listen/7/{CLIP}")
        expect(phone.locator(player)).to_be_visible()
        expect(phone.locator(".told strong")).to_have_text("305")
        expect(phone.locator(".hotline")).to_contain_text("Tiếng Việt")
        assert sideways(phone) == 0
    clean_by_axe(page)
    light.goto(f"{chat.url}/listen/7/{CLIP[1:]}")
    expect(light.locator("h1")).to_be_visible()


def test_a_page_of_a_card_offers_zalo_in_one_line(light: Page, page: Page, chat: Scripted) -> None:
    for phone, door in ((page, f"/c/{CARD}"), (light, f"/chat/sample/light?card={CARD}")):
        phone.goto(chat.url + door)
        link = phone.locator('a[href="https://zalo.me/2981304786125508117"]')
        expect(link).to_be_visible()
        assert sideways(phone) == 0
    expect(page.locator(".out .bubble").first).to_be_visible()
    clean_by_axe(page)
