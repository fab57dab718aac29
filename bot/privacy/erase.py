"""Erasing one person: at her own word what the assistant keeps, at the organisers' all of it."""

from bot.store import Work
from bot.values.erased import ErasedKind, person_mark, record_mark
from bot.vault import Vault

# Stands where a consent text's version stands: she took her consent back by erasing.
WITHDRAWN_BY_ERASING = "erased"


def forget(
    work: Work,
    vault: Vault,
    person_id: int,
    event_id: int,
    *,
    actor: str,
    but_session_at: int | None = None,
) -> None:
    """Conversation, language, ties and switches go at once; her line in the roster stays.

    Her consent ends here. The session at `but_session_at` is left to the turn that runs there.
    """
    person = work.people.get(person_id, event_id)
    if person is not None and (person.consented or person.agreed_earlier):
        work.people.consent(event_id, person_id, WITHDRAWN_BY_ERASING, "", False)
    work.privacy.forget_talk(person_id, but_session_at=but_session_at)
    mark = person_mark(person_id, work.privacy.born(person_id))
    work.privacy.bury(ErasedKind.TALK, vault.fingerprint(mark))
    work.audit.add(event_id, actor, "privacy.forget", f"person:{person_id}")


def erase(work: Work, vault: Vault, person_id: int, event_id: int | None, *, actor: str) -> None:
    """Everything of hers, in every event, in this unit of work.

    Tombstones keep her erased: no import takes her code again, no restored backup brings her back.
    """
    lines = work.privacy.lines(person_id)
    born = work.privacy.born(person_id)
    work.privacy.erase(person_id)
    work.privacy.bury(ErasedKind.PERSON, vault.fingerprint(person_mark(person_id, born)))
    for _, slug, code in lines:
        work.privacy.bury(ErasedKind.RECORD, vault.fingerprint(record_mark(slug, code)))
    work.audit.add(event_id, actor, "privacy.erase", f"person:{person_id}")


def allow(work: Work, vault: Vault, slug: str, code: str) -> tuple[str, ...] | None:
    """An erased code may be imported again, because she asked for it herself.

    Returns the fingerprints that no longer stand, for the file beside the database; None when the
    code was not erased.
    """
    prints = vault.fingerprints(record_mark(slug, code))
    return prints if work.privacy.unbury(ErasedKind.RECORD, prints) else None
