"""What a help desk may do, on both databases: what it sees, what stops, what the log keeps."""

from datetime import date
from typing import Any

import pytest

from bot import desk
from bot.access import Linked, find_card, issue_cards, link_at_desk
from bot.errors import Refusal
from bot.outbox import Owed, put
from bot.store import Store, Work
from bot.store.roster import COLUMNS
from bot.values.letter import Letter
from bot.values.person import Record
from bot.values.reply import Reply
from bot.values.request import RequestKind
from bot.vault import Vault

PEOPLE: tuple[dict[str, str], ...] = (
    {"code": "DB0001", "full_name": "Giàng A Páo", "phone": "+84912345678", "seat": "12-07"},
    {"code": "DB0002", "full_name": "Nguyễn Thị Bảo", "phone": "+84900000678"},
    {"code": "DB0003", "full_name": "Đặng Văn Ơn", "status": "withdrawn"},
)


def fill(work: Work, vault: Vault) -> int:
    """An event with three people; its id."""
    zone, day = "Asia/Ho_Chi_Minh", date(2027, 1, 18)
    event = work.events.add("sample", names={"vi": "Mẫu"}, time_zone=zone, first_day=day, days=5)
    for one in PEOPLE:
        phone = one.get("phone", "")
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"status": "active"}
        row |= {name: value for name, value in one.items() if name != "phone"}
        row |= {"event_id": event.id, "person_id": work.people.add(), "updated_at": work.now}
        if phone:
            row |= {"phone_cipher": vault.seal(phone), "phone_hash": vault.fingerprint(phone)}
        work.roster.add_many([row])
    return event.id


@pytest.fixture
async def event(store: Store, vault: Vault) -> int:
    return await store.write(lambda work: fill(work, vault))


def phone_of(work: Work, record: Record, sender: str) -> int:
    """A phone linked at the desk; its address."""
    account = work.accounts.ensure("webchat", "sample")
    address = work.accounts.add_address(account.id, sender).id
    assert link_at_desk(work, record, address) is Linked.DONE
    return address


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("pao", ["DB0001"]),
        ("Giàng pá", ["DB0001"]),
        ("db0002", ["DB0002"]),
        ("12-07", ["DB0001"]),
        ("0912 345 678", ["DB0001"]),
        ("+84900000678", ["DB0002"]),
        ("678", ["DB0001", "DB0002"]),
        ("0678", ["DB0002"]),
        ("78", []),
        ("0999999999", []),
        ("đặng on", ["DB0003"]),
        ("", []),
        ("áo", []),
    ],
)
async def test_finding(store: Store, vault: Vault, event: int, text: str, codes: list[str]) -> None:
    seen = await store.write(lambda work: desk.find(work, vault, event, text, "lan"))
    assert [one.code for one in seen] == codes
    (entry,) = await store.read(lambda work: work.audit.of_event(event))
    assert (entry.actor, entry.verb, entry.details) == ("lan", "desk.find", {"found": len(codes)})


async def test_a_desk_sees_what_it_needs_and_no_more(
    store: Store, vault: Vault, event: int
) -> None:
    def seen(work: Work) -> desk.Seen:
        return desk.find(work, vault, event, "DB0001", "lan")[0]

    def act(work: Work) -> Record:
        record = desk.person(work, event, " db0001 ")
        issue_cards(work, vault, event, [record.person_id])
        phone_of(work, record, "a")
        return record

    record = await store.write(act)
    known = desk.Seen("DB0001", "Giàng A Páo", "", "…678", 1, "in force", "active")
    assert await store.write(seen) == known
    await store.write(lambda work: desk.freeze_card(work, record, "lan"))
    assert (await store.write(seen)).card == "frozen"


async def test_cards_are_reissued_frozen_and_found_again(
    store: Store, vault: Vault, event: int
) -> None:
    record = await store.read(lambda work: desk.person(work, event, "DB0001"))

    async def works(token: str) -> bool:
        return await store.read(lambda work: find_card(work, vault, token)) is not None

    old = await store.write(lambda work: desk.reissue(work, vault, record, "lan"))
    new = await store.write(lambda work: desk.reissue(work, vault, record, "lan"))
    assert (await works(old.token), await works(new.token)) == (False, True)
    for act, done, then in (
        (desk.freeze_card, True, False),
        (desk.freeze_card, False, False),
        (desk.unfreeze_card, True, True),
        (desk.unfreeze_card, False, True),
    ):
        assert await store.write(lambda work, do=act: do(work, record, "lan")) is done  # type: ignore[misc]
        assert (await works(old.token), await works(new.token)) == (False, then)
    entries = await store.read(lambda work: work.audit.of_event(event))
    assert [one.verb for one in reversed(entries)] == [
        *["desk.reissue"] * 2,
        *["desk.freeze_card"] * 2,
        *["desk.unfreeze_card"] * 2,
    ]
    assert {one.subject for one in entries} == {f"person:{record.person_id}"}


