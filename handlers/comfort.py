"""How she likes to be spoken to: short and slow, or in full.

What is promised here is kept by the router (short, three messages at most) and the sender (pauses).
"""

from bot.turn import Turn
from bot.values.reply import Choice


def simple(turn: Turn) -> None:
    """Short and slow from now on."""
    turn.be_simple(True)
    _say_so(
        turn,
        turn.t(
            "From now on the answers are short, one by one, with a pause between two. "
            "To read all of an answer, press See more."
        ),
    )


def full(turn: Turn) -> None:
    """Whole answers again."""
    turn.be_simple(False)
    _say_so(turn, turn.t("From now on the answers are whole again, without pauses."))


def _say_so(turn: Turn, said: str) -> None:
    turn.say(
        said,
        Choice(turn.t("To the menu"), "menu.show"),
        Choice(turn.t("Talk to a person"), "helper.start"),
    )
