"""Asking for a person: what a helper needs to know, and which desk the delegate is sent to."""

from bot import privacy
from bot.content import Facets, Library, Place
from bot.store import Work
from bot.values.request import Request, RequestKind

# A helper sees her last few messages, no more.
LAST_TEXTS = 5


def open_request(
    work: Work,
    event_id: int,
    person_id: int,
    address_id: int,
    *,
    kind: RequestKind,
    language: str,
    topic: str = "",
    place: str = "",
    field: str = "",
    last_texts: tuple[str, ...] = (),
) -> Request:
    """Ask for a person, once: while a like request is open, that one is returned."""
    for known in work.requests.open_of(event_id, person_id):
        if (known.kind, known.field) == (kind, field):
            return known
    return work.requests.open(
        event_id,
        person_id,
        address_id,
        kind=kind,
        language=language,
        topic=topic,
        place=place,
        field=field,
        last_texts=last_texts[-LAST_TEXTS:],
        due_at=privacy.due_at(kind, work.now, field),
    )


def desk_for(library: Library, topic: str, language: str, who: Facets) -> Place | None:
    """The desk to name: of her topic, with people who speak her language, that she may know of."""
    found = library.desk_for(topic, language, who) if topic else None
    return found or library.desk_for("general", language, who)
