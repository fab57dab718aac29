"""Where a dialogue stands at one address."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Session:
    """A place in a dialogue. It never expires; progress and requests belong to the person.

    `step` is a registered name ("welcome.digits"), not a function's name: a stored name survives a
    rename. `revision` guards against two turns saving over each other: the second one loses.
    `seen_at` is when its last turn was saved, None before the first.
    """

    address_id: int
    person_id: int
    event_id: int | None = None
    step: str = ""
    notes: dict[str, Any] = field(default_factory=dict)
    version_id: int | None = None
    revision: int = 0
    seen_at: datetime | None = None
