"""Examples that delegates proposed by picking a suggestion: words and an answer, nothing else.

No person, no address, no time: the row of a pair picked by many is the row of the first.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.base import Family, metadata, primary, to_event

example_proposal = Table(
    "example_proposal",
    metadata,
    primary(),
    to_event(),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("answer_id", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("event_id", "language", "folded", "answer_id"),
)


class Proposal(NamedTuple):
    """Words that may become an example of an answer, and how often that was picked for them."""

    id: int
    language: str
    text: str
    answer_id: str
    times: int


class Proposals(Family):
    """Keeps proposals; always inside one event."""

    def add(self, event_id: int, *, language: str, text: str, folded: str, answer_id: str) -> None:
        """One more time these words led to this answer; what was refused stays refused."""
        row = {
            "event_id": event_id,
            "language": language,
            "text": text,
            "folded": folded,
            "answer_id": answer_id,
            "times": 1,
            "state": "waiting",
        }
        build: Any = postgresql.insert if self.conn.dialect.name == "postgresql" else sqlite.insert
        key = ["event_id", "language", "folded", "answer_id"]
        again = {"times": example_proposal.c.times + 1}
        added = build(example_proposal).values(**row)
        self.conn.execute(added.on_conflict_do_update(index_elements=key, set_=again))

    def waiting(self, event_id: int, most: int = 500) -> list[Proposal]:
        """What nobody accepted or refused, most often picked first."""
        c = example_proposal.c
        query = select(c.id, c.language, c.text, c.answer_id, c.times)
        where = (c.event_id == event_id, c.state == "waiting")
        rows = self.conn.execute(query.where(*where).order_by(c.times.desc(), c.id).limit(most))
        return [Proposal(*row) for row in rows]

    def count(self, event_id: int) -> int:
        """How many are kept, decided or not."""
        c = example_proposal.c
        query = select(func.count()).select_from(example_proposal).where(c.event_id == event_id)
        return int(self.conn.execute(query).scalar_one())

    def settle(self, event_id: int, ids: Collection[int], state: str) -> int:
        """Accepted or refused; how many waited."""
        c = example_proposal.c
        where = (c.event_id == event_id, c.id.in_(ids), c.state == "waiting")
        these = update(example_proposal).where(*where)
        return self.conn.execute(these.values(state=state)).rowcount

    def forget(self, event_id: int) -> int:
        """The event is over."""
        gone = delete(example_proposal).where(example_proposal.c.event_id == event_id)
        return self.conn.execute(gone).rowcount
