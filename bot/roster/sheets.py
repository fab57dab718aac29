"""Reads a roster file, good or hostile, into one sheet of cells, and changes nothing.

The file is recognised by its content, checked before it is parsed, and a workbook is parsed in a
process of its own with little memory and time.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.i18n import N_
from bot.roster import open_workbook
from bot.roster.csv_text import read_csv
from bot.roster.file_kind import kind_of
from bot.roster.headers import looks_like_roster
from bot.roster.legacy_text import restored
from bot.roster.notes import Note, RosterRefused, note
from bot.roster.rows import Cell, OddCell, Sheet
from bot.text import clean

_SECONDS = 90
_SENTENCES = {
    "too_large": N_("The workbook is too large once unpacked; keep only the roster in it."),
    "died": N_(
        "The workbook takes too much memory or time to open; keep only the roster in it and "
        "delete what stands far below or to the right."
    ),
    "entities": N_("The workbook holds XML entities, which Excel never writes; it was not opened."),
    "rows": N_("The sheet has more than {rows} rows; delete what stands far below the list."),
    "columns": N_("The sheet has more than {columns} columns; delete what stands to the right."),
    "locked": N_(
        "The workbook is locked with a password; take the password off in Excel and save it again."
    ),
    "damaged": N_("The workbook is cut short or damaged; copy or download it again."),
}


def read(path: Path, sheet: str | None = None) -> Sheet:
    """The roster's sheet of a .xlsx, .xls, .ods or .csv file, in Unicode.

    Without `sheet` it is the only visible sheet whose headings are a roster's. Raises
    RosterRefused, in one sentence, for a file that cannot or should not be read.
    """
    kind = kind_of(path)
    sheets, notes = _csv(path) if kind == "text" else _workbook(path, kind)
    return _with_notes(restored(_chosen(sheets, sheet)), notes)


def _csv(path: Path) -> tuple[list[Sheet], list[Note]]:
    return [read_csv(path)], []


def _workbook(path: Path, kind: str) -> tuple[list[Sheet], list[Note]]:
    command = [sys.executable, "-P", open_workbook.__file__, str(path.absolute()), kind]
    try:
        done = subprocess.run(  # noqa: S603 - our script; the file's name is one argument
            command, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise _refusal("died") from None
    lines = done.stdout.splitlines()
    if not lines or not lines[-1].startswith((b'{"end"', b'{"refused"')):
        raise _refusal("died")  # the process died: out of memory or time
    return _parsed(lines)


def _refusal(word: str) -> RosterRefused:
    return RosterRefused(_SENTENCES[word], rows=open_workbook.ROWS, columns=open_workbook.COLUMNS)


def _parsed(lines: Sequence[bytes]) -> tuple[list[Sheet], list[Note]]:
    sheets: list[tuple[str, list[tuple[Cell, ...]]]] = []
    notes: list[Note] = []
    for line in lines:
        found = json.loads(line)
        if isinstance(found, list):
            sheets[-1][1].append(tuple(map(_cell, found)))
        elif "sheet" in found:
            sheets.append((clean(found["sheet"], 60), []))
        elif "hidden" in found:
            notes.append(
                note(N_("The hidden sheet “{name}” was not read."), name=clean(found["hidden"], 60))
            )
        elif "refused" in found:
            raise _refusal(found["refused"])
    return [Sheet(name, tuple(rows)) for name, rows in sheets if rows], notes


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    assert isinstance(value, dict)  # our own script writes nothing else
    [(kind, shown)] = value.items()
    return OddCell(kind, shown)


def _chosen(sheets: Sequence[Sheet], name: str | None) -> Sheet:
    if name is not None:
        for sheet in sheets:
            if sheet.name.casefold() == name.casefold():
                return sheet
        raise RosterRefused(N_("The workbook has no visible sheet “{name}”."), name=name)
    if not sheets:
        raise RosterRefused(N_("The file is empty."))
    rosters = [sheet for sheet in sheets if len(sheets) > 1 and _is_roster(sheet)]
    if len(rosters) > 1:
        raise RosterRefused(
            N_("More than one sheet looks like a roster ({names}); say which one with --sheet."),
            names=", ".join(sheet.name for sheet in rosters),
        )
    return (rosters or list(sheets))[0]


def _is_roster(sheet: Sheet) -> bool:
    try:
        return looks_like_roster(restored(sheet))
    except RosterRefused:
        return looks_like_roster(sheet)


def _with_notes(sheet: Sheet, notes: Sequence[Note]) -> Sheet:
    return Sheet(sheet.name, sheet.rows, (*notes, *sheet.notes))
