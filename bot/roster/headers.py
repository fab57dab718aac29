"""Which column is which: from the headings, in Vietnamese or English, in any order.

A wrong guess sends people to wrong rooms, so headings must match a known form exactly (accents and
signs aside), and two columns for one field are refused rather than chosen from.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.i18n import N_
from bot.roster.header_words import ACCENTED, FAMILY, GIVEN, SENSITIVE, STRONG, WEAK
from bot.roster.notes import Note, RosterRefused, note
from bot.roster.rows import Sheet
from bot.text import clean, fold

_WITHIN_ROWS = 10
_LONGEST = 120  # visible characters of a heading that are worth reading or showing
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")
_NOT_WORDS = re.compile(r"[^\w]+|_")
_BESIDE = re.compile(r"[/|\n\-–—]")


def _table(words: dict[str, str]) -> dict[str, str]:
    return {
        " ".join(form.split()): name for name, forms in words.items() for form in forms.split("|")
    }


_STRONG, _WEAK = _table(STRONG), _table(WEAK)
_SENSITIVE = {f" {form} ": kind for form, kind in _table(SENSITIVE).items()}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file and what becomes of it.

    `fate` is "used" (into `field`), "dropped" (`field` says what it would reveal) or "ignored".
    """

    index: int
    heading: str
    fate: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """Where the headings stand and what becomes of each column: the preview of an import."""

    row: int  # counted from 0; people start in the next one
    columns: tuple[Column, ...]
    notes: tuple[Note, ...] = ()

    def index_of(self, field: str) -> int | None:
        """The column of a field, or None when the file has none."""
        return next((c.index for c in self.columns if c.fate == "used" and c.field == field), None)

    @property
    def fields(self) -> frozenset[str]:
        """The fields this file says something about."""
        used = {column.field for column in self.columns if column.fate == "used"}
        return frozenset({"full_name"} if used & {FAMILY, GIVEN} else set()) | (
            used - {FAMILY, GIVEN}
        )

    @property
    def dropped(self) -> tuple[Column, ...]:
        """Columns that must not be kept; their cells go into no row."""
        return tuple(column for column in self.columns if column.fate == "dropped")

    @property
    def ignored(self) -> tuple[Column, ...]:
        """Columns nobody asked for, or not understood."""
        return tuple(column for column in self.columns if column.fate == "ignored")


def is_heading(text: str) -> bool:
    """Whether a text is, as it stands, the heading of a column we know."""
    return bool(_field(text, (text,)) or _reveals(text))


def looks_like_roster(sheet: Sheet) -> bool:
    """Whether some row near the top has the headings of a roster."""
    return any(_score(_headings(sheet, row)) for row in range(min(_WITHIN_ROWS, len(sheet.rows))))


def map_headers(sheet: Sheet) -> HeaderMap:
    """Find the headings among the first ten rows and give every column its fate.

    Raises RosterRefused when there are none, or when two columns claim one field.
    """
    candidates = range(min(_WITHIN_ROWS, len(sheet.rows)))
    row = max(candidates, key=lambda at: _score(_headings(sheet, at)), default=0)
    headings = _headings(sheet, row) if sheet.rows else ()
    if not _score(headings):
        raise RosterRefused(
            N_(
                "No headings found in the first {rows} rows: one row must name the columns, with "
                "“Mã đại biểu” (delegate code) among them."
            ),
            rows=_WITHIN_ROWS,
        )
    found = (_column(index, heading, headings) for index, heading in enumerate(headings))
    columns = _weak_aside([column for column in found if column is not None], headings)
    _refuse_double(columns, sheet, row)
    return HeaderMap(row, *_with_split_name(columns, sheet, row, headings))


def _headings(sheet: Sheet, row: int) -> tuple[str, ...]:
    """The headings of a row; a blank one comes from the merged cell above it."""
    above = sheet.rows[row - 1] if row else ()
    cells = list(sheet.rows[row]) + [None] * (len(above) - len(sheet.rows[row]))
    filled = (
        cell if cell not in (None, "") or index >= len(above) else above[index]
        for index, cell in enumerate(cells)
    )
    return tuple(clean(c, _LONGEST) if isinstance(c, str) else "" for c in filled)


def _score(headings: Sequence[str]) -> int:
    """How many fields the row names; 0 unless the code and one more are there."""
    found = {field for heading in headings if (field := _field(heading, headings))}
    return len(found) if "code" in found and len(found) > 1 else 0


