"""From a sheet and its headings to rows about people, with a reason for each row that fails."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.i18n import N_
from bot.roster.cells import (
    CellError,
    code_of,
    comfort_of,
    has_two_phones,
    is_like_formula,
    language_of,
    phone_of,
    status_of,
    text_of,
    value_of,
)
from bot.roster.header_words import FAMILY, GIVEN
from bot.roster.headers import Column, HeaderMap
from bot.roster.notes import Note, listed, note
from bot.roster.rows import FIELDS, Cell, Placed, Rejected, Row, Sheet

Progress = Callable[[int, int], None]
_STEP = 500  # rows between two reports of progress


@dataclass(frozen=True, slots=True)
class Parsed:
    """All a file says: people, rows that fail, and what was not read."""

    rows: tuple[Placed, ...]
    rejected: tuple[Rejected, ...]
    fields: frozenset[str]  # the fields the file has a column for
    dropped_columns: tuple[Column, ...]
    ignored_columns: tuple[Column, ...]
    warnings: tuple[Note, ...]


def parse_rows(
    sheet: Sheet,
    headers: HeaderMap,
    languages: Mapping[str, str],
    progress: Progress | None = None,
) -> Parsed:
    """Every row below the headings as a person or as a rejection.

    `languages` comes from `language_table`. Two rows with one code are both rejected: only the
    organiser knows which is right.
    """
    reader = _Reader(sheet, headers, languages)
    placed: list[tuple[int, Placed]] = []
    rejected: list[Rejected] = []
    for number in range(headers.row + 1, len(sheet.rows)):
        if progress is not None and number % _STEP == 0:
            progress(number, len(sheet.rows))
        read = reader.read(number)
        if isinstance(read, Placed):
            placed.append((number, read))
        elif read is not None:
            rejected.append(read)
    placed, doubles = _without_doubles(placed)
    rows = tuple(row for _, row in placed)
    return Parsed(
        rows=rows,
        rejected=tuple(sorted((*rejected, *doubles), key=lambda each: each.number)),
        fields=headers.fields,
        dropped_columns=headers.dropped,
        ignored_columns=headers.ignored,
        warnings=(*sheet.notes, *headers.notes, *reader.warnings(), *_look_alikes(rows)),
    )


class _Reader:
    """Reads one row after another and gathers the warnings by kind."""

    def __init__(self, sheet: Sheet, headers: HeaderMap, languages: Mapping[str, str]) -> None:
        self._sheet, self._headers, self._languages = sheet, headers, languages
        self._columns = [column for column in headers.columns if column.fate == "used"]
        self._code = headers.index_of("code") or 0
        self._heads = sheet.rows[headers.row]
        self._warned: dict[str, list[str]] = defaultdict(list)

    def read(self, number: int) -> Placed | Rejected | None:
        """The person in a row, its rejection, or None for a row about nobody."""
        if self._is_about_nobody(number):
            return None
        values: dict[str, str] = {}
        reasons: list[Note] = []
        for column in self._columns:
            cell = self._sheet.cell(number, column.index)
            try:
                values[column.field] = self._value(column.field, cell, number, column.index)
            except CellError as refused:
                at = self._sheet.address(number, column.index)
                reasons.append(Note(refused.note.text, refused.note.values, at))
        if reasons:
            return Rejected(number + 1, values.get("code", ""), tuple(reasons))
        return Placed(_row(values), self._sheet.address(number, self._code))

    def _is_about_nobody(self, number: int) -> bool:
        """An empty row, the headings again on a new page, or the line "1 2 3 4" under them."""
        cells = self._sheet.rows[number]
        filled = [
            cell
            for column in self._columns
            if (cell := self._sheet.cell(number, column.index)) not in (None, "")
        ]
        if not any(cell for cell in filled if not isinstance(cell, str) or cell.strip()):
            return True
        if cells[: len(self._heads)] == self._heads:
            return True
        return number == self._headers.row + 1 and _is_count(cells)

    def _value(self, field: str, cell: Cell, number: int, index: int) -> str:
        if field == "code":
            return code_of(cell)
        if field == "status":
            return status_of(cell)
        if field == "phone":
            return self._phone(cell, number, index)
        if field == "language":
            return self._or_warn(language_of(cell, self._languages), field, number, index)
        if field == "comfort":
            return self._or_warn(comfort_of(cell), field, number, index)
        shown = value_of(field, cell)
        if is_like_formula(shown):
            self._warn("formula", number, index)
        return shown

    def _phone(self, cell: Cell, number: int, index: int) -> str:
        phone = phone_of(cell)
        if phone and has_two_phones(cell):
            self._warn("two phones", number, index)
        return phone

    def _or_warn(self, value: str | None, kind: str, number: int, index: int) -> str:
        if value is None:
            self._warn(kind, number, index)
        return value or ""

    def _warn(self, kind: str, number: int, index: int) -> None:
        self._warned[kind].append(self._sheet.address(number, index))

    def warnings(self) -> Iterator[Note]:
        """One note for each kind of warning, with the first cells."""
        for kind, addresses in self._warned.items():
            yield note(_WARNINGS[kind], count=len(addresses), cells=listed(addresses))


_WARNINGS = {
    "formula": N_("{count} cells begin like a formula and were kept as plain text: {cells}."),
    "two phones": N_("{count} cells hold two telephone numbers; the first was kept: {cells}."),
    "language": N_("{count} languages are not among the event's and were left empty: {cells}."),
    "comfort": N_("{count} ways to receive messages are not known and were left empty: {cells}."),
}


def _row(values: dict[str, str]) -> Row:
    if FAMILY in values or GIVEN in values:
        parts = (values.pop(FAMILY, ""), values.pop(GIVEN, ""))
        values["full_name"] = " ".join(filter(None, parts))
    return Row(**{name: value for name, value in values.items() if name in FIELDS})


def _is_count(cells: Sequence[Cell]) -> bool:
    """ "1 2 3 4" or "(1) (2) (3)": the numbers of the columns, not a person."""
    shown = [_bare_number(cell) for cell in cells if cell not in (None, "")]
    return len(shown) > 2 and all(
        number is not None and number == (shown[0] or 0) + place
        for place, number in enumerate(shown)
    )


def _bare_number(cell: Cell) -> int | None:
    try:
        digits = text_of(cell).strip("() ")
    except CellError:
        return None
    return int(digits) if digits.isdecimal() and len(digits) < 4 else None


def _without_doubles(
    placed: list[tuple[int, Placed]],
) -> tuple[list[tuple[int, Placed]], list[Rejected]]:
    by_code: dict[str, list[tuple[int, Placed]]] = defaultdict(list)
    for number, row in placed:
        by_code[row.row.code].append((number, row))
    kept = [same[0] for same in by_code.values() if len(same) == 1]
    doubles = [
        Rejected(number + 1, code, (_double(row, same),))
        for code, same in by_code.items()
        if len(same) > 1
        for number, row in same
    ]
    return kept, doubles


def _double(row: Placed, same: Sequence[tuple[int, Placed]]) -> Note:
    others = [other.address for _, other in same if other is not row]
    return note(
        N_("The code {code} stands also in {cells}; all these rows are left out."),
        at=row.address,
        code=row.row.code,
        cells=listed(others),
    )


def _look_alikes(rows: Sequence[Placed]) -> Iterator[Note]:
    """Namesakes and shared telephones are allowed; the organiser should know of them."""
    names = Counter(placed.row.full_name.casefold() for placed in rows)
    phones = Counter(placed.row.phone for placed in rows)
    namesakes = [
        p.address for p in rows if p.row.full_name and names[p.row.full_name.casefold()] > 1
    ]
    sharing = [
        placed.address for placed in rows if placed.row.phone and phones[placed.row.phone] > 1
    ]
    if namesakes:
        said = N_(
            "{count} people share their full name with another; the code tells them apart: {cells}."
        )
        yield note(said, count=len(namesakes), cells=listed(namesakes))
    if sharing:
        said = N_("{count} people share a telephone number with another: {cells}.")
        yield note(said, count=len(sharing), cells=listed(sharing))
