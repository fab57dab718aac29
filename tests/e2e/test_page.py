"""The page in a real browser: nothing lost, nothing doubled, usable by thumb, keyboard and ear."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from bot.values.incoming import Kind
from bot.values.reply import Choice, MapPoint, Phone, Reply
from tests.e2e.conftest import clean_by_axe
from tests.e2e.servers import Scripted
from tests.web.assembly import CARD, CONTROLS, SAID, WELCOME

pytestmark = pytest.mark.browser

BUTTON_PIXELS = 44


def begin(page: Page, chat: Scripted, path: str = "/chat/sample") -> None:
    page.goto(chat.url + path)
    expect(ours(page).first).to_contain_text("Kính chào đại biểu")


def ours(page: Page) -> Locator:
    return page.locator(".out .bubble")


def hers(page: Page) -> Locator:
    return page.locator(".in .bubble")


def write(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.keyboard.press("Enter")


def sideways(page: Page) -> int:
    """How many pixels one would have to scroll sideways."""
    found: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found


def test_larger_letters_are_kept_and_nothing_falls_off_the_screen(
    page: Page, chat: Scripted
) -> None:
    begin(page, chat)

    def letters() -> str:
        found: str = page.evaluate("getComputedStyle(document.documentElement).fontSize")
        return found

    button = page.get_by_role("button", name="Chữ to")
    assert (letters(), button.get_attribute("aria-pressed")) == ("18px", "false")
    button.click()
    assert letters() == "22.5px"
    button.click()
    assert (letters(), sideways(page)) == ("27px", 0)
    clean_by_axe(page)
    page.reload()
    expect(ours(page).first).to_be_visible()
    assert (letters(), button.get_attribute("aria-pressed")) == ("27px", "true")
    button.click()
    assert letters() == "18px"


def test_a_question_is_answered_and_a_reload_keeps_everything(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    write(page, "toi o phong nao")
    expect(hers(page)).to_have_text(["toi o phong nao"])
    expect(ours(page).nth(1)).to_have_text("Nhận được: toi o phong nao")

    page.reload()

    expect(ours(page)).to_have_count(2)
    expect(hers(page)).to_have_text(["toi o phong nao"])
    assert [one.kind for one in chat.place.taken] == [Kind.JOINED, Kind.TEXT]


def test_a_button_answers_and_grows_quiet(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    page.get_by_role("button", name="1 Xem phòng").click()

    expect(hers(page)).to_have_text(["Xem phòng"])
    expect(ours(page).nth(1)).to_have_text("Nhận được: mine.room")
    picked = page.locator(".choices button").first
    expect(picked).to_have_attribute("aria-pressed", "true")
    expect(picked).to_be_visible()
    page.reload()
    expect(page.locator(".choices button").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".choices.old")).to_have_count(1)


def test_what_was_replaced_says_so_where_it_stands(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    chat.say(Reply("Quy chế, bản 1", (Choice("Nhận tệp", "documents.get:quy-che"),)))
    write(page, "cảm ơn")
    expect(ours(page)).to_have_count(3)
    news = Reply("Đã thay: “Quy chế”.", (Choice("Nhận tệp mới", "documents.get:quy-che"),))
    for _ in ("at once", "after a reload"):
        chat.say(news, instead_of=2)
        expect(ours(page).nth(1)).to_have_text("Đã thay: “Quy chế”.")
        expect(ours(page)).to_have_count(3)
        clean_by_axe(page)
        page.reload()
    expect(ours(page).nth(1)).to_have_text("Đã thay: “Quy chế”.")
    page.get_by_role("button", name="Nhận tệp mới").click()
    expect(hers(page).last).to_have_text("Nhận tệp mới")
    expect(page.locator(".picked")).to_have_count(1)


def test_the_three_controls_are_always_there(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    for label, value in (
        ("Đọc lại", "menu.again"),
        ("Quay lại", "menu.back"),
        ("Gặp người hỗ trợ", "helper.start"),
    ):
        page.get_by_role("button", name=label).click()
        expect(ours(page).last).to_have_text(f"Nhận được: {value}")
    expect(hers(page)).to_have_text(["Đọc lại", "Quay lại", "Gặp người hỗ trợ"])


def test_what_the_server_could_not_take_is_sent_again_once(
    page: Page, chat: Scripted, complaints: list[str]
) -> None:
    begin(page, chat)
    chat.place.broken = 1
    write(page, "xin chào")

    expect(page.locator(".note.bad")).to_contain_text(SAID["unsent"])
    expect(ours(page).nth(1)).to_have_text("Nhận được: xin chào")
    expect(hers(page)).to_have_text(["xin chào"])
    expect(page.locator(".note.bad")).to_have_count(0)
    assert len(chat.place.taken) == 2
    assert [text for text in complaints if "503" not in text] == []
    complaints.clear()


def test_what_was_not_sent_survives_a_reload(
    page: Page, chat: Scripted, complaints: list[str]
) -> None:
    begin(page, chat)
    page.route("**/say", lambda route: route.abort())
    write(page, "một")
    write(page, "hai")
    expect(page.locator(".note.bad")).to_have_count(2)

    page.unroute("**/say")
    page.reload()

    expect(ours(page).nth(2)).to_have_text("Nhận được: hai")
    expect(hers(page)).to_have_text(["một", "hai"])
    assert [one.text for one in chat.place.taken] == ["", "một", "hai"]
    complaints.clear()  # the aborted requests


def test_a_lost_network_comes_back_by_itself(
    page: Page, context: BrowserContext, chat: Scripted, complaints: list[str]
) -> None:
    begin(page, chat)
    context.set_offline(True)
    write(page, "xin chào")
    expect(page.locator(".note.bad")).to_contain_text(SAID["unsent"])

    context.set_offline(False)

    expect(ours(page).nth(1)).to_have_text("Nhận được: xin chào")
    assert len(chat.place.taken) == 2
    complaints.clear()


def test_without_a_stream_the_page_asks(page: Page, chat: Scripted, complaints: list[str]) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/stream?*", refuse)
    begin(page, chat)

    chat.say(Reply("Xe số 12 đã đến."))

    expect(ours(page).last).to_have_text("Xe số 12 đã đến.")
    complaints.clear()


def test_two_pages_of_one_phone_show_the_same(
    page: Page, context: BrowserContext, chat: Scripted
) -> None:
    begin(page, chat)
    other = context.new_page()
    begin(other, chat)
    write(page, "xin chào")
    for one in (page, other):
        expect(hers(one)).to_have_text(["xin chào"])
        expect(ours(one).last).to_have_text("Nhận được: xin chào")
    assert len([one for one in chat.place.taken if one.kind is Kind.JOINED]) == 1


def test_a_card_is_handed_over_once_and_forgotten(page: Page, chat: Scripted) -> None:
    begin(page, chat, f"/c/{CARD}")

    page.wait_for_url("**/chat/sample")
    assert [one.started_with for one in chat.place.taken] == [CARD]
    page.reload()
    expect(ours(page)).to_have_count(1)
    assert len(chat.place.taken) == 1


def test_text_is_shown_and_never_run(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    attack = '<img src=x onerror="document.title=1"><b>**Cửa <i>số 2**</b>'
    chat.say(Reply(attack, choices=(Choice("<u>Xem</u>", "mine.room"),)))
    expect(ours(page).last).to_have_text('<img src=x onerror="document.title=1"><b>Cửa <i>số 2</b>')
    expect(ours(page).last.locator("strong")).to_have_text("Cửa <i>số 2")
    expect(page.locator(".out").last.get_by_role("button")).to_have_text(["1<u>Xem</u>"])
    write(page, attack)
    expect(hers(page)).to_have_text([attack])
    assert page.locator("#log img, #log u, #log .bubble b").count() == 0


def test_phones_signs_and_places(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    point = MapPoint(21.02780, 105.83420, "Khách sạn Sen Hồng", "Cạnh **Cửa số 2**.")
    chat.say(
        Reply(
            "Phòng **0412**, ghế 12-07. Gọi 0900 000 101 hoặc +84 912 345 678, 1900 1234.",
            point=point,
            controls=CONTROLS,
        )
    )
    expect(ours(page).last.locator("strong")).to_have_text("0412")
    links = ours(page).last.locator("a").evaluate_all("all => all.map(one => one.href)")
    assert links == ["tel:0900000101", "tel:+84912345678", "tel:19001234"]
    place = page.locator(".place")
    expect(place.locator("b")).to_have_text("Khách sạn Sen Hồng")
    expect(place.locator("b")).to_have_attribute("lang", "vi")
    expect(place.locator("p strong")).to_have_text("Cửa số 2")
    assert place.locator("a").get_attribute("href") == (
        "geo:21.02780,105.83420?q=21.02780,105.83420(Kh%C3%A1ch%20s%E1%BA%A1n%20Sen%20H%E1%BB%93ng)"
    )


def test_numbers_to_ring_are_links_and_a_call_is_told_and_dialled(
    page: Page, chat: Scripted, complaints: list[str]
) -> None:
    begin(page, chat)
    call = Choice("Gọi ngay", "emergency.call:medics", "0900 000 115")
    chat.say(Reply("● Cấp cứu: **115**", choices=(call,), phones=(Phone("Cấp cứu", "115"),)))
    link = page.locator(".phones a")
    expect(link).to_have_text("Cấp cứu 115")
    assert link.get_attribute("href") == "tel:115"

    page.get_by_role("button", name="Gọi ngay").click()

    expect(ours(page).last).to_have_text("Nhận được: emergency.call:medics")
    assert [one.value for one in chat.place.taken][-1] == "emergency.call:medics"
    clean_by_axe(page)
    complaints.clear()  # this machine has no telephone


def test_the_words_around_follow_her_language(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    english = (Choice("Read again", "menu.again"), Choice("🙋 Talk to a person", "helper.start"))
    chat.say(Reply("Your room: **Phòng 305**.", controls=english, language="en"))

    expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Sample Congress")
    expect(page.locator(".out").last).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_keyboard_is_enough(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    page.keyboard.press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    expect(page.locator("#skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.locator("#text").focus()
    page.keyboard.type("xin chào")
    page.keyboard.press("Enter")
    expect(ours(page).nth(1)).to_have_text("Nhận được: xin chào")
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
    expect(page.locator(".choices button").last).to_be_focused()
    ring = page.locator(".choices button").last.evaluate(
        "one => getComputedStyle(one).outlineStyle"
    )
    assert ring == "solid"
    page.keyboard.press("Enter")
    expect(ours(page).nth(2)).to_have_text("Nhận được: mine.bus")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Đọc lại")).to_be_focused()
    page.keyboard.press("Space")
    expect(ours(page).nth(3)).to_have_text("Nhận được: menu.again")


def test_new_lines_are_announced_and_old_ones_are_not(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(page.locator(".out .unseen").first).to_have_text(f"{SAID['we']}: ")


def test_reading_back_is_not_disturbed(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    for n in range(12):
        chat.say(Reply(f"Dòng số {n}\n" * 3))
    expect(ours(page)).to_have_count(13)
    page.mouse.wheel(0, -4000)
    expect(page.locator("h1")).to_be_in_viewport()
    expect(page.locator(".day")).to_be_in_viewport()

    chat.say(Reply("Xe số 12 đã đến."))

    expect(page.locator("#fresh")).to_be_visible()
    assert page.evaluate("window.pageYOffset") == 0
    page.locator("#fresh").click()
    expect(ours(page).last).to_be_in_viewport()


def test_a_long_answer_begins_in_sight(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    chat.place.answer = lambda _incoming: [Reply("Một dòng của câu trả lời dài.\n" * 60)]
    write(page, "dài")
    expect(ours(page).nth(1)).to_contain_text("Một dòng")
    expect(hers(page)).to_be_in_viewport()


@pytest.mark.parametrize(
    ("width", "height", "root"),
    [
        (360, 740, ""),
        (360, 740, "225%"),
        (640, 360, ""),
        (320, 480, "100%"),
        (1280, 800, ""),
    ],
)
def test_it_fits(page: Page, chat: Scripted, width: int, height: int, root: str) -> None:
    page.set_viewport_size({"width": width, "height": height})
    begin(page, chat)
    point = MapPoint(21.02780, 105.83420, "Khách sạn Sen Hồng", "Cổng chính ở phố Ban Mai.")
    chat.say(Reply("Đường dẫn-rất-dài-" * 12, choices=WELCOME.choices, point=point))
    expect(page.locator(".place")).to_have_count(1)
    page.evaluate(f"document.documentElement.style.fontSize = '{root}'")
    assert sideways(page) == 0
    for button in page.locator("button:visible").all():
        shape = button.bounding_box()
        assert shape is not None
        # Browsers lay out in 64ths of a pixel.
        size = (round(shape["width"], 1), round(shape["height"], 1))
        assert min(size) >= BUTTON_PIXELS, button.inner_text()
    page.locator("#text").focus()
    expect(page.locator("#text")).to_be_in_viewport()


def test_axe_finds_nothing(page: Page, chat: Scripted, complaints: list[str]) -> None:
    begin(page, chat)
    write(page, "xin chào")
    expect(ours(page)).to_have_count(2)
    page.get_by_role("button", name="1 Xem phòng").click()
    point = MapPoint(21.02780, 105.83420, "Khách sạn Sen Hồng", "Cổng chính ở phố Ban Mai.")
    chat.say(Reply("Phòng **305**.\n(Ban Tổ chức cập nhật.)\nGọi 0900 000 101", point=point))
    expect(page.locator(".place")).to_have_count(1)
    chat.place.broken = 9
    write(page, "chưa gửi")
    expect(page.locator(".note.bad")).to_have_count(1)

    clean_by_axe(page)

    chat.place.broken = 0
    complaints.clear()


def test_axe_finds_nothing_at_twice_the_size(chromium: Browser, chat: Scripted) -> None:
    """A window of 1280 x 800 at 200 % is one of 640 x 400 with twice the pixels."""
    window = chromium.new_context(
        viewport={"width": 640, "height": 400}, device_scale_factor=2, locale="vi-VN"
    )
    page = window.new_page()
    begin(page, chat)
    page.get_by_role("button", name="1 Xem phòng").click()
    expect(ours(page)).to_have_count(2)
    assert sideways(page) == 0
    clean_by_axe(page)
    window.close()


def test_a_sign_stands_at_what_she_said_and_goes_again(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    page.locator("#text").fill("cảm ơn")
    page.locator("#text").press("Enter")
    expect(page.locator(".out .bubble").last).to_have_text("Nhận được: cảm ơn")
    hers = page.locator(".line.in", has_text="cảm ơn").locator(".mark")
    chat.mark("👍")
    expect(hers).to_contain_text("👍")
    clean_by_axe(page)
    page.reload()
    expect(hers).to_contain_text("👍")
    chat.mark("")
    expect(hers).to_have_count(0)
