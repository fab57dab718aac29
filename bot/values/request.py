"""Asking for a human."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RequestKind(StrEnum):
    """Why a person is needed."""

    HELP = "help"
    CORRECTION = "correction"
    URGENT = "urgent"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class Request:
    """A hand-off: who asks, about what, in which language, and what was said last.

    `field` names the roster field of a correction. `last_texts` are her last few messages, for
    the helper only; they go when the request closes. `due_at` is the law's last moment for
    what she asks about her own data; None for everything else.
    """

    id: int
    event_id: int
    person_id: int
    address_id: int
    kind: RequestKind
    language: str
    created_at: datetime
    topic: str = ""
    place: str = ""
    field: str = ""
    last_texts: tuple[str, ...] = ()
    state: str = "open"
    due_at: datetime | None = None
