"""What an import tells the organiser: a whole sentence, the values in it, and where to look.

The sentence stays apart from its values so that the command line and the console can say it in the
organiser's language; `str()` gives the English one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import Refusal


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence about the file. `text` is the key of its translation, `values` fill it."""

    text: str
    values: dict[str, str] = field(default_factory=dict)
    address: str = ""  # the cell, as Excel writes it: Sheet1!F12; empty for the whole file

    def __str__(self) -> str:
        said = self.text.format_map(self.values)
        return f"{self.address}: {said}" if self.address else said


def as_shown(values: Mapping[str, object]) -> dict[str, str]:
    """Each value as it will stand in the sentence."""
    return {name: str(value) for name, value in values.items()}


def note(text: str, *, at: str = "", **values: object) -> Note:
    """A note from a sentence with {placeholders}."""
    return Note(text, as_shown(values), at)


class RosterRefused(Refusal):
    """The file was refused and nothing was changed. Do what the sentence says and try again."""

    def __init__(self, text: str, **values: object) -> None:
        self.note = Note(text, as_shown(values))
        super().__init__(str(self.note))


def listed(addresses: list[str], most: int = 5) -> str:
    """The first few addresses, and that there are more: "Sheet1!B4, Sheet1!B9, …"."""
    return ", ".join(addresses[:most]) + (", …" if len(addresses) > most else "")
