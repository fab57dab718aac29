"""Her last typed question, kept in the notes of her dialogue until she asks another.

Pure: reads and changes only the notes. At her word it goes to the organisers, else nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from bot.text import clip

ASKED = "asked"
LONGEST = 300  # of a question she may send


@dataclass(frozen=True, slots=True)
class Asked:
    """`number` is 0 until she sent it. `ways` are where it led, as routes with their arguments."""

    text: str
    number: int
    ways: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Tells one question from another, so that an old button does not send a newer one."""
        return f"{crc32(self.text.encode()):08x}"


def keep(notes: dict[str, Any], text: str, ways: Iterable[str] = ()) -> None:
    """She asks this now. A smile asks the organisers nothing and is not kept."""
    forget(notes)
    if any(letter.isalpha() for letter in text):
        notes[ASKED] = {"text": clip(text, LONGEST), "sent": 0, "ways": [*ways]}


def forget(notes: dict[str, Any]) -> None:
    """Nothing was asked, or she took it back."""
    notes.pop(ASKED, None)


def sent(notes: dict[str, Any], number: int) -> None:
    """The organisers have it under this number."""
    notes[ASKED] = {**notes[ASKED], "sent": number}


def last(notes: dict[str, Any]) -> Asked | None:
    """Her last question, sent or not."""
    found = notes.get(ASKED)
    if not isinstance(found, dict):
        return None
    return Asked(found["text"], found["sent"], tuple(found.get("ways", ())))


def stands(notes: dict[str, Any]) -> bool:
    """Is what she was told last what her question led to?"""
    found = last(notes)
    return found is not None and notes.get("here") in found.ways
