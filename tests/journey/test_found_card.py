"""A stranger finds a card and tries everything it opens, on the served application itself.

Whatever is opened, typed or pressed: never the name, phone, hotel, room or seat of the card's
person, nor a difference that tells whether there is such a person.
"""

import json
import random
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route as WebRoute

from bot.access import IssuedCard, issue_cards
from bot.channels.webchat.identity import sender_of
from bot.clock import SetClock
from bot.config import Settings
from bot.router import Router
from bot.serving import Served, assemble
from bot.store import Store, Work
from bot.store.roster import COLUMNS
from bot.values.incoming import Incoming, Kind
from bot.vault import Vault
from handlers import ROUTES
from tests.conftest import MORNING
from tests.handlers.chats import Ground, prepare

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
PUBLIC = "https://daihoi.example"
# Values that stand nowhere else, so that any trace of them is a leak.
HERS = {
    "code": "QX7401",
    "full_name": "Ksor H'Nguêlbian",
    "salutation": "mí",
    "delegation": "Đoàn Vịnh Xanhthẳm",
    "role": "Phó đoàn Xanhthẳm",
    "hotel": "Nhà khách Mâytrắng",
    "room": "Z9173",
    "bus": "XB8842",
    "seat": "GG-7719",
    "table": "BN6605",
    "group": "TL5528",
    "badge_place": "Quầy Lámít",
}
PHONE = "+84987604317"
FRAGMENTS = ("Nguêlbian", "Xanhthẳm", "Mâytrắng", "Lámít", "987604317", "987 604 317", "4317")
# Every sample person is somebody, too.
SECRETS = (*HERS.values(), *FRAGMENTS, "Nguyễn Thị Hạnh", "Giàng A Páo", "Lò Văn Tâm")
CONSENT = tuple(f"welcome.consent:{page}" for page in (2, 3, 4))
_MOMENT = timedelta(seconds=2)
TYPED = (
    "tôi là ai",
    "phòng của tôi",
    "số ghế của Ksor",
    "0000",
    "1234",
    "9999",
    "menu",
    "/dulieu",
    "/sua",
    "/xoa",
    "trưởng đoàn là ai",
    "khách sạn nào",
    "QX7401",
    "DB0001",
    "0",
    "7",
    "8",
    "9",
    "ABCD-1234",
    "danh sách đại biểu",
    "';--",
)


@dataclass
class Stranger:
    """One browser that holds the token, and everything it ever read."""

    client: httpx.AsyncClient
    served: Served
    token: str
    clock: SetClock
    read: list[str] = field(default_factory=list)
    said: int = 0
    seen: int = 0

    async def get(self, path: str) -> httpx.Response:
        answer = await self.client.get(path)
        self.read += [path, answer.text, str(answer.headers)]
        return answer

    async def say(self, **what: Any) -> list[dict[str, Any]]:
        """Post one thing as the page does; the lines that came of it."""
        self.said += 1
        self.clock.forward(_MOMENT)  # as fast as the page lets anybody write
        post = {"id": f"stranger-{self.said:012d}", **what}
        answer = await self.client.post("/chat/sample/say", json=post)
        assert answer.status_code in (202, 409)  # 409: a button that was never shown
        await self.served.bot.settled()
        answer = await self.client.get(f"/chat/sample/lines?after={self.seen}")
        lines: list[dict[str, Any]] = answer.json()["lines"]
        self.seen = max([self.seen, *(line["id"] for line in lines)])
        # What she typed herself comes back to her page, and is no news.
        self.read += [json.dumps(one, ensure_ascii=False) for one in lines if one["side"] == "out"]
        return lines

    def leaks(self) -> list[str]:
        """Which of the secrets were read anywhere."""
        everything = "\n".join(self.read).casefold()
        return [secret for secret in SECRETS if _stands_in(secret.casefold(), everything)]


def _stands_in(secret: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", text) is not None


@pytest.fixture(scope="module")
def lost(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ground]:
    path = tmp_path_factory.mktemp("lost") / "filled.db"
    shutil.copyfile(migrated_file, path)
    return path, prepare(path, Vault([KEY]), SetClock(MORNING))


async def a_person(path: Path, clock: SetClock, **other: str) -> IssuedCard:
    """One more person on the sample congress's roster, with a card."""
    vault, store = Vault([KEY]), Store(f"sqlite:///{path}", clock)

    def add(work: Work) -> IssuedCard:
        event = work.events.by_slug("sample")
        assert event is not None
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"status": "active"} | HERS | other
        row |= {"event_id": event.id, "person_id": work.people.add(), "updated_at": work.now}
        row |= {"phone_cipher": vault.seal(PHONE), "phone_hash": vault.fingerprint(PHONE)}
        work.roster.add_many([row])
        return issue_cards(work, vault, event.id, [row["person_id"]])[0]

    try:
        return await store.write(add)
    finally:
        await store.close()


