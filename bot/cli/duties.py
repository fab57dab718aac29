"""What the law asks of whoever runs this installation, and by when: for `donghanh doctor`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.cli.finding import Finding, State
from bot.privacy import answer_by, people_go_at
from bot.values.event import Event
from bot.values.request import Request

SOON = timedelta(days=3)  # an answer that is due so soon is told apart
FORGOTTEN = timedelta(days=7)  # a purge so long due is no more a reminder


def duties(
    events: Sequence[Event],
    left: Mapping[int, int],
    asked: Mapping[int, Sequence[Request]],
    retention_days: int,
    now: datetime,
) -> Iterator[Finding]:
    """One finding for each event: is its purge due, do requests about her own data wait?

    `left` are rows about people still there, `asked` the open requests, both by event id.
    """
    for event in events:
        if left.get(event.id):
            yield _purge(event, retention_days, now)
        waiting = [one for one in asked.get(event.id, ()) if one.due_at is not None]
        if waiting:
            yield _requests(event, waiting, now)


def _purge(event: Event, retention_days: int, now: datetime) -> Finding:
    name = f"{event.slug}: purge"
    due = people_go_at(event, retention_days)
    day = f"{due.astimezone(event.zone):%Y-%m-%d}"
    if now < due:
        return Finding(name, "ok", f"Its people are kept until {day}, {_days(due - now)} left.")
    what = f"Its people are to be deleted since {day}, {_days(now - due)} ago."
    state: State = "warning" if now < due + FORGOTTEN else "wrong"
    return Finding(name, state, what, f"Run: donghanh privacy purge --event {event.slug}")


def _requests(event: Event, waiting: Sequence[Request], now: datetime) -> Finding:
    """How many wait, how many are late, how long the first of the others has."""
    name = f"{event.slug}: requests about own data"
    limits = [one.due_at for one in waiting if one.due_at is not None]
    late = sum(limit <= now for limit in limits)
    what = f"{len(waiting)} wait"
    if late:
        what += f", {late} of them past their last day"
    if coming := [limit for limit in limits if limit > now]:
        first = min(coming)
        what += f"; the next must be done by {_local(first, event)}, {_days(first - now)} left"
    answers = [answer_by(one.created_at, event.zone) for one in waiting]
    if soon := [by for by in answers if now < by <= now + SOON]:
        what += f"; a first answer is due by {_local(min(soon), event)}"
    cure = f"Run: donghanh desk requests --event {event.slug}"
    return Finding(name, "wrong" if late else "warning", f"{what}.", cure)


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"


def _local(moment: datetime, event: Event) -> str:
    return f"{moment.astimezone(event.zone):%H:%M %Y-%m-%d}"
