"""What a storm is made of: moves of every kind, sane and hostile, and who makes them.

Hypothesis draws moves that say little ("the third button", "her own card"); what they are in this
world is filled in when they are made. So a script stays small, prints short and is soon drawn.
"""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from hypothesis import strategies as st

from bot.router import Router
from bot.text import clean
from bot.values.incoming import Incoming, Kind
from handlers import ROUTES
from tests.hostile import ARGUMENTS as HOSTILE_ARGUMENTS
from tests.hostile import RAW, TEXTS
from tests.storm.planted import Planted, World

T = TypeVar("T")

CROWD = 45  # senders, a third at each account
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
    *("{room} {name} {0}", "%s%s%n", "$&", "\x00\x1b[31m", "x" * 9000, "/start", "/" * 300),
    *("/start ../../etc", "Ⅳ", "1️⃣", "0" * 400, "1e999", "-1", "NaN", "​", "…", '{"a":1}', "None"),
    *("ZZZZ-ZZZZ", "8888 8888", "0000", "12345", *TEXTS, *RAW),
)
# "@7" is the seventh thing the content names, "#7" the id of the seventh person of the crowd.
ARGUMENTS = (
    *("@0", "@5", "@11", "@23", "@47", "@59", "#0", "#1", "#20", "room", "full_name", "vi", "en"),
    *("2", "3", "5.4", "1.0", "99", "x", "other", "more", "²", "\x00", "\ud800", "::", "1:2"),
    *("1.-1", "0.0", "5.99999999999999999999", *HOSTILE_ARGUMENTS),
)
NO_STEPS = ("", ":", "no.such", "mine", "x" * 5000, "mine.room\n", "MINE.ROOM", "welcome.code")
MEDIA = ("voice", "picture", "file", "sticker", "contact", "contact_other", "video", "")
PLACES = ((21.02, 105.85), (0.0, 0.0), (-90.0, 180.0), (90.0, -180.0), (None, None))
LETTERS = "aàăâđeêioôơuưyx 0123456789?!.,{}%'\"<>&:/\\កខ🙂\u0301\u200b\u202e"
# A card as it is shown: the link opened, its code or token typed, the link pasted.
SHOWN_AS = ("opened", "code", "token", "link", "code of nobody", "token of nobody")


@dataclass(frozen=True, slots=True)
class Say:
    """An update as it comes, but for what only this world knows."""

    kind: Kind
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Press:
    """A button of those she has before her; she reads first, unless she is in a hurry."""

    nth: int


@dataclass(frozen=True, slots=True)
class Card:
    """A card: of the person so many places further in her event, 0 being her own."""

    further: int
    how: str = "opened"


@dataclass(frozen=True, slots=True)
class Digits:
    """The last four of the phone of the person so many places further in her event."""

    further: int


Move = Say | Press | Card | Digits


@dataclass(slots=True)
class Somebody:
    """One sender at one account; `person` is whose card she holds, `plan` what she does next."""

    account_id: int
    sender: str
    number: int
    person: Planted
    plan: deque[Move] = field(default_factory=deque)
    hurried: bool = False
    wrote: int = 0

    @property
    def where(self) -> tuple[int, str]:
        """Her address."""
        return self.account_id, self.sender


def tap(value: str) -> Say:
    """A button's value, pressed or made up."""
    return Say(Kind.TAP, {"value": value})


def text(words: str) -> Say:
    """Words typed."""
    return Say(Kind.TEXT, {"text": words})


def any_of(values: Sequence[T]) -> st.SearchStrategy[T]:
    """One of them, drawn by its place: as sampled_from, which writes all of them into messages."""
    return st.integers(0, len(values) - 1).map(lambda n: values[n])


