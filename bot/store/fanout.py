"""From a notice to deliveries, inside the database: people are never loaded.

Every statement takes some thousands of people and may be run again: what is there already stays.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Subquery,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from bot.store.accounts import address, address_person, channel_account, reachable_at
from bot.store.base import Family, wait_for_no_disk
from bot.store.deliveries import delivery
from bot.store.delivery_table import PENDING, RETRY
from bot.store.fanout_places import places, places_by, shared, within
from bot.store.notices import notice, notice_recipient
from bot.store.queues import queue_lease
from bot.store.roster import record
from bot.store.templates import may_ring, phone_of
from bot.values.delivery import Act, State
from bot.values.letter import Lane
from bot.values.notice import Notice, NoticeState
from bot.values.template import By, Template

# People in a transaction. While SQLite writes one, an answer that wants to leave waits.
CHUNK, CHUNK_BESIDE_OTHERS = 5_000, 20_000
_OPENING = 60  # characters of a name above what is hers, where several share a telephone
_WAITING = (State.PENDING, State.RETRY)

_WRITTEN = (
    *("event_id", "queue_id", "lane", "vtime", "letter_id", "person_id", "address_id", "lang"),
    *("params", "act", "round", "state", "attempts", "unknowns", "expires_at", "created_at"),
    "parts_done",
)

_COUNTED = {"preserve_rowcount": True}


def chunk_of(embedded: bool) -> int:
    """How many people are owed a letter at once: more where nobody waits for it."""
    return CHUNK if embedded else CHUNK_BESIDE_OTHERS


class Wave(NamedTuple):
    """What was owed at once: how many rows, and the last tag of fair share used in each queue."""

    rows: int
    tags: dict[int, float]


class Chunk(NamedTuple):
    """What was cancelled at once: how many rows, and the last person of them; None at the end."""

    rows: int
    last: int | None


class Fanout(Family):
    """Owes a notice's letter to its people, again to who has not acknowledged; holds and stops."""

    def last_of_chunk(self, notice_id: int, after: int, limit: int = CHUNK) -> int | None:
        """The last person of the next chunk of a notice; None when there is nobody after."""
        c = notice_recipient.c
        ids = select(c.person_id).where(c.notice_id == notice_id, c.person_id > after)
        return self.last_of(ids.order_by(c.person_id), limit)

    def expand(self, one: Notice, letter_id: int, last: int, spoken: Mapping[str, str]) -> Wave:
        """Owe the letter to everybody after the notice's cursor up to `last`: one row each, at the
        address she prefers, in the language `spoken` says for hers, else Vietnamese.

        Who has no address gets no row: `unreached` finds her.
        """
        c = notice_recipient.c
        chunk = (
            select(c.person_id, literal(0).label("round"))
            .where(c.notice_id == one.id, c.person_id > one.cursor, c.person_id <= last)
            .subquery("chunk")
        )
        return self._owe(one, letter_id, chunk, spoken, within(one.cursor, last))

    def again(
        self, one: Notice, letter_id: int, spoken: Mapping[str, str], limit: int = CHUNK
    ) -> Wave:
        """Owe it once more to who was sent it a while ago and has not acknowledged."""
        d, later = delivery.c, delivery.alias("later")
        asked_again = exists().where(
            later.c.letter_id == d.letter_id,
            later.c.person_id == d.person_id,
            later.c.round == d.round + 1,
            later.c.act == Act.SAY,
        )
        reachable = exists().where(
            address_person.c.person_id == d.person_id,
            address_person.c.event_id == one.event_id,
            address.c.id == address_person.c.address_id,
            *reachable_at(self.now),
        )
        chunk = (
            select(d.person_id, (d.round + 1).label("round"))
            .where(
                d.letter_id == letter_id,
                d.state == State.SENT,
                d.act == Act.SAY,
                d.acknowledged_at.is_(None),
                d.round < one.max_rounds,
                d.sent_at <= self.now - one.gap,
                ~asked_again,
                reachable,
            )
            .order_by(d.person_id)
            .limit(limit)
            .subquery("chunk")
        )
        return self._owe(one, letter_id, chunk, spoken)

    def by_template(self, one: Notice, letter_id: int, last: int) -> Wave:
        """Owe it as the notice's template to whom of the same chunk `expand` gave nothing: at her
        own id where only her silence closed it, else at her number where that may be used."""
        wave = Wave(0, dict(one.tags))
        if one.template is None:
            return wave
        ways = {By.UID: one.template.price, By.PHONE: one.template.phone_price}
        for by in (by for by, price in ways.items() if price is not None):
            c, d = notice_recipient.c, delivery.c
            told = exists().where(
                d.letter_id == letter_id, d.person_id == c.person_id, d.act == Act.SAY
            )
            chunk = (
                select(c.person_id, literal(0).label("round"))
                .where(c.notice_id == one.id, c.person_id > one.cursor, c.person_id <= last, ~told)
                .subquery("chunk")
            )
            if by is By.PHONE:
                self._ensure_numbers(one, one.template, chunk)
            to = places_by(by, one, one.template, chunk, self.now).subquery("places")
            params = _object(self.conn.dialect.name, "template", literal(by.value))
            more = self._insert(one, letter_id, to, params, {}, wave.tags)
            wave = Wave(wave.rows + more.rows, more.tags)
        return wave

    def _ensure_numbers(self, one: Notice, template: Template, chunk: Subquery) -> None:
        """An address for each number: it speaks for nobody, and its sender is no number."""
        build = postgresql.insert if self.conn.dialect.name == "postgresql" else sqlite.insert
        r, c = record.c, address.c
        lacking = (
            select(
                literal(template.account_id, c.account_id.type),
                phone_of(r.person_id),
                literal(self.now, c.created_at.type),
            )
            .select_from(chunk.join(record, r.person_id == chunk.c.person_id))
            .where(*may_ring(one.event_id, template))
            .order_by(r.person_id)
        )
        made = build(address).from_select(["account_id", "sender", "created_at"], lacking)
        self.conn.execute(made.on_conflict_do_nothing())

    def _owe(
        self,
        one: Notice,
        letter_id: int,
        chunk: Subquery,
        spoken: Mapping[str, str],
        span: Sequence[ColumnElement[bool]] = (),
    ) -> Wave:
        self._ensure_queues()
        to = places(one, chunk, self.now).where(*span).subquery("places")
        # Whose letter it is, said where the telephone is not hers alone.
        name = func.substr(to.c.full_name, 1, _OPENING)
        opening = _object(self.conn.dialect.name, "opening", name)
        params = case((shared(one, to), opening), else_=null())
        return self._insert(one, letter_id, to, params, spoken, self._tags(one))

    def _insert(
        self,
        one: Notice,
        letter_id: int,
        to: Subquery,
        params: Any,
        spoken: Mapping[str, str],
        tags: Mapping[int, float],
    ) -> Wave:
        wait_for_no_disk(self.conn)
        before = self._newest_id()
        count = self._written(_rows(one, letter_id, to, params, spoken, tags, self.now))
        return Wave(count, dict(tags) | self._tags_between(before, self._newest_id(), letter_id))

    def _written(self, rows: Select[Any]) -> int:
        """Write those that are not there yet; how many.

        The notice's cursor says that none is, and to look each up all the same would take a sixth
        of PostgreSQL's time for it. Where some are there all the same, nothing was written yet.
        """
        build = postgresql.insert if self.conn.dialect.name == "postgresql" else sqlite.insert
        all_new = build(delivery).from_select(_WRITTEN, rows)
        try:
            with self.conn.begin_nested():
                return self.conn.execute(all_new, execution_options=_COUNTED).rowcount
        except IntegrityError:
            some = all_new.on_conflict_do_nothing()
            return self.conn.execute(some, execution_options=_COUNTED).rowcount

    def _tags_between(self, before: int, newest: int, letter_id: int) -> dict[int, float]:
        """The last tag that was just used in each queue.

        Between two ids: of an open range PostgreSQL would read the table whole while it does not
        know how much was written. By the index of the letter all of it would be read again.
        """
        c = delivery.c
        just = (c.id > before, c.id <= newest, c.letter_id + 0 == letter_id)
        used = select(c.queue_id, func.max(c.vtime).label("tag")).where(*just).group_by(c.queue_id)
        return {row.queue_id: row.tag for row in self.conn.execute(used)}

    def _newest_id(self) -> int:
        newest: int = self.conn.execute(
            select(func.coalesce(func.max(delivery.c.id), 0))
        ).scalar_one()
        return newest

    def _ensure_queues(self) -> None:
        """An account nobody has opened yet has a queue, too, once something waits for it."""
        build = postgresql.insert if self.conn.dialect.name == "postgresql" else sqlite.insert
        lacking = select(channel_account.c.id, literal(0)).where(
            ~exists().where(queue_lease.c.account_id == channel_account.c.id)
        )
        made = build(queue_lease).from_select(["account_id", "shard"], lacking)
        self.conn.execute(made.on_conflict_do_nothing())

    # Fair share.

    def _tags(self, one: Notice) -> dict[int, float]:
        """Where this event stands in each queue: behind its own waiting rows, not behind others'.

        What it used itself it remembers, for looking it up among a million waiting rows is slow.
        """
        used = dict(self._beside(one)) | dict(one.tags)
        tags = {}
        for queue_id, vnow in self.conn.execute(select(queue_lease.c.id, queue_lease.c.vnow)):
            last = used.get(queue_id)
            if last is None:
                last = self._last_tag(queue_id, one.event_id, one.lane)
            tags[queue_id] = max(vnow, last)
        return tags

    def _beside(self, one: Notice) -> dict[int, float]:
        """The tags of other notices of this event that go out in the same lane just now."""
        c = notice.c
        query = select(c.tags).where(
            c.event_id == one.event_id,
            c.lane == one.lane,
            c.state == NoticeState.EXPANDING,
            c.id != one.id,
        )
        found: dict[int, float] = {}
        for tags in self.conn.execute(query).scalars():
            for queue, tag in (tags or {}).items():
                found[int(queue)] = max(found.get(int(queue), 0.0), tag)
        return found

    def _last_tag(self, queue_id: int, event_id: int, lane: Lane) -> float:
        """The tag of this event's last waiting row, from the end of the line."""
        c = delivery.c
        query = select(c.vtime).where(c.queue_id == queue_id, c.lane == lane, c.state == PENDING)
        of_event = query.where(c.event_id == event_id).order_by(c.vtime.desc()).limit(1)
        return self.conn.execute(of_event).scalar() or 0.0

    # Held and stopped.

    def park(self, event_id: int, until: datetime, lane: Lane) -> int:
        """What waits in this lane and those below is ready again at `until`. Returns how many."""
        c = delivery.c
        queues = c.queue_id.in_(select(queue_lease.c.id))
        below = (queues, c.event_id == event_id, c.lane >= lane)
        ready = update(delivery).where(*below, c.state == PENDING)
        soon = update(delivery).where(*below, c.state == RETRY, c.due_at < until)
        return sum(
            self.conn.execute(some.values(state=State.RETRY, due_at=until)).rowcount
            for some in (ready, soon)
        )

    def stop(self, letter_id: int, reason: str, after: int, limit: int) -> Chunk:
        """What waits of a letter for some people after `after` does not leave any more."""
        c = delivery.c
        waiting = (c.letter_id == letter_id, c.state.in_(_WAITING), c.person_id > after)
        last = self.last_of(select(c.person_id).where(*waiting).order_by(c.person_id), limit)
        if last is None:
            return Chunk(0, None)
        stopped = update(delivery).where(*waiting, c.person_id <= last)
        values = {"state": State.CANCELLED, "reason": reason, "due_at": None}
        return Chunk(self.conn.execute(stopped.values(values)).rowcount, last)


