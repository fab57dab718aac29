"""Draws the pictures of the README from the running demo: `python tools/screenshots.py`.

A real conversation in a real browser, so that the picture is never prettier than the program.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.servers import demo

FOLDER = Path(__file__).parents[1] / "docs" / "images"
CODE = "DB0001"
QUESTION = "toi o phong nao"


def conversation(browser: Browser, url: str) -> bytes:
    """A phone on which a delegate asks for her room, without accents, as people type."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, locale="vi-VN"
    )
    page = context.new_page()
    page.goto(f"{url}/simulator/as/{CODE}")
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"{url}/simulator/as/{CODE}/chat")
    expect(page.locator(".out")).to_have_count(1)
    page.locator("#text").fill(QUESTION)
    page.locator("#text").press("Enter")
    expect(page.locator(".out")).to_have_count(2)
    _settle(page)
    picture = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return picture


def _settle(page: Page) -> None:
    """Until pictures are there and nothing moves; without the ring around the text box."""
    for image in page.locator("figure img").all():
        expect(image).to_have_js_property("complete", True)
    page.locator("#text").blur()
    page.wait_for_load_state("load")


def main() -> None:
    """Start the demo in a folder of its own, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder of the pictures")
    folder = parser.parse_args().to
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        demo(Path(data)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        path = folder / "conversation.png"
        path.write_bytes(conversation(browser, url))
        browser.close()
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
