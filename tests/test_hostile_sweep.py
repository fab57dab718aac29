"""The same, many times over: through the real router, in one transaction that is never kept."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.reception import House
from bot.router import Router
from bot.standing import stand
from bot.store import Work, database_url
from bot.store.engines import sqlite_engine
from bot.talking import become
from bot.values.incoming import Incoming, Kind
from bot.values.reply import Reply
from bot.vault import Vault
from handlers import ROUTES
from tests.conftest import MORNING
from tests.conversations.conftest import congress, sample_file
from tests.conversations.stage import Congress
from tests.hostile import ARGUMENTS, HER, ROOM, library_of, others

__all__ = ["congress", "sample_file"]
FIELD_OF = {Kind.TAP: "value", Kind.JOINED: "started_with"}


class Ground:
    """A linked delegate and a stranger, one transaction that is never kept, the real router."""

    def __init__(self, conn: Connection, house: House, event_id: int, now: datetime) -> None:
        self.conn, self.house, self.router, self.now = conn, house, Router(ROUTES), now
        work = Work(conn, now)
        self.account = work.accounts.ensure("terminal", "hostile", event_id=event_id).id
        become(work, event_id, HER, self.account, "she", "vi")
        self.others = others(work, house.vault, event_id, HER)

    def answer(self, sender: str, *said: tuple[Kind, str]) -> list[list[Reply]]:
        """What is answered to a whole conversation, which is forgotten afterwards."""
        with self.conn.begin_nested() as savepoint:
            told = [self._turn(sender, kind, words) for kind, words in said]
            savepoint.rollback()
        return told

    def _turn(self, sender: str, kind: Kind, words: str) -> list[Reply]:
        work = Work(self.conn, self.now)
        values: dict[str, Any] = {FIELD_OF.get(kind, "text"): words}
        incoming = Incoming(self.account, sender, uuid4().hex, kind, self.now, **values)
        standing = stand(work, self.house, incoming)
        turn = standing.turn(work, self.house)
        self.router.answer(turn)
        standing.save(work, turn)
        return turn.replies


@pytest.fixture(scope="module")
def ground(congress: Congress, sample_file: Path, vault: Vault) -> Iterator[Ground]:
    engine = sqlite_engine(database_url(f"sqlite:///{sample_file}"))
    with engine.connect() as conn, conn.begin() as whole:
        now = MORNING
        yield Ground(conn, House(congress.knowledge, congress.texts, vault), congress.event.id, now)
        whole.rollback()
    engine.dispose()


@pytest.mark.parametrize("who", ["she", "guest", "newcomer"])
def test_every_route_with_every_hostile_argument(
    ground: Ground, congress: Congress, who: str
) -> None:
    known = ground.others
    answers = library_of(congress).answers if who != "newcomer" else {}
    for name in [*(route.name for route in ROUTES), "no.such", "", "mine", "MINE.ROOM"]:
        arguments = [*ARGUMENTS, *(answers if name == "ask.answer" else ())]
        taps = [(Kind.TAP, f"{name}:{argument}"[:600]) for argument in arguments]
        first = [(Kind.TAP, "welcome.language:1")] if who == "guest" else []
        for replies in ground.answer(who, *first, *taps, (Kind.TEXT, "menu")):
            told = "\n".join(reply.text for reply in replies)
            assert replies != [] or name == "helper.quiet"
            assert known.told_in(told) == [], name
            if who != "she":
                assert known.room not in ROOM.findall(told), name


KINDS = st.sampled_from([Kind.TEXT, Kind.TAP, Kind.JOINED])
WORDS = st.one_of(
    st.text(max_size=80),
    st.text("0123456789:.,-{}<>*/ _aăâđêôơư\u0301\u0323\u202e", max_size=40),
    st.builds(
        "{}:{}".format,
        st.sampled_from([route.name for route in ROUTES]),
        st.one_of(st.text(max_size=20), st.sampled_from(ARGUMENTS)),
    ),
    st.sampled_from([*"0123456789", "menu", "quay lại", "đọc lại", "/xoa", "ABCD-1234", "hai"]),
)


@limits(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    sender=st.sampled_from(["she", "stranger"]), said=st.lists(st.tuples(KINDS, WORDS), max_size=6)
)
@example(sender="she", said=[(Kind.TAP, "welcome.not_me"), (Kind.TEXT, "8"), (Kind.TEXT, "7")])
@example(sender="stranger", said=[(Kind.TAP, "welcome.language:2"), (Kind.TAP, "mine.room:DB0001")])
def test_no_conversation_breaks_the_router(
    ground: Ground, sender: str, said: list[tuple[Kind, str]]
) -> None:
    for replies in ground.answer(sender, *said):
        assert replies != []
        for reply in replies:
            assert reply.text.strip() != ""
            assert len(reply.choices) <= 8
            assert all(
                choice.label and len(choice.value.encode()) <= 60 for choice in reply.choices
            )
            assert [choice.value for choice in reply.controls] == [
                "menu.again",
                "menu.back",
                "helper.start",
            ]
            if sender == "stranger":
                assert "305" not in ROOM.findall(reply.text)
