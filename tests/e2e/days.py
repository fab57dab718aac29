"""A whole congress to live through: the served bot on a clock that is moved, and phones to hold.

Everything is what runs in earnest: the sample congress, the site, Chromium. Only time is ours, for
nobody can wait from the first scan to the last evening.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect

from bot.access import IssuedCard, issue_cards
from bot.app import Bot
from bot.clock import SetClock
from bot.config import load
from bot.sample import prepare
from bot.serving import assemble, listening
from bot.store import Work
from bot.values.person import Record
from tests.e2e.servers import START_SECONDS, free_port

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_MORNING = datetime(2027, 1, 18, 6, 0, tzinfo=ZONE)
# Where screenshots are kept for somebody to look at; nowhere unless asked.
PICTURES = os.environ.get("DONGHANH_TEST_PICTURES", "")
SHOWN_MS = 150  # from the last word's leaving to its standing on the page
T = TypeVar("T")


@dataclass
class Congress:
    """The running congress. Its store belongs to another thread, hence `do`."""

    url: str
    bot: Bot
    clock: SetClock
    loop: asyncio.AbstractEventLoop
    event_id: int

    def do(self, act: Callable[[Work], T]) -> T:
        """What a desk or an organiser does, in one unit of work."""
        return asyncio.run_coroutine_threadsafe(self.bot.store.write(act), self.loop).result(20)

    def settled(self) -> None:
        """Wait until everything owed has left."""
        asyncio.run_coroutine_threadsafe(self.bot.settled(), self.loop).result(20)

    def record(self, code: str) -> Record:
        """Her line in the roster."""
        found = self.do(lambda work: work.roster.by_code(self.event_id, code))
        assert found is not None, f"nobody has the code {code}"
        return found

    def card(self, code: str) -> IssuedCard:
        """A card as the printer makes it: whatever card she had before stops working."""
        person = self.record(code).person_id
        vault = self.bot.vault
        return self.do(lambda work: issue_cards(work, vault, self.event_id, [person])[0])

    def digits(self, code: str) -> str:
        """The last four digits of her phone, which she knows by heart."""
        return self.bot.vault.open(self.record(code).phone_cipher)[-4:]

    def at(self, day: int, time: str) -> None:
        """Let it be this time (HH:MM) of this day of January 2027 in Hà Nội."""
        hour, minute = map(int, time.split(":"))
        then = datetime(2027, 1, day, hour, minute, tzinfo=ZONE)
        assert then >= self.clock.now(), "time does not run backwards"
        self.clock.forward(then - self.clock.now())


@contextmanager
def congress(folder: Path) -> Iterator[Congress]:
    """The sample congress from its first morning on, on a port of its own."""
    begun: list[Congress] = []
    ready, stop = threading.Event(), threading.Event()

    async def run() -> None:
        clock = SetClock(FIRST_MORNING)
        settings = load(data_dir=folder, http_port=free_port(), database_url="", public_url="")
        sample = await prepare(settings, clock)
        served = await assemble(settings, clock=clock, guarded=False)
        server = uvicorn.Server(listening(served.app, settings))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        here = asyncio.get_running_loop()
        begun.append(Congress(settings.base_url, served.bot, clock, here, sample.event.id))
        ready.set()
        await asyncio.to_thread(stop.wait)
        server.should_exit = True
        await serving

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert ready.wait(START_SECONDS), "the congress did not begin"
    try:
        yield begun[0]
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive(), "the congress did not end"


@dataclass
class Phone:
    """One phone in somebody's hand. `story` names its screenshots."""

    page: Page
    congress: Congress
    story: str
    looks: int = field(default=0)

    def scan(self, card: IssuedCard) -> "Phone":
        """The square code of a card, read by the camera."""
        return self.open(f"/c/{card.token}")

    def open(self, path: str) -> "Phone":
        """A page of ours, once something is said on it."""
        self.page.goto(self.congress.url + path)
        expect(self.page.locator(".out").first).to_be_visible()
        self.congress.settled()
        self.page.wait_for_timeout(SHOWN_MS)
        self.look()
        return self

    def tap(self, label: str) -> str:
        """Press a button of the newest message that has it; what is answered."""
        button = self.page.locator(".choices:not(.old) button", has_text=label).last
        return self._answer(button.click)

    def control(self, label: str) -> str:
        """Press one of the three that are always there; what is answered."""
        return self._answer(self.page.locator("#controls button", has_text=label).click)

    def write(self, text: str) -> str:
        """Type and send; what is answered."""
        self.page.locator("#text").fill(text)
        return self._answer(lambda: self.page.locator("#text").press("Enter"))

    def heard(self) -> str:
        """The newest message."""
        return self._said().last.inner_text()

    def all_heard(self) -> str:
        """Everything this phone was ever told, as it shows now."""
        return "\n".join(self._said().all_inner_texts())

    def labels(self) -> list[str]:
        """What can be pressed under the newest message."""
        return self.page.locator(".out").last.locator(".choices button").all_inner_texts()

    def look(self) -> None:
        """Keep a picture of the screen, if anybody asked for pictures."""
        self.looks += 1
        if PICTURES:
            self.page.wait_for_timeout(250)
            self.page.screenshot(path=Path(PICTURES) / f"{self.story}-{self.looks:02}.png")

    def _said(self) -> Locator:
        return self.page.locator(".out")

    def _answer(self, act: Callable[[], object]) -> str:
        """Everything said because of this act, which is complete when nothing more is owed."""
        before = self.page.locator(".out").count()
        act()
        expect(self.page.locator(".out").nth(before)).to_be_visible()
        self.congress.settled()
        self.page.wait_for_timeout(SHOWN_MS)
        self.look()
        return "\n".join(self._said().all_inner_texts()[before:])


@contextmanager
def phone(browser: Browser, here: Congress, story: str) -> Iterator[Phone]:
    """A new phone that has never seen us."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, locale="vi-VN"
    )
    context.set_default_timeout(15_000)
    try:
        yield Phone(context.new_page(), here, story)
    finally:
        context.close()
