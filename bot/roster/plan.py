"""What an import would do, worked out before anything is done: added, changed, withdrawn, rejected.

Only what the file says can change. A person whose row is missing stays as they are, and so does a
field without a column; a withdrawal needs its own word in the status column.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.i18n import N_
from bot.roster.notes import Note, listed, note
from bot.roster.records import Parsed
from bot.roster.rows import ACTIVE, FIELDS, WITHDRAWN, Placed, Rejected, Row

CONFIRM_ABOVE_PERCENT = 1  # of the people who take part


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one person: what the roster says now and what the file says."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One person whose record the file changes."""

    address: str
    old: Row
    new: Row

    @property
    def changes(self) -> tuple[Change, ...]:
        """The fields that differ, in the order of the record."""
        return tuple(
            Change(name, was, now)
            for name in FIELDS
            if (was := self.old.get(name)) != (now := self.new.get(name))
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The dry run. `withdrawn` are those of the changed whose status becomes withdrawn."""

    added: tuple[Placed, ...]
    changed: tuple[Changed, ...]
    withdrawn: tuple[Changed, ...]
    unchanged: tuple[str, ...]  # codes
    rejected: tuple[Rejected, ...]
    warnings: tuple[Note, ...]
    active_before: int  # people who take part now

    @property
    def is_empty(self) -> bool:
        """Whether applying it would change nothing."""
        return not (self.added or self.changed or self.withdrawn)

    @property
    def withdrawals_to_confirm(self) -> int:
        """The number the organiser must repeat before this may be applied; 0 for none."""
        many = len(self.withdrawn)
        return many if many * 100 > self.active_before * CONFIRM_ABOVE_PERCENT else 0


def plan(existing: Mapping[str, Row], parsed: Parsed) -> Plan:
    """Compare the file with the roster as it is. Nothing is changed.

    `existing` has the record of everybody in the event by code, withdrawn people too.
    """
    added: list[Placed] = []
    changed: list[Changed] = []
    unchanged: list[str] = []
    rejected = list(parsed.rejected)
    names = parsed.fields - {"code", "status"}
    for placed in parsed.rows:
        old = existing.get(placed.row.code)
        if old is None:
            _add(placed, added, rejected)
        elif (new := _merged(old, placed.row, names)) != old:
            changed.append(Changed(placed.address, old, new))
        else:
            unchanged.append(old.code)
    leaving = tuple(each for each in changed if _leaves(each))
    return Plan(
        added=tuple(added),
        changed=tuple(each for each in changed if not _leaves(each)),
        withdrawn=leaving,
        unchanged=tuple(unchanged),
        rejected=tuple(sorted(rejected, key=lambda each: each.number)),
        warnings=(*parsed.warnings, *_hints(existing, parsed, added)),
        active_before=sum(row.status != WITHDRAWN for row in existing.values()),
    )


def _merged(old: Row, said: Row, names: frozenset[str]) -> Row:
    new = said.over(old, names)
    if not new.full_name:
        new = replace(new, full_name=old.full_name)  # nobody loses their name to an empty cell
    return replace(new, status=said.status) if said.status else new


def _add(placed: Placed, added: list[Placed], rejected: list[Rejected]) -> None:
    row = placed.row
    if row.status == WITHDRAWN:
        said = N_("This person is withdrawn and not in the roster; there is nothing to do.")
    elif not row.full_name:
        said = N_("A new person needs a full name.")
    else:
        added.append(replace(placed, row=replace(row, status=ACTIVE)))
        return
    number = int("".join(filter(str.isdigit, placed.address.rpartition("!")[2])))
    rejected.append(Rejected(number, row.code, (note(said, at=placed.address),)))


def _leaves(changed: Changed) -> bool:
    return changed.new.status == WITHDRAWN != changed.old.status


def _hints(existing: Mapping[str, Row], parsed: Parsed, added: list[Placed]) -> list[Note]:
    """What is allowed but often a slip."""
    notes = []
    bare = {code.lstrip("0") for code in existing}
    zeros = [p.address for p in added if p.row.code.lstrip("0") in bare]
    if zeros:
        said = N_("{count} new codes differ from existing ones only by zeros in front: {cells}.")
        notes.append(note(said, count=len(zeros), cells=listed(zeros)))
    back = [
        placed.address
        for placed in parsed.rows
        if not placed.row.status
        and (old := existing.get(placed.row.code))
        and old.status == WITHDRAWN
    ]
    if back:
        said = N_(
            "{count} withdrawn people are in the file without a status and stay withdrawn; write "
            "“tham dự” to take them back: {cells}."
        )
        notes.append(note(said, count=len(back), cells=listed(back)))
    return notes
