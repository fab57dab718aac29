"""One Chromium for the browser suite, and pages that fail a test when the page itself complains."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    ViewportSize,
    sync_playwright,
)

from tests.e2e.servers import Scripted, demo, scripted

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing")
        pytest.skip(f"{CHROMIUM} is missing: install Chromium to run the browser suite")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone of her own: 360 pixels wide, nothing remembered."""
    phone = chromium.new_context(viewport=PHONE, has_touch=True, locale="vi-VN")
    phone.set_default_timeout(15_000)
    yield phone
    phone.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages wrote to the console as errors; a test that expects some empties it."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """An open page. Broken policy, a script error, a failed request: each fails the test."""
    opened = context.new_page()
    watch(opened, complaints)
    yield opened
    assert complaints == []


def watch(page: Page, complaints: list[str]) -> None:
    """Collect the errors of a page."""

    def crashed(error: Error) -> None:
        complaints.append(str(error))

    page.on("pageerror", crashed)
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )


@pytest.fixture
def chat(sqlite_url: str) -> Iterator[Scripted]:
    """The site with a scripted conversation."""
    with scripted(sqlite_url) as running:
        yield running


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole demo, once for all tests that only talk to it."""
    with demo(tmp_path_factory.mktemp("demo")) as url:
        yield url


def clean_by_axe(page: Page) -> None:
    """Nothing that hinders a screen reader, in any frame."""
    # A bubble that is still fading in has the contrast of that moment only; one that is taken
    # away meanwhile never finishes.
    for frame in page.frames:
        frame.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
