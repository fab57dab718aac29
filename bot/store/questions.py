"""What was asked and not answered, for organisers to learn from: the question, never who asked."""

from typing import NamedTuple

from sqlalchemy import Column, Float, Index, Table, Text, func, insert, select

from bot.store.base import Family, UtcTime, metadata, primary, to_event

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


class Asked(NamedTuple):
    """A question many may have asked, and how often."""

    text: str
    times: int


class Questions(Family):
    """Keeps and counts questions; always inside one event."""

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
    ) -> None:
        """A question that got no sure answer."""
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
        self.conn.execute(insert(question).values(**row))

    def unanswered(self, event_id: int, limit: int = 50) -> list[Asked]:
        """What was asked without an answer, most asked first."""
        c = question.c
        times = func.count()
        query = (
            select(func.min(c.text), times)
            .where(c.event_id == event_id, c.verdict != "answer")
            .group_by(c.folded)
            .order_by(times.desc(), func.min(c.id))
            .limit(limit)
        )
        return [Asked(*row) for row in self.conn.execute(query)]
