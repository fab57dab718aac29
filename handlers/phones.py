"""One person, two phones: a code lets the second one in, and the first one is told of it."""

from bot.access import MOST_ADDRESSES
from bot.turn import Turn
from bot.values.reply import Choice
from bot.values.request import RequestKind


def add(turn: Turn) -> None:
    """A number to type on the other phone."""
    if not turn.who.linked:
        turn.go("welcome.link")
        return
    if len(turn.desk.phones.of(turn.person.id)) >= MOST_ADDRESSES:
        turn.say(
            turn.t("Your card is linked to three phones already. A help desk can free one."),
            Choice(turn.t("Talk to a person"), "helper.start"),
            Choice(turn.t("To the menu"), "menu.show"),
        )
        return
    code = turn.desk.phones.code(turn.person.id)
    turn.say(
        turn.t(
            "On the other phone, open this assistant, choose a language and type {code}. "
            "The number works once, for 10 minutes.",
            code=f"**{code[:3]} {code[3:]}**",
        ),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def freeze(turn: Turn) -> None:
    """She did not add that phone: it is paused at once; the argument is its address."""
    there = int(turn.argument) if turn.argument.isascii() and turn.argument.isdigit() else 0
    here = turn.session.address_id
    paused = any(turn.desk.phones.freeze(one, here, there) for one in turn.family)
    said = turn.t("That phone is no longer linked to your card.")
    if paused:
        turn.hand_over("registration", kind=RequestKind.URGENT, of="phone")
        said = turn.t("That phone is paused and sees nothing of yours. The organisers know it.")
    turn.say(
        said,
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )
