"""Who may have which file just now, and who opened what, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answers import Matcher
from bot.clock import SetClock
from bot.content import Library, digest, media_bytes, read
from bot.documents import Paper, paper_for, reduce_those_over, reduce_to_counts
from bot.errors import Refusal
from bot.knowledge import Knowledge, Known
from bot.library import event_for, put
from bot.store import Store, Work
from bot.store.documents import Opened
from bot.store.roster import COLUMNS
from bot.values.consent import TEXT_VERSION
from bot.values.event import Event
from tests.content.folders import GOOD, PDF, STEPS, write

RULES = "documents/noi-quy.toml"
LINKED = str(GOOD[RULES]).replace('"public"', '"linked"').replace("noi-quy", "so-tay")
HEADS = str(GOOD[RULES]).replace('"public"', '"role:Trưởng đoàn"').replace("noi-quy", "viec")
FOLDER = {
    **GOOD,
    "documents/so-tay.toml": LINKED,
    "documents/viec.toml": HEADS,
    "documents/files/so-tay.pdf": PDF + b"%linked",
    "documents/files/so-tay-en.pdf": PDF + b"%linked en",
    "documents/files/viec.pdf": PDF + b"%heads",
    "documents/files/viec-en.pdf": PDF + b"%heads en",
}
PUBLIC, OURS, OF_HEADS = PDF, PDF + b"%linked", PDF + b"%heads"


class Ground:
    """A congress with its documents, and people at addresses of one web chat."""

    def __init__(self, store: Store, library: Library, pictures: dict[str, bytes]) -> None:
        self.store, self.library, self.pictures = store, library, pictures
        self.event: Event
        self.account_id = 0

    async def load(self, library: Library) -> None:
        def do(work: Work) -> None:
            event = event_for(work, library, "thu", make=True)
            self.event = put(work, event, library, self.pictures, author="lan").event
            self.account_id = work.accounts.ensure("webchat", "thu", event_id=event.id).id

        await self.store.write(do)
        self.library = library

    async def person(self, sender: str, role: str = "Đại biểu", **how: Any) -> int:
        """Somebody of the roster at an address; `agrees` and `status` as given."""

        def do(work: Work) -> int:
            event_id, person_id = self.event.id, work.people.add()
            values: dict[str, Any] = dict.fromkeys(COLUMNS, "")
            values |= {"event_id": event_id, "person_id": person_id, "code": f"DB{person_id}"}
            values |= {"status": how.get("status", "active"), "role": role, "updated_at": work.now}
            work.roster.add_many([values])
            address = work.accounts.add_address(self.account_id, sender)
            work.accounts.tie(address.id, person_id, how.get("event_id", event_id), "card")
            work.people.consent(event_id, person_id, TEXT_VERSION, "vi", how.get("agrees", True))
            return person_id

        return await self.store.write(do)

    async def had(self, sender: str) -> list[str]:
        """Which of the three files this sender may have."""
        known = Known(self.event, self.library, Matcher.build([]))
        found = [
            await paper_for(self.store, known, self.account_id, sender, digest(body))
            for body in (PUBLIC, OURS, OF_HEADS)
        ]
        return [paper.name for paper in found if paper is not None]


@pytest.fixture
async def ground(store: Store, tmp_path: Path) -> Ground:
    folder = write(tmp_path / "content", FOLDER)
    library = read(folder, steps=STEPS)
    made = Ground(store, library, media_bytes(folder, library))
    await made.load(library)
    return made


async def test_a_file_is_given_to_whom_its_document_is_for(ground: Ground) -> None:
    await ground.person("delegate")
    await ground.person("head", "Trưởng đoàn")
    await ground.person("refused", agrees=False)
    await ground.person("withdrawn", status="withdrawn")
    assert {
        sender: await ground.had(sender)
        for sender in ("", "nobody", "delegate", "head", "refused", "withdrawn")
    } == {
        "": ["noi-quy.pdf"],
        "nobody": ["noi-quy.pdf"],
        "delegate": ["noi-quy.pdf", "so-tay.pdf"],
        "head": ["noi-quy.pdf", "so-tay.pdf", "viec.pdf"],
        "refused": ["noi-quy.pdf"],
        "withdrawn": ["noi-quy.pdf"],
    }


async def test_a_shared_telephone_has_what_one_of_its_people_may_have(ground: Ground) -> None:
    await ground.person("shared")
    await ground.person("shared", "Trưởng đoàn")
    assert await ground.had("shared") == ["noi-quy.pdf", "so-tay.pdf", "viec.pdf"]


async def test_the_bytes_are_those_of_the_file(ground: Ground) -> None:
    known = await known_of(ground)
    paper = await paper_for(ground.store, known, ground.account_id, "", digest(PUBLIC))
    assert paper == Paper("noi-quy.pdf", "application/pdf", PUBLIC)
    english = digest(PDF + b"%en")
    found = await paper_for(ground.store, known, ground.account_id, "", english)
    assert found is not None
    assert found.name == "noi-quy-en.pdf"


async def known_of(ground: Ground) -> Known:
    knowledge = Knowledge(ground.store)
    await knowledge.refresh()
    return knowledge[ground.event.id]


async def test_a_link_dies_with_its_document_and_with_a_frozen_address(
    ground: Ground, clock: SetClock
) -> None:
    await ground.person("head", "Trưởng đoàn")

    def freeze(work: Work) -> None:
        work.conn.exec_driver_sql("UPDATE address SET frozen_at = CURRENT_TIMESTAMP")

    documents = {slug: one for slug, one in ground.library.documents.items() if slug != "so-tay"}
    files = {name: one for name, one in ground.library.files.items() if "so-tay" not in name}
    await ground.load(replace(ground.library, documents=documents, files=files))
    assert await ground.had("head") == ["noi-quy.pdf", "viec.pdf"]
    await ground.store.write(freeze)
    assert await ground.had("head") == ["noi-quy.pdf"]


async def test_the_fingerprint_alone_opens_no_document(ground: Ground) -> None:
    stored = [medium.sha256 for _, medium in ground.library.stored()]

    def shown(work: Work) -> list[bool]:
        return [work.contents.shown(sha256) is not None for sha256 in stored]

    assert await ground.store.read(shown) == [True] + [False] * 6


async def open_two(ground: Ground) -> tuple[int, int]:
    one, two = await ground.person("one"), await ground.person("two")

    def do(work: Work) -> None:
        for who, version in ((one, "1"), (one, "1"), (one, "2"), (two, "1")):
            work.documents.note_opened(ground.event.id, "so-tay", version, who)

    await ground.store.write(do)
    return one, two


async def test_a_new_version_concerns_those_who_only_have_the_old_one(ground: Ground) -> None:
    one, two = await open_two(ground)
    event_id = ground.event.id

    def readers(without: str) -> Callable[[Work], list[int]]:
        return lambda work: work.documents.readers(event_id, "so-tay", without=without)

    assert await ground.store.read(readers("")) == [one, two]
    assert await ground.store.read(readers("2")) == [two]
    assert await ground.store.read(readers("1")) == []


async def test_after_the_event_only_counts_are_left(ground: Ground, clock: SetClock) -> None:
    one, _ = await open_two(ground)
    event, store = ground.event, ground.store
    counted = [Opened("so-tay", "1", 2), Opened("so-tay", "2", 1)]
    assert await store.read(lambda work: work.documents.counts(event.id)) == counted
    with pytest.raises(Refusal, match="not over"):
        await store.write(lambda work: reduce_to_counts(work, event))
    clock.forward(timedelta(days=30))
    assert await store.write(lambda work: reduce_to_counts(work, event)) == 3
    assert await store.write(lambda work: reduce_to_counts(work, event)) == 0
    assert await store.read(lambda work: work.documents.counts(event.id)) == counted
    assert await store.read(lambda work: work.documents.readers(event.id, "so-tay")) == []
    # Somebody comes late: she is counted too, and forgotten the next time.
    await store.write(lambda work: work.documents.note_opened(event.id, "so-tay", "2", one))
    assert await store.write(lambda work: reduce_to_counts(work, event)) == 1
    late = [Opened("so-tay", "1", 2), Opened("so-tay", "2", 2)]
    assert await store.read(lambda work: work.documents.counts(event.id)) == late


async def test_an_event_that_is_over_is_reduced_by_itself(ground: Ground, clock: SetClock) -> None:
    await open_two(ground)
    assert await ground.store.write(reduce_those_over) == 0
    clock.forward(timedelta(days=30))
    assert await ground.store.write(reduce_those_over) == 3
    assert await ground.store.write(reduce_those_over) == 0


async def test_one_person_can_be_forgotten(ground: Ground) -> None:
    one, two = await open_two(ground)
    assert await ground.store.write(lambda work: work.documents.forget(one)) == 2
    readers = await ground.store.read(
        lambda work: work.documents.readers(ground.event.id, "so-tay")
    )
    assert readers == [two]


async def test_another_event_neither_counts_nor_gives_ours(ground: Ground) -> None:
    await open_two(ground)
    other = await ground.store.write(lambda work: event_for(work, ground.library, "kh", make=True))
    assert await ground.store.read(lambda work: work.documents.counts(other.id)) == []
    known = replace(await known_of(ground), event=other)
    got = await paper_for(ground.store, known, ground.account_id, "one", digest(OURS))
    assert got is None
