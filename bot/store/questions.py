"""Questions that found no answer and were sent to the organisers, and what they decided of them.

Who sent one is kept apart from it, only until the answer is owed to her.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.store.base import BigId, Family, Json, UtcTime, metadata, primary, to_event

question = Table(
    "question",
    metadata,
    primary(),
    to_event(),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("answer_id", Text, nullable=False, server_default=""),
    Column("score", Float, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_question_event", "event_id", "verdict", "at"),
)

# What the organisers do about questions: `draft` holds the words of a new answer.
question_decision = Table(
    "question_decision",
    metadata,
    primary(),
    to_event(),
    Column("kind", Text, nullable=False),
    Column("answer_id", Text, nullable=False, server_default=""),
    Column("draft", Json, nullable=False),
    Column("author", Text, nullable=False),
    Column("approver", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("approved_at", UtcTime),
)

# Only questions somebody pressed the button for have a row here. The tie goes when it has served.
question_sent = Table(
    "question_sent",
    metadata,
    Column("question_id", BigId, ForeignKey("question.id"), primary_key=True),
    Column("person_id", BigId, ForeignKey("person.id")),
    Column("address_id", BigId, ForeignKey("address.id")),
    Column("decision_id", BigId, ForeignKey("question_decision.id")),
    Index("ix_question_sent_person", "person_id"),
    Index("ix_question_sent_address", "address_id"),
    Index("ix_question_sent_decision", "decision_id"),
)


class Sent(NamedTuple):
    """A question somebody sent. `person_id` is only for counting people and for answering her."""

    id: int
    language: str
    text: str
    folded: str
    answer_id: str
    score: float
    person_id: int | None
    address_id: int | None


class Decision(NamedTuple):
    """What was decided: kind "answer" (an answer there is), "new" (a draft), "dismiss"."""

    id: int
    kind: str
    answer_id: str
    draft: dict[str, Any]
    author: str
    approver: str
    approved_at: datetime | None


class Questions(Family):
    """Keeps questions; always inside one event."""

    def add(
        self,
        event_id: int,
        *,
        language: str,
        text: str,
        folded: str,
        verdict: str,
        answer_id: str,
        score: float,
        person_id: int,
        address_id: int,
    ) -> int:
        """A question as she sent it, and apart from it where the answer goes; its id."""
        row = {
            "event_id": event_id,
            "language": language,
            "text": text,
            "folded": folded,
            "verdict": verdict,
            "answer_id": answer_id,
            "score": score,
            "at": self.now,
        }
        made = self.conn.execute(insert(question).values(**row).returning(question.c.id))
        number: int = made.scalar_one()
        tie = {"question_id": number, "person_id": person_id, "address_id": address_id}
        self.conn.execute(insert(question_sent).values(**tie))
        return number

    def take_back(self, question_id: int, address_id: int) -> bool:
        """She wants it back. False when it is decided already, or was not sent from there."""
        s = question_sent.c
        hers = (s.question_id == question_id, s.address_id == address_id, s.decision_id.is_(None))
        if self.conn.execute(delete(question_sent).where(*hers)).rowcount == 0:
            return False
        self.conn.execute(delete(question).where(question.c.id == question_id))
        return True

    def waiting(self, event_id: int, most: int = 2000) -> list[Sent]:
        """What nobody decided about, the latest `most`, oldest first."""
        query = self._sent(event_id).where(question_sent.c.decision_id.is_(None))
        rows = self.conn.execute(query.order_by(question.c.id.desc()).limit(most)).all()
        return [Sent(*row) for row in reversed(rows)]

    def decided(self, event_id: int, decision_id: int) -> list[Sent]:
        """The questions one decision is about, oldest first."""
        query = self._sent(event_id).where(question_sent.c.decision_id == decision_id)
        return [Sent(*row) for row in self.conn.execute(query.order_by(question.c.id))]

    def count_waiting(self, event_id: int) -> int:
        """How many wait for a decision."""
        query = select(func.count()).select_from(question).join(question_sent)
        undecided = question_sent.c.decision_id.is_(None)
        where = (question.c.event_id == event_id, undecided)
        return int(self.conn.execute(query.where(*where)).scalar_one())

    def sent_since(self, since: datetime, address_id: int) -> int:
        """How many were sent from this address and are not answered yet."""
        query = select(func.count()).select_from(question).join(question_sent)
        where = (question_sent.c.address_id == address_id, question.c.at >= since)
        return int(self.conn.execute(query.where(*where)).scalar_one())

    def decide(
        self,
        event_id: int,
        ids: Collection[int],
        *,
        kind: str,
        author: str,
        answer_id: str = "",
        draft: dict[str, Any] | None = None,
    ) -> int:
        """Put undecided questions of this event under one decision; its id."""
        row = {
            "event_id": event_id,
            "kind": kind,
            "answer_id": answer_id,
            "draft": draft or {},
            "author": author,
            "created_at": self.now,
        }
        made = insert(question_decision).values(**row).returning(question_decision.c.id)
        decision_id: int = self.conn.execute(made).scalar_one()
        s = question_sent.c
        here = select(question.c.id).where(question.c.event_id == event_id, question.c.id.in_(ids))
        these = update(question_sent).where(s.question_id.in_(here), s.decision_id.is_(None))
        self.conn.execute(these.values(decision_id=decision_id))
        return decision_id

    def decision(self, event_id: int, number: int) -> Decision | None:
        """The decision about the question with this number; None while it waits."""
        c = question_decision.c
        query = (
            select(c.id, c.kind, c.answer_id, c.draft, c.author, c.approver, c.approved_at)
            .join(question_sent, question_sent.c.decision_id == c.id)
            .where(c.event_id == event_id, question_sent.c.question_id == number)
        )
        row = self.conn.execute(query).first()
        return Decision(*row) if row else None

    def drafts(self, event_id: int) -> list[Decision]:
        """What waits for somebody's approval, oldest first."""
        c = question_decision.c
        query = select(c.id, c.kind, c.answer_id, c.draft, c.author, c.approver, c.approved_at)
        where = (c.event_id == event_id, c.kind != "dismiss", c.approved_at.is_(None))
        return [Decision(*row) for row in self.conn.execute(query.where(*where).order_by(c.id))]

    def approve(self, event_id: int, decision_id: int, approver: str, answer_id: str) -> None:
        """It counts from now on; the words of the draft are content now."""
        c = question_decision.c
        this = update(question_decision).where(c.id == decision_id, c.event_id == event_id)
        values = {"approver": approver, "answer_id": answer_id, "draft": {}}
        self.conn.execute(this.values(approved_at=self.now, **values))

    def reopen(self, event_id: int, decision_id: int) -> int:
        """Take a decision back that was not approved; how many questions wait again."""
        c, s = question_decision.c, question_sent.c
        where = (c.id == decision_id, c.event_id == event_id, c.approved_at.is_(None))
        if self.conn.execute(select(c.id).where(*where)).first() is None:
            return 0
        these = update(question_sent).where(s.decision_id == decision_id)
        count = self.conn.execute(these.values(decision_id=None)).rowcount
        self.conn.execute(delete(question_decision).where(*where))
        return count

    def untie(self, question_id: int) -> None:
        """Her answer is owed: nobody needs to know any more whose question it was."""
        this = update(question_sent).where(question_sent.c.question_id == question_id)
        self.conn.execute(this.values(person_id=None, address_id=None))

    def hand_on(self, from_person: int, to_person: int, address_id: int | None = None) -> None:
        """Another person stands where these were sent from: the guest was linked, or "not me"."""
        c = question_sent.c
        these = update(question_sent).where(c.person_id == from_person)
        if address_id is not None:
            these = these.where(c.address_id == address_id)
        self.conn.execute(these.values(person_id=to_person))

    def forget(self, person_id: int) -> None:
        """What she sent and was not answered yet, words and all."""
        c = question_sent.c
        ids = list(
            self.conn.execute(select(c.question_id).where(c.person_id == person_id)).scalars()
        )
        self.conn.execute(delete(question_sent).where(c.question_id.in_(ids)))
        self.conn.execute(delete(question).where(question.c.id.in_(ids)))

    def _sent(self, event_id: int) -> Any:
        q, s = question.c, question_sent.c
        query = select(
            q.id, q.language, q.text, q.folded, q.answer_id, q.score, s.person_id, s.address_id
        )
        return query.join(question_sent, s.question_id == q.id).where(q.event_id == event_id)
