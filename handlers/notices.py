"""A notice she got: "I received it", by button, digit or word; and the same words once more.

It acknowledges a letter, never attendance.
"""

from bot.text import clip
from bot.turn import Turn
from bot.values.notice import READ, RECEIVED, Heard
from bot.values.reply import Choice, Style


def received(turn: Turn) -> None:
    """Her word about the letter this button stands under; said twice it is said once."""
    found = None
    if turn.known is not None and not turn.frozen:
        found = turn.desk.acknowledge(turn.event.id, turn.session.address_id, turn.argument)
    if found is None:
        _not_here(turn)
        return
    _thank(turn, found)


def typed(turn: Turn) -> None:
    """The same in words, while such a letter is the last thing she was told."""
    waiting = turn.unheard
    hers = [one for one in waiting if one.person_id == turn.person.id]
    people = {one.person_id for one in waiting}
    if len(people) > 1:  # several share this telephone: nobody says it for somebody else
        latest = {one.person_id: one for one in waiting}
        turn.say(
            turn.t("Who received it? Please choose a name."),
            *(
                Choice(clip(one.name, 20), f"{RECEIVED}:{one.delivery_id}")
                for one in latest.values()
            ),
            style=Style.QUESTION,
        )
        return
    last = (hers or waiting)[-1:]
    turn.go(RECEIVED, str(last[0].delivery_id) if last else _before(turn))


def waits(turn: Turn) -> bool:
    """Does a letter that asks for her word, or our thanks for it, stand last before her?"""
    return bool(turn.unheard) or bool(_before(turn))


def _before(turn: Turn) -> str:
    """The letter that the last thing said here was about."""
    name, _, which = str(turn.notes.get("here", "")).partition(":")
    return which if name in (RECEIVED, READ) else ""


def read(turn: Turn) -> None:
    """The notice once more, under its own buttons."""
    found = None
    if turn.known is not None and not turn.frozen:
        found = turn.desk.heard(turn.event.id, turn.session.address_id, turn.argument)
    if found is None:
        _not_here(turn)
        return
    turn.say(
        found.reply.text,
        *found.reply.choices,
        style=found.reply.style,
        language=found.reply.language,
    )


def _thank(turn: Turn, found: Heard) -> None:
    name = f"{clip(found.name, 60)}:\n" if turn.shared or found.person_id != turn.person.id else ""
    turn.say(
        name + turn.t("Thank you. The organisers know that this was received."),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def _not_here(turn: Turn) -> None:
    """The same for what was somebody else's, another event's, or never was."""
    turn.say(turn.t("This notice is not here any more."))
    turn.go("menu.show")
