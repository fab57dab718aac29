"""What a storm is made of: seeded updates of every kind, sane and hostile, from many senders."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.access import new_code, new_token
from bot.router import Router
from bot.text import clean
from bot.values.incoming import Incoming, Kind
from handlers import ROUTES
from tests.storm.planted import Planted, World

NAMES = tuple(route.name for route in ROUTES)
STEPS = sorted(Router(ROUTES).tappable())
# Things people ask, in Vietnamese with and without marks, in English, in Telex typed raw.
ASKED = (
    *("tôi ở phòng nào", "toi o phong nao", "phong cua toi", "xe số mấy", "ghe cua toi o dau"),
    *("mấy giờ ăn trưa", "where is my room", "wifi", "tooi owr phongf naof", "khi nào khai mạc"),
    *("menu", "quay lại", "đọc lại", "người", "help", "ngôn ngữ", "language", "/menu", "/xoa"),
    *("/dulieu", "/sua", "/dung", "số 2", "hai", "zero", "cảm ơn", "ok", "🙏🙏", "cấp cứu"),
)
HOSTILE = (
    *(
        "'; DROP TABLE person; --",
        "{room} {name} {0}",
        "%s%s%n",
        "<b>x</b>&amp;<script>",
        "**",
        "$&",
    ),
    *("\u202egnohp\u202c", "a\u0301" * 500, "\x00\x1b[31m", "x" * 9000, "\ud800", "👩‍👩‍👧‍👦" * 300),
    *("/start", "/start ../../etc", "٣", "²", "Ⅳ", "1️⃣", "0" * 400, "1e999", "-1", "NaN", "​", "…"),
    *('{"a":1}', "None", "\n\n\n", "។៕ ខ្ញុំនៅបន្ទប់ណា", "DB0001", "ZZZZ-ZZZZ", "8888 8888", "/" * 300),
)
ARGUMENTS = (
    *("", "0", "1", "2", "3", "5.4", "1.0", "99", "-1", "x", "other", "more", "²", "a,b", "{room}"),
    *("room", "full_name", "seat", "km", "vi", "en", "\x00", "\ud800", "x" * 58, ":", "::", "1:2"),
    *("../..", "' OR 1=1", "DB0001", "null", "9" * 30, "1.-1", "0.0", "5.99999999999999999999"),
)
MEDIA = ("voice", "picture", "file", "sticker", "contact", "contact_other", "video", "")


@dataclass(slots=True)
class Somebody:
    """One sender at one account; `person` is whose card she holds, `plan` what she does next."""

    account_id: int
    sender: str
    person: Planted | None
    plan: deque[dict[str, Any]] = field(default_factory=deque)

    @property
    def where(self) -> tuple[int, str]:
        """Her address."""
        return self.account_id, self.sender


class Weather:
    """Makes updates, the same ones for the same seed."""

    def __init__(self, world: World, seed: int, senders: int) -> None:
        self._random = random.Random(seed)
        self._world = world
        self._number = 0
        self._last: deque[Incoming] = deque(maxlen=50)
        self._real = [*world.library.places, *world.library.items, *world.library.answers]
        self._real += world.library.event.topics
        # The same name may write to every account: three dialogues, not one.
        self.crowd = [
            Somebody(account, f"s{n}", self._holder(account, n))
            for n in range(senders)
            for account in [world.accounts[n % len(world.accounts)]]
        ]
        self.crowd += [
            Somebody(account, "s0", self._holder(account, 0)) for account in world.accounts[1:]
        ]
        for who in self.crowd:
            if who.person is not None and self._random.random() < 0.8:
                who.plan.extend(self.linking(who))
        self._makers: list[tuple[int, Callable[[Somebody], dict[str, Any]]]] = [
            (30, self._text),
            (38, self._tap),
            (5, self._media),
            (3, self._location),
            (4, self._joined),
            (2, lambda _: {"kind": Kind.LEFT}),
            (3, lambda _: {"kind": Kind.RECEIPT, "acts_on": f"m{self._random.randrange(999)}"}),
            (5, self._digits),
        ]

    def burst(
        self, size: int, now: datetime, shown: dict[tuple[int, str], list[str]]
    ) -> Iterator[Incoming]:
        """`size` updates; `shown` are the buttons each sender has before her."""
        for _ in range(size):
            if self._last and self._random.random() < 0.02:
                yield self._random.choice(self._last)  # a platform repeats itself
                continue
            who = self._random.choice(self.crowd)
            update = self.incoming(who, now, **self._next(who, shown.get(who.where, [])))
            self._last.append(update)
            yield update

    def incoming(self, who: Somebody, now: datetime, **values: Any) -> Incoming:
        """An update with the next number, cleaned the way channels do it."""
        self._number += 1
        values["text"] = clean(values.get("text", ""))
        return Incoming(who.account_id, who.sender, str(self._number), received_at=now, **values)

    def _next(self, who: Somebody, shown: list[str]) -> dict[str, Any]:
        if not who.plan and self._random.random() < 0.04:
            who.plan.extend(self.linking(who))
        if who.plan and self._random.random() < 0.9:
            return who.plan.popleft()
        if shown and self._random.random() < 0.25:
            return {"kind": Kind.TAP, "value": self._random.choice(shown), "tap_id": self._tap_id()}
        weights = [weight for weight, _ in self._makers]
        [(_, make)] = self._random.choices(self._makers, weights)
        return make(who)

    def linking(self, who: Somebody) -> Iterator[dict[str, Any]]:
        """From the card's link to being linked; sometimes with somebody else's card or digits."""
        holder = who.person if self._random.random() < 0.8 else self._anybody()
        if holder is None:
            holder = self._anybody()
        language = str(self._random.choice((1, 1, 1, 2, 2, 3)))
        yield {"kind": Kind.JOINED, "started_with": holder.card.token}
        yield {"kind": Kind.TAP, "value": f"welcome.language:{language}"}
        yield {"kind": Kind.TAP, "value": "welcome.consent:4"}
        agreed = self._random.random() < 0.9
        yield {"kind": Kind.TAP, "value": "welcome.agree" if agreed else "welcome.refuse"}
        if self._random.random() < 0.2:
            yield {"kind": Kind.TAP, "value": "welcome.link:other"}
            yield {"kind": Kind.TEXT, "text": holder.card.code}
        right = self._random.random() < 0.85
        yield {"kind": Kind.TEXT, "text": holder.phone[-4:] if right else "0000"}
        yield {"kind": Kind.TAP, "value": "mine.all"}

    def _holder(self, account: int, n: int) -> Planted | None:
        """Two in three hold a card, of the account's event or of any where it is shared."""
        event = self._world.own_event[account]
        mine = [one for one in self._world.people if event in (None, one.event_id)]
        return mine[n % len(mine)] if n % 3 else None

    def _anybody(self) -> Planted:
        return self._random.choice(self._world.people)

    def _tap_id(self) -> str:
        return f"tap{self._number}" if self._random.random() < 0.5 else ""

    def _text(self, _: Somebody) -> dict[str, Any]:
        roll = self._random.random()
        if roll < 0.5:
            return {"kind": Kind.TEXT, "text": self._random.choice(ASKED)}
        if roll < 0.75:
            return {"kind": Kind.TEXT, "text": self._random.choice(HOSTILE)}
        if roll < 0.85:
            card = self._anybody().card
            written = (card.code, card.token, new_code(), f"https://x/c/{card.token}")
            return {"kind": Kind.TEXT, "text": self._random.choice(written)}
        length = self._random.randrange(1, 40)
        letters = "aàăâđeêioôơuưyx 0123456789?!.,{}%'\"<>&:/\\កខ🙂\u0301\u200b\u202e"
        return {"kind": Kind.TEXT, "text": "".join(self._random.choices(letters, k=length))}

    def _digits(self, who: Somebody) -> dict[str, Any]:
        somebody = who.person or self._anybody()
        written = (*"0123456789", somebody.phone[-4:], "0000", "12345")
        return {"kind": Kind.TEXT, "text": self._random.choice(written)}

    def _tap(self, _: Somebody) -> dict[str, Any]:
        name = self._random.choice(STEPS if self._random.random() < 0.85 else NAMES)
        if name in ("welcome.not_me", "welcome.refuse") and self._random.random() < 0.6:
            name = "mine.all"
        roll = self._random.random()
        argument = self._random.choice(ARGUMENTS)
        if roll < 0.4:
            argument = ""
        elif roll < 0.7:
            argument = self._random.choice(self._real)
        elif roll < 0.8:
            argument = str(self._anybody().person_id)
        value = f"{name}:{argument}" if argument else name
        if self._random.random() < 0.03:
            value = self._random.choice(("", ":", "no.such", "mine", "x" * 5000, "mine.room\n"))
        return {"kind": Kind.TAP, "value": value, "tap_id": self._tap_id()}

    def _media(self, _: Somebody) -> dict[str, Any]:
        text = self._random.choice(("", "", *ASKED[:3]))
        kind = self._random.choice(MEDIA)
        return {"kind": Kind.MEDIA, "media_kind": kind, "media_ref": "AgAC", "text": text}

    def _location(self, _: Somebody) -> dict[str, Any]:
        places = ((21.02, 105.85), (0.0, 0.0), (-90.0, 180.0), (90.0, -180.0), (None, None))
        latitude, longitude = self._random.choice(places)
        return {"kind": Kind.LOCATION, "latitude": latitude, "longitude": longitude}

    def _joined(self, who: Somebody) -> dict[str, Any]:
        other, own = self._anybody().card, (who.person or self._anybody()).card
        payloads = ("", own.token, other.token, other.code, new_token(), "x", "\x00", "ä" * 64)
        return {"kind": Kind.JOINED, "started_with": self._random.choice(payloads)}
