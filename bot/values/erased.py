"""What was erased for good, in marks that say nothing to whoever reads them without the key."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple


class ErasedKind(StrEnum):
    """What a tombstone stands for."""

    PERSON = "person"  # everything of one person
    RECORD = "record"  # a line of the roster: an import may not bring it back
    TALK = "talk"  # what the assistant itself kept of one person, at her own word
    EVENT = "event"  # the people of a whole event, when its time was over


class Tombstone(NamedTuple):
    """One thing that stays erased whatever backup is put back. `at` is aware UTC."""

    kind: ErasedKind
    fingerprint: str
    at: datetime


def person_mark(person_id: int, born: datetime) -> str:
    """What is fingerprinted for a person. With the moment her row was made: the same number in
    another database is somebody else."""
    return f"person:{person_id}:{born.astimezone(UTC).isoformat()}"


def record_mark(slug: str, code: str) -> str:
    """What is fingerprinted for a line of an event's roster: the organisers' own code."""
    return f"record:{slug}:{code}"


def event_mark(slug: str, made: datetime) -> str:
    """What is fingerprinted for an event whose people were purged."""
    return f"event:{slug}:{made.astimezone(UTC).isoformat()}"
