"""Applying and undoing an import, on both databases: one transaction, a history, no surprise."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.access import issue_cards
from bot.clock import SetClock
from bot.roster import Applied, Parsed, RosterRefused, Source, Undone, apply, compare, undo
from bot.roster.cards import card_file, issue
from bot.store import Store, Work
from bot.values.person import Record, Role
from bot.vault import Vault
from tests.roster.books import csv, parsed

SOURCE = Source("roster.csv", "0" * 64, "Lan")
FIRST = """Mã ĐB,Họ tên,SĐT,Phòng,Ngôn ngữ
DB1,Nguyễn Văn An,0900001234,305,Gia Rai
DB2,Lê Bình,,306,
DB3,Chi,0900001235,,
"""
SECOND = """Mã ĐB,Họ tên,SĐT,Phòng,Trạng thái
DB1,Nguyễn Văn An,0900009999,412,
DB3,Chi,0900001235,,rút
DB4,Dung,,9,
"""


def an_event(work: Work, slug: str = "sample") -> int:
    return work.events.add(
        slug,
        names={"vi": "Đại hội Mẫu"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=date(2027, 1, 18),
        days=5,
    ).id


def said(folder: Path, text: str) -> Parsed:
    return parsed(csv(folder / "roster.csv", text))


class Desk:
    """An event with its roster, and the verbs of this test."""

    def __init__(self, store: Store, vault: Vault, folder: Path, event_id: int) -> None:
        self.store, self.vault, self.folder, self.event_id = store, vault, folder, event_id

    async def apply(self, text: str, confirmed: int | None = None) -> Applied:
        found = said(self.folder, text)
        return await self.store.write(
            lambda work: apply(work, self.vault, self.event_id, found, SOURCE, confirmed)
        )

    async def undo(self) -> Undone:
        return await self.store.write(lambda work: undo(work, self.event_id, "Lan"))

    async def records(self) -> dict[str, Record]:
        found = await self.store.read(lambda work: work.roster.all(self.event_id))
        return {record.code: record for record in found}

    async def summary(self) -> list[tuple[str, str, str, str]]:
        """Code, phone, room and status of everybody."""
        return [
            (code, self.vault.open(record.phone_cipher), record.room, record.status)
            for code, record in (await self.records()).items()
        ]


@pytest.fixture
async def desk(store: Store, vault: Vault, tmp_path: Path) -> Desk:
    return Desk(store, vault, tmp_path, await store.write(an_event))


AFTER_FIRST = [
    ("DB1", "+84900001234", "305", "active"),
    ("DB2", "", "306", "active"),
    ("DB3", "+84900001235", "", "active"),
]
AFTER_SECOND = [
    ("DB1", "+84900009999", "412", "active"),
    ("DB2", "", "306", "active"),
    ("DB3", "+84900001235", "", "withdrawn"),
    ("DB4", "", "9", "active"),
]


async def test_an_import_makes_records_and_people(desk: Desk) -> None:
    applied = await desk.apply(FIRST)
    assert await desk.summary() == AFTER_FIRST
    first = (await desk.records())["DB1"]
    assert first.phone_hash == desk.vault.fingerprint("+84900001234")
    assert (first.full_name, first.declared_language) == ("Nguyễn Văn An", "jra")
    person = await desk.store.read(lambda work: work.people.get(first.person_id, desk.event_id))
    assert person is not None
    assert (person.record, person.language) == (first, None)
    assert person.roles == frozenset({Role.DELEGATE})
    last = await desk.store.read(lambda work: work.roster.last_import(desk.event_id))
    assert last is not None
    assert (last.id, last.file_name, last.author) == (applied.import_id, "roster.csv", "Lan")
    assert last.counts == {
        "added": 3, "changed": 0, "withdrawn": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip


async def test_the_same_file_again_writes_nothing(desk: Desk, clock: SetClock) -> None:
    await desk.apply(FIRST)
    before = await desk.records()
    clock.forward(timedelta(hours=1))
    again = await desk.apply(FIRST)
    assert (again.import_id, again.plan.unchanged) == (None, ("DB1", "DB2", "DB3"))
    assert await desk.records() == before
    imports = await desk.store.read(lambda work: work.roster.imports(desk.event_id))
    assert len(imports) == 1


async def test_a_second_file_changes_what_it_says_and_nothing_else(desk: Desk) -> None:
    await desk.apply(FIRST)
    await desk.apply(SECOND, confirmed=1)
    assert await desk.summary() == AFTER_SECOND
    assert (await desk.records())["DB1"].declared_language == "jra"


async def test_many_withdrawals_need_their_number(desk: Desk) -> None:
    await desk.apply(FIRST)
    for confirmed in (None, 2):
        with pytest.raises(RosterRefused) as refused:
            await desk.apply(SECOND, confirmed)
        assert str(refused.value) == (
            "This withdraws 1 of 3 people; if that is right, run it again with "
            "--confirm-withdrawals 1."
        )
    assert await desk.summary() == AFTER_FIRST


async def test_undo_puts_everything_back_one_import_at_a_time(desk: Desk) -> None:
    await desk.apply(FIRST)
    await desk.apply(SECOND, confirmed=1)
    second = await desk.undo()
    assert (second.removed, second.restored, second.kept) == (1, 2, ())
    assert await desk.summary() == AFTER_FIRST
    first = await desk.undo()
    assert (first.removed, first.restored, first.kept) == (3, 0, ())
    assert await desk.summary() == []
    with pytest.raises(RosterRefused, match="There is no import to undo"):
        await desk.undo()


async def test_undo_keeps_what_was_changed_again_by_hand(desk: Desk) -> None:
    await desk.apply(FIRST)
    await desk.apply(SECOND, confirmed=1)

    def move(work: Work) -> None:
        record = work.roster.by_code(desk.event_id, "DB1")
        assert record is not None
        work.roster.change_many(desk.event_id, [columns(replace(record, room="500"))])

    await desk.store.write(move)
    undone = await desk.undo()
    assert undone.kept == ("DB1",)
    assert (await desk.summary())[0] == ("DB1", "+84900009999", "500", "active")


def columns(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in Record.__dataclass_fields__}


async def test_the_corrected_file_brings_the_same_people_back(desk: Desk) -> None:
    await desk.apply(FIRST)
    before = {code: record.person_id for code, record in (await desk.records()).items()}
    await desk.undo()
    gone = await desk.store.read(lambda work: work.people.get(before["DB1"], desk.event_id))
    assert gone is not None
    assert (gone.record, gone.roles) == (None, frozenset())
    await desk.apply(FIRST.replace("305", "307"))
    assert {code: record.person_id for code, record in (await desk.records()).items()} == before


async def test_nothing_leaks_into_another_event(desk: Desk) -> None:
    await desk.apply(FIRST)
    other = await desk.store.write(lambda work: an_event(work, "other"))
    there = Desk(desk.store, desk.vault, desk.folder, other)
    await there.apply("Mã ĐB,Họ tên\nDB1,Người Khác\n")
    await there.undo()
    assert await there.summary() == []
    assert await desk.summary() == AFTER_FIRST


async def test_an_import_that_fails_writes_nothing(desk: Desk) -> None:
    found = said(desk.folder, FIRST)

    def broken(work: Work) -> None:
        apply(work, desk.vault, desk.event_id, found, SOURCE)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await desk.store.write(broken)
    assert await desk.summary() == []
    assert await desk.store.read(lambda work: work.roster.imports(desk.event_id)) == []


async def test_the_dry_run_shows_old_and_new_and_writes_nothing(desk: Desk) -> None:
    await desk.apply(FIRST)
    found = said(desk.folder, SECOND)
    todo = await desk.store.read(lambda work: compare(work, desk.vault, desk.event_id, found))
    [changed] = todo.changed
    assert [(each.field, each.old, each.new) for each in changed.changes] == [
        ("phone", "+84900001234", "+84900009999"),
        ("room", "305", "412"),
    ]
    assert await desk.summary() == AFTER_FIRST


async def test_the_history_and_the_audit_log_hold_no_name_and_no_phone(desk: Desk) -> None:
    applied = await desk.apply(FIRST)
    await desk.undo()
    entries = await desk.store.read(lambda work: work.audit.of_event(desk.event_id))
    assert [(entry.actor, entry.verb, entry.subject) for entry in entries] == [
        ("Lan", "roster.undo", f"import:{applied.import_id}"),
        ("Lan", "roster.import", f"import:{applied.import_id}"),
    ]
    assert applied.import_id is not None
    number = applied.import_id
    kept = await desk.store.read(lambda work: work.roster.changes_of(number))
    assert sorted({key for change in kept for key in change.after}) == ["code", "person_id"]


async def test_cards_are_made_once_for_active_people(desk: Desk) -> None:
    await desk.apply(FIRST)
    await desk.apply(SECOND, confirmed=1)

    async def issued(*, reissue: bool = False) -> list[tuple[str, ...]]:
        return await desk.store.write(
            lambda work: issue(
                work, desk.vault, desk.event_id, "https://a.vn", issue_cards, "Lan", reissue=reissue
            )
        )

    lines = await issued()
    assert [line[:3] for line in lines] == [
        ("DB1", "Nguyễn Văn An", ""),
        ("DB2", "Lê Bình", ""),
        ("DB4", "Dung", ""),
    ]
    assert await issued() == []
    assert [line[0] for line in await issued(reissue=True)] == ["DB1", "DB2", "DB4"]


def test_the_card_file_is_new_private_and_harmless(tmp_path: Path) -> None:
    path = tmp_path / "cards.csv"
    with card_file(path) as write:
        write(["Mã"], [("DB1", "=1+1")])
    assert path.read_bytes() == "\ufeffMã\r\nDB1,'=1+1\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RosterRefused, match="exists already"), card_file(path):
        raise AssertionError("never reached")
