"""One place: its sign, the way there, its picture and its point on the map."""

from bot.turn import Turn
from bot.values.reply import Choice


def show(turn: Turn) -> None:
    """The argument is the place's slug; whoever may not know of it is not told it exists."""
    place = turn.library.places.get(turn.argument)
    if place is None or not turn.library.admits(place, turn.who):
        turn.say(
            turn.t("The organisers have not announced this place. A person can help you."),
            Choice(turn.t("Talk to a person"), "helper.start"),
            Choice(turn.t("To the menu"), "menu.show"),
        )
        return
    language, text = turn.library.text(place, turn.t.language.chain)
    turn.say(
        f"{turn.contact(place)}\n{text.directions}",
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
        place=place,
        language=language,
    )
