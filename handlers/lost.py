"""She does not know where she is: she picks what she sees and hears the way to a desk."""

from bot.content import Place, nearest_desk
from bot.text import phone_groups
from bot.turn import Turn
from bot.values.reply import Choice, Media

PAGE = 4  # pictures on one screen; the fifth choice leads on
EMERGENCY = "emergency.show"


def show(turn: Turn) -> None:
    """Pictures of what may stand before her; the argument is the page, counted from 0."""
    if not turn.has_content:
        turn.go(EMERGENCY)
        return
    known = [one for one in turn.library.places.values() if _is_shown(turn, one)]
    if not known:
        turn.go("lost.none")
        return
    first = PAGE * (int(turn.argument) if turn.argument in ("1", "2", "3") else 0)
    first = first if first < len(known) else 0
    page, page_number = known[first : first + PAGE], first // PAGE
    on = Choice(turn.t("I see none of these"), "lost.none")
    if first + PAGE < len(known) and page_number < 3:
        on = Choice(turn.t("None, see more"), f"lost.show:{page_number + 1}")
    turn.say(
        turn.t("Which of these do you see? Press its number."),
        *(Choice(_name(turn, one), f"lost.seen:{one.slug}") for one in page),
        on,
        media=tuple(_picture(turn, number, one) for number, one in enumerate(page, 1)),
    )


def seen(turn: Turn) -> None:
    """She sees this: the nearest desk, the way there and its phone. The argument is a slug."""
    place = turn.library.places.get(turn.argument) if turn.has_content else None
    if place is None or not _is_shown(turn, place) or place.lat is None or place.lon is None:
        turn.go("lost.show")
        return
    found = nearest_desk(turn.library, place.lat, place.lon, turn.who)
    if found is None:
        turn.go("lost.none")
        return
    metres, desk = found
    language, text = turn.library.text(place, turn.t.language.chain)
    lines = (
        turn.t(
            "From {place}, the nearest help desk is about {metres} metres away: {desk}.",
            place=turn.sign(place),
            metres=max(10, round(metres, -1)),
            desk=turn.contact(desk),
        ),
        text.directions,
    )
    turn.say(
        "\n".join(lines),
        Choice(turn.t("Call now"), f"emergency.call:desk.{place.slug}", desk.phone),
        Choice(turn.t("See the way"), f"place.show:{desk.slug}"),
        Choice(turn.t("Another place"), "lost.show"),
        Choice(turn.t("🆘 Emergency"), EMERGENCY),
        Choice(turn.t("To the menu"), "menu.show"),
        place=desk,
        language=language,
    )


def none(turn: Turn) -> None:
    """Nothing she sees is among the pictures: a safe spot, and the phone of the organisers."""
    if not turn.has_content:
        turn.go(EMERGENCY)
        return
    hotline = turn.library.event.hotline
    lines = (
        turn.t("Please stay where there is light and there are people."),
        turn.t("Help phone of the organisers: {number}", number=phone_groups(hotline)),
        turn.t("Press 1 to ring it and tell the organisers."),
    )
    turn.say(
        "\n".join(lines),
        Choice(turn.t("Call now"), "emergency.call:desk", hotline),
        Choice(turn.t("See pictures again"), "lost.show"),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("🆘 Emergency"), EMERGENCY),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def _is_shown(turn: Turn, place: Place) -> bool:
    has_picture = place.kind == "landmark" and place.picture in turn.library.media
    return has_picture and turn.library.admits(place, turn.who)


def _name(turn: Turn, place: Place) -> str:
    return turn.library.text(place, turn.t.language.chain)[1].name


def _picture(turn: Turn, number: int, place: Place) -> Media:
    """The number to press, the sign in bold Vietnamese, and what the picture shows."""
    _, text = turn.library.text(place, turn.t.language.chain)
    caption = f"{number}. **{place.sign}**. {text.caption}"
    return Media("picture", turn.library.media[place.picture].sha256, place.picture, caption)
