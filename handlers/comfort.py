"""How she likes to be spoken to: short, or in full."""

from bot.turn import Turn
from bot.values.reply import Choice


def simple(turn: Turn) -> None:
    """Short and slow from now on."""
    turn.be_simple(True)
    _say_so(turn, turn.t("From now on the answers are short, one thing at a time."))


def full(turn: Turn) -> None:
    """Whole answers again."""
    turn.be_simple(False)
    _say_so(turn, turn.t("From now on the answers are whole again."))


def _say_so(turn: Turn, said: str) -> None:
    turn.say(
        said,
        Choice(turn.t("To the menu"), "menu.show"),
        Choice(turn.t("Talk to a person"), "helper.start"),
    )
