"""Cards, the four digits, and the limits on guessing: who may speak for whom."""

from datetime import date, timedelta

import pytest

from bot.access import (
    MOST_ADDRESSES,
    MOST_GUESSES,
    MOST_GUESSES_ANYWHERE,
    MOST_PEOPLE,
    Linked,
    address_of_desk_code,
    desk_code,
    find_card,
    freeze_added_phone,
    issue_cards,
    link_at_desk,
    link_with_digits,
    link_with_phone_code,
    looks_like_code,
    phone_code,
    plain_code,
)
from bot.clock import SetClock
from bot.store import Store, Work
from bot.store.roster import COLUMNS
from bot.values.consent import TEXT_VERSION
from bot.values.person import Record
from bot.vault import Vault

PHONE = "+84900123456"


def congress(work: Work, vault: Vault, slug: str = "sample") -> Record:
    """An event with one person of the roster."""
    zone, day = "Asia/Ho_Chi_Minh", date(2027, 1, 18)
    event = work.events.add(slug, names={"vi": slug}, time_zone=zone, first_day=day, days=5)
    row = dict.fromkeys(COLUMNS, "") | {
        "event_id": event.id,
        "person_id": work.people.add(),
        "code": "DB0001",
        "full_name": "Rơ Châm H'Lan",
        "status": "active",
        "phone_cipher": vault.seal(PHONE),
        "phone_hash": vault.fingerprint(PHONE),
        "updated_at": work.now,
    }
    work.roster.add_many([row])
    found = work.roster.by_code(event.id, "DB0001")
    assert found is not None
    return found


def address(work: Work, sender: str) -> int:
    account = work.accounts.ensure("telegram", "bot")
    return work.accounts.add_address(account.id, sender).id


def card(work: Work, vault: Vault, record: Record) -> int:
    issued = issue_cards(work, vault, record.event_id, [record.person_id])[0]
    found = find_card(work, vault, issued.token)
    assert found is not None
    return found.id


async def test_a_card_is_found_by_link_and_by_code_and_only_fingerprints_are_kept(
    store: Store, vault: Vault
) -> None:
    def issue(work: Work) -> tuple[int, ...]:
        record = congress(work, vault)
        issued = issue_cards(work, vault, record.event_id, [record.person_id])[0]
        typed = issued.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        found = [find_card(work, vault, said) for said in (issued.token, issued.code, typed)]
        rows = work.conn.exec_driver_sql("SELECT * FROM card").all()
        assert issued.token not in str(rows)
        assert issued.code not in str(rows)
        return tuple(one.person_id for one in found if one)

    person = (await store.write(issue))[0]
    assert await store.read(lambda work: find_card(work, vault, "")) is None
    assert await store.read(lambda work: find_card(work, vault, "0000-0000")) is None
    assert person > 0


async def test_a_new_card_stops_the_old_one(store: Store, vault: Vault) -> None:
    def twice(work: Work) -> list[bool]:
        record = congress(work, vault)
        person = [record.person_id]
        cards = [issue_cards(work, vault, record.event_id, person)[0] for _ in range(2)]
        return [find_card(work, vault, one.token) is not None for one in cards]

    assert await store.write(twice) == [False, True]


async def test_the_last_four_digits_link_and_wrong_ones_run_out(
    store: Store, vault: Vault, clock: SetClock
) -> None:
    record = await store.write(lambda work: congress(work, vault))
    card_id = await store.write(lambda work: card(work, vault, record))

    async def tries(sender: str, digits: str) -> Linked:
        return await store.write(
            lambda work: link_with_digits(work, vault, card_id, address(work, sender), digits)[0]
        )

    wrong = [await tries("thief", "0000") for _ in range(MOST_GUESSES + 1)]
    assert wrong == [Linked.WRONG] * (MOST_GUESSES - 1) + [Linked.WAIT] * 2
    # The card itself is watched too: another phone cannot go on where the first one stopped.
    assert await tries("another", "3456") is Linked.WAIT
    clock.forward(timedelta(minutes=16))
    assert await tries("hers", "3456") is Linked.DONE


async def test_at_most_three_addresses_and_the_same_one_again_is_fine(
    store: Store, vault: Vault
) -> None:
    record = await store.write(lambda work: congress(work, vault))
    senders = [f"phone-{n}" for n in range(MOST_ADDRESSES)]

    async def at_desk(sender: str) -> Linked:
        return await store.write(lambda work: link_at_desk(work, record, address(work, sender)))

    done = [await at_desk(sender) for sender in [*senders, senders[0], "one-more"]]
    assert done == [Linked.DONE] * (MOST_ADDRESSES + 1) + [Linked.TOO_MANY]


async def test_nobody_is_linked_without_a_phone_in_the_roster_or_after_withdrawing(
    store: Store, vault: Vault
) -> None:
    record = await store.write(lambda work: congress(work, vault))
    card_id = await store.write(lambda work: card(work, vault, record))
    for column, value, digits, expected in (
        ("status", "withdrawn", "3456", Linked.CALL),
        ("status", "withdrawn", "0000", Linked.WRONG),  # a stranger learns nothing from it
        ("phone_cipher", "", "3456", Linked.AT_DESK),
    ):
        change = f"UPDATE record SET {column} = '{value}'"
        await store.write(lambda work, sql=change: work.conn.exec_driver_sql(sql))  # type: ignore[misc]
        linked = await store.write(
            lambda work, typed=digits: link_with_digits(  # type: ignore[misc]
                work, vault, card_id, address(work, "a"), typed
            )[0]
        )
        assert linked is expected


