"""One approved message to many."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.values.letter import Lane


class NoticeState(StrEnum):
    """The life of a notice, from the organiser's desk to the archive."""

    DRAFT = "draft"
    APPROVED = "approved"
    EXPANDING = "expanding"
    EXPANDED = "expanded"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Notice:
    """What was approved, by whom, for whom. The audience is frozen at approval."""

    id: int
    event_id: int
    state: NoticeState
    lane: Lane
    author: str
    created_at: datetime
    approver: str = ""
    not_before: datetime | None = None
    expires_at: datetime | None = None
