"""Content versions in both databases: stored once, put in force together, taken out unchanged."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.clock import SetClock
from bot.content import Library, digest, read
from bot.errors import Refusal, StoreError
from bot.library import Put, event_for, new_event, pictures_of, put, taken, use
from bot.store import Store, Work
from bot.values.event import Event
from tests.content.folders import GOOD, PDF, PNG, STEPS, write

PICTURES = {digest(one): one for one in (PNG, PDF, PDF + b"%en")}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return read(write(tmp_path / "content", GOOD), steps=STEPS)


def renamed(library: Library, hotline: str) -> Library:
    """Another version: one fact is different."""
    return replace(library, event=replace(library.event, hotline=hotline))


async def loaded(store: Store, library: Library, first_day: date | None = None) -> Event:
    """An event with this content in force."""

    def do(work: Work) -> Event:
        event = new_event(work, library, "dai-hoi")
        return put(work, event, library, PICTURES, author="lan", first_day=first_day).event

    return await store.write(do)


async def test_a_version_is_stored_and_in_force_with_its_pictures_and_facts(
    store: Store, library: Library
) -> None:
    event = await loaded(store, library)
    assert await store.read(lambda work: work.events.by_slug("dai-hoi")) == event
    assert (event.names["vi"], event.days, event.first_day) == (
        "Đại hội Thử",
        2,
        date(2027, 1, 18),
    )
    version, again = await store.read(lambda work: taken(work, event))
    assert (version.number, version.author, again) == (1, "lan", library)
    assert await store.read(lambda work: pictures_of(work, event, library)) == PICTURES
    kept = await store.read(lambda work: work.contents.media(digest(PNG), event.id))
    assert kept == ("image/png", PNG)


async def load(
    store: Store, event: Event, library: Library, pictures: Mapping[str, bytes] = PICTURES
) -> Put:
    return await store.write(lambda work: put(work, event, library, pictures, author="lan"))


async def test_the_same_content_is_one_version_and_going_back_is_choosing_a_number(
    store: Store, library: Library
) -> None:
    event, other = await loaded(store, library), renamed(library, "115")
    again = await load(store, event, library)
    assert (again.version.number, again.is_new) == (1, False)
    second = await load(store, event, other)
    assert (second.version.number, second.is_new) == (2, True)
    assert (await store.read(lambda work: taken(work, second.event)))[1] == other
    event = await store.write(lambda work: use(work, second.event, 1, author="lan"))
    assert (await store.read(lambda work: taken(work, event)))[1] == library
    assert (await store.read(lambda work: taken(work, event, 2)))[1] == other
    log = await store.read(lambda work: work.audit.of_event(event.id))
    assert [(entry.verb, entry.subject) for entry in log] == [
        ("content.use", "version:1"),
        ("content.load", "version:2"),
        ("content.use", "version:1"),
        ("content.load", "version:1"),
    ]


async def test_a_first_day_moved_by_hand_outlives_an_edit_but_not_a_new_date(
    store: Store, library: Library
) -> None:
    event = await loaded(store, library, first_day=date(2027, 2, 1))
    assert event.first_day == date(2027, 2, 1)
    edited = await load(store, event, renamed(library, "115"))
    assert edited.event.first_day == date(2027, 2, 1)
    moved = await load(store, edited.event, library.moved(date(2027, 3, 1)))
    assert moved.event.first_day == date(2027, 3, 1)


async def test_nothing_changes_when_a_picture_is_missing(store: Store, library: Library) -> None:
    event = await loaded(store, renamed(library, "115"))
    for pictures in ({}, {digest(PNG): b"other"}):
        with pytest.raises(StoreError):
            await load(store, event, library, pictures)
    assert len(await store.read(lambda work: work.contents.versions(event.id))) == 1
    assert await store.read(lambda work: work.events.get(event.id)) == event


async def test_another_event_has_neither_the_versions_nor_the_pictures(
    store: Store, library: Library
) -> None:
    await loaded(store, library)
    other = await store.write(lambda work: new_event(work, library, "khac"))
    with pytest.raises(Refusal, match="no content in force"):
        await store.read(lambda work: taken(work, other))
    with pytest.raises(Refusal, match="no content version 1"):
        await store.write(lambda work: use(work, other, 1, author="lan"))
    with pytest.raises(StoreError):
        await store.read(lambda work: pictures_of(work, other, library))


async def test_content_goes_only_into_an_open_event_somebody_meant(
    store: Store, library: Library, clock: SetClock
) -> None:
    def named(work: Work) -> Event:
        return event_for(work, library, "dai-hoi", make=False)

    with pytest.raises(Refusal, match="There is no event dai-hoi"):
        await store.write(named)
    made = await store.write(lambda work: event_for(work, library, "dai-hoi", make=True))
    assert await store.write(named) == made
    closed = replace(made, closed_at=clock.now())
    await store.write(lambda work: work.events.save(closed))
    with pytest.raises(Refusal, match="closed"):
        await store.write(named)
