"""Someone we know, or not yet; and her line in the organisers' list."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may do in one event."""

    DELEGATE = "delegate"
    ORGANISER = "organiser"
    TRAINER = "trainer"
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class Record:
    """One person's line in the roster. Values are as printed on doors and badges, never numbers.

    An empty string means the organisers have not announced it. There is no field for ethnic
    origin, religion or party membership and there never will be (docs/privacy.md).
    """

    id: int
    event_id: int
    person_id: int
    code: str
    full_name: str
    updated_at: datetime
    salutation: str = ""
    delegation: str = ""
    role: str = ""
    hotel: str = ""
    room: str = ""
    bus: str = ""
    seat: str = ""
    table: str = ""
    group: str = ""
    badge_place: str = ""
    declared_language: str = ""
    comfort: str = ""
    status: str = "active"
    phone_cipher: str = ""
    phone_hash: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the other end, in one event. Without a record she is a guest.

    `language` is only ever set by her own choice (or a helper acting for her).
    `consented` is None until she answered the consent text in force, then her latest answer;
    `agreed_earlier`: her latest answer was a yes to another text. `notices_stopped_at`: since when
    she wants no ordinary notices; notices about safety are sent all the same. `simple`: she is told
    things short and slow, by her own choice or because it is usual at this event. Letters to her go
    to `preferred_address_id` first.
    """

    id: int
    language: str | None = None
    comfort: str | None = None
    record: Record | None = None
    roles: frozenset[Role] = frozenset()
    consented: bool | None = None
    agreed_earlier: bool = False
    notices_stopped_at: datetime | None = None
    simple: bool = False
    preferred_address_id: int | None = None

    @property
    def linked(self) -> bool:
        """True when she is tied to an active line of the roster."""
        return self.record is not None and self.record.status == "active"
