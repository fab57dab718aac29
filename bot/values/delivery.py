"""One letter owed to one person at one address."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.values.letter import Lane, OnUnknown
from bot.values.reply import Reply


class State(StrEnum):
    """Where a delivery stands. Delivered, seen and acknowledged are times, not states."""

    PENDING = "pending"
    RETRY = "retry"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNCERTAIN = "uncertain"


TERMINAL = frozenset({State.SENT, State.FAILED, State.EXPIRED, State.CANCELLED, State.UNCERTAIN})


class Act(StrEnum):
    """What the delivery does on the channel. A menu's commands are the choices of its reply."""

    SAY = "say"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    ANSWER_TAP = "answer_tap"
    REACT = "react"
    MENU = "menu"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery, rendered: everything a channel needs and nothing it does not.

    `sender` is the person's id on the channel. `acts_on` is the channel's id of what an edit, a
    tap answer or a reaction is about. `parts_done` counts what already left of several parts.
    `slow`: she is told one thing at a time (UX rule 19). `template`: only an approved template gets
    there, and by which way (`bot.values.template.By`); "" for everything else.
    """

    id: int
    queue_id: int
    address_id: int
    sender: str
    reply: Reply
    lane: Lane = Lane.REPLY
    vtime: float = 0.0
    act: Act = Act.SAY
    attempts: int = 0
    unknowns: int = 0
    epoch: int = 0
    acts_on: str = ""
    parts_done: int = 0
    on_unknown: OnUnknown = OnUnknown.RESEND
    expires_at: datetime | None = None
    slow: bool = False
    template: str = ""
    accepted_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The channel's word that it accepted a delivery, with its own id of the message."""

    message_id: str = ""
