"""One person is erased wholly, her neighbour on the same phone not at all; she stays erased."""

from pathlib import Path
from typing import Any

import pytest

from bot import privacy
from bot.clock import SetClock
from bot.errors import StoreError
from bot.roster import Source, apply, compare
from bot.store import Store, Work, backup, database_url
from bot.values.consent import TEXT_VERSION
from bot.values.delivery import State
from bot.values.erased import ErasedKind, Tombstone, person_mark
from bot.vault import Vault, new_key
from tests.conftest import MORNING
from tests.privacy.world import AN, BINH, a_person, an_event, everything, rows_of, traces
from tests.roster.books import csv, parsed

SHARED = "phone-of-eight"
LIST = "Mã ĐB,Họ tên\nDB1,Nguyễn Văn An\nDB2,Lê Thị Bình\nDB3,Chi\n"


@pytest.fixture
async def two(store: Store, vault: Vault) -> tuple[int, int, int]:
    """(event, An, Bình): both on the roster, both on one shared phone."""

    def fill(work: Work) -> tuple[int, int, int]:
        event = an_event(work)
        an = a_person(work, vault, event, AN, shared=SHARED)
        return event, an, a_person(work, vault, event, BINH, shared=SHARED)

    return await store.write(fill)


async def test_nothing_of_hers_can_be_read_any_more(
    store: Store, vault: Vault, two: tuple[int, int, int]
) -> None:
    event, an, binh = two
    assert len(traces(await store.read(everything), AN)) == 5  # the phone is sealed
    await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    left = await store.read(everything)
    imports = [f"'file_name': '{AN['full_name']}.xlsx'"]
    assert traces(left.replace(imports[0], ""), AN) == []
    assert "DB1" not in left
    person = await store.read(lambda work: work.people.get(binh, event))
    assert person is not None
    assert (person.language, person.linked, person.consented) == ("hmn", True, True)


async def test_what_stays_are_facts_without_a_link(
    store: Store, vault: Vault, two: tuple[int, int, int], clock: SetClock
) -> None:
    event, an, _ = two
    await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    consents = [one for one in await _rows(store, "consent") if one["person_id"] == an]
    assert [(one["text_version"], one["agreed"], one["language"]) for one in consents] == [
        (TEXT_VERSION, True, "")
    ]
    requests = [one for one in await _rows(store, "request") if one["person_id"] == an]
    assert [(one["state"], one["place"], one["last_texts"]) for one in requests] == [
        ("closed", "", [])
    ] * 3
    deliveries = [one for one in await _rows(store, "delivery") if one["person_id"] == an]
    assert sorted(one["state"] for one in deliveries) == [State.CANCELLED] * 2 + [State.SENT] * 2
    for table in ("record", "card", "membership", "address_person"):
        assert [one for one in await _rows(store, table) if one["person_id"] == an] == []
    (person,) = [one for one in await _rows(store, "person") if one["id"] == an]
    assert person["erased_at"] == clock.now()


async def test_a_shared_phone_speaks_on_for_the_other(
    store: Store, vault: Vault, two: tuple[int, int, int]
) -> None:
    event, an, binh = two
    await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    places = {one["id"]: one["sender"] for one in await _rows(store, "address")}
    assert sorted(places.values())[1:] == [SHARED, BINH["sender"]]
    shared = next(key for key, sender in places.items() if sender == SHARED)
    assert await store.read(lambda work: work.accounts.people_at(shared)) == [(binh, event)]
    session = await store.read(lambda work: work.sessions.get(shared))
    assert session is not None
    assert (session.person_id == an, session.notes, session.revision) == (False, {}, 1)


async def test_a_file_does_not_bring_her_back(
    store: Store, vault: Vault, two: tuple[int, int, int], tmp_path: Path
) -> None:
    event, an, _ = two
    await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    said = parsed(csv(tmp_path / "list.csv", LIST))
    source = Source("list.csv", "0", "Lan")
    todo = await store.read(lambda work: compare(work, vault, event, said))
    assert [(one.code, str(one.reasons[0])) for one in todo.rejected] == [
        ("DB1", "list!A2: This person was erased on request and is not taken in again.")
    ]
    done = await store.write(lambda work: apply(work, vault, event, said, source))
    assert [one.row.code for one in done.plan.added] == ["DB3"]
    codes = await store.read(lambda work: [one.code for one in work.roster.all(event)])
    assert codes == ["DB2", "DB3"]


async def test_she_may_ask_to_be_taken_in_again(
    store: Store, vault: Vault, two: tuple[int, int, int], tmp_path: Path
) -> None:
    event, an, _ = two
    await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    assert await store.write(lambda work: privacy.allow(work, vault, "sample", "DB1"))
    assert await store.write(lambda work: privacy.allow(work, vault, "sample", "DB1")) is None
    said = parsed(csv(tmp_path / "list.csv", LIST))
    todo = await store.read(lambda work: compare(work, vault, event, said))
    assert [one.row.code for one in todo.added] == ["DB1", "DB3"]


