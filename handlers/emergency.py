"""In danger: the numbers of the State and the nearest phones of the event, at once."""

from bot.content import Place
from bot.text import phone_groups
from bot.turn import Turn
from bot.values.reply import Choice, Style


def show(turn: Turn) -> None:
    """Only on request: no word she types is taken for an emergency by itself."""
    lines = [
        turn.t("Ambulance: {number}", number="**115**"),
        turn.t("Fire: {number}", number="**114**"),
        turn.t("Police: {number}", number="**113**"),
        *(_event_phones(turn) if turn.has_content else ()),
    ]
    turn.say(
        "\n".join(f"● {line}" for line in lines),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
        style=Style.WARNING,
    )


def _event_phones(turn: Turn) -> list[str]:
    hotline = turn.library.event.hotline
    return [
        *(f"{turn.sign(place)}: {phone_groups(place.phone)}" for place in _clinics(turn)),
        turn.t("Help phone of the organisers: {number}", number=hotline),
    ]


def _clinics(turn: Turn) -> list[Place]:
    known = turn.library.places.values()
    clinics = [place for place in known if place.kind == "clinic" and place.phone]
    return [place for place in clinics if turn.library.admits(place, turn.who)][:1]
