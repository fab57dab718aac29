"""The organisers' list: read from a file, compared with the roster, applied in one step, undone.

sheet = read(path)
headers = map_headers(sheet)
parsed = parse_rows(sheet, headers, language_table(names_of(languages, event.languages)))
todo = compare(work, vault, event.id, parsed)  # the dry run
done = apply(work, vault, event.id, parsed, Source(name, sha256, author))
undo(work, event.id, author)
"""

from bot.roster.apply import Applied, Source, Undone, apply, compare, undo
from bot.roster.cells import language_table
from bot.roster.headers import Column, HeaderMap, map_headers
from bot.roster.language_names import names_of
from bot.roster.notes import Note, RosterRefused
from bot.roster.plan import Change, Changed, Plan, plan
from bot.roster.records import Parsed, parse_rows
from bot.roster.rows import ACTIVE, FIELDS, WITHDRAWN, Placed, Rejected, Row, Sheet
from bot.roster.sheets import read

__all__ = [
    "ACTIVE",
    "FIELDS",
    "WITHDRAWN",
    "Applied",
    "Change",
    "Changed",
    "Column",
    "HeaderMap",
    "Note",
    "Parsed",
    "Placed",
    "Plan",
    "Rejected",
    "RosterRefused",
    "Row",
    "Sheet",
    "Source",
    "Undone",
    "apply",
    "compare",
    "language_table",
    "map_headers",
    "names_of",
    "parse_rows",
    "plan",
    "read",
    "undo",
]
