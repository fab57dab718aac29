"""A database of the first release, with people in it, is brought to the present one and works."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, insert, text
from sqlalchemy.engine import Connection

from bot import privacy
from bot.access import find_card
from bot.clock import SetClock
from bot.store import Store, Work, database_url, schema
from bot.values.consent import TEXT_VERSION
from bot.vault import Vault
from tests.conftest import MORNING

FIRST = "0001"


def put(conn: Connection, table: str, **values: Any) -> None:
    """A row as the first release wrote it: its tables are read from the database itself."""
    found = Table(table, MetaData(), autoload_with=conn)
    assert values.keys() <= set(found.c.keys())
    conn.execute(insert(found).values(**values))


def fill(conn: Connection, vault: Vault) -> None:
    """One delegate who linked her card, agreed, talked and asked for a correction."""
    put(
        conn,
        "event",
        id=1,
        slug="sample",
        names={"vi": "Đại hội"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=date(2027, 1, 18),
        days=5,
        languages=["vi"],
        created_at=MORNING,
    )
    put(conn, "person", id=1, language="vi", created_at=MORNING)
    put(
        conn,
        "record",
        id=1,
        event_id=1,
        person_id=1,
        code="DB1",
        full_name="Nguyễn Thị Hạnh",
        room="305",
        phone_cipher=vault.seal("+84912345678"),
        phone_hash=vault.fingerprint("+84912345678"),
        updated_at=MORNING,
    )
    put(conn, "membership", event_id=1, person_id=1, role="delegate", created_at=MORNING)
    card = {"token_hash": vault.fingerprint("token"), "code_hash": vault.fingerprint("ABCD2345")}
    put(conn, "card", id=1, event_id=1, person_id=1, issued_at=MORNING, **card)
    agreed = {"text_version": TEXT_VERSION, "language": "vi", "agreed": True, "at": MORNING}
    put(conn, "consent", id=1, event_id=1, person_id=1, **agreed)
    kept: dict[str, Any] = {"settings": {}, "enabled": True, "created_at": MORNING}
    put(conn, "channel_account", id=1, kind="webchat", name="sample", event_id=1, **kept)
    put(conn, "address", id=1, account_id=1, sender="c1", created_at=MORNING)
    tie = {"address_id": 1, "person_id": 1, "event_id": 1}
    put(conn, "address_person", how="card", at=MORNING, **tie)
    put(conn, "session", step="", notes={}, revision=1, updated_at=MORNING, **tie)
    said: dict[str, Any] = {"side": "in", "key": "in:1", "body": {"text": "phòng của tôi"}}
    put(conn, "transcript", id=1, address_id=1, at=MORNING, **said)
    asked: dict[str, Any] = {"kind": "correction", "language": "vi", "last_texts": ["307"]}
    put(conn, "request", id=1, field="room", state="open", created_at=MORNING, **asked, **tie)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_an_old_database_goes_on(
    kind: str, request: pytest.FixtureRequest, vault: Vault, tmp_path: Any
) -> None:
    address = f"sqlite:///{tmp_path / 'old.db'}"
    if kind == "postgresql":
        address = request.getfixturevalue("postgres_url")
    url = database_url(address)
    with schema.writing(url) as conn:
        if kind == "postgresql":
            conn.execute(text("DROP SCHEMA public CASCADE"))
            conn.execute(text("CREATE SCHEMA public"))
        schema.upgrade(conn, FIRST)
        fill(conn, vault)
        if kind == "postgresql":  # ids were given, not drawn
            for table in ("person", "request", "consent"):
                conn.execute(text(f"SELECT setval('{table}_id_seq', 1)"))
    with schema.writing(url) as conn:
        assert schema.current(conn) == FIRST
        schema.upgrade(conn)
        assert schema.current(conn) == schema.head()
    store = Store(address, SetClock(MORNING))
    try:
        await store.write(lambda work: look(work, vault))
    finally:
        await store.close()


def look(work: Work, vault: Vault) -> None:
    """She is known, her card opens, her copy is whole, new rows fit, erasing works."""
    her = work.people.get(1, 1)
    assert her is not None
    assert her.record is not None
    assert (her.record.room, her.consented, her.linked) == ("305", True, True)
    card = find_card(work, vault, "token")
    assert card is not None
    assert card.person_id == 1
    copy = privacy.copy_of(work, vault, 1, 1)
    assert copy["record"][0]["phone_cipher"] == "+84912345678"
    assert [row["body"]["text"] for row in copy["transcript"]] == ["phòng của tôi"]
    assert [one.last_texts for one in work.requests.waiting(1)] == [("307",)]
    assert work.people.add() == 2
    privacy.erase(work, vault, 1, 1, actor="test")
    assert work.roster.all(1) == []