def _rows(
    one: Notice,
    letter_id: int,
    to: Subquery,
    params: Any,
    spoken: Mapping[str, str],
    tags: Mapping[int, float],
    now: datetime,
) -> Select[Any]:
    """The deliveries to some places, in the order of `_WRITTEN`."""
    place = func.row_number().over(partition_by=to.c.queue_id, order_by=to.c.person_id)
    base = case(
        *((to.c.queue_id == queue, literal(tag, Float)) for queue, tag in tags.items()),
        else_=literal(0.0, Float),
    )
    usual: ColumnElement[str] = literal("vi")
    known = [(to.c.language == said, text) for said, text in spoken.items()]
    lang = case(*known, else_=usual) if known else usual
    c = delivery.c
    return select(
        literal(one.event_id, c.event_id.type),
        to.c.queue_id,
        literal(int(one.lane)),
        base + cast(place, Float),
        literal(letter_id, c.letter_id.type),
        to.c.person_id,
        to.c.address_id,
        lang,
        params,
        literal(Act.SAY.value),
        to.c.round,
        literal(State.PENDING.value),
        literal(0),
        literal(0),
        literal(one.expires_at, c.expires_at.type),
        literal(now, c.created_at.type),
        literal(0),
    ).where(to.c.choice == 1)


def _object(dialect: str, name: str, value: Any) -> Any:
    build = func.jsonb_build_object if dialect == "postgresql" else func.json_object
    return build(name, value)
