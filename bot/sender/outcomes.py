"""From what a channel raised to what becomes of the delivery: the state machine of one try."""

import random
from datetime import datetime, timedelta

from bot.errors import Later, SendError, Throttled, Unavailable, Uncertain
from bot.pacing import backoff
from bot.store.deliveries import KEEPS_DISTANCE, Outcome
from bot.values.delivery import Act, Delivery, State
from bot.values.letter import OnUnknown

# More than a circuit opens after: a platform that is away fails nothing, however long it takes.
MAX_ATTEMPTS = 12


def after_error(
    delivery: Delivery, error: SendError, parts_done: int, now: datetime, *, down: bool = False
) -> Outcome:
    """The outcome of a try that ended in `error`, with `parts_done` parts already accepted.

    `down`: the circuit is open, so what reached nobody is not counted.
    """
    match error:
        case Throttled():
            due = now + timedelta(seconds=error.wait_seconds)
            return _outcome(delivery, State.RETRY, error, parts_done, due, attempt=False)
        case Later() if delivery.attempts + 1 < MAX_ATTEMPTS:
            due = now + timedelta(seconds=error.wait_seconds)
            return _outcome(delivery, State.RETRY, error, parts_done, due)
        case Unavailable() if down or delivery.attempts + 1 < MAX_ATTEMPTS:
            wait = backoff(delivery.attempts, random.random())  # noqa: S311 (spread, not secrecy)
            due = now + timedelta(seconds=wait)
            return _outcome(delivery, State.RETRY, error, parts_done, due, attempt=not down)
        case Uncertain():
            return _unknown(delivery, error, parts_done, now)
        case _:
            return _outcome(delivery, State.FAILED, error, parts_done)


def after_part(
    delivery: Delivery, parts_done: int, message_id: str | None, due: datetime
) -> Outcome:
    """One part left; the next one keeps its distance. No try was lost, and nothing failed."""
    return Outcome(
        delivery.id,
        delivery.epoch,
        State.RETRY,
        message_id,
        reason=KEEPS_DISTANCE,
        due_at=due,
        parts_done=parts_done,
        attempt=False,
    )


def _unknown(delivery: Delivery, error: SendError, parts_done: int, now: datetime) -> Outcome:
    """Nobody knows whether it arrived: `resend` sends once more, then a person looks.

    An edit, a withdrawal, a reaction or a menu done twice is done once; a spinner has stopped.
    """
    again = delivery.on_unknown is OnUnknown.RESEND and delivery.unknowns == 0
    if again and delivery.act is not Act.ANSWER_TAP:
        due = now + timedelta(seconds=1)
        return _outcome(delivery, State.RETRY, error, parts_done, due, unknown=True)
    return _outcome(delivery, State.UNCERTAIN, error, parts_done, unknown=True)


def _outcome(
    delivery: Delivery,
    state: State,
    error: SendError,
    parts_done: int,
    due: datetime | None = None,
    *,
    attempt: bool = True,
    unknown: bool = False,
) -> Outcome:
    return Outcome(
        delivery.id,
        delivery.epoch,
        state,
        reason=error.code,
        due_at=due,
        parts_done=parts_done,
        attempt=attempt,
        unknown=unknown,
    )
