"""What is owed, written once for everybody who gets it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.values.reply import Reply


class Lane(IntEnum):
    """Who goes first through the one door."""

    REPLY = 0
    URGENT = 1
    SCHEDULED = 2
    ROUTINE = 3


class OnUnknown(StrEnum):
    """What to do when nobody can say whether it arrived: send once more, or hold for a person."""

    RESEND = "resend"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Letter:
    """A reply in its languages, owed to one or many.

    `key` makes writing it twice harmless: `in:<account>:<update id>:<ordinal>` for an answer in a
    dialogue, `notice:<id>` for a notice.
    """

    key: str
    texts: dict[str, Reply]
    event_id: int | None = None
    lane: Lane = Lane.REPLY
    expires_at: datetime | None = None
    on_unknown: OnUnknown = OnUnknown.RESEND
    notice_id: int | None = None
