"""Zalo's approved templates as each event's organisers set them up, and whom one may be sent to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Table,
    Text,
    case,
    cast,
    delete,
    exists,
    literal,
    or_,
    select,
    update,
)

from bot.store.accounts import address, address_person
from bot.store.base import BigId, Family, Json, UtcTime, metadata, upsert
from bot.store.delivery_table import delivery
from bot.store.letters import letter
from bot.store.notices import notice
from bot.store.people import consent
from bot.store.roster import record
from bot.values.consent import IN_FORCE
from bot.values.reply import Reply
from bot.values.template import Phones, Template

zalo_template = Table(
    "zalo_template",
    metadata,
    Column("event_id", BigId, ForeignKey("event.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("account_id", BigId, ForeignKey("channel_account.id"), nullable=False),
    Column("template", Json, nullable=False),
    Column("refused", Text, nullable=False, server_default=""),  # Zalo's number: it is not used
    Column("refused_at", UtcTime),
)

# The sender that stands for the number of a person, which itself stays sealed in her record.
PHONE = "phone:"


_OF_RECORD = ("full_name", "salutation", "code", "delegation", "phone_cipher")


class Kept(NamedTuple):
    """A template of an event. `refused`: Zalo does not take it any more, by this number."""

    template: Template
    refused: str
    refused_at: datetime | None


class Task(NamedTuple):
    """What is needed to send one delivery as a template; read just before it leaves."""

    event_id: int
    template: Template
    refused: str
    words: str
    heard_at: datetime | None
    is_gone: bool
    name: str
    salutation: str
    code: str
    delegation: str
    phone_cipher: str


class Templates(Family):
    """Keeps templates and tells whom they may go to."""

    def put(self, event_id: int, templates: Sequence[Template]) -> None:
        """These are the event's templates from now on; what was refused may be tried again."""
        c = zalo_template.c
        names = [one.name for one in templates]
        gone = delete(zalo_template).where(c.event_id == event_id, c.name.not_in(names))
        self.conn.execute(gone)
        for one in templates:
            row = {
                "event_id": event_id,
                "name": one.name,
                "account_id": one.account_id,
                "template": one.to_json(),
                "refused": "",
                "refused_at": None,
            }
            upsert(self.conn, zalo_template, row, key=("event_id", "name"))

    def of_event(self, event_id: int) -> list[Kept]:
        """The templates of an event, by name."""
        c = zalo_template.c
        query = select(c.template, c.refused, c.refused_at).where(c.event_id == event_id)
        rows = self.conn.execute(query.order_by(c.name))
        return [Kept(Template.from_json(row[0]), *row[1:]) for row in rows]

    def named(self, account_id: int, template_id: str) -> list[str]:
        """What organisers call a template of an account, by Zalo's number; several events may."""
        c = zalo_template.c
        mine = select(c.name).where(
            c.account_id == account_id, c.template["id"].as_string() == template_id
        )
        return list(self.conn.execute(mine.order_by(c.event_id, c.name)).scalars())

    def refuse(self, event_id: int, template: Template, code: str) -> bool:
        """Zalo does not take it: it is not used until it is set up anew. True the first time."""
        c = zalo_template.c
        mine = update(zalo_template).where(
            c.event_id == event_id, c.name == template.name, c.refused == ""
        )
        return self.conn.execute(mine.values(refused=code, refused_at=self.now)).rowcount == 1

    def by_phone(self, event_id: int, template: Template) -> set[int]:
        """Whose number of the list may be used for this template."""
        if template.phone_price is None:
            return set()
        query = select(record.c.person_id).where(*may_ring(event_id, template))
        return set(self.conn.execute(query).scalars())

    def task(self, delivery_id: int) -> Task | None:
        """A delivery that goes out as a template; None when its notice names none."""
        d, n, r, a, t = delivery.c, notice.c, record.c, address.c, zalo_template.c
        joined = (
            delivery.join(letter, letter.c.id == d.letter_id)
            .join(notice, n.id == letter.c.notice_id)
            .join(address, a.id == d.address_id)
            .outerjoin(record, (r.event_id == d.event_id) & (r.person_id == d.person_id))
            .outerjoin(
                zalo_template,
                (t.event_id == d.event_id) & (t.name == n.template["name"].as_string()),
            )
        )
        query = (
            select(
                d.event_id,
                n.template,
                n.texts,
                t.refused,
                a.heard_at,
                a.gone_at,
                *(r[name] for name in _OF_RECORD),
            )
            .select_from(joined)
            .where(d.id == delivery_id, n.template.is_not(None))
        )
        row = self.conn.execute(query).first()
        if row is None:
            return None
        return Task(
            row.event_id,
            Template.from_json(row.template),
            row.refused or "",
            Reply.from_json(row.texts["vi"]).text,
            row.heard_at,
            row.gone_at is not None,
            *(getattr(row, name) or "" for name in _OF_RECORD),
        )


def may_ring(event_id: int, template: Template) -> tuple[ColumnElement[bool], ...]:
    """Of whose records the number may be used: the organisers' rule, and never where she refused
    the assistant, where a phone of hers was reported lost, or where Zalo said that it is no use."""
    r, c = record.c, consent.c
    answer = (
        select(case((c.agreed, c.text_version), else_=""))
        .where(c.person_id == r.person_id, c.event_id == event_id)
        .order_by(c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    agreed = answer.in_(IN_FORCE)
    refused_not = or_(answer.is_(None), answer != "")
    # Names of their own: whoever asks may have addresses in hand already.
    place, number, tie = address.alias("place"), address.alias("number"), address_person.alias()
    lost = exists().where(
        tie.c.person_id == r.person_id,
        tie.c.event_id == event_id,
        place.c.id == tie.c.address_id,
        place.c.frozen_at.is_not(None),
    )
    useless = exists().where(
        number.c.account_id == template.account_id,
        number.c.sender == phone_of(r.person_id),
        number.c.gone_at.is_not(None),
    )
    allowed = agreed if template.phones is Phones.AGREED else refused_not
    return (
        r.event_id == event_id,
        r.status == "active",
        r.phone_cipher != "",
        allowed,
        ~lost,
        ~useless,
    )


def phone_of(person_id: Any) -> ColumnElement[str]:
    """The sender that stands for her number."""
    return literal(PHONE) + cast(person_id, Text)
