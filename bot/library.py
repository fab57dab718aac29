"""Content versions in the database: put one on the shelf, put one in force, take one out again.

A version never changes once stored, so going back is choosing an older number. What is in force is
one column of the event; `bot.knowledge` notices when it changes. Every function here is one part
of a unit of work: content, pictures and the event's facts change together or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.content import Document, Library, digest, dumps, loads
from bot.errors import Refusal, StoreError
from bot.jobs import defer
from bot.store import Work
from bot.store.contents import Version
from bot.values.event import Event

# What an answer may `go` to instead of saying a text: steps that handlers registered.
GO_TARGETS = (
    *(f"mine.{what}" for what in ("room", "hotel", "seat", "bus", "meals", "badge", "group")),
    *("mine.head", "mine.all", "helper.start", "menu.show", "welcome.language", "welcome.link"),
    *(f"programme.{when}" for when in ("now", "next", "today", "tomorrow", "day")),
    *("documents.list", "lost.show", "emergency.show", "emergency.ill", "emergency.afraid"),
    "smalltalk.despair",
)

# The job that tells those who opened a document that there is a newer one.
REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Put:
    """A version now in force. `is_new` is False when the very same content was there already."""

    event: Event
    version: Version
    is_new: bool


def put(
    work: Work,
    event: Event,
    library: Library,
    pictures: Mapping[str, bytes],
    *,
    author: str,
    approver: str = "",
    note: str = "",
    first_day: date | None = None,
) -> Put:
    """Store a Library as a new version and put it in force.

    `pictures` holds the bytes of its pictures and papers by SHA-256; StoreError when one is
    missing or other.
    The same content is not stored twice: its version is put in force again. `first_day` moves the
    whole event; without it a date moved earlier stays, unless the content itself says another.
    """
    body = dumps(library)
    sha256 = digest(body)
    known = next((v for v in work.contents.versions(event.id) if v.sha256 == sha256), None)
    if known is None:
        _keep_pictures(work, event.id, library, pictures)
    version = known or work.contents.add(
        event.id, sha256=sha256, body=body, author=author, approver=approver, note=note
    )
    changed = _put_in_force(work, event, version, library, first_day)
    verb = "content.use" if known else "content.load"
    work.audit.add(event.id, author, verb, f"version:{version.number}", sha256=sha256)
    return Put(changed, version, known is None)


def use(
    work: Work, event: Event, number: int, *, author: str, first_day: date | None = None
) -> Event:
    """Put an older (or newer) version in force. Raises Refusal when there is no such number."""
    version, library = taken(work, event, number)
    changed = _put_in_force(work, event, version, library, first_day)
    work.audit.add(event.id, author, "content.use", f"version:{number}", sha256=version.sha256)
    return changed


def taken(work: Work, event: Event, number: int | None = None) -> tuple[Version, Library]:
    """A version with its Library; the one in force without a number. Raises Refusal for none."""
    found = (
        v
        for v in work.contents.versions(event.id)
        if (v.id == event.version_id if number is None else v.number == number)
    )
    version = next(found, None)
    body = work.contents.body(event.id, version.id) if version else None
    if version is None or body is None:
        which = "no content in force" if number is None else f"no content version {number}"
        see = f"`donghanh content versions --event {event.slug}`"
        raise Refusal(f"The event {event.slug} has {which}. See {see}.")
    return version, loads(body)


def pictures_of(work: Work, event: Event, library: Library) -> dict[str, bytes]:
    """The bytes of a Library's pictures and papers by SHA-256; StoreError when one is lost."""
    found: dict[str, bytes] = {}
    for path, medium in library.stored():
        kept = work.contents.media(medium.sha256, event.id)
        if kept is None:
            raise StoreError(f"The file {path} is not in the database. Restore a backup.")
        found[medium.sha256] = kept[1]
    return found


def event_for(work: Work, library: Library, slug: str, *, make: bool) -> Event:
    """The open event to load content into, made when `make` allows it. Raises Refusal otherwise."""
    event = work.events.by_slug(slug)
    if event is None and not make:
        raise Refusal(f"There is no event {slug}. Name it with --event, or add --new.")
    if event is not None and event.closed_at is not None:
        raise Refusal(f"The event {slug} is closed; its content stays as it is.")
    return event or new_event(work, library, slug)


def new_event(work: Work, library: Library, slug: str) -> Event:
    """An event made from the facts of its content, which is not yet in force."""
    facts = library.event
    return work.events.add(
        slug,
        names=facts.names,
        time_zone=facts.time_zone,
        first_day=facts.first_day,
        days=facts.days,
        languages=facts.languages,
        simple=facts.simple,
    )


def _keep_pictures(
    work: Work, event_id: int, library: Library, pictures: Mapping[str, bytes]
) -> None:
    papers = {medium.sha256 for medium in library.files.values()}
    shown = {medium.sha256 for medium in library.media.values()}
    for path, medium in library.stored():
        sha256, name = medium.sha256, path.rpartition("/")[2]
        data = pictures.get(sha256)
        if data is None or digest(data) != sha256:
            raise StoreError(f"The file {path} changed while it was read. Load it again.")
        guarded = sha256 in papers - shown
        work.contents.keep_media(event_id, name, sha256, medium.mime, data, guarded=guarded)


def _put_in_force(
    work: Work, event: Event, version: Version, library: Library, first_day: date | None
) -> Event:
    facts = library.event
    before = taken(work, event)[1] if event.version_id is not None else None
    changed = replace(
        event,
        names=facts.names,
        time_zone=facts.time_zone,
        first_day=first_day or _first_day(event, before, facts.first_day),
        days=facts.days,
        languages=facts.languages,
        simple=facts.simple,
        version_id=version.id,
    )
    work.events.save(changed)
    slugs = [one.slug for one in newer_documents(before, library)]
    if any(work.documents.readers(event.id, slug) for slug in slugs):
        args = {"event": event.id, "documents": slugs}
        defer(work, REPLACED, f"{event.id}:{version.id}", args, event.id)
    return changed


def newer_documents(before: Library | None, after: Library) -> list[Document]:
    """The documents that `before` had in another version."""
    old = before.documents if before else {}
    return [
        one
        for slug, one in after.documents.items()
        if slug in old and old[slug].version != one.version
    ]


def _first_day(event: Event, before: Library | None, written: date) -> date:
    """A date the organisers moved by hand outlives an edit of the words."""
    if before is None:
        return written
    return event.first_day if before.event.first_day == written else written
