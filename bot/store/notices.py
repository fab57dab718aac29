"""Notices: what was written, approved and frozen; its people; its life, each step one UPDATE."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    Table,
    Text,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.store.base import BigId, Family, Json, UtcTime, count_anew, metadata, primary, to_event
from bot.store.people import person
from bot.store.roster import record
from bot.values.letter import Lane, OnUnknown
from bot.values.notice import (
    SHORTEST_GAP,
    Acknowledgement,
    Audience,
    Notice,
    NoticeState,
    QuietHours,
)
from bot.values.reply import Reply
from bot.values.template import Template

notice = Table(
    "notice",
    metadata,
    primary(),
    to_event(),
    Column("skeleton", Text, nullable=False, server_default=""),
    Column("fields", Json, nullable=False),
    Column("texts", Json, nullable=False),
    Column("audience", Json, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("not_before", UtcTime),
    Column("expires_at", UtcTime),
    Column("quiet_hours", Text, nullable=False),
    Column("acknowledgement", Text, nullable=False),
    Column("on_unknown", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cursor", BigInteger, nullable=False, server_default="0"),
    Column("author", Text, nullable=False),
    Column("approver", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("approved_at", UtcTime),
    Column("max_rounds", Integer, nullable=False, server_default="0"),
    Column("gap_seconds", Integer, nullable=False, server_default="900"),
    Column("tags", Json),  # queue -> the last tag of fair share that was used there
    Column("next_look_at", UtcTime),  # when its rounds are looked at again
    Column("closed_at", UtcTime),
    Column("template", Json),  # of Zalo's, as it was when the notice was written
    Index("ix_notice_state", "state"),
)

# The audience, frozen at approval: who, not where. Where is looked up when it goes out.
notice_recipient = Table(
    "notice_recipient",
    metadata,
    Column("notice_id", BigId, ForeignKey("notice.id"), primary_key=True),
    Column("person_id", BigId, ForeignKey("person.id"), primary_key=True),
    Index("ix_notice_recipient_person", "person_id"),
)

_FREEZE = 20_000  # people in one transaction: what writes meanwhile hardly waits
_LISTED = 5_000  # ids in one IN (...); SQLite takes some 30,000 values in a statement


class Notices(Family):
    """Writes notices and takes them from one state to the next."""

    def add(self, event_id: int, made: Mapping[str, Any]) -> int:
        """A draft; `made` holds columns by name as `Notice` names them. Returns its id."""
        values = {
            "skeleton": "",
            "fields": {},
            "quiet_hours": QuietHours.WAIT,
            "acknowledgement": Acknowledgement.NONE,
            "on_unknown": OnUnknown.RESEND,
            **made,
            "event_id": event_id,
            "state": NoticeState.DRAFT,
            "created_at": self.now,
        }
        values["texts"] = {language: one.to_json() for language, one in made["texts"].items()}
        values["audience"] = made["audience"].to_json()
        template: Template | None = made.get("template")
        values["template"] = template.to_json() if template else None
        gap: timedelta = values.pop("gap", SHORTEST_GAP)
        values["gap_seconds"] = int(gap.total_seconds())
        added = self.conn.execute(insert(notice).values(**values).returning(notice.c.id))
        new_id: int = added.scalar_one()
        return new_id

    def get(self, event_id: int, notice_id: int) -> Notice | None:
        """A notice of an event."""
        c = notice.c
        query = select(notice).where(c.event_id == event_id, c.id == notice_id)
        row = self.conn.execute(query).first()
        return to_notice(row) if row else None

    def of_event(self, event_id: int, limit: int = 100) -> list[Notice]:
        """The notices of an event, newest first."""
        c = notice.c
        query = select(notice).where(c.event_id == event_id).order_by(c.id.desc()).limit(limit)
        return [to_notice(row) for row in self.conn.execute(query)]

    def people_of(self, event_id: int, audience: Audience) -> list[int]:
        """Who is meant, by id."""
        parts = (_people_of(event_id, part) for part in _parts(audience))
        return [one for part in parts for one in self.conn.execute(part).scalars()]

    # Approval: first the people, some at a time, then the one row that makes it count.

    def thaw(self, notice_id: int) -> None:
        """Nobody is frozen into a draft yet: an approval that broke off begins again."""
        draft = exists().where(notice.c.id == notice_id, notice.c.state == NoticeState.DRAFT)
        here = notice_recipient.c.notice_id == notice_id
        self.conn.execute(delete(notice_recipient).where(here, draft))

    def freeze(self, draft: Notice, after: int) -> int | None:
        """Freeze some more of the audience, those with ids above `after`; the last id, or None."""
        audience, last = draft.audience, None
        if audience.people is not None:
            ids = [one for one in sorted(set(audience.people)) if one > after][:_LISTED]
            audience, last = replace(audience, people=tuple(ids)), max(ids, default=None)
        people = _people_of(draft.event_id, audience)
        if draft.audience.people is None:
            last = self.last_of(people.where(record.c.person_id > after), _FREEZE)
        if last is None:
            return None
        which = people.where(record.c.person_id > after, record.c.person_id <= last)
        still = exists().where(notice.c.id == draft.id, notice.c.state == NoticeState.DRAFT)
        rows = which.with_only_columns(literal(draft.id, notice.c.id.type), record.c.person_id)
        target = insert(notice_recipient).from_select(
            ["notice_id", "person_id"], rows.where(still), include_defaults=False
        )
        self.conn.execute(target)
        return last

    def count_anew(self) -> None:
        """Many people were frozen: the database is to know it before it looks for them."""
        count_anew(self.conn, notice_recipient)

    def approve(self, notice_id: int, approver: str, not_before: datetime | None) -> bool:
        """From now on it goes out by itself. False when it is no draft any more."""
        values = {"approver": approver, "approved_at": self.now, "not_before": not_before}
        return self._step(notice_id, [NoticeState.DRAFT], NoticeState.APPROVED, **values)

    # Going out.

    def waiting(self) -> list[Notice]:
        """Approved notices whose time has come, and those on their way; the urgent first."""
        c = notice.c
        due = or_(c.not_before.is_(None), c.not_before <= self.now)
        which = or_(c.state == NoticeState.EXPANDING, (c.state == NoticeState.APPROVED) & due)
        query = select(notice).where(which).order_by(c.lane, c.id)
        return [to_notice(row) for row in self.conn.execute(query)]

    def begin(self, notice_id: int) -> bool:
        """It goes out now. False when somebody began it, or cancelled it."""
        return self._step(notice_id, [NoticeState.APPROVED], NoticeState.EXPANDING)

    def hold(self, notice_id: int) -> Notice | None:
        """A notice on its way, kept for this transaction; None when another process has it."""
        c = notice.c
        mine = select(notice).where(c.id == notice_id, c.state == NoticeState.EXPANDING)
        row = self.conn.execute(mine.with_for_update(skip_locked=True)).first()
        return to_notice(row) if row else None

    def advance(self, notice_id: int, cursor: int, tags: Mapping[int, float]) -> None:
        """How far it has gone out, and the fair share it used."""
        plain = {str(queue): tag for queue, tag in tags.items()}
        here = update(notice).where(notice.c.id == notice_id)
        self.conn.execute(here.values(cursor=cursor, tags=plain))

    def finish(self, notice_id: int) -> bool:
        """It has gone out to everybody who was frozen into it."""
        states = [NoticeState.EXPANDING]
        return self._step(notice_id, states, NoticeState.EXPANDED, next_look_at=self.now)

    def expire(self) -> list[int]:
        """What did not go out in time does not go out late. Returns which notices that were."""
        c = notice.c
        late = (
            update(notice)
            .where(
                c.state.in_((NoticeState.APPROVED, NoticeState.EXPANDING)),
                c.expires_at < self.now,
            )
            .values(state=NoticeState.EXPIRED, closed_at=self.now)
        )
        return list(self.conn.execute(late.returning(c.id)).scalars())

    def look_at_rounds(self, again_at: datetime) -> list[Notice]:
        """Take those whose next round may be due; nobody else looks at them before `again_at`."""
        c = notice.c
        due = (
            update(notice)
            .where(
                c.state == NoticeState.EXPANDED,
                c.acknowledgement == Acknowledgement.ASKED,
                c.max_rounds > 0,
                c.next_look_at <= self.now,
                or_(c.expires_at.is_(None), c.expires_at > self.now),
            )
            .values(next_look_at=again_at)
            .returning(notice)
        )
        return [to_notice(row) for row in self.conn.execute(due)]

    def is_out(self, notice_id: int) -> bool:
        """Is it out, and neither closed nor cancelled? Kept so for this transaction."""
        c = notice.c
        query = select(c.id).where(c.id == notice_id, c.state == NoticeState.EXPANDED)
        return self.conn.execute(query.with_for_update()).first() is not None

    # Its end.

    def cancel(self, notice_id: int) -> bool:
        """Nothing more leaves. False when it had ended already, or was never there."""
        running = (
            NoticeState.DRAFT,
            NoticeState.APPROVED,
            NoticeState.EXPANDING,
            NoticeState.EXPANDED,
        )
        return self._step(notice_id, running, NoticeState.CANCELLED)

    def close(self, notice_id: int) -> bool:
        """Nobody is asked again; what waits still leaves. False when it is not out."""
        states = [NoticeState.EXPANDED]
        return self._step(notice_id, states, NoticeState.CLOSED, closed_at=self.now)

    def in_state(self, state: NoticeState, *, ended: bool) -> list[Notice]:
        """Notices in a state whose end was written down, or was not."""
        c = notice.c
        end = c.closed_at.is_not(None) if ended else c.closed_at.is_(None)
        query = select(notice).where(c.state == state, end).order_by(c.id)
        return [to_notice(row) for row in self.conn.execute(query)]

    def cancelled_whole(self, notice_id: int) -> None:
        """Nothing of it waits any more."""
        here = update(notice).where(notice.c.id == notice_id)
        self.conn.execute(here.values(closed_at=self.now))

    def _step(self, notice_id: int, before: Any, after: NoticeState, **values: Any) -> bool:
        c = notice.c
        changed = update(notice).where(c.id == notice_id, c.state.in_(before))
        return self.conn.execute(changed.values(state=after, **values)).rowcount == 1


def _people_of(event_id: int, audience: Audience) -> Select[int]:
    """The ids of an audience, in order: on the list in force, and not erased."""
    r = record.c
    query = (
        select(r.person_id)
        .join(person, person.c.id == r.person_id)
        .where(r.event_id == event_id, r.status == "active", person.c.erased_at.is_(None))
        .order_by(r.person_id)
    )
    if audience.people is not None:
        query = query.where(r.person_id.in_(audience.people))
    if audience.delegations:
        query = query.where(r.delegation.in_(audience.delegations))
    if audience.roles:
        query = query.where(r.role.in_(audience.roles))
    if audience.languages:
        declared = func.nullif(r.declared_language, "")
        speaks = func.coalesce(person.c.language, declared, "vi")
        query = query.where(speaks.in_(audience.languages))
    return query


def _parts(audience: Audience) -> list[Audience]:
    """The same audience in parts, each with a list of people short enough for one statement."""
    if audience.people is None:
        return [audience]
    ids = sorted(set(audience.people))
    starts = range(0, max(len(ids), 1), _LISTED)
    return [replace(audience, people=tuple(ids[at : at + _LISTED])) for at in starts]


def to_notice(row: Row[Any]) -> Notice:
    """A row as a value that may leave the store."""
    return Notice(
        id=row.id,
        event_id=row.event_id,
        state=NoticeState(row.state),
        lane=Lane(row.lane),
        author=row.author,
        created_at=row.created_at,
        approver=row.approver,
        not_before=row.not_before,
        expires_at=row.expires_at,
        texts={language: Reply.from_json(one) for language, one in row.texts.items()},
        audience=Audience.from_json(row.audience),
        quiet_hours=QuietHours(row.quiet_hours),
        acknowledgement=Acknowledgement(row.acknowledgement),
        on_unknown=OnUnknown(row.on_unknown),
        max_rounds=row.max_rounds,
        gap=timedelta(seconds=row.gap_seconds),
        cursor=row.cursor,
        tags={int(queue): tag for queue, tag in (row.tags or {}).items()},
        approved_at=row.approved_at,
        closed_at=row.closed_at,
        template=Template.from_json(row.template) if row.template else None,
    )