async def test_who_withdrew_gets_no_card_and_who_is_not_there_is_named(
    store: Store, vault: Vault, event: int
) -> None:
    gone = await store.read(lambda work: desk.person(work, event, "DB0003"))
    with pytest.raises(Refusal, match="no longer on the list"):
        await store.write(lambda work: desk.reissue(work, vault, gone, "lan"))
    with pytest.raises(Refusal, match="DB9"):
        await store.read(lambda work: desk.person(work, event, "DB9"))


async def test_a_lost_phone_is_frozen_in_one_step(store: Store, vault: Vault, event: int) -> None:
    def lose(work: Work) -> tuple[desk.Frozen, dict[str, int], int, Linked]:
        hers, other = (desk.person(work, event, code) for code in ("DB0001", "DB0002"))
        first, second = phone_of(work, hers, "a"), phone_of(work, hers, "b")
        phone_of(work, other, "a")
        account = work.accounts.ensure("webchat", "sample").id
        queue = work.queues.ensure(account, 0)
        letter = Letter("k", {"vi": Reply("Phòng **305**.")}, event_id=event)
        put(work, [Owed(letter, hers.person_id, second, "b", queue, "vi")], {})
        frozen = desk.freeze_addresses(work, hers, "lan")
        states = work.deliveries.counts(queue)
        count = work.accounts.count_of(hers.person_id, event)
        return frozen, states, count, link_at_desk(work, hers, first)

    frozen, states, count, again = await store.write(lose)
    assert frozen == desk.Frozen(2, 1, ("DB0002",))
    assert (states, count, again) == ({"cancelled": 1}, 0, Linked.FROZEN)
    record = await store.read(lambda work: desk.person(work, event, "DB0001"))
    told = await store.write(lambda work: desk.told(work, record, "lan"))
    assert [(one.channel, one.state, one.text) for one in told] == [
        ("webchat", "cancelled", "Phòng **305**.")
    ]
    assert await store.write(lambda work: desk.unfreeze_addresses(work, record, "lan")) == 2
    assert await store.read(lambda work: work.accounts.count_of(record.person_id, event)) == 2
    other = await store.read(lambda work: desk.person(work, event, "DB0002"))
    assert await store.write(lambda work: desk.told(work, other, "lan")) == []


async def test_another_events_desk_neither_finds_nor_freezes(
    store: Store, vault: Vault, event: int
) -> None:
    def elsewhere(work: Work) -> tuple[list[desk.Seen], list[int]]:
        zone, day = "Asia/Ho_Chi_Minh", date(2027, 1, 18)
        next_door = work.events.add("b", names={"vi": "B"}, time_zone=zone, first_day=day, days=1)
        record = desk.person(work, event, "DB0001")
        phone_of(work, record, "a")
        found = desk.find(work, vault, next_door.id, "pao", "lan")
        return found, work.accounts.addresses_of(record.person_id, next_door.id)

    assert await store.write(elsewhere) == ([], [])
    with pytest.raises(Refusal):
        await store.read(lambda work: desk.person(work, event + 1, "DB0001"))


async def test_what_was_handed_in_goes_to_whoever_helps_while_the_request_is_open(
    store: Store, event: int
) -> None:
    def ask(work: Work) -> int:
        record = desk.person(work, event, "DB0001")
        where = phone_of(work, record, "s1")
        work.handed_in.keep(where, "k1", "voice", "audio/webm", b"sound", 3)
        work.handed_in.keep(where, "k2", "picture", "image/jpeg", b"light")
        who = (event, record.person_id, where)
        asked = work.requests.open(*who, kind=RequestKind.HELP, language="vi")
        return asked.id

    number = await store.write(ask)
    things = await store.write(lambda work: desk.handed(work, event, number, "Lan"))
    assert things == [
        (f"{number}-1-voice.webm", b"sound"),
        (f"{number}-2-picture.jpg", b"light"),
    ]
    audit = await store.read(lambda work: work.audit.of_event(event))
    assert ("desk.handed", "Lan") in [(one.verb, one.actor) for one in audit]
    await store.write(lambda work: desk.close_request(work, event, number, "Lan"))
    with pytest.raises(Refusal, match="no open request"):
        await store.write(lambda work: desk.handed(work, event, number, "Lan"))
