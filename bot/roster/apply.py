"""Applies a plan in one transaction, remembers it, and undoes it.

The plan is worked out again inside the transaction, from the roster as it stands at that moment, so
what was previewed can never be applied over what somebody else changed meanwhile.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.i18n import N_
from bot.roster.erased import without_erased
from bot.roster.notes import RosterRefused
from bot.roster.plan import Changed, Plan, plan
from bot.roster.records import Parsed
from bot.roster.rows import FIELDS, Placed, Row
from bot.store import Work
from bot.store.roster import COLUMNS, Import, ImportedChange
from bot.values.person import Record, Role
from bot.vault import Vault

# The record keeps these two fields under other names; a phone is kept sealed and hashed.
_STORED_AS = {"language": "declared_language"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where an import came from, for its history: the file, its SHA-256, and who ran it."""

    file_name: str
    sha256: str
    author: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done. `import_id` is None when there was nothing to do and nothing was written."""

    import_id: int | None
    plan: Plan


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: people taken out, records put back, records kept because they changed."""

    undone: Import
    removed: int
    restored: int
    kept: tuple[str, ...]  # codes


def compare(work: Work, vault: Vault, event_id: int, parsed: Parsed) -> Plan:
    """The dry run against the roster as it stands; writes nothing."""
    parsed = without_erased(work, vault, event_id, parsed)
    return plan(_as_rows(_records(work, event_id), parsed, vault), parsed)


def apply(
    work: Work,
    vault: Vault,
    event_id: int,
    parsed: Parsed,
    source: Source,
    confirmed_withdrawals: int | None = None,
) -> Applied:
    """Bring the roster to what the file says, in this unit of work.

    Raises RosterRefused when more than one person in a hundred would be withdrawn and
    `confirmed_withdrawals` is not their number. Applying a file twice changes nothing.
    """
    work.roster.hold(event_id)
    parsed = without_erased(work, vault, event_id, parsed)
    records = _records(work, event_id)
    todo = plan(_as_rows(records, parsed, vault), parsed)
    if todo.is_empty:
        return Applied(None, todo)
    _check_confirmed(todo, confirmed_withdrawals)
    known = _known_people(work, event_id, records)
    changes = _add(work, vault, event_id, todo.added, known)
    changes += _change(work, vault, event_id, (*todo.changed, *todo.withdrawn), records)
    import_id = work.roster.start_import(event_id, counts=_counts(todo), **asdict(source))
    work.roster.add_changes(import_id, changes)
    work.audit.add(event_id, source.author, "roster.import", f"import:{import_id}", **_counts(todo))
    return Applied(import_id, todo)


def undo(work: Work, event_id: int, author: str) -> Undone:
    """Take back the newest import that still counts; the one before it can be undone next.

    What was changed again since is kept and named. Raises RosterRefused when nothing is left.
    """
    work.roster.hold(event_id)
    last = work.roster.last_import(event_id)
    if last is None:
        raise RosterRefused(N_("There is no import to undo."))
    now = {record.id: record for record in work.roster.all(event_id)}
    changes = [each for each in work.roster.changes_of(last.id) if each.record_id in now]
    added = [now[each.record_id] for each in changes if each.before is None]
    earlier = [each for each in changes if each.before is not None]
    kept = [now[each.record_id].code for each in earlier if not _stands(now, each)]
    back = [
        _restored(now[each.record_id], each, work.now) for each in earlier if _stands(now, each)
    ]
    work.roster.change_many(event_id, back)
    work.roster.remove_many(event_id, [record.id for record in added])
    work.people.leave(event_id, [record.person_id for record in added], Role.DELEGATE)
    work.roster.mark_undone(event_id, last.id)
    done = {"removed": len(added), "restored": len(back), "kept": len(kept)}
    work.audit.add(event_id, author, "roster.undo", f"import:{last.id}", **done)
    return Undone(last, len(added), len(back), tuple(kept))


def _records(work: Work, event_id: int) -> dict[str, Record]:
    return {record.code: record for record in work.roster.all(event_id)}


