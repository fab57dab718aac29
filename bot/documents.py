"""Papers: who may have which file just now, and who opened what."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot import privacy
from bot.access import facets_of
from bot.content import NOBODY, Document, Facets, Library
from bot.errors import Refusal
from bot.i18n import Texts
from bot.knowledge import Known
from bot.store import Store, Work
from bot.values.event import Event
from bot.values.person import Person
from bot.vault import Vault


@dataclass(frozen=True, slots=True)
class Paper:
    """The file of a document, ready to be handed over. `kind` is its mime type."""

    name: str
    kind: str
    body: bytes


async def paper_for(
    store: Store, known: Known, account_id: int, sender: str, sha256: str
) -> Paper | None:
    """A file for whoever writes from this address; None when she may not have it, or not now.

    Asked anew each time: a link in an old message opens nothing after the document was replaced or
    taken back, her card was frozen, or she took her consent back. Several people may share a
    telephone: what one of them may have is had there.
    """
    return await store.read(lambda work: _paper(work, known, account_id, sender, sha256))


def _paper(work: Work, known: Known, account_id: int, sender: str, sha256: str) -> Paper | None:
    if known.library is None:
        return None
    with_it = list(_with_file(known.library, sha256))
    if not with_it:
        return None
    everybody = list(_people_at(work, known.event.id, account_id, sender))
    for name, document in with_it:
        if any(known.library.admits(document, who) for who in everybody):
            kept = work.contents.media(sha256, known.event.id)
            return Paper(name, *kept) if kept else None
    return None


async def copy_for(
    store: Store, vault: Vault, texts: Texts, known: Known, account_id: int, sender: str, name: str
) -> Paper | None:
    """Everything kept about whoever writes from this address, as she may keep it herself.

    Made anew each time and nowhere stored; None when the name is not that of her own copy.
    """

    def made(work: Work) -> Paper | None:
        event = known.event
        for person in _everybody_at(work, event.id, account_id, sender):
            if name != privacy.name_of_copy(vault, event.id, person.id):
                continue
            copy = privacy.copy_of(work, vault, event.id, person.id)
            work.audit.add(event.id, "herself", "privacy.export", f"person:{person.id}")
            t = texts.translator(person.language or "vi", event.zone)
            body = privacy.as_text(copy, event, work.now, t).encode()
            return Paper("du-lieu-cua-toi.txt", "text/plain; charset=utf-8", body)
        return None

    return await store.write(made)


def _everybody_at(work: Work, event_id: int, account_id: int, sender: str) -> Iterator[Person]:
    """Who speaks through an address just now, a guest too; nobody through a lost telephone."""
    found = work.sessions.at(account_id, sender) if sender else None
    if found is None or found[0].frozen_at is not None:
        return
    address, session = found
    ids = [who for who, where in work.accounts.people_at(address.id) if where == event_id]
    if session is not None and session.event_id == event_id and session.person_id not in ids:
        ids.append(session.person_id)
    for person_id in ids:
        person = work.people.get(person_id, event_id)
        if person is not None and (person.linked or person.record is None):
            yield person


def _with_file(library: Library, sha256: str) -> Iterator[tuple[str, Document]]:
    for document in library.documents.values():
        for language in document.by_language:
            found = library.file_of(document, (language,))
            if found is not None and found[2].sha256 == sha256:
                yield found[1], document


def _people_at(work: Work, event_id: int, account_id: int, sender: str) -> Iterator[Facets]:
    yield NOBODY
    address = work.accounts.address(account_id, sender) if sender else None
    if address is None or address.frozen_at is not None:
        return
    for person_id, where in work.accounts.people_at(address.id):
        person = work.people.get(person_id, event_id) if where == event_id else None
        if person is not None:
            yield facets_of(person)


def reduce_those_over(work: Work) -> int:
    """In every event whose last day has passed; returns how many lines about people went."""
    over = [one for one in work.events.all(open_only=False) if one.ends_at <= work.now]
    return sum(reduce_to_counts(work, event) for event in over)


def reduce_to_counts(work: Work, event: Event) -> int:
    """After the event: keep how many opened each version and forget who.

    Returns how many lines about people went; doing it again changes nothing. Raises Refusal while
    the event goes on: until then a new version is told to those who opened the old one.
    """
    if event.day_number(work.now) <= event.days and event.closed_at is None:
        raise Refusal(f"The event {event.slug} is not over; who opened what is still needed.")
    gone = work.documents.reduce(event.id)
    if gone:
        work.audit.add(event.id, "system", "documents.reduce", f"event:{event.id}", people=gone)
    return gone
