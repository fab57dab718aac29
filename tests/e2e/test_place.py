"""Where she is: offered where a phone can tell it, looked for at her word, kept by nobody."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.values.incoming import Kind
from tests.e2e.conftest import PHONE, clean_by_axe
from tests.e2e.servers import Scripted
from tests.e2e.test_page import BUTTON_PIXELS, begin, hers, ours, sideways
from tests.web.assembly import TEXTS, ZONE

pytestmark = pytest.mark.browser

T = TEXTS.translator("vi", ZONE)
HERE = {"latitude": 21.02781234, "longitude": 105.8342}
BUTTON = T("Tell where you are")


@pytest.fixture(params=[True, False], ids=["allowed", "refused"])
def phone(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[tuple[Page, bool]]:
    """A page on a phone that knows where it is, and whether its owner lets a page know."""
    made = chromium.new_context(viewport=PHONE, locale="vi-VN", geolocation=HERE)  # type: ignore[arg-type]
    made.grant_permissions(["geolocation"] if request.param else [])
    made.set_default_timeout(15_000)
    yield made.new_page(), request.param
    made.close()


def test_it_says_what_for_before_it_looks(phone: tuple[Page, bool], chat: Scripted) -> None:
    page, allowed = phone
    begin(page, chat)
    button = page.locator("#where")
    expect(button).to_have_attribute("aria-label", BUTTON)
    size = button.bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= BUTTON_PIXELS
    button.click()
    why = "With it the assistant names the help desk nearest to you. It is used once and not kept."
    expect(page.locator("#draft-say")).to_have_text(T(why))
    assert sideways(page) == 0
    clean_by_axe(page)
    page.locator("#drop").click()
    expect(button).to_be_focused()

    button.click()
    page.locator("#give").click()
    if allowed:
        expect(hers(page).last).to_contain_text(T("My place"))
        expect(ours(page)).to_have_count(2)
        told = chat.place.taken[-1]
        assert (told.kind, told.latitude, told.longitude) == (Kind.LOCATION, 21.02781, 105.8342)
    else:
        expect(page.locator("#state")).not_to_be_empty()
        assert [one.kind for one in chat.place.taken] == [Kind.JOINED]
    expect(page.locator("#draft")).to_be_hidden()
    expect(page.locator("#text")).to_be_visible()
    assert "21.0278" not in page.evaluate("JSON.stringify(localStorage)")