def _words(heading: str) -> str:
    return " ".join(_NOT_WORDS.sub(" ", fold(heading)).split())


def _field(heading: str, others: Iterable[str], tables: tuple[dict[str, str], ...] = ()) -> str:
    """The field a heading names, or an empty string."""
    if _reveals(heading):
        return ""
    outside = _ASIDE.sub(" ", heading)
    for table in tables or (_STRONG, _WEAK):
        whole = _known(outside, others, table)
        parts = {_known(part, others, table) for part in _BESIDE.split(outside) if part.strip()}
        field = whole or (parts.pop() if len(parts) == 1 else "")
        if field:
            return field
    return ""


def _known(heading: str, others: Iterable[str], table: dict[str, str]) -> str:
    words = _words(heading)
    is_bare = words in ACCENTED and not _words_as_written(heading, words)
    if is_bare and any(not other.isascii() for other in others):
        return ""
    return table.get(words, "")


def _words_as_written(heading: str, words: str) -> bool:
    return " ".join(_NOT_WORDS.sub(" ", heading.lower()).split()) in ACCENTED[words]


def _reveals(heading: str) -> str:
    """What a column would reveal that we must not keep, or an empty string."""
    words = f" {_words(heading)} "
    return next((kind for form, kind in _SENSITIVE.items() if form in words), "")


def _column(index: int, heading: str, headings: Sequence[str]) -> Column | None:
    if not heading:
        return None
    shown = " ".join(heading.split())
    if kind := _reveals(heading):
        return Column(index, shown, "dropped", kind)
    if field := _field(heading, headings):
        return Column(index, shown, "used", field)
    return Column(index, shown, "ignored")


def _weak_aside(columns: list[Column], headings: Sequence[str]) -> list[Column]:
    """A weak heading ("Đơn vị") gives way to a strong one for the same field ("Đoàn")."""
    strong = {
        column.field: column.index
        for column in columns
        if column.fate == "used" and _field(headings[column.index], headings, (_STRONG,))
    }
    return [
        Column(column.index, column.heading, "ignored")
        if column.fate == "used"
        and column.field in strong
        and not _field(headings[column.index], headings, (_STRONG,))
        else column
        for column in columns
    ]


def _refuse_double(columns: Iterable[Column], sheet: Sheet, row: int) -> None:
    seen: dict[str, Column] = {}
    for column in columns:
        if column.fate != "used":
            continue
        other = seen.setdefault(column.field, column)
        if other is not column:
            raise RosterRefused(
                N_(
                    "Two columns say the same thing: “{first}” ({first_cell}) and “{second}” "
                    "({second_cell}); rename or delete one of them."
                ),
                first=other.heading,
                first_cell=sheet.address(row, other.index),
                second=column.heading,
                second_cell=sheet.address(row, column.index),
            )


def _with_split_name(
    columns: list[Column], sheet: Sheet, row: int, headings: Sequence[str]
) -> tuple[tuple[Column, ...], tuple[Note, ...]]:
    """A name in two columns: "Họ đệm" and "Tên", or one merged heading above both."""
    used = {column.field: column for column in columns if column.fate == "used"}
    if "full_name" in used and used.keys() & {FAMILY, GIVEN}:
        columns = [_demoted(column) for column in columns]
        return tuple(columns), ()
    name = used.get("full_name")
    if name is None or not _is_continued(sheet, row, name.index + 1, headings):
        return tuple(columns), ()
    said = N_("The name stands in two columns under one heading; both were read as one name.")
    second = Column(name.index + 1, "", "used", GIVEN)
    first = Column(name.index, name.heading, "used", FAMILY)
    kept = [first if column is name else column for column in columns] + [second]
    return tuple(sorted(kept, key=lambda column: column.index)), (
        note(said, at=sheet.address(row, name.index)),
    )


def _demoted(column: Column) -> Column:
    if column.fate == "used" and column.field in (FAMILY, GIVEN):
        return Column(column.index, column.heading, "ignored")
    return column


def _is_continued(sheet: Sheet, row: int, index: int, headings: Sequence[str]) -> bool:
    """Whether a column without a heading holds one more word of the name in most rows."""
    if index < len(headings) and headings[index]:
        return False
    below = [sheet.cell(at, index) for at in range(row + 1, len(sheet.rows))]
    words = sum(isinstance(cell, str) and cell.strip().isalpha() for cell in below)
    return words * 2 > len(below) > 0