# Mostly the same few, so that conversations go deep.
WHO = st.one_of(*[st.integers(0, 8)] * 3, st.integers(0, CROWD - 1))
RARELY_FURTHER = st.sampled_from((0,) * 12 + (1, 3, 38))
FURTHER = st.sampled_from((0, 0, 0, 0, 0, 0, 1, 2, 5, 38))
PRESSES = st.builds(Press, st.integers(0, 11))
DIGITS = st.builds(text, st.sampled_from("12345678900112233"))
WORDS = st.builds(
    text,
    st.one_of(
        any_of(ASKED),
        any_of(ASKED),
        any_of(HOSTILE),
        st.text(LETTERS, min_size=1, max_size=20),
        st.text(max_size=10),
    ),
)
ROUTED = st.builds("{}:{}".format, any_of(STEPS), any_of(ARGUMENTS))
TAPS = st.builds(
    tap,
    st.one_of(
        any_of(STEPS),
        any_of(STEPS),
        ROUTED,
        ROUTED,
        any_of((*NAMES, *NO_STEPS)),
    ),
)
SENT = st.builds(
    lambda kind, words: Say(Kind.MEDIA, {"media_kind": kind, "media_ref": "AgAC", "text": words}),
    st.sampled_from(MEDIA),
    st.sampled_from(("", "", "0912 345 678", *ASKED[:3])),
)
POINTS = st.builds(
    lambda at: Say(Kind.LOCATION, {"latitude": at[0], "longitude": at[1]}), st.sampled_from(PLACES)
)
SHOWS = st.builds(Card, FURTHER, st.sampled_from(SHOWN_AS))
# What no person typed: she blocked us, came back, a receipt, a kind without a name.
SIGNS = st.sampled_from(
    (
        Say(Kind.RECEIPT, {"acts_on": "m1"}),
        Say(Kind.LEFT),
        Say(Kind.JOINED),
        Say(Kind.JOINED, {"started_with": "x"}),
        Say(Kind.JOINED, {"started_with": "\x00"}),
        Say(Kind.JOINED, {"started_with": "ä" * 64}),
        Say(Kind.RECEIPT),
    )
)
ANYTHING = st.one_of(
    *(PRESSES, PRESSES, PRESSES, DIGITS, DIGITS, WORDS, WORDS, TAPS, TAPS, TAPS),
    *(SENT, POINTS, SHOWS, SIGNS),
)


class Weather:
    """Makes updates of moves, each with the next number, cleaned the way channels do it."""

    def __init__(self, world: World, seed: int) -> None:
        self._random = random.Random(seed)
        self._world = world
        self._number = 0
        self._real = [*world.library.places, *world.library.items, *world.library.answers]
        self._real += world.library.event.topics
        self.last: deque[Incoming] = deque(maxlen=50)
        # The same name may write to every account: three dialogues, not one.
        self.crowd = [self._somebody(n) for n in range(CROWD)]

    def _somebody(self, n: int) -> Somebody:
        account = self._world.accounts[n % len(self._world.accounts)]
        people = self._world.at(account)
        return Somebody(account, f"s{n // 3}", n, people[n % len(people)])

    def incoming(self, who: Somebody, now: datetime, move: Say) -> Incoming:
        """One update of hers."""
        self._number += 1
        who.wrote += 1
        values = dict(move.values)
        if move.kind is Kind.TAP:
            values["value"] = self._filled(str(values["value"]))
            values["tap_id"] = f"tap{self._number}" if self._number % 2 else ""
        values["text"] = clean(values.get("text", ""))
        made = Incoming(
            *(who.account_id, who.sender, str(self._number), move.kind), received_at=now, **values
        )
        self.last.append(made)
        return made

    def meant(self, who: Somebody, move: Move, shown: list[str]) -> Say:
        """What a move is in this world, with these buttons before her."""
        match move:
            case Press(nth):
                return tap(shown[nth % len(shown)]) if shown else text(str(nth % 10))
            case Card(further, how):
                return self._shows(self.other(who, further), how)
            case Digits(further):
                return text(self.other(who, further).phone[-4:])
        return move

    def other(self, who: Somebody, further: int) -> Planted:
        """Somebody of the same account's people, so many places further."""
        people = self._world.at(who.account_id)
        return people[(people.index(who.person) + further) % len(people)]

    def _shows(self, whose: Planted, how: str) -> Say:
        card = whose.card
        if how == "opened":
            return Say(Kind.JOINED, {"started_with": card.token})
        nobody = "".join(self._random.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=22))
        written = {
            "code": card.code,
            "token": card.token,
            "link": f"https://x/c/{card.token}",
            "code of nobody": f"{nobody[:4]}-{nobody[4:8]}",
            "token of nobody": nobody,
        }
        return text(written[how])

    def _filled(self, value: str) -> str:
        name, _, argument = value.partition(":")
        if argument[:1] == "@":
            return f"{name}:{self._real[int(argument[1:]) % len(self._real)]}"
        if argument[:1] == "#":
            return f"{name}:{self.crowd[int(argument[1:])].person.person_id}"
        return value
