"""Her copy is whole: whatever the data map knows of people is in it or has its reason."""

import json
from datetime import date

import pytest

from bot import privacy
from bot.i18n import Texts
from bot.paths import resource
from bot.privacy.datamap import DATA_MAP, Kind
from bot.privacy.own_copy import HEADINGS, HIDDEN, LEFT_OUT, SHOWN
from bot.store import Store, Work
from bot.store.base import metadata
from bot.turn import FALLBACK_ZONE
from bot.values.event import Event
from bot.values.notice import Audience
from bot.vault import Vault
from tests.privacy.world import AN, BINH, a_person, an_event

SHARED = "phone-of-eight"
ABOUT_PEOPLE = {
    table: {column for one in held if one.kind is not Kind.NONE for column in one.names}
    for table, held in DATA_MAP.items()
    if any(one.kind is not Kind.NONE for one in held)
}


def test_every_table_that_knows_people_is_in_her_copy_or_has_its_reason() -> None:
    assert {*SHOWN, *LEFT_OUT} == {*ABOUT_PEOPLE, "delivery_attempt"}
    assert not SHOWN.keys() & LEFT_OUT.keys()
    assert SHOWN.keys() == HEADINGS.keys()


@pytest.mark.parametrize("table", SHOWN)
def test_every_column_about_her_is_shown_or_has_its_reason(table: str) -> None:
    shown, hidden = set(SHOWN[table]), set(HIDDEN.get(table, ()))
    assert ABOUT_PEOPLE.get(table, set()) - shown - hidden == set()
    assert shown & hidden == set()
    real = set(metadata.tables[table].c.keys())
    assert hidden - real == set()
    joined = {"address": {"kind"}, "letter_text": {"delivery_id"}, "roster_change": {"at"}}
    assert shown - real == joined.get(table, set())


async def filled(store: Store, vault: Vault) -> tuple[Event, int, int]:
    """An and Bình, with a trace in every table and one telephone of both."""

    def fill(work: Work) -> tuple[Event, int, int]:
        event = an_event(work)
        an = a_person(work, vault, event, AN, shared=SHARED)
        binh = a_person(work, vault, event, BINH, shared=SHARED)
        for who in (an, binh):
            work.documents.note_opened(event, "noi-quy", "1", who)
            work.phones.replace(event, who, f"code-{who}")
            work.audit.add(event, "desk", "desk.told", f"person:{who}")
        made = {"texts": {}, "audience": Audience(), "lane": 2, "author": "a"}
        notice = work.notices.get(event, work.notices.add(event, made))
        assert notice is not None
        work.notices.freeze(notice, 0)
        attempt = metadata.tables["delivery_attempt"]
        for row in work.belongings.told(event, an):
            told = {"delivery_id": row["id"], "at": work.now, "outcome": "sent"}
            work.conn.execute(attempt.insert().values(**told))
        found = work.events.by_slug("sample")
        assert found is not None
        return found, an, binh

    return await store.write(fill)


async def test_it_holds_a_row_of_every_table_and_nothing_of_her_neighbour(
    store: Store, vault: Vault
) -> None:
    event, an, _ = await filled(store, vault)
    copy = await store.read(lambda work: privacy.copy_of(work, vault, event.id, an))
    assert [table for table, rows in copy.items() if not rows] == []
    assert copy["record"][0]["phone_cipher"] == AN["phone"]
    made = store.clock.now()
    said = json.dumps(privacy.as_json(copy, event, made), ensure_ascii=False)
    texts = Texts.load(resource("locales"), ["vi"]).translator("vi", FALLBACK_ZONE)
    for whole in (said, privacy.as_text(copy, event, made, texts)):
        hers = ("full_name", "phone", "sender", "words", "hotel", "code", "language")
        assert [name for name in hers if AN[name] not in whole] == []
        assert [name for name in hers if BINH[name] in whole] == []
        assert vault.fingerprint(AN["phone"]) not in whole


async def test_on_a_shared_phone_only_what_was_told_to_her_is_hers(
    store: Store, vault: Vault
) -> None:
    event, an, binh = await filled(store, vault)

    def talk(work: Work) -> int:
        (place,) = set(work.belongings.places(event.id, an)) & set(
            work.belongings.places(event.id, binh)
        )
        for who, words in ((an, "phòng 305"), (binh, "phòng 999")):
            told = work.belongings.told(event.id, who)[0]["id"]
            work.transcripts.add(place, "out", f"out:{told}:0", {"text": words})
        return place

    await store.write(talk)
    copy = await store.read(lambda work: privacy.copy_of(work, vault, event.id, an))
    words = [(row["side"], row["body"]["text"]) for row in copy["transcript"]]
    assert words == [("in", AN["words"]), ("out", "phòng 305")]


async def test_of_another_event_nothing_is_in_it(store: Store, vault: Vault) -> None:
    _, an, _ = await filled(store, vault)
    other = await store.write(
        lambda work: work.events.add(
            "other",
            names={"vi": "Khác"},
            time_zone="Asia/Ho_Chi_Minh",
            first_day=date(2027, 2, 1),
            days=1,
        )
    )
    copy = await store.read(lambda work: privacy.copy_of(work, vault, other.id, an))
    assert [table for table, rows in copy.items() if rows] == ["person"]
