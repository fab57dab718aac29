"""The whole demo in a browser: three people ask one question, each hears her own room."""

import re

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, Route, expect

from tests.e2e.conftest import clean_by_axe

pytestmark = pytest.mark.browser

QUESTION = "toi o phong nao"
# As the sample roster has them.
PEOPLE = (
    ("DB0001", "Rơ Châm H'Lan", "305", "Khách sạn Sen Hồng"),
    ("DB0002", "Rơ Châm Jơr", "202", "Khách sạn Sen Hồng"),
    ("DB0900", "Nguyễn Kim Linh", "0324", "Khách sạn Sông Xanh"),
)


def ask(chat: Page | FrameLocator, text: str) -> Locator:
    """Type a question; our answer to it."""
    expect(chat.locator(".out").last).to_be_visible()
    before = chat.locator(".out").count()
    chat.locator("#text").fill(text)
    chat.locator("#text").press("Enter")
    answer = chat.locator(".out").nth(before)
    expect(answer).to_be_visible()
    return answer


@pytest.mark.parametrize(("code", "name", "room", "hotel"), PEOPLE)
def test_each_person_hears_her_own_room(
    page: Page, demo_url: str, code: str, name: str, room: str, hotel: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{demo_url}/simulator")
    link = page.get_by_role("link", name=code)
    expect(link.locator("b")).to_have_text(name)
    page.goto(f"{demo_url}/simulator/as/{code}")
    expect(page.locator("h1")).to_have_text(name)

    answer = ask(page.frame_locator("iframe"), QUESTION)

    expect(answer.locator(".bubble strong")).to_have_text([room, hotel])
    expect(answer.locator(".place b")).to_have_text(hotel)
    picture = answer.locator("figure img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 0


def test_zalo_is_the_real_channel_as_the_strict_fake_took_it(page: Page, demo_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{demo_url}/simulator/as/DB0001?in=zalo")
    zalo = page.frame_locator("iframe")
    expect(zalo.locator(".ours").last).to_be_visible()
    zalo.locator("#text").fill(QUESTION)
    zalo.locator("#text").press("Enter")
    answer = zalo.locator(".ours", has_text="Phòng của đại biểu: 305")
    expect(answer).to_be_visible()
    assert answer.locator(".buttons > *").count() <= 5
    picture = zalo.locator(".ours img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 0
    answer.get_by_role("button", name="Xem xe").click()
    expect(zalo.locator(".ours").last).to_contain_text("Số xe của đại biểu: 1")
    expect(zalo.locator(".hers")).to_have_text([re.compile(QUESTION)])
    clean_by_axe(page)


def test_what_comes_while_the_page_of_zalo_is_on_its_way_is_drawn(
    page: Page, demo_url: str
) -> None:
    asked: list[str] = []

    def ask_meanwhile(route: Route) -> None:
        if not asked:
            asked.append(QUESTION)
            page.request.post(f"{demo_url}/simulator/as/DB0002/zalo", form={"text": QUESTION})
        route.continue_()

    page.route("**/zalo/lines", ask_meanwhile)
    page.goto(f"{demo_url}/simulator/as/DB0002?in=zalo")
    zalo = page.frame_locator("iframe")
    expect(zalo.locator(".ours", has_text="Phòng của đại biểu: 202")).to_be_visible()


def test_a_stranger_chooses_a_language_and_hears_nobodys_room(page: Page, demo_url: str) -> None:
    page.goto(demo_url)
    page.get_by_role("button", name="Tiếng Việt").first.click()
    for answer in (ask(page, QUESTION), ask(page, "0")):
        expect(answer).to_be_visible()
    page.reload()
    expect(page.locator(".in .bubble").first).to_contain_text("Tiếng Việt")
    said = " ".join(page.locator(".out .bubble").all_inner_texts())
    assert [room for _, _, room, _ in PEOPLE if room in said] == []


def test_buttons_alone_lead_to_the_room(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/simulator/as/DB0001")
    expect(page.locator("h1")).to_have_text(PEOPLE[0][1])
    page.goto(f"{demo_url}/simulator/as/DB0001/chat")
    answer = ask(page, "0")
    answer.get_by_role("button", name="Xem phòng").click()
    expect(page.locator(".out").last.locator(".bubble strong").first).to_have_text("305")


@pytest.mark.parametrize("path", ["/simulator", "/simulator/as/DB0001", "/chat/sample", "/c/x"])
def test_every_page_is_clean_by_axe(page: Page, demo_url: str, path: str) -> None:
    page.goto(demo_url + path)
    if path != "/simulator":
        inside: Page | FrameLocator = page.frame_locator("iframe") if "/as/" in path else page
        expect(inside.locator(".out .bubble").first).to_be_visible()
    clean_by_axe(page)
