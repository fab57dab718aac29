"""Reads a CSV file whatever program wrote it: its encoding, its delimiter and its limits."""

import codecs
import csv
import io
from pathlib import Path

from bot.i18n import N_
from bot.roster.legacy_text import decode_old
from bot.roster.notes import Note, RosterRefused, note
from bot.roster.open_workbook import COLUMNS, ROWS
from bot.roster.rows import Sheet
from bot.text import clean

_DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 65536
_CELL_CHARACTERS = 32768  # what Excel allows in a cell


def read_csv(path: Path) -> Sheet:
    """The file as one sheet named after it. Raises RosterRefused."""
    text, notes = _decoded(path.read_bytes())
    if "\0" in text:
        raise RosterRefused(
            N_("This is not a workbook; save the list as .xlsx, .ods or “CSV UTF-8”.")
        )
    text, delimiter = _delimiter(text)
    csv.field_size_limit(_CELL_CHARACTERS)
    rows: list[tuple[str, ...]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            _check_limits(len(rows), cells)
            rows.append(tuple(cells))
    except csv.Error:
        raise RosterRefused(
            N_("Line {line} of the file cannot be read: a quotation mark is not closed."),
            line=len(rows) + 1,
        ) from None
    while rows and not any(rows[-1]):
        rows.pop()
    return Sheet(clean(path.stem, 60), tuple(rows), notes)


def _decoded(raw: bytes) -> tuple[str, tuple[Note, ...]]:
    try:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return raw.decode("utf-16"), ()
        if (guess := _unmarked_utf16(raw)) is not None:
            return raw.decode(guess), ()
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        text, encoding = decode_old(raw)
    said = N_(
        "The file was written in {encoding} and has been converted to Unicode; look at a few names."
    )
    return text, (note(said, encoding=encoding),)


def _unmarked_utf16(raw: bytes) -> str | None:
    """UTF-16 without its mark: in a table, delimiters and digits have a zero byte on one side."""
    sample = raw[:4096]
    if sample[1::2].count(0) > len(sample) / 8:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) / 8:
        return "utf-16-be"
    return None


def _delimiter(text: str) -> tuple[str, str]:
    """The delimiter: as Excel's first line "sep=;" says, else the one most even over the lines."""
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"').lower()
    if said.startswith("sep=") and len(said) == 5:
        return rest, said[4]
    lines = [line for line in text[:_SAMPLE_CHARACTERS].splitlines() if line.strip()][:50]
    return text, max(_DELIMITERS, key=lambda mark: _lines_with(lines, mark))


def _lines_with(lines: list[str], mark: str) -> tuple[int, int]:
    counts = [line.count(mark) for line in lines]
    return sum(count > 0 for count in counts), sum(counts)


def _check_limits(row: int, cells: list[str]) -> None:
    if row >= ROWS:
        raise RosterRefused(N_("The file has more than {most} rows."), most=ROWS)
    if len(cells) > COLUMNS and any(cells[COLUMNS:]):
        raise RosterRefused(N_("The file has more than {most} columns."), most=COLUMNS)
    del cells[COLUMNS:]
