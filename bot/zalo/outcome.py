"""From what a call to Zalo raised to what becomes of a delivery: the table of codes applied."""

from datetime import UTC, datetime, timedelta, timezone

from bot.errors import Gone, Later, Rejected, SendError, Throttled, Unavailable, Uncertain
from bot.zalo.codes import Action, Row, row_of
from bot.zalo.errors import (
    ZaloConsentException,
    ZaloException,
    ZaloHTTPException,
    ZaloNoAnswerException,
    ZaloNotSentException,
    ZaloOAException,
)

# Waiting costs a delivery no try of its own: the order is kept and the queue looks again.
RATE_SECONDS = 15.0  # -32: limits are counted by the minute
ADMIN_SECONDS = 300.0  # somebody must act in the console first
# They concern one lane (paid messages, groups): free answers go on, so the queue is not stopped.
_ONE_LANE = frozenset({-320, -321, -223, -237, -238, -241, -403})


# Nowhere is said by which clock its nights and days of quota go: by that of its country.
HOME = timezone(timedelta(hours=7))
MORNING = timedelta(hours=6, minutes=5)  # nights end at six
NEW_DAY = timedelta(minutes=5)
_NIGHT = frozenset({-133, -234})


def row_for(error: ZaloException) -> Row:
    """The row of the table. Some report -216 for templates when a person blocked the account."""
    row = row_of(error.code, zns=not isinstance(error, ZaloOAException))
    if row.action is Action.REFRESH and "block" in (error.custom_message or "").lower():
        return Row(row.code, "User has blocked the OA", Action.UNREACHABLE)
    return row


def send_error(error: ZaloException, now: datetime | None = None) -> SendError:
    """What became of the delivery. Only codes are told: never Zalo's words, which may quote.

    `now`: what waits for a morning or a new day of quota waits from then; None: by the clock.
    """
    match error:
        case ZaloNotSentException():
            return Unavailable("no_connection", error.custom_message or "")
        case ZaloNoAnswerException():
            return Uncertain("no_answer", error.custom_message or "")
        case ZaloConsentException():
            return Throttled("needs_consent", wait_seconds=ADMIN_SECONDS)
        case ZaloHTTPException(code=status):
            return _of_status(status or 0)
        case _:
            return _of_row(row_for(error), now or datetime.now(UTC))


def wait_for(code: int, now: datetime) -> float:
    """Seconds until what was refused with this code may be tried again."""
    here = now.astimezone(HOME)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    due = midnight + (MORNING if code in _NIGHT else NEW_DAY)
    return ((due if due > here else due + timedelta(days=1)) - here).total_seconds()


def _of_status(status: int) -> SendError:
    if status == 429:
        return Throttled("throttled", "429", wait_seconds=RATE_SECONDS)
    if status >= 500 or status == 200:  # a page of a proxy, or half an answer: it may be done
        return Uncertain("server_error", str(status))
    return Rejected(f"status_{status}")


def _of_row(row: Row, now: datetime) -> SendError:
    code = f"zalo{row.code}" if row.code else "zalo"
    match row.action:
        case Action.REFRESH:  # refused again with a fresh token
            return Throttled(code, row.meaning, wait_seconds=RATE_SECONDS)
        case Action.BACKOFF if row.code == -32:
            return Throttled(code, row.meaning, wait_seconds=RATE_SECONDS)
        case Action.BACKOFF:
            return Unavailable(code, row.meaning)
        case Action.LATER:  # of one person or one feature: the others go on
            return Later(code, row.meaning, wait_seconds=wait_for(row.code, now))
        case Action.ADMIN if row.code in _ONE_LANE:
            return Rejected(code, row.meaning)
        case Action.ADMIN:
            return Throttled(code, row.meaning, wait_seconds=ADMIN_SECONDS)
        case Action.UNREACHABLE:
            return Gone(code, row.meaning)
        case Action.FIX:
            return Rejected(code, row.meaning)
