"""A document got a new version: messages with the old file say so, and only who opened that one is
told. Both are rows with keys of their own, so a job that runs twice says nothing twice."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.access import facets_of
from bot.content import Document, Library, loads
from bot.errors import StaleSession
from bot.i18n import N_, Texts, Translator
from bot.jobs import Progress
from bot.library import REPLACED, newer_documents, taken
from bot.outbox import Owed, put
from bot.reach import address_of
from bot.store import Store, Work
from bot.store.documents import Carried
from bot.text import clip
from bot.values.delivery import Act
from bot.values.event import Event
from bot.values.letter import Lane, Letter
from bot.values.person import Person
from bot.values.reply import Choice, Reply

CHUNK = 20  # people in one transaction: short enough not to hold up a turn
REPLAYS = 3
# Routine work, but somebody may be about to read the old paper.
LANE = Lane.SCHEDULED
TALK = N_("🙋 Talk to a person")


@dataclass(frozen=True, slots=True)
class Newer:
    """A document about to be replaced, for whoever publishes it: how many would be told."""

    slug: str
    title: str
    was: str
    version: str
    people: int


@dataclass(frozen=True, slots=True)
class _Round:
    """What one run of the job goes by. `old` are the files of earlier versions by document."""

    event: Event
    version_id: int
    library: Library
    old: Mapping[str, frozenset[str]]
    texts: Texts
    edits: Collection[int]


def newer_in(work: Work, event: Event | None, after: Library) -> list[Newer]:
    """Which documents this content would replace, and how many people would be told."""
    if event is None or event.version_id is None:
        return []
    before = taken(work, event)[1]
    return [
        Newer(
            slug=one.slug,
            title=one.by_language["vi"].title,
            was=before.documents[one.slug].version,
            version=one.version,
            people=len(_to_tell(work, event.id, after, one)),
        )
        for one in newer_documents(before, after)
    ]


async def tell(
    store: Store,
    texts: Texts,
    args: Mapping[str, Any],
    progress: Progress,
    *,
    edits: Collection[int],
) -> None:
    """Mark and tell, a few people at a time. `edits`: the accounts where messages can be edited.

    Goes by the content in force when it runs: who loads two versions in a minute tells once.
    """
    looked = await store.read(lambda work: _bodies(work, args["event"]))
    if looked is None:
        return
    event, bodies = looked
    version_id = event.version_id or 0
    by_id = {number: await asyncio.to_thread(loads, body) for number, body in bodies.items()}
    library = by_id[version_id]
    old = {slug: _old_files(slug, by_id, version_id) for slug in args["documents"]}
    this = _Round(event, version_id, library, old, texts, edits)
    todo = await store.read(lambda work: _everybody(work, this))
    for done in range(0, len(todo), CHUNK):
        await _some(store, this, todo[done : done + CHUNK])
        await progress(min(done + CHUNK, len(todo)), len(todo))


def _everybody(work: Work, this: _Round) -> list[tuple[Document, int]]:
    """Everybody who opened one of these documents, in any version."""
    still = [this.library.documents[slug] for slug in this.old if slug in this.library.documents]
    return [
        (document, person_id)
        for document in still
        for person_id in work.documents.readers(this.event.id, document.slug)
    ]


def _bodies(work: Work, event_id: int) -> tuple[Event, dict[int, bytes]] | None:
    event = work.events.get(event_id)
    if event is None or event.version_id is None or event.closed_at is not None:
        return None
    bodies = {
        one.id: work.contents.body(event_id, one.id) for one in work.contents.versions(event_id)
    }
    return event, {number: body for number, body in bodies.items() if body is not None}


def _old_files(slug: str, by_id: Mapping[int, Library], in_force: int) -> frozenset[str]:
    """The files this document ever had, without those it has now."""
    now = _files(slug, by_id[in_force])
    return frozenset().union(*(_files(slug, library) for library in by_id.values())) - now


def _files(slug: str, library: Library) -> frozenset[str]:
    document = library.documents.get(slug)
    words = document.by_language.values() if document else ()
    return frozenset(library.files[one.file].sha256 for one in words if one.file in library.files)


async def _some(store: Store, this: _Round, todo: Sequence[tuple[Document, int]]) -> None:
    for _ in range(REPLAYS):
        try:
            await store.write(lambda work: _write(work, this, todo))
        except StaleSession:  # somebody of them is talking just now
            continue
        return
    raise StaleSession("told in vain")


def _write(work: Work, this: _Round, todo: Sequence[tuple[Document, int]]) -> None:
    for document, person_id in todo:
        carried = work.documents.carrying(this.event.id, person_id, this.old[document.slug])
        marks = [
            _mark(this, document, person_id, one) for one in carried if one.account_id in this.edits
        ]
        put(work, marks, {})
        person = work.people.get(person_id, this.event.id)
        if carried and person is not None and _wants(work, this, document, person):
            _tell(work, this, document, person, carried[-1])


def _wants(work: Work, this: _Round, document: Document, person: Person) -> bool:
    return person.id in _to_tell(work, this.event.id, this.library, document, only=person)


def _to_tell(
    work: Work, event_id: int, library: Library, document: Document, only: Person | None = None
) -> set[int]:
    """Who opened an older version, may have this one, and did not stop notices like this."""
    readers = work.documents.readers(event_id, document.slug, without=document.version)
    asked = [one for one in readers if only is None or one == only.id]
    people = (only or work.people.get(one, event_id) for one in asked)
    return {
        one.id
        for one in people
        if one is not None
        and one.notices_stopped_at is None
        and library.admits(document, facets_of(one))
    }


def _tell(work: Work, this: _Round, document: Document, person: Person, where: Carried) -> None:
    """At the address she prefers; digits she types there now pick from what she is told."""
    address = address_of(work, person.id, this.event.id)
    key = f"{REPLACED}:{this.version_id}:{document.slug}:{where.delivery_id}"
    if address is None or work.letters.has(key):
        return
    where = where._replace(
        address_id=address.id,
        sender=address.sender,
        queue_id=work.queues.ensure(address.account_id),
    )
    t, title = _said(this, document, person.language or where.lang)
    lines = [
        t("“{title}” has a new version: {version}.", title=title, version=document.version),
        t("The file you opened before was replaced."),
    ]
    if person.record is not None and len(work.accounts.people_at(address.id)) > 1:
        lines.insert(0, f"{clip(person.record.full_name, 60)}:")  # whose news this is
    reply = _reply(t, document, lines)
    put(work, [_owed(this, key, person.id, where, reply)], {})
    work.sessions.number_anew(where.address_id, reply)


def _mark(this: _Round, document: Document, person_id: int, where: Carried) -> Owed:
    """The message that brought the old file, saying so, in the language it was said in."""
    t, title = _said(this, document, where.lang)
    lines = [
        t("Replaced: “{title}”.", title=title),
        t("The organisers have a newer version of this document."),
    ]
    key = f"{REPLACED}:{where.delivery_id}"
    owed = _owed(this, key, person_id, where, _reply(t, document, lines))
    return replace(owed, act=Act.EDIT, acts_on=where.message_id, target_id=where.delivery_id)


def _said(this: _Round, document: Document, language: str) -> tuple[Translator, str]:
    t = this.texts.translator(language, this.event.zone)
    return t, this.library.text(document, t.language.chain)[1].title


def _reply(t: Translator, document: Document, lines: Sequence[str]) -> Reply:
    has_file = not document.official
    step = "documents.get" if has_file else "documents.show"
    choices = (
        Choice(
            t("Get the new file") if has_file else t("See this document"), f"{step}:{document.slug}"
        ),
        Choice(t("Other documents"), "documents.list"),
        Choice(t("To the menu"), "menu.show"),
    )
    controls = (
        Choice(t("Read again"), "menu.again"),
        Choice(t("↩︎ Back"), "menu.back"),
        Choice(t(TALK), "helper.start"),
    )
    spoken = t.spoken_in(TALK)
    return Reply("\n".join(lines), choices, controls=controls, language=spoken)


def _owed(this: _Round, key: str, person_id: int, where: Carried, reply: Reply) -> Owed:
    letter = Letter(key, {reply.language: reply}, event_id=this.event.id, lane=LANE)
    return Owed(letter, person_id, where.address_id, where.sender, where.queue_id, reply.language)
