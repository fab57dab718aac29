"""Her rights over what is kept about her: see it, correct it, have it deleted, stop notices.

What is said to happen is what happens. What the assistant keeps itself is deleted at once; her line
in the organisers' list is a request to them, with the day by which it is done (docs/privacy.md).
"""

from datetime import datetime

from bot.i18n import N_
from bot.text import clip
from bot.turn import Turn
from bot.values.person import Record
from bot.values.reply import Choice, Style
from bot.values.request import RequestKind

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
    """Says exactly what goes and when, and asks once."""
    said = turn.t("Your conversations and your language are deleted at once.")
    if turn.person.record is not None:
        said = turn.t(
            "Your conversations, your language and the link to your card are deleted at once. "
            "The organisers delete your name in their list later."
        )
    turn.say(
        f"{said} {turn.t('Do you want to delete?')}",
        Choice(turn.t("Delete my data"), "me.erase_now"),
        Choice(turn.t("Keep my data"), "menu.show"),
        style=Style.QUESTION,
    )


def erase_now(turn: Turn) -> None:
    """Gone at once, and a request for the rest; from here on this chat is a stranger's."""
    if turn.person.record is None:
        said = turn.t("The assistant has deleted your conversations and your language.")
    else:
        asked = turn.hand_over(kind=RequestKind.PRIVACY, of="erase")
        assert asked.due_at is not None
        said = turn.t(
            "The assistant has deleted your conversations, your language and the link to your "
            "card. The organisers delete your name in their list within 15 days, by {date}.",
            date=turn.t.date(asked.due_at),
        )
    again = turn.t("To begin again, please press the button.")
    turn.say(f"{said} {again}", Choice(turn.t("🌐 Change language"), "welcome.language"))
    turn.be_forgotten()


def stop(turn: Turn) -> None:
    """Ordinary notices stop; those about safety do not, and that is said."""
    turn.stop_notices(True)
    turn.say(
        turn.t(
            "Ordinary notices are stopped from now on. Urgent notices still come, for your safety."
        ),
        Choice(turn.t("Receive notices"), "me.resume"),
        Choice(turn.t("My data"), "me.show"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def resume(turn: Turn) -> None:
    """Ordinary notices come again."""
    turn.stop_notices(False)
    turn.say(
        turn.t("You receive every notice again."),
        Choice(turn.t("Stop notices"), "me.stop"),
        Choice(turn.t("My data"), "me.show"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def _list(turn: Turn, lines: list[str], *, last: bool = False) -> None:
    choices = (
        Choice(turn.t("See more data"), "me.more"),
        Choice(turn.t("Correct my data"), "me.correct"),
        _switch(turn),
        Choice(turn.t("Delete my data"), "me.erase"),
        Choice(turn.t("To the menu"), "menu.show"),
    )
    text = "\n".join(f"● {clip(line, 60)}" for line in lines)
    turn.say(text, *(choices if last else ()))


def _switch(turn: Turn) -> Choice:
    if turn.person.notices_stopped_at is not None:
        return Choice(turn.t("Receive notices"), "me.resume")
    return Choice(turn.t("Stop notices"), "me.stop")


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
    stopped = turn.person.notices_stopped_at is not None
    notices = turn.t("stopped, except urgent ones") if stopped else turn.t("received")
    lines = [
        turn.t("Chosen language: {value}", value=turn.t.language.vietnamese_name),
        turn.t("Your answer about your data: {value}", value=answered[turn.person.consented]),
        turn.t("Your last messages here: {value}", value=len(turn.notes.get("recent", ()))),
        turn.t("Ordinary notices: {value}", value=notices),
        turn.t("Kept until: {date}", date=turn.t.date(_last_day(turn))),
    ]
    if not turn.person.linked:
        lines.append(turn.t("No delegate card is linked here."))
    return lines


def _last_day(turn: Turn) -> datetime:
    return turn.desk.gone_at(turn.event)


def _or_none(turn: Turn, value: str) -> str:
    return value or turn.t("not announced")
