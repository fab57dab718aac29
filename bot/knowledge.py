"""What this process knows of every event: the content version in force and its question matcher.

Kept in memory and swapped whole when another version is put in force, without a restart; a turn
never waits for it and never sees half of it.
"""

import asyncio
import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import structlog

from bot.answers import Example, Matcher
from bot.content import Library, loads
from bot.store import Store, Work
from bot.values.event import Event

log = structlog.get_logger()

_M_MMAP_THRESHOLD = -3  # malloc.h
_MATRIX_BYTES = 512 * 1024  # nothing a turn makes is as big


@dataclass(frozen=True, slots=True)
class Known:
    """One event with its approved content; `library` is None until content was loaded."""

    event: Event
    library: Library | None
    matcher: Matcher


class Knowledge:
    """Every open event, by id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: Mapping[int, Known] = {}

    def __getitem__(self, event_id: int) -> Known:
        return self._known[event_id]

    def get(self, event_id: int | None) -> Known | None:
        """What is known of an event; None when there is no such open event."""
        return self._known.get(event_id) if event_id is not None else None

    def only_event(self) -> Event | None:
        """The event of a deployment that serves just one."""
        return next(iter(self._known.values())).event if len(self._known) == 1 else None

    def events(self) -> list[Event]:
        """Every open event, oldest first."""
        return [known.event for known in self._known.values()]

    async def refresh(self) -> None:
        """Look what is in force now; learn what changed, then swap."""
        events = await self._store.read(lambda work: work.events.all())
        fresh: dict[int, Known] = {}
        for event in events:
            before = self._known.get(event.id)
            if before is not None and before.event == event:
                fresh[event.id] = before
                continue
            try:
                fresh[event.id] = await self._learn(event, before)
            except ValueError:
                # Written by a newer program, say: the other events must not suffer from it.
                log.exception("content not readable", congress=event.slug)
                fresh[event.id] = before or Known(event, None, Matcher.build([]))
        self._known = fresh

    async def _learn(self, event: Event, before: Known | None) -> Known:
        if before is not None and before.event.version_id == event.version_id:
            moved = before.library.moved(event.first_day) if before.library else None
            return Known(event, moved, before.matcher)
        body = await self._store.read(lambda work: _body(work, event))
        if body is None:
            return Known(event, None, Matcher.build([]))
        known = await asyncio.to_thread(_study, event, body)
        log.info("content in force", congress=event.slug, version=event.version_id)
        return known


def _body(work: Work, event: Event) -> bytes | None:
    if event.version_id is None:
        return None
    return work.contents.body(event.id, event.version_id)


def _study(event: Event, body: bytes) -> Known:
    with _given_back():
        library = loads(body).moved(event.first_day)
        return Known(event, library, matcher_of(library))


def matcher_of(library: Library) -> Matcher:
    """What finds the answers of this content."""
    sensitive = [answer.id for answer in library.answers.values() if answer.sensitive]
    return Matcher.build(examples_of(library), sensitive=sensitive)


def examples_of(library: Library) -> list[Example]:
    """Every example question that is in force; those of drafts are not.

    A title is one: it stands on the button of a suggestion, and people type what they read.
    """
    return [
        Example(answer.id, question, language)
        for answer in library.answers.values()
        for language, text in answer.by_language.items()
        if text.questions and not text.draft
        for question in dict.fromkeys((text.title, *text.questions))
    ]


@contextmanager
def _given_back() -> Iterator[None]:
    """Learning makes 50 MB of temporaries; glibc keeps them for ever unless it is asked.

    A matrix that lies in pages of its own goes back as soon as it is let go; but after the first
    few, glibc would take the next from its heaps. What was small goes back at the end.
    """
    with suppress(OSError, AttributeError):  # another C library: nothing to ask
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _MATRIX_BYTES)
    yield
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
