"""What a platform lets us send to an address now, and whether it costs something.

Zalo (docs/zalo.md): free for 48 hours after she did something, billed to seven days, then nothing
but an approved template. The other channels have no such windows.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.store.accounts import CLOSED_AFTER, TOO_LONG_AGO
from bot.store.windows import Place

WINDOWED = "zalo"
FREE_FOR = timedelta(hours=48)
BILLABLE_FOR = CLOSED_AFTER


class Window(StrEnum):
    """What may be sent there."""

    FREE = "free"
    BILLABLE = "billable"
    TEMPLATE = "template only"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


def window_of(place: Place, now: datetime) -> Window:
    """The window of one address. Unknown: it speaks for her, and she was never heard there."""
    if place.frozen_at is not None:
        return Window.UNREACHABLE
    if place.gone_at is not None:
        return Window.TEMPLATE if place.gone_reason in TOO_LONG_AGO else Window.UNREACHABLE
    if place.kind != WINDOWED:
        return Window.FREE
    if place.heard_at is None:
        return Window.UNKNOWN
    since = now - place.heard_at
    if since <= FREE_FOR:
        return Window.FREE
    return Window.BILLABLE if since <= BILLABLE_FOR else Window.TEMPLATE
