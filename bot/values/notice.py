"""One approved message to many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.values.letter import Lane, OnUnknown
from bot.values.reply import Choice, Reply
from bot.values.template import Template

# Re-pushed no sooner than this after the round before left (docs/delivery.md).
SHORTEST_GAP = timedelta(minutes=15)
SHORTEST_URGENT_GAP = timedelta(minutes=3)
MOST_ROUNDS = 3

# What a choice of a notice's text says; which delivery it stands under is added when rendered.
RECEIVED = "notice.received"
READ = "notice.read"


class NoticeState(StrEnum):
    """The life of a notice, from the organiser's desk to the archive."""

    DRAFT = "draft"
    APPROVED = "approved"
    EXPANDING = "expanding"
    EXPANDED = "expanded"
    CLOSED = "closed"  # nothing more is asked; what waits still leaves
    CANCELLED = "cancelled"  # what had not left does not leave
    EXPIRED = "expired"  # its time passed before it went out to everybody


class QuietHours(StrEnum):
    """What quiet hours mean for a notice. An urgent one (lanes 0 and 1) never waits."""

    WAIT = "wait"
    IGNORE = "ignore"


class Acknowledgement(StrEnum):
    """Is "I have received it" asked for?"""

    NONE = "none"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a notice: everybody on the list in force, narrowed by each part that is given.

    `people` are ids, `delegations` and `roles` as the list writes them, `languages` those people
    chose, or the list declares for who never chose.
    """

    people: tuple[int, ...] | None = None
    delegations: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as `notice.audience` keeps them."""
        people = {} if self.people is None else {"people": list(self.people)}
        parts = {
            "delegations": self.delegations,
            "roles": self.roles,
            "languages": self.languages,
        }
        return people | {name: list(part) for name, part in parts.items() if part}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Audience":
        """The inverse of `to_json`."""
        people = plain.get("people")
        names = ("delegations", "roles", "languages")
        return cls(
            None if people is None else tuple(people),
            *(tuple(plain.get(name, ())) for name in names),
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """What was approved, by whom, for whom. The audience is frozen at approval, person by person.

    `texts` are whole replies by language, Vietnamese always among them. `max_rounds` is how often
    it is sent again to who has not acknowledged, each time at least `gap` after the time before.
    `cursor` is the last person it was expanded to, `tags` the fair share it has used by queue.
    `template`: what goes to whom Zalo takes nothing else for, and to telephone numbers.
    """

    id: int
    event_id: int
    state: NoticeState
    lane: Lane
    author: str
    created_at: datetime
    approver: str = ""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    texts: Mapping[str, Reply] = field(default_factory=dict)
    audience: Audience = Audience()
    quiet_hours: QuietHours = QuietHours.WAIT
    acknowledgement: Acknowledgement = Acknowledgement.NONE
    on_unknown: OnUnknown = OnUnknown.RESEND
    max_rounds: int = 0
    gap: timedelta = SHORTEST_GAP
    cursor: int = 0
    tags: Mapping[int, float] = field(default_factory=dict)
    approved_at: datetime | None = None
    closed_at: datetime | None = None
    template: Template | None = None

    @property
    def key(self) -> str:
        """The key of its letter: however often it is expanded, there is one."""
        return f"notice:{self.id}"

    @property
    def asks(self) -> bool:
        """Is she asked to say that she received it?"""
        return self.acknowledgement is Acknowledgement.ASKED

    @property
    def ordinary(self) -> bool:
        """Does it wait for quiet hours, and pass over who stopped ordinary notices?"""
        return self.lane >= Lane.SCHEDULED


@dataclass(frozen=True, slots=True)
class Heard:
    """A letter of a notice to one person, as she has it before her. `asks` for her word."""

    delivery_id: int
    person_id: int
    name: str
    asks: bool
    acknowledged_at: datetime | None
    reply: Reply


def spoken_in(texts: Mapping[str, Reply], chains: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Which of a notice's texts a person with each language gets; others get Vietnamese.

    `chains`: a language -> the languages its speakers read, best first.
    """
    heard = {
        language: next((one for one in chain if one in texts), "vi")
        for language, chain in chains.items()
    }
    return heard | {language: language for language in texts}


def addressed(reply: Reply, delivery_id: int, opening: str) -> Reply:
    """A notice's text as one person gets it: under her name where several share the telephone, and
    with buttons that know which delivery they stand under."""
    text = f"{opening}:\n{reply.text}" if opening else reply.text
    return replace(
        reply,
        text=text,
        choices=tuple(_of(one, delivery_id) for one in reply.choices),
        controls=tuple(_of(one, delivery_id) for one in reply.controls),
    )


def _of(choice: Choice, delivery_id: int) -> Choice:
    if choice.value not in (RECEIVED, READ):
        return choice
    return replace(choice, value=f"{choice.value}:{delivery_id}")
