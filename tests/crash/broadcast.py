"""A crowd and what it is owed: one letter by what makes a notice's rows; several to each person,
answers, and letters of no event straight into the table."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import insert, select, update

from bot.channels.telegram import account_name
from bot.notices import draft
from bot.store import Work
from bot.store.accounts import address
from bot.store.deliveries import delivery
from bot.store.queues import queue_lease
from bot.store.roster import record
from bot.values.delivery import Act, State
from bot.values.letter import Lane, Letter, OnUnknown
from bot.values.notice import Audience
from bot.values.reply import Reply
from tests.fakes.platform import TOKEN

FIRST_CHAT = 500_001


class Somebody(NamedTuple):
    """One recipient."""

    person_id: int
    address_id: int
    chat: int


class Crowd(NamedTuple):
    """Everybody, and the queue their messages leave by."""

    queue_id: int
    people: tuple[Somebody, ...]


def gather(work: Work, count: int, first_chat: int = FIRST_CHAT) -> Crowd:
    """So many people at the bot's account, each with a chat of her own."""
    account = work.accounts.ensure("telegram", account_name(TOKEN))
    queue = work.queues.ensure(account.id)
    chats = range(first_chat, first_chat + count)
    made = [
        {"account_id": account.id, "sender": str(chat), "created_at": work.now} for chat in chats
    ]
    work.conn.execute(insert(address), made)
    c = address.c
    found = work.conn.execute(select(c.sender, c.id).where(c.account_id == account.id))
    ids = {int(sender): address_id for sender, address_id in found}
    everybody = zip(work.people.add_many(count), chats, strict=True)
    people = tuple(Somebody(person, ids[chat], chat) for person, chat in everybody)
    return Crowd(queue, people)


def at_full_speed(work: Work, queue_id: int, rate: float) -> None:
    """An earlier owner found that this rate is well: nobody has to feel the way up to it."""
    if "good_rate" in queue_lease.c:
        here = update(queue_lease).where(queue_lease.c.id == queue_id)
        work.conn.execute(here.values(good_rate=rate))


def a_letter(words: str, **how: object) -> Letter:
    """A routine letter that says these words, which nobody else may say."""
    given: dict[str, object] = {"lane": Lane.ROUTINE, "on_unknown": OnUnknown.RESEND, **how}
    return Letter(f"run:{words}", {"vi": Reply(words)}, **given)  # type: ignore[arg-type]


def owe(
    work: Work, queue_id: int, letters: Iterable[Letter], people: Sequence[Somebody]
) -> list[int]:
    """Each letter to each of them, pending, person after person in one line. The rows' ids."""
    some = list(letters)
    ids = work.letters.add_all(some)
    begin = work.queues.virtual_time(queue_id)
    tags: dict[tuple[int | None, int], float] = {}
    rows = []
    for somebody in people:
        for letter in some:
            line = letter.event_id, letter.lane
            tags[line] = tag = tags.get(line, begin) + 1.0
            rows.append(
                {
                    "event_id": letter.event_id,
                    "queue_id": queue_id,
                    "lane": letter.lane,
                    "vtime": tag,
                    "letter_id": ids[letter.key],
                    "person_id": somebody.person_id,
                    "address_id": somebody.address_id,
                    "lang": "vi",
                    "act": Act.SAY,
                    "state": State.PENDING,
                    "expires_at": letter.expires_at,
                }
            )
    return work.deliveries.add_all(rows)


def announce(work: Work, letter: Letter, people: Sequence[Somebody]) -> list[int]:
    """This letter to each of them, made by what makes a notice's rows. The rows' ids."""
    event_id = letter.event_id or _event_of_run(work)
    ids = [one.person_id for one in people]
    _on_the_list(work, event_id, people)
    notice = draft(
        work,
        event_id,
        letter.texts,
        author="run",
        audience=Audience(people=tuple(ids)),
        lane=Lane(letter.lane),
        expires_at=letter.expires_at,
        on_unknown=letter.on_unknown,
    )
    after: int | None = 0
    while after is not None:
        after = work.notices.freeze(notice, after)
    letter_id = work.letters.add_all([letter])[letter.key]
    wave = work.fanout.expand(notice, letter_id, max(ids), {"vi": "vi"})
    assert wave.rows == len(people)
    made = select(delivery.c.id).where(delivery.c.letter_id == letter_id).order_by(delivery.c.id)
    return list(work.conn.execute(made).scalars())


def _event_of_run(work: Work) -> int:
    known = work.events.by_slug("run")
    if known is not None:
        return known.id
    names, zone, day = {"vi": "Một lượt thử"}, "Asia/Ho_Chi_Minh", date(2027, 1, 18)
    return work.events.add("run", names=names, time_zone=zone, first_day=day, days=5).id


def _on_the_list(work: Work, event_id: int, people: Sequence[Somebody]) -> None:
    """Each with a line in the event's roster, and tied to her address there."""
    c = record.c
    known = work.conn.execute(select(c.person_id).where(c.event_id == event_id)).scalars()
    fresh = {one.person_id: one for one in people}
    for person_id in known:
        fresh.pop(person_id, None)
    rows = [
        {
            "event_id": event_id,
            "person_id": one.person_id,
            "code": f"R{one.person_id}",
            "full_name": f"Đại biểu {one.person_id}",
            "updated_at": work.now,
        }
        for one in fresh.values()
    ]
    if rows:
        work.conn.execute(insert(record), rows)
    for one in fresh.values():
        work.accounts.tie(one.address_id, one.person_id, event_id, "desk")
