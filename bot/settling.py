"""A request that the desk has dealt with: closed; who asked for a correction hears of it."""

from bot import desk, reach
from bot.i18n import N_, Texts, Translator
from bot.outbox import Owed, put
from bot.privacy import field_name
from bot.store import Work
from bot.store.accounts import Address
from bot.values.event import Event
from bot.values.letter import Lane, Letter
from bot.values.reply import Choice, Reply
from bot.values.request import Request, RequestKind

TALK = N_("🙋 Talk to a person")


def settle(work: Work, texts: Texts, event: Event, number: int, author: str) -> bool:
    """Close a request and tell her, once; False when there is no such open request."""
    asked = next((one for one in work.requests.waiting(event.id) if one.id == number), None)
    closed = desk.close_request(work, event.id, number, author)
    if closed and asked is not None and asked.kind is RequestKind.CORRECTION:
        _tell(work, texts, event, asked)
    return closed


def _tell(work: Work, texts: Texts, event: Event, asked: Request) -> None:
    record = work.roster.of_person(event.id, asked.person_id)
    place = _place(work, event, asked)
    if record is None or record.status != "active" or place is None:
        return
    t = texts.translator(asked.language, event.zone)
    reply = _reply(t, record.full_name, t(field_name(asked.field)))
    letter = Letter(
        f"request:{asked.id}:done", {reply.language: reply}, event_id=event.id, lane=Lane.SCHEDULED
    )
    queue = work.queues.ensure(place.account_id)
    put(
        work,
        [Owed(letter, asked.person_id, place.id, place.sender, queue, reply.language)],
        {},
    )


def _reply(t: Translator, name: str, field: str) -> Reply:
    """No value stands in it: it may be read on a telephone of eight people."""
    return Reply(
        t(
            "Dear {name}, your request to correct “{field}” was dealt with. Please look again.",
            name=name,
            field=field,
        ),
        (Choice(t("My data"), "me.show"),),
        controls=(
            Choice(t("Read again"), "menu.again"),
            Choice(t("↩︎ Back"), "menu.back"),
            Choice(t(TALK), "helper.start"),
        ),
        language=t.spoken_in(TALK),
    )


def _place(work: Work, event: Event, asked: Request) -> Address | None:
    """Where she asked, if that still speaks for her; else another telephone of hers."""
    able = reach.addresses_of(work, asked.person_id, event.id)
    there = next((one for one in able if one.id == asked.address_id), None)
    return there or reach.address_of(work, asked.person_id, event.id)
