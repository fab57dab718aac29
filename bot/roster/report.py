"""What the organiser reads after a dry run or an import: columns, then people, then what to mend.

Telephone numbers show their last three digits only; everything else stands in the organiser's own
file anyway.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.i18n import N_, Translator
from bot.roster.header_words import FAMILY, GIVEN
from bot.roster.headers import Column, HeaderMap
from bot.roster.notes import Note
from bot.roster.plan import Change, Changed, Plan
from bot.roster.rows import Placed, Rejected, Sheet, column_letters

FIELD_NAMES = {
    "code": N_("delegate code"),
    "full_name": N_("full name"),
    FAMILY: N_("family name"),
    GIVEN: N_("given name"),
    "salutation": N_("salutation"),
    "delegation": N_("delegation"),
    "role": N_("role in the delegation"),
    "phone": N_("telephone"),
    "hotel": N_("hotel"),
    "room": N_("room"),
    "bus": N_("bus"),
    "seat": N_("seat"),
    "table": N_("dining table"),
    "group": N_("discussion group"),
    "language": N_("declared language"),
    "comfort": N_("way to receive messages"),
    "status": N_("status"),
    "badge_place": N_("where the badge is handed out"),
}
REVEALED = {
    "ethnic origin": N_("ethnic origin"),
    "religion": N_("religion"),
    "party membership": N_("party membership"),
    "age": N_("date of birth or age"),
    "identity papers": N_("identity papers"),
    "health": N_("health"),
    "bank account": N_("bank account"),
}


def masked(field: str, value: str) -> str:
    """The value as a screen may show it."""
    return "…" + value[-3:] if field == "phone" and value else value


def said(t: Translator, note: Note) -> str:
    """A note in the organiser's language, with its cell in front."""
    text = t(note.text, **note.values)
    return f"{note.address}: {text}" if note.address else text


def column_lines(t: Translator, sheet: Sheet, headers: HeaderMap) -> Iterator[str]:
    """The mapping: which column was read as what, and which were not kept."""
    yield t(N_("Sheet “{sheet}”, headings in row {row}:"), sheet=sheet.name, row=headers.row + 1)
    for column in headers.columns:
        if column.fate == "used":
            yield f"  {_title(column)} → {t(FIELD_NAMES[column.field])}"
    for column in headers.dropped:
        dropped = N_("  {column}: not kept, because it shows {what}.")
        yield t(dropped, column=_title(column), what=t(REVEALED[column.field]))
    if headers.ignored:
        names = ", ".join(map(_title, headers.ignored))
        yield t(N_("  Columns not used: {columns}."), columns=names)


def _title(column: Column) -> str:
    return f"{column_letters(column.index)} “{column.heading}”"


def plan_lines(t: Translator, todo: Plan, most: int) -> Iterator[str]:
    """People added, changed, withdrawn, rejected, at most `most` of each; then the warnings."""
    yield from _part(t, N_("New people: {count}"), todo.added, _added, most)
    yield from _part(
        t, N_("Changed people: {count}"), todo.changed, lambda each: _changed(t, each), most
    )
    yield from _part(
        t, N_("Withdrawn people: {count}"), todo.withdrawn, lambda each: _changed(t, each), most
    )
    yield t(N_("Unchanged people: {count}"), count=len(todo.unchanged))
    yield from _part(
        t, N_("Rejected rows: {count}"), todo.rejected, lambda each: _rejected(t, each), most
    )
    for warning in todo.warnings:
        yield t(N_("Please look: {what}"), what=said(t, warning))


def _part(
    t: Translator,
    title: str,
    items: Sequence[Any],
    line: Callable[[Any], str],
    most: int,
) -> Iterator[str]:
    yield t(title, count=len(items))
    for item in items[:most]:
        yield "  " + line(item)
    if len(items) > most:
        yield t(N_("  … and {count} more; --all shows them."), count=len(items) - most)


def _added(placed: Placed) -> str:
    row = placed.row
    return " · ".join(filter(None, (placed.address, row.code, row.full_name, row.delegation)))


def _changed(t: Translator, changed: Changed) -> str:
    parts = "; ".join(_change(t, each) for each in changed.changes)
    return f"{changed.address} · {changed.new.code} · {parts}"


def _change(t: Translator, change: Change) -> str:
    empty = t(N_("(empty)"))
    old = masked(change.field, change.old) or empty
    new = masked(change.field, change.new) or empty
    return f"{t(FIELD_NAMES[change.field])}: {old} → {new}"


def _rejected(t: Translator, rejected: Rejected) -> str:
    return " · ".join(filter(None, (rejected.code, *(said(t, why) for why in rejected.reasons))))


def as_json(t: Translator, headers: HeaderMap, todo: Plan) -> dict[str, Any]:
    """The same for a program: counts, rejections with their cells, changes, warnings."""
    return {
        "columns": [
            {"heading": c.heading, "index": c.index, "fate": c.fate, "field": c.field}
            for c in headers.columns
        ],
        "added": [{"cell": each.address, "code": each.row.code} for each in todo.added],
        "changed": [_changed_json(each) for each in todo.changed],
        "withdrawn": [_changed_json(each) for each in todo.withdrawn],
        "unchanged": len(todo.unchanged),
        "rejected": [
            {
                "row": each.number,
                "code": each.code,
                "reasons": [
                    {"cell": why.address, "text": t(why.text, **why.values)} for why in each.reasons
                ],
            }
            for each in todo.rejected
        ],
        "warnings": [said(t, warning) for warning in todo.warnings],
        "withdrawals_to_confirm": todo.withdrawals_to_confirm,
    }


def _changed_json(changed: Changed) -> dict[str, Any]:
    return {
        "cell": changed.address,
        "code": changed.new.code,
        "changes": {
            each.field: [masked(each.field, each.old), masked(each.field, each.new)]
            for each in changed.changes
        },
    }
