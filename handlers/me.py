"""Her rights over what is kept about her: see it, correct it, have it deleted, stop notices.

What is said to happen is what happens: seeing is at once, the rest is a request to the organisers
with the day by which it is done (docs/privacy.md).
"""

from datetime import timedelta

from bot.i18n import N_
from bot.text import clip
from bot.turn import Turn
from bot.values.person import Record
from bot.values.reply import Choice, Style
from bot.values.request import RequestKind

# Decree 356/2025/NĐ-CP: withdrawal and restriction are done within 15 days of the request.
DONE_WITHIN = timedelta(days=15)
PAGE = 5

_CORRECTABLE = {
    "full_name": N_("Name"),
    "delegation": N_("Delegation"),
    "room": N_("Room"),
    "bus": N_("Bus"),
    "seat": N_("Seat"),
    "hotel": N_("Hotel"),
    "table": N_("Meal table"),
    "group": N_("Discussion group"),
    "phone": N_("Phone number"),
    "role": N_("Role in delegation"),
}


def show(turn: Turn) -> None:
    """Every field that is kept, at once."""
    record = turn.person.record
    if record is not None and turn.person.linked:
        _list(turn, _who(turn, record))
        _list(turn, _where(turn, record))
    _list(turn, _chosen(turn), last=True)


def correct(turn: Turn) -> None:
    """Which field is not right; the argument "more" shows the second page."""
    if turn.must_call:
        turn.go("welcome.call")
        return
    if not turn.person.linked:
        turn.say(turn.t("To correct your data, please link your delegate card."))
        turn.go("welcome.link")
        return
    names = list(_CORRECTABLE)
    shown = names[PAGE:] if turn.argument == "more" else names[:PAGE]
    choices = [Choice(turn.t(_CORRECTABLE[name]), f"mine.wrong:{name}") for name in shown]
    if turn.argument != "more":
        choices.append(Choice(turn.t("See more"), "me.correct:more"))
    turn.say(turn.t("What is not correct?"), *choices, style=Style.QUESTION)


def erase(turn: Turn) -> None:
    """Asks once."""
    turn.say(
        turn.t("Your data is deleted and your card is no longer linked. Do you want that?"),
        Choice(turn.t("Delete my data"), "me.erase_now"),
        Choice(turn.t("Keep my data"), "menu.show"),
        style=Style.QUESTION,
    )


def erase_now(turn: Turn) -> None:
    """A request the organisers must answer, with its last day."""
    kept = turn.hand_over(kind=RequestKind.PRIVACY, of="erase")
    day = turn.t.date(kept.created_at + DONE_WITHIN)
    turn.say(
        turn.t(
            "The organisers have received your request to delete. "
            "It is done within 15 days, by {date}.",
            date=day,
        ),
        Choice(turn.t("My data"), "me.show"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def stop(turn: Turn) -> None:
    """Ordinary notices stop; those about safety do not, and that is said."""
    kept = turn.hand_over(kind=RequestKind.PRIVACY, of="stop_notices")
    turn.say(
        turn.t(
            "The organisers have received your request to stop ordinary notices. "
            "It is done within 15 days, by {date}. Urgent notices still come, for your safety.",
            date=turn.t.date(kept.created_at + DONE_WITHIN),
        ),
        Choice(turn.t("My data"), "me.show"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def _list(turn: Turn, lines: list[str], *, last: bool = False) -> None:
    choices = (
        Choice(turn.t("Correct my data"), "me.correct"),
        Choice(turn.t("Stop notices"), "me.stop"),
        Choice(turn.t("Delete my data"), "me.erase"),
        Choice(turn.t("To the menu"), "menu.show"),
    )
    text = "\n".join(f"● {clip(line, 60)}" for line in lines)
    turn.say(text, *(choices if last else ()))


def _who(turn: Turn, record: Record) -> list[str]:
    phone = turn.t("kept sealed") if record.phone_cipher else turn.t("not given")
    return [
        turn.t("Name: {value}", value=_or_none(turn, record.full_name)),
        turn.t("Form of address: {value}", value=_or_none(turn, record.salutation)),
        turn.t("Delegation: {value}", value=_or_none(turn, record.delegation)),
        turn.t("Role in delegation: {value}", value=_or_none(turn, record.role)),
        turn.t("Phone number: {value}", value=phone),
    ]


def _where(turn: Turn, record: Record) -> list[str]:
    return [
        turn.t(
            "Hotel and room: {hotel}, {room}",
            hotel=_or_none(turn, record.hotel),
            room=_or_none(turn, record.room),
        ),
        turn.t(
            "Bus and seat: {bus}, {seat}",
            bus=_or_none(turn, record.bus),
            seat=_or_none(turn, record.seat),
        ),
        turn.t("Meal table: {value}", value=_or_none(turn, record.table)),
        turn.t("Discussion group: {value}", value=_or_none(turn, record.group)),
        turn.t("Place to get the badge: {value}", value=_or_none(turn, record.badge_place)),
    ]


def _chosen(turn: Turn) -> list[str]:
    answered = {True: turn.t("agreed"), False: turn.t("refused"), None: turn.t("not answered")}
    lines = [
        turn.t("Chosen language: {value}", value=turn.t.language.vietnamese_name),
        turn.t("Your answer about your data: {value}", value=answered[turn.person.consented]),
        turn.t("Your last messages here: {value}", value=len(turn.notes.get("recent", ()))),
    ]
    if not turn.person.linked:
        lines.append(turn.t("No delegate card is linked here."))
    return lines


def _or_none(turn: Turn, value: str) -> str:
    return value or turn.t("not announced")