def _as_rows(records: Mapping[str, Record], parsed: Parsed, vault: Vault) -> dict[str, Row]:
    """The records as rows. A phone is opened only where the file says another one."""
    said = {placed.row.code: placed.row.phone for placed in parsed.rows}
    compares = "phone" in parsed.fields
    return {
        code: _as_row(record, _phone(record, said.get(code), vault) if compares else "")
        for code, record in records.items()
    }


def _phone(record: Record, said: str | None, vault: Vault) -> str:
    if said is None:
        return ""
    is_same = vault.fingerprint(said) == record.phone_hash
    return said if is_same else vault.open(record.phone_cipher)


def _as_row(record: Record, phone: str) -> Row:
    names = (name for name in FIELDS if name != "phone")
    return Row(phone=phone, **{name: getattr(record, _STORED_AS.get(name, name)) for name in names})


def _check_confirmed(todo: Plan, confirmed: int | None) -> None:
    wanted = todo.withdrawals_to_confirm
    if wanted and confirmed != wanted:
        raise RosterRefused(
            N_(
                "This withdraws {count} of {active} people; if that is right, run it again with "
                "--confirm-withdrawals {count}."
            ),
            count=wanted,
            active=todo.active_before,
        )


def _counts(todo: Plan) -> dict[str, int]:
    return {
        "added": len(todo.added),
        "changed": len(todo.changed),
        "withdrawn": len(todo.withdrawn),
        "unchanged": len(todo.unchanged),
        "rejected": len(todo.rejected),
    }


def _known_people(work: Work, event_id: int, records: Mapping[str, Record]) -> dict[str, int]:
    """People an undone import once brought, by code, unless they have a record again."""
    taken = {record.person_id for record in records.values()}
    earlier = work.roster.people_of_undone(event_id)
    return {code: person_id for code, person_id in earlier.items() if person_id not in taken}


def _add(
    work: Work,
    vault: Vault,
    event_id: int,
    added: tuple[Placed, ...],
    known: Mapping[str, int],
) -> list[ImportedChange]:
    """New records; people known from an undone import keep their cards and conversations."""
    codes = [placed.row.code for placed in added]
    fresh = iter(work.people.add_many(sum(code not in known for code in codes)))
    people = [known[code] if code in known else next(fresh) for code in codes]
    work.people.join(event_id, people, Role.DELEGATE)
    rows = [
        _columns(placed.row, vault)
        | {"event_id": event_id, "person_id": person_id, "updated_at": work.now}
        for placed, person_id in zip(added, people, strict=True)
    ]
    ids = work.roster.add_many(rows)
    return [
        ImportedChange(record_id, None, {"code": row["code"], "person_id": row["person_id"]})
        for record_id, row in zip(ids, rows, strict=True)
    ]


def _change(
    work: Work,
    vault: Vault,
    event_id: int,
    changed: tuple[Changed, ...],
    records: Mapping[str, Record],
) -> list[ImportedChange]:
    rows, changes = [], []
    for each in changed:
        record = records[each.new.code]
        now = _as_columns(record)
        names = [change.field for change in each.changes]
        after = _columns(each.new, vault, names)
        rows.append(now | after | {"id": record.id, "updated_at": work.now})
        changes.append(ImportedChange(record.id, {name: now[name] for name in after}, after))
    work.roster.change_many(event_id, rows)
    return changes


def _columns(row: Row, vault: Vault, names: list[str] | None = None) -> dict[str, Any]:
    """Some fields of a row (all when None) as columns of the record."""
    values: dict[str, Any] = {}
    for name in FIELDS if names is None else names:
        if name == "phone":
            values["phone_cipher"] = vault.seal(row.phone)
            values["phone_hash"] = vault.fingerprint(row.phone)
        else:
            values[_STORED_AS.get(name, name)] = row.get(name)
    return values


def _as_columns(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in COLUMNS}


def _stands(now: Mapping[int, Record], change: ImportedChange) -> bool:
    """Whether the record still says what the import wrote; sealing twice differs, hashes do not."""
    columns = _as_columns(now[change.record_id])
    compared = (name for name in change.after if name != "phone_cipher")
    return all(columns[name] == change.after[name] for name in compared)


def _restored(record: Record, change: ImportedChange, at: datetime) -> dict[str, Any]:
    before = change.before or {}
    return _as_columns(record) | before | {"id": record.id, "updated_at": at}