@pytest.mark.parametrize("address_id", [1, 7, 4096, 10**9])
def test_a_desk_code_names_one_address_and_cannot_be_made_up(vault: Vault, address_id: int) -> None:
    code = desk_code(vault, address_id)
    assert address_of_desk_code(vault, f"{code[:3]} {code[3:]}") == address_id
    last = str((int(code[-1]) + 1) % 10)
    assert address_of_desk_code(vault, code[:-1] + last) is None
    assert (
        address_of_desk_code(Vault(["MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="]), code) is None
    )


@pytest.mark.parametrize("typed", ["", "1", "١٢٣٤٥٦٧٨٩", "²²²²²", "abc", "99999999999999999999999"])
def test_nonsense_is_no_desk_code(vault: Vault, typed: str) -> None:
    assert address_of_desk_code(vault, typed) is None


def test_a_typed_code_is_read_as_it_was_meant() -> None:
    assert plain_code("oil2-uabc") == "011" + "2VABC"
    assert looks_like_code("ABCD-2345")
    assert not looks_like_code("tôi ở đâu")


async def consented(store: Store, vault: Vault) -> Record:
    def make(work: Work) -> Record:
        record = congress(work, vault)
        work.people.consent(record.event_id, record.person_id, TEXT_VERSION, "vi", True)
        return record

    return await store.write(make)


async def test_a_phone_code_links_once_in_its_own_event_and_after_consent(
    store: Store, vault: Vault
) -> None:
    record = await consented(store, vault)

    def tries(work: Work) -> list[str]:
        first, second = address(work, "one"), address(work, "two")
        work.accounts.tie(first, record.person_id, record.event_id, "card")
        code = phone_code(work, vault, record.event_id, record.person_id)
        other = congress(work, vault, "other")

        def link(event_id: int, typed: str) -> str:
            return link_with_phone_code(work, vault, event_id, second, typed)[0].value

        done = [link(other.event_id, code), link(record.event_id, code)]
        done.append(link(record.event_id, code))
        fresh = phone_code(work, vault, record.event_id, record.person_id)
        work.people.consent(record.event_id, record.person_id, TEXT_VERSION, "vi", False)
        return [*done, link(record.event_id, fresh)]

    assert await store.write(tries) == ["wrong", "done", "wrong", "wrong"]


async def test_a_fresh_phone_code_stops_the_one_before(store: Store, vault: Vault) -> None:
    record = await consented(store, vault)

    def tries(work: Work) -> list[str]:
        here = address(work, "two")
        codes = [phone_code(work, vault, record.event_id, record.person_id) for _ in range(2)]
        return [
            link_with_phone_code(work, vault, record.event_id, here, code)[0].value
            for code in codes
        ]

    assert await store.write(tries) == ["wrong", "done"]


async def test_phone_codes_cannot_be_guessed_from_many_addresses(
    store: Store, vault: Vault, clock: SetClock
) -> None:
    record = await consented(store, vault)

    def guess(work: Work) -> str:
        for number in range(MOST_GUESSES_ANYWHERE):
            work.cards.guessed_wrong(address(work, f"guesser {number // 4}"), None)
        code = phone_code(work, vault, record.event_id, record.person_id)
        return link_with_phone_code(work, vault, record.event_id, address(work, "x"), code)[0].value

    def honest(work: Work) -> str:
        code = phone_code(work, vault, record.event_id, record.person_id)
        return link_with_phone_code(work, vault, record.event_id, address(work, "x"), code)[0].value

    assert await store.write(guess) == "wait"
    clock.forward(timedelta(minutes=16))
    assert await store.write(honest) == "done"


async def test_only_a_phone_added_later_by_a_code_is_paused(
    store: Store, vault: Vault, clock: SetClock
) -> None:
    record = await consented(store, vault)

    def link(work: Work) -> tuple[int, int, int]:
        ids = address(work, "one"), address(work, "two"), address(work, "three")
        work.accounts.tie(ids[0], record.person_id, record.event_id, "card")
        return ids

    one, two, three = await store.write(link)
    for there, how in ((two, "phone"), (three, "card")):
        clock.forward(timedelta(minutes=1))

        def tie(work: Work, there: int = there, how: str = how) -> None:
            work.accounts.tie(there, record.person_id, record.event_id, how)

        await store.write(tie)

    def freeze(work: Work) -> list[bool]:
        event, person = record.event_id, record.person_id
        pairs = ((two, one), (one, three), (three, two), (one, two), (one, two), (one, 99_999))
        return [freeze_added_phone(work, event, person, here, there) for here, there in pairs]

    assert await store.write(freeze) == [False, False, False, True, False, False]
    assert await store.read(lambda work: work.accounts.is_frozen(two)) is True
    assert await store.write(lambda work: link_at_desk(work, record, two)) is Linked.DONE
    assert await store.read(lambda work: work.accounts.is_frozen(two)) is False


async def test_a_ninth_person_at_one_phone_is_refused(store: Store, vault: Vault) -> None:
    record = await consented(store, vault)

    def crowd(work: Work) -> Linked:
        here = address(work, "one")
        for _ in range(MOST_PEOPLE):
            work.accounts.tie(here, work.people.add(), record.event_id, "desk")
        return link_at_desk(work, record, here)

    assert await store.write(crowd) is Linked.CROWDED
