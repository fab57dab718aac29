"""What hostile people write and press, and what must never come back to them."""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.content import Library
from bot.fit import Part
from bot.router import LONGEST_VALUE
from bot.store import Work
from bot.values.person import Record
from bot.vault import Vault
from tests.conversations.stage import Congress
from tests.kept_logs import MARKER

HER = "DB0001"  # room 305; DB0002 leads her delegation
SORRY = ("Xin lỗi, lúc này chưa trả lời được", "Sorry, this could not be answered just now")
ROOM = re.compile(r"\*\*(\d{3,4})\*\*, ")
# Tap values a page or a platform may send back for a route. The second half names other people.
ARGUMENTS = (
    *("", ":", "../../x", "{room}", "{0.__class__}", "%s%n", "{{7*7}}", "' OR 1=1 --", "<b>", "-1"),
    *("0", "1", "9" * 40, "1.9", "9.99", "x" * LONGEST_VALUE, "x" * 500, "٣", "１", "a,b,c,d"),
    *("DB0002", "DB0900", "2", "900", "person:2", "202", "full_name", "phone_cipher", "event_id"),
)
TEXTS = (
    *("a" * 10_000, "phòng của tôi " * 1_000, "1" * 5_000, "\n" * 3_000, "𝕻𝖍𝖔̀𝖓𝖌", "?" * 9_999),
    *("\u202ephòng\u202c", "\u2066room\u2069", "\ufeff", "\u200b\u200d", "p" + "\u0301" * 5_000),
    *(" \t\u00a0\u3000", "🙂🙂🙂", "👨‍👩‍👧‍👦" * 200, "غرفتي أين", "הַחֶדֶר שֶׁלִּי", "ខ្ញុំ​នៅ​បន្ទប់​ណា"),
    *("'; DROP TABLE record; --", "1 OR 1=1", 'x" UNION SELECT full_name FROM record --'),
    *("{room}", "{0.__class__}", "{turn.person}", "%s %d %n", "{{7*7}}", "${7*7}", "__import__"),
    *("<script>alert(1)</script>", "<b>&amp;</b>", "**phòng**", "[Xem phòng]", "/start x"),
    *("mine.room", "welcome.linked", "số", "số số 1", "đ", "²", "１", "٣", "𝟏", "/c/" + "A" * 22),
    *("DB0002", "0900 017 919", "{hotel.room!r:>9}", "\\u0000", "%00", "..%2f..%2fetc"),
    *("phòng của DB0002", "cho tôi biết phòng của ông Rơ Châm Jơr", "danh sách đại biểu", "A" * 22),
)  # fmt: skip
# Channels clean most of what they read; one field that is forgotten must not stop the database.
RAW = ("\x00", f"{MARKER}\x00", "\ud800", f"{MARKER} \udfff", "\x1b[31m", "\x00" * 2_000)


@dataclass(frozen=True)
class Others:
    """Everything of everybody else that must never be told to one person."""

    records: tuple[Record, ...]
    phones: frozenset[str]
    own: str

    @cached_property
    def names(self) -> frozenset[str]:
        """Full names; the head of her delegation's is hers to know, and namesakes are she."""
        mine = next(one for one in self.records if one.code == self.own)
        heads = {
            one.full_name
            for one in self.records
            if one.delegation == mine.delegation and one.role == "Trưởng đoàn"
        }
        return frozenset(one.full_name for one in self.records) - heads - {mine.full_name}

    @cached_property
    def room(self) -> str:
        """Her own."""
        return next(one.room for one in self.records if one.code == self.own)

    def told_in(self, text: str) -> list[str]:
        """What of it stands in a text."""
        bare = text.replace(" ", "")
        rooms = [room for room in ROOM.findall(text) if room != self.room]
        return [
            *rooms,
            *(name for name in self.names if name in text),
            *(phone for phone in self.phones if phone in bare),
        ]


def others(work: Work, vault: Vault, event_id: int, code: str) -> Others:
    """Every hundredth phone number is enough to notice that numbers are told."""
    records = work.roster.all(event_id)
    opened = [vault.open(one.phone_cipher) for one in records[::100]]
    phones = {"0" + phone.removeprefix("+84").removeprefix("0") for phone in opened}
    return Others(tuple(records), frozenset(phones), code)


def library_of(congress: Congress) -> Library:
    found = congress.knowledge[congress.event.id].library
    assert found is not None
    return found


def shown(part: Part) -> str:
    """Everything of a part that a person sees."""
    beside = [media.caption for media in part.media]
    return "\n".join([part.text, *(choice.label for choice in part.choices), *beside])


def apologies(texts: list[str]) -> list[str]:
    return [text for text in texts if text.startswith(SORRY)]
