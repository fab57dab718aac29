"""A crowd and what it is owed, written straight into the tables: the one place to change when
letters to many are made by something else."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import insert, select, update

from bot.channels.telegram import account_name
from bot.store import Work
from bot.store.accounts import address
from bot.store.queues import queue_lease
from bot.values.delivery import Act, State
from bot.values.letter import Lane, Letter, OnUnknown
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
