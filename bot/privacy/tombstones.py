"""The erased stay erased: a file beside the database, and its words said again after a restore.

The table alone would not do: a restore replaces it by that of the backup. The file only grows;
what was allowed back is a line of its own.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.errors import StoreError
from bot.store import Work
from bot.values.erased import ErasedKind, Tombstone, event_mark, person_mark, record_mark
from bot.vault import Vault

FILE_NAME = "erased.jsonl"


class Written(NamedTuple):
    """What the file says: every tombstone, and those that were lifted since."""

    standing: list[Tombstone]
    lifted: set[tuple[ErasedKind, str]]


def keep_beside(folder: Path, stones: Iterable[Tombstone], lifted: Iterable[str] = ()) -> int:
    """Add what the file does not have yet; returns how many lines were written.

    `lifted` are fingerprints of roster lines that may come back.
    """
    known = set(_read(folder))
    now = [_line(one) for one in stones]
    now += [json.dumps({"kind": ErasedKind.RECORD, "lifted": one}) for one in lifted]
    new = [line for line in now if line not in known or "lifted" in line]
    if new:
        _append(folder / FILE_NAME, new)
    return len(new)


def written_in(folder: Path) -> Written:
    """What the file beside a database says. Raises StoreError when a line cannot be read."""
    standing: dict[tuple[ErasedKind, str], Tombstone] = {}
    lifted: set[tuple[ErasedKind, str]] = set()
    for number, line in enumerate(_read(folder), 1):
        try:
            said = json.loads(line)
            kind = ErasedKind(said["kind"])
            if "lifted" in said:
                lifted.add((kind, said["lifted"]))
                continue
            one = Tombstone(kind, said["fingerprint"], datetime.fromisoformat(said["at"]))
        except (ValueError, KeyError, TypeError):
            raise StoreError(
                f"{folder / FILE_NAME}, line {number}, cannot be read. It says who must stay "
                "erased: bring back a whole copy of it before you restore."
            ) from None
        standing[kind, one.fingerprint] = one
        lifted.discard((kind, one.fingerprint))
    return Written(list(standing.values()), lifted)


def reapply(work: Work, vault: Vault, written: Written, since: datetime) -> int:
    """Erase again whatever was erased at `since` or later; returns how many people and events.

    `since` is the moment the backup was made: what was erased before is not in it.
    """
    later = [one for one in written.standing if one.at >= since]
    of = {kind: {one.fingerprint for one in later if one.kind is kind} for kind in ErasedKind}
    people = _people_with(work, vault, of[ErasedKind.PERSON])
    people |= {
        person_id
        for person_id, slug, code in work.privacy.lines()
        if _marked(vault, record_mark(slug, code), of[ErasedKind.RECORD])
    }
    talks = _people_with(work, vault, of[ErasedKind.TALK]) - people
    events = [
        event_id
        for event_id, slug, made in work.privacy.events_made()
        if _marked(vault, event_mark(slug, made), of[ErasedKind.EVENT])
    ]
    for person_id in sorted(talks):
        work.privacy.forget_talk(person_id)
    for person_id in sorted(people):
        work.privacy.erase(person_id)
    for event_id in events:
        work.retention.forget_people(event_id)
    for one in later:
        if (one.kind, one.fingerprint) not in written.lifted:
            work.privacy.bury(*one)
    done = len(talks) + len(people) + len(events)
    if done:
        work.audit.add(None, "restore", "privacy.reapply", "backup", count=done)
    return done


def _people_with(work: Work, vault: Vault, prints: set[str]) -> set[int]:
    if not prints:
        return set()
    return {
        person_id
        for person_id, born in work.privacy.everybody()
        if _marked(vault, person_mark(person_id, born), prints)
    }


def _marked(vault: Vault, mark: str, prints: set[str]) -> bool:
    return bool(prints) and not prints.isdisjoint(vault.fingerprints(mark))


def _line(one: Tombstone) -> str:
    said = {"kind": one.kind, "fingerprint": one.fingerprint, "at": one.at.isoformat()}
    return json.dumps(said)


def _read(folder: Path) -> list[str]:
    try:
        return (folder / FILE_NAME).read_text().splitlines()
    except FileNotFoundError:
        return []


def _append(path: Path, lines: list[str]) -> None:
    """One write at the end of the file, on the disk before it counts as done."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(opened, "".join(f"{line}\n" for line in lines).encode())
        os.fsync(opened)
    finally:
        os.close(opened)
