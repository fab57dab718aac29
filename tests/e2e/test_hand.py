"""Her voice and her photographs in a real browser: made, looked at, and only then sent."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.values.incoming import Kind
from bot.values.reply import Media, Reply
from tests.e2e.conftest import ARGUMENTS, CHROMIUM, PHONE, clean_by_axe
from tests.e2e.servers import Scripted
from tests.e2e.test_page import BUTTON_PIXELS, begin, hers, ours, sideways, write

pytestmark = pytest.mark.browser

FAKE_VOICE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
def speaking(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone with a microphone that always beeps."""
    loud = chromium.browser_type.launch(executable_path=CHROMIUM, args=(*ARGUMENTS, *FAKE_VOICE))
    phone = loud.new_context(viewport=PHONE, has_touch=True, locale="vi-VN")
    phone.grant_permissions(["microphone"])
    phone.set_default_timeout(15_000)
    yield phone
    loud.close()


def taken(chat: Scripted) -> list[tuple[str, str]]:
    """(kind, bytes' mime type) of everything that is kept."""

    async def look() -> list[tuple[str, str]]:
        kept = await chat.place.store.read(lambda work: work.handed_in.at_address(1))
        return [(one.kind, one.mime) for one in kept]

    return asyncio.run_coroutine_threadsafe(look(), chat.loop).result(10)


def test_a_voice_is_recorded_heard_and_sent(speaking: BrowserContext, chat: Scripted) -> None:
    page = speaking.new_page()
    begin(page, chat)
    page.get_by_role("button", name="Ghi âm lời nói").click()
    stop = page.get_by_role("button", name="Dừng ghi")
    expect(stop).to_be_focused()
    expect(page.locator("#draft-time")).to_have_text("0:01 / 1:00")
    assert sideways(page) == 0
    stop.click()
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_focused()
    expect(page.locator("#draft-say")).to_contain_text("Đã ghi")
    clean_by_axe(page)
    page.locator("#draft").get_by_role("button", name="Nghe").click()
    expect(page.locator("#draft .go")).to_have_text("Nghe")  # played to its end
    page.get_by_role("button", name="Gửi", exact=True).click()

    expect(hers(page)).to_contain_text(["Lời ghi âm,"])
    expect(ours(page)).to_have_count(2)
    last = chat.place.taken[-1]
    assert (last.kind, last.media_kind, last.media_ref) == (Kind.MEDIA, "voice", "handed_in:1")
    assert taken(chat) == [("voice", "audio/webm")]
    page.reload()
    expect(hers(page)).to_contain_text(["Lời ghi âm,"])


def test_held_down_it_ends_by_letting_go_and_may_be_thrown_away(
    speaking: BrowserContext, chat: Scripted
) -> None:
    page = speaking.new_page()
    begin(page, chat)
    mic = page.get_by_role("button", name="Ghi âm lời nói")
    mic.hover()
    page.mouse.down()
    expect(page.locator("#draft-time")).to_have_text("0:01 / 1:00")
    page.mouse.up()
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(mic).to_be_focused()
    assert taken(chat) == []


def test_a_refused_microphone_is_said_in_words(page: Page, chat: Scripted) -> None:
    begin(page, chat)
    page.get_by_role("button", name="Ghi âm lời nói").click()
    expect(page.locator("#state")).to_contain_text("viết vài chữ")
    write(page, "xin chào")
    expect(ours(page).nth(1)).to_have_text("Nhận được: xin chào")