@asynccontextmanager
async def stranger(
    lost: tuple[Path, Ground], tmp_path: Path, clock: SetClock, **other: str
) -> AsyncIterator[Stranger]:
    path = tmp_path / "site.db"
    shutil.copyfile(lost[0], path)
    card = await a_person(path, clock, **other)
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{path}",
        secret_key=KEY,
        public_url=PUBLIC,
    )
    served = await assemble(settings, clock=clock, guarded=False)
    await served.bot.open(ticking=False)
    transport = httpx.ASGITransport(served.app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
            yield Stranger(client, served, card.token, clock)
    finally:
        await served.bot.close()


def addresses(app: Starlette, token: str, sha256: str) -> list[str]:
    """Every address of the application, with what a stranger can put into it."""
    fills = {"token": token, "sha256": sha256, "account": "1", "path": "chat.js", "code": "DB0001"}
    found = []
    for route in app.routes:
        path = route.path if isinstance(route, WebRoute) else getattr(route, "path", "")
        filled = re.sub(r"\{(\w+)(?::\w+)?\}", lambda hit: fills.get(hit[1], token), path)
        if not filled.endswith("/stream"):  # never ends; it says what /lines says
            found.append(filled)
    return found


async def test_no_page_and_no_address_tells_of_her(
    lost: tuple[Path, Ground], tmp_path: Path, clock: SetClock
) -> None:
    async with stranger(lost, tmp_path, clock) as her:
        page = await her.get(f"/c/{her.token}")
        plain = await her.get("/chat/sample")
        # The token apart, a card's page is the page that everybody gets.
        assert page.text.replace(her.token, "") == plain.text
        waiting = {*addresses(her.served.app, her.token, "0" * 64), "/simulator", "/console"}
        waiting |= {f"/{what}/{her.token}" for what in ("media", "chat", "static", "simulator/as")}
        done: set[str] = set()
        while waiting - done:
            path = min(waiting - done)
            done.add(path)
            answer = await her.get(path)
            links = re.findall(r"""(?:href|src)=["'](/[^"'#]*)""", answer.text)
            waiting |= {link for link in links if not link.endswith("/stream")}
        assert her.leaks() == []
        assert len(done) > 8
        # And these eyes do see: whoever knows the digits reads the room.
        await her.say(joined=True, card=her.token)
        for value in ("welcome.language:1", *CONSENT, "welcome.agree"):
            await her.say(value=value)
        await her.say(text=PHONE[-4:])
        await her.say(value="mine.room")
        assert {"Z9173", "Mâytrắng"} <= {*her.leaks()}


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_conversation_tells_of_her(
    lost: tuple[Path, Ground], tmp_path: Path, clock: SetClock, seed: int
) -> None:
    dice = random.Random(seed)
    async with stranger(lost, tmp_path, clock) as her:
        await her.get(f"/c/{her.token}")
        offered = _values(await her.say(joined=True, card=her.token))
        everywhere = sorted(Router(ROUTES).tappable())
        assert her.served.bot.knowledge.events()
        for _ in range(70):  # replies leave at a pace people can read
            turn = dice.random()
            if turn < 0.6 and offered:
                said = await her.say(value=dice.choice(offered))
            elif turn < 0.8:
                said = await her.say(text=dice.choice(TYPED))
            elif turn < 0.95:
                await _forged(her, dice.choice(everywhere), dice)
                said = await her.say(text="menu")
            else:
                said = await her.say(joined=True, card=her.token)
            offered = _values(said) or offered
        assert her.leaks() == []
        assert len(her.read) > 70


async def _forged(her: Stranger, name: str, dice: random.Random) -> None:
    """A button nobody was shown, straight at the inbox: what another channel might let through."""
    account = her.served.bot.channels[0].account_id
    cookie = her.client.cookies["__Host-donghanh"]
    argument = dice.choice(["", "", "room", "1", "4", "DB0001", "QX7401", her.token, "phone"])
    value = f"{name}:{argument}" if argument else name
    her.said += 1
    await her.served.bot.inbox.accept(
        Incoming(
            account,
            sender_of(cookie, account),
            f"forged-{her.said}",
            Kind.TAP,
            her.served.bot.clock.now(),
            value=value[:60],
        )
    )
    await her.served.bot.settled()


def _values(lines: list[dict[str, Any]]) -> list[str]:
    """What may be pressed now."""
    ours = [line for line in lines if line["side"] == "out"]
    return [
        button["value"]
        for line in ours
        for button in (*line.get("choices", ()), *line.get("controls", ()))
    ]


async def test_a_card_of_one_who_withdrew_answers_alike(
    lost: tuple[Path, Ground], tmp_path: Path, clock: SetClock
) -> None:
    """Whether its person comes or has withdrawn: word for word the same."""
    heard = []
    for number, other in enumerate(({}, {"status": "withdrawn"})):
        place = tmp_path / str(number)
        place.mkdir()
        async with stranger(lost, place, SetClock(MORNING), **other) as her:
            await her.get(f"/c/{her.token}")
            lines = await her.say(joined=True, card=her.token)
            for value in ("welcome.language:1", *CONSENT):
                lines += await her.say(value=value)
            lines += await her.say(value="welcome.agree")
            for typed in ("0000", "1111", "2222", "3333", "4444", "5555", "menu"):
                lines += await her.say(text=typed)
            heard.append([line.get("text") for line in lines])
            assert her.leaks() == []
    assert heard[0] == heard[1]
    assert len(heard[0]) > 15


async def test_without_a_script_her_card_leads_to_her_room(
    lost: tuple[Path, Ground], tmp_path: Path, clock: SetClock
) -> None:
    """Language, consent, digits, room: read and pressed as forms on the light page."""
    async with stranger(lost, tmp_path, clock) as her:
        light = "/chat/sample/light"
        page = await her.get(f"{light}?card={her.token}")

        async def press(**what: str) -> httpx.Response:
            nonlocal page
            begin = page.text.index('<input type="hidden"')
            form = page.text[begin:].partition("</form>")[0]
            fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
            clock.forward(_MOMENT)
            answer = await her.client.post(light, data=fields | what)
            assert answer.status_code == 303
            await her.served.bot.settled()
            page = await her.get(light)
            return page

        await press(joined="1")
        for value in ("welcome.language:1", *CONSENT, "welcome.agree"):
            assert f'value="{value}"' in page.text
            await press(value=value)
        assert her.leaks() == []
        await press(text=PHONE[-4:])
        await press(value="mine.room")
        assert "<strong>Z9173</strong>" in page.text
        assert her.token not in page.text
