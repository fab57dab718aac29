"""What is kept of a question she sends, at her word, and of a suggestion she picked."""

from datetime import timedelta
from enum import StrEnum

from bot.answers import Matcher
from bot.masks import masked
from bot.store import Work
from bot.text import clip, fold
from bot.values.person import Person, Record

LONGEST = 300  # visible characters of a question; organisers read many
A_DAY = timedelta(days=1)
MOST_A_DAY = 5  # from one address, unanswered
MOST_WAITING = 5000  # in one event
MOST_PROPOSALS = 5000
_OWN = ("full_name", "code", "room", "seat", "table")


class TooMany(StrEnum):
    """Why a question is not taken now."""

    FROM_HERE = "this address sent enough for a day"
    ALTOGETHER = "more wait than the organisers can read"


def send(
    work: Work,
    event_id: int,
    matcher: Matcher,
    text: str,
    language: str,
    *,
    person: Person,
    address_id: int,
) -> int | TooMany:
    """Keep her words for the organisers, without what names anybody; the question's number.

    Where the answer goes is kept apart from it.
    """
    if work.questions.sent_since(work.now - A_DAY, address_id) >= MOST_A_DAY:
        return TooMany.FROM_HERE
    if work.questions.count_waiting(event_id) >= MOST_WAITING:
        return TooMany.ALTOGETHER
    verdict = matcher.ask(text, language)
    best = verdict.candidates[0] if verdict.candidates else None
    shown = clip(masked(text, work.roster.names(event_id), _own(person.record)), LONGEST)
    return work.questions.add(
        event_id,
        language=language,
        text=shown,
        folded=fold(shown),
        verdict=verdict.kind,
        answer_id=best.answer_id if best else "",
        score=best.score if best else 0.0,
        person_id=person.id,
        address_id=address_id,
    )


def take_back(work: Work, question_id: int, address_id: int) -> bool:
    """She does not want it read any more; False when it was decided about already."""
    return work.questions.take_back(question_id, address_id)


def propose(
    work: Work, event_id: int, person: Person, text: str, language: str, answer_id: str
) -> bool:
    """Her words may become an example of the answer she picked for them.

    False when they name or number somebody, or when enough are kept: then nothing is.
    """
    names, own = work.roster.names(event_id), _own(person.record)
    if masked(text, names, own) != text or work.proposals.count(event_id) >= MOST_PROPOSALS:
        return False
    shown = clip(text, LONGEST)
    work.proposals.add(
        event_id, language=language, text=shown, folded=fold(shown), answer_id=answer_id
    )
    return True


def _own(record: Record | None) -> list[str]:
    return [getattr(record, name) for name in _OWN] if record is not None else []