def photograph(folder: Path, side: int = 3000) -> Path:
    """A large picture that says where it was taken."""
    where = folder / "anh.jpg"
    place = Image.Exif()
    place[0x010E] = "GPS 21.0278 105.8342"
    Image.effect_noise((side, side * 3 // 4), 40).convert("RGB").save(where, exif=place)
    return where


def test_a_photograph_is_shrunk_seen_and_sent(page: Page, chat: Scripted, tmp_path: Path) -> None:
    begin(page, chat)
    page.locator("#file").set_input_files(photograph(tmp_path))
    expect(page.locator("#draft img")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_focused()
    clean_by_axe(page)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(hers(page)).to_have_text(["Ảnh"])
    expect(ours(page)).to_have_count(2)
    assert taken(chat) == [("picture", "image/jpeg")]


def test_what_is_no_picture_is_said_in_words(page: Page, chat: Scripted, tmp_path: Path) -> None:
    begin(page, chat)
    wrong = tmp_path / "anh.jpg"
    wrong.write_bytes(b"<html><script>alert(1)</script>")
    page.locator("#file").set_input_files(wrong)
    expect(page.locator("#state")).to_contain_text("Chưa mở được ảnh này")
    expect(page.locator("#draft")).to_be_hidden()


def test_a_voice_survives_a_reload_on_a_bad_connection(
    page: Page, chat: Scripted, tmp_path: Path, complaints: list[str]
) -> None:
    begin(page, chat)
    page.route("**/picture?*", lambda route: route.abort())
    page.locator("#file").set_input_files(photograph(tmp_path, 600))
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".note.bad")).to_have_count(1)
    page.unroute("**/picture?*")
    page.reload()
    expect(ours(page)).to_have_count(2)
    expect(hers(page)).to_have_text(["Ảnh"])
    assert taken(chat) == [("picture", "image/jpeg")]
    complaints.clear()


def test_a_clip_is_played_slower_and_on_a_page_of_its_own(
    page: Page, chat: Scripted, complaints: list[str]
) -> None:
    begin(page, chat)
    chat.say(Reply("Phòng **305**.", media=(Media("audio", "a" * 64, "a.mp3", "Lời đọc"),)))
    slow = page.get_by_role("button", name="Chậm hơn")
    slow.click()
    expect(slow).to_have_attribute("aria-pressed", "true")
    assert page.locator("audio").evaluate("one => one.playbackRate") == 0.8
    clean_by_axe(page)
    page.get_by_role("link", name="Nghe ở trang lớn").click()
    expect(page.get_by_role("status")).to_have_text(
        "Tin này chưa có lời đọc. Mời đại biểu đọc chữ."
    )
    clean_by_axe(page)
    page.go_back()
    page.get_by_role("button", name="Nghe: Lời đọc").click()
    expect(page.locator(".clip.gone")).to_contain_text("Lúc này chưa nghe được lời đọc.")
    complaints.clear()


def test_a_clip_is_slow_for_who_is_told_things_slowly_until_she_chooses(
    page: Page, chat: Scripted, complaints: list[str]
) -> None:
    begin(page, chat)
    clip = Reply("Phòng **305**.", media=(Media("audio", "a" * 64, "a.mp3", "Lời đọc"),))
    chat.say(clip, slow=True)
    slow = page.get_by_role("button", name="Chậm hơn")
    expect(slow).to_have_attribute("aria-pressed", "true")
    assert page.locator("audio").evaluate("one => one.playbackRate") == 0.8
    slow.click()
    expect(slow).to_have_attribute("aria-pressed", "false")
    chat.say(clip, slow=True)
    expect(page.locator("audio")).to_have_count(2)
    rates = page.locator("audio").evaluate_all("all => all.map(one => one.playbackRate)")
    assert rates == [1, 1]
    complaints.clear()


@pytest.mark.parametrize(("width", "root"), [(360, ""), (320, ""), (360, "225%")])
def test_the_buttons_are_large_enough(page: Page, chat: Scripted, width: int, root: str) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    begin(page, chat)
    chat.say(Reply("Phòng **305**.", media=(Media("audio", "a" * 64, "a.mp3", "Lời đọc"),)))
    expect(page.locator(".clip")).to_have_count(1)
    page.evaluate(f"document.documentElement.style.fontSize = '{root}'")
    assert sideways(page) == 0
    for target in page.locator("button:visible, .clip a").all():
        shape = target.bounding_box()
        assert shape is not None
        assert round(min(shape["width"], shape["height"]), 1) >= BUTTON_PIXELS, target.inner_text()