async def test_a_changed_key_still_knows_the_erased(
    store: Store, vault: Vault, two: tuple[int, int, int], tmp_path: Path
) -> None:
    event, an, _ = two
    await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    newer = Vault([new_key(), "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])
    said = parsed(csv(tmp_path / "list.csv", "Mã ĐB,Họ tên\nDB1,Nguyễn Văn An\n"))
    todo = await store.read(lambda work: compare(work, newer, event, said))
    assert [one.code for one in todo.rejected] == ["DB1"]


@pytest.mark.parametrize("how", ["erase", "forget"])
async def test_a_restored_backup_does_not_bring_her_back(
    store: Store,
    vault: Vault,
    two: tuple[int, int, int],
    tmp_path: Path,
    clock: SetClock,
    how: str,
) -> None:
    event, an, _ = two
    file, folder = tmp_path / "before.zip", tmp_path / "beside"
    backup.take(store.url, file, clock.now())
    if how == "erase":
        await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    else:
        await store.write(lambda work: privacy.forget(work, vault, an, event, actor="a"))
    stones = await store.read(lambda work: work.privacy.tombstones())
    assert privacy.keep_beside(folder, stones) == len(stones)
    assert privacy.keep_beside(folder, stones) == 0
    written = privacy.written_in(folder)
    done: list[int] = []
    backup.restore(
        store.url,
        file,
        then=lambda work, meta: done.append(privacy.reapply(work, vault, written, meta.made_at)),
    )
    assert done == [1]
    left = await store.read(everything)
    person = await store.read(lambda work: work.people.get(an, event))
    tombs = await store.read(lambda work: work.privacy.tombstones())
    assert person is not None
    assert person.language is None
    assert AN["words"] not in left
    assert (AN["code"] in left) == (how == "forget")
    assert (BINH["sender"] in left, tombs) == (True, stones)


async def test_what_was_erased_before_the_backup_is_left_alone(
    store: Store, vault: Vault, two: tuple[int, int, int], tmp_path: Path, clock: SetClock
) -> None:
    """She came back on her own word after it: the backup holds her rightly."""
    event, an, _ = two
    born = await store.read(lambda work: work.privacy.born(an))
    mark = vault.fingerprint(person_mark(an, born))
    old = Tombstone(ErasedKind.PERSON, mark, clock.now())
    privacy.keep_beside(tmp_path, [old])
    later = clock.now().replace(hour=clock.now().hour + 1)
    done = await store.write(
        lambda work: privacy.reapply(work, vault, privacy.written_in(tmp_path), later)
    )
    assert done == 0
    assert (await store.read(lambda work: work.people.get(an, event))).linked  # type: ignore[union-attr]


def test_the_file_of_the_erased_is_private_and_must_be_whole(tmp_path: Path) -> None:
    stone = Tombstone(ErasedKind.RECORD, "ab", MORNING)
    privacy.keep_beside(tmp_path, [stone])
    path = tmp_path / "erased.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600
    privacy.keep_beside(tmp_path, [], ["ab"])
    assert privacy.written_in(tmp_path).lifted == {(ErasedKind.RECORD, "ab")}
    path.write_text(path.read_text() + '{"kind": "person"\n')
    with pytest.raises(StoreError, match="line 3"):
        privacy.written_in(tmp_path)


async def test_deleted_words_are_overwritten_in_the_file(
    sqlite_url: str, vault: Vault, clock: SetClock
) -> None:
    def fill(work: Work) -> tuple[int, int]:
        event = an_event(work)
        return event, a_person(work, vault, event, AN, shared=AN["sender"])

    store = Store(sqlite_url, clock)
    event, an = await store.write(fill)
    await store.write(lambda work: privacy.erase(work, vault, an, event, actor="cli"))
    await store.close()  # the last to close writes everything into the one file
    body = Path(str(database_url(sqlite_url).database)).read_bytes()
    assert AN["words"].encode() not in body
    assert AN["sender"].encode() not in body


async def _rows(store: Store, table: str) -> list[dict[str, Any]]:
    return await store.read(lambda work: rows_of(work, table))


async def test_a_page_is_told_what_comes_after_its_lines_were_deleted(
    store: Store, vault: Vault, two: tuple[int, int, int]
) -> None:
    """It asks for lines after the last number it saw: no number may be given out twice."""
    event, an, binh = two
    last = await store.read(lambda work: work.transcripts.newest())
    for who in (an, binh):
        await store.write(lambda work, w=who: privacy.erase(work, vault, w, event, actor="a"))  # type: ignore[misc]
    fresh = await store.write(lambda work: work.transcripts.add(1, "out", "out:1:0", {}))
    assert fresh is not None
    assert fresh > last
