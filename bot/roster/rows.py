"""The values an import works with: a sheet of cells, a row about one person, a refusal."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from bot.roster.notes import Note

ACTIVE, WITHDRAWN = "active", "withdrawn"
Status = str


@dataclass(frozen=True, slots=True)
class OddCell:
    """A cell whose value is not what the organiser typed: a date Excel made, a formula's error."""

    kind: str  # "date", "time", "error" (also a formula nobody calculated)
    shown: str = ""


Cell = str | int | float | bool | OddCell | None


def column_letters(index: int) -> str:
    """0 -> "A", 26 -> "AA": the name Excel prints above a column."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters = chr(ord("A") + rest) + letters
        index -= 1
    return letters


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it was read. `rows[0]` is Excel's row 1; rows may differ in length."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Note, ...] = ()

    def address(self, row: int, column: int) -> str:
        """Where a cell stands, counted from 0, as Excel writes it: Sheet1!F12 or 'Tờ 1'!F12."""
        return f"{self._quoted()}!{column_letters(column)}{row + 1}"

    def _quoted(self) -> str:
        if self.name.replace("_", "a").replace(".", "a").isalnum():
            return self.name
        return "'" + self.name.replace("'", "''") + "'"

    def cell(self, row: int, column: int) -> Cell:
        """The cell, or None beyond the end of its row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None


@dataclass(frozen=True, slots=True)
class Row:
    """What the roster says about one person. Every field is plain text; empty means not given.

    `phone` is E.164, `language` a language key, `comfort` text, audio or pictures. `status` is
    active or withdrawn; empty means that the file does not say.
    """

    code: str
    full_name: str = ""
    salutation: str = ""
    delegation: str = ""
    role: str = ""
    phone: str = ""
    hotel: str = ""
    room: str = ""
    bus: str = ""
    seat: str = ""
    table: str = ""
    group: str = ""
    language: str = ""
    comfort: str = ""
    status: Status = ""
    badge_place: str = ""

    def get(self, name: str) -> str:
        """The value of the field called `name`."""
        value: str = getattr(self, name)
        return value

    def over(self, other: "Row", names: Iterable[str]) -> "Row":
        """`other` with the fields `names` taken from this row."""
        return replace(other, **{name: self.get(name) for name in names})


FIELDS = tuple(field.name for field in fields(Row))


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and the cell of its code, so that whatever is said about it can be found."""

    row: Row
    address: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of the file that is not imported, and why, cell by cell."""

    number: int  # Excel's row number, from 1
    code: str  # empty when it has none
    reasons: tuple[Note, ...]
