"""A person, one step away: where the desk is, when it is open, its phone, and a request kept.

It promises only what is there: nobody is rung yet, so nobody is said to be on the way.
"""

from dataclasses import replace
from math import asin, cos, radians, sin, sqrt

from bot.content import Place
from bot.text import phone_groups
from bot.turn import Turn
from bot.values.reply import Choice, Style

EARTH = 6_371_000  # metres


def start(turn: Turn) -> None:
    """Asks for a person and says at once where one is."""
    if not turn.has_content:
        turn.go("welcome.which_event")
        return
    topic = str(turn.notes.get("topic", ""))
    topic = topic if topic in turn.library.event.topics else ""
    turn.hand_over(topic)
    desk = turn.desk_for(topic)
    lines = [turn.t("The organisers have received your request for a person.")]
    if desk is not None:
        lines.append(turn.t("You can go to this desk: {desk}.", desk=turn.contact(desk)))
    phone = turn.library.event.hotline or (desk.phone if desk else "")
    if phone:
        lines.append(turn.t("If it is urgent, please call {phone}.", phone=phone_groups(phone)))
    turn.say(
        "\n".join(lines),
        *_way(turn, desk),
        Choice(turn.t("🆘 Emergency"), "emergency.show"),
        Choice(turn.t("To the menu"), "menu.show"),
        place=desk,
    )


def media(turn: Turn) -> None:
    """Voices, pictures and files need a person; papers of identity should never be sent."""
    if not turn.has_content:
        turn.go("welcome.which_event")
        return
    if turn.incoming.media_kind == "contact" and turn.session.step == "welcome.digits":
        # The channel vouches that this number is hers: it is better than four typed digits.
        turn.incoming = replace(turn.incoming, text=turn.incoming.text[-4:])
        turn.go("welcome.digits")
        return
    if turn.incoming.media_kind == "voice":
        turn.say(turn.t("The assistant cannot understand recorded speech yet."))
    elif turn.incoming.media_kind in ("sticker", "other", "contact", "contact_other"):
        turn.say(turn.t("The assistant cannot read this. Please type a few words."))
        turn.go("menu.show")
        return
    else:
        turn.say(
            turn.t("The assistant cannot read pictures or files. Never send identity papers here."),
            style=Style.WARNING,
        )
    turn.go("helper.start")


def nearest(turn: Turn) -> None:
    """The help desk nearest to where she stands; where that is, nobody keeps."""
    here = turn.incoming.latitude, turn.incoming.longitude
    desks = [place for place in turn.library.places.values() if _is_open_to(turn, place)]
    if here[0] is None or here[1] is None or not desks:
        turn.go("helper.start")
        return
    metres, desk = min(((_metres(here[0], here[1], one), one) for one in desks), key=_by_distance)
    turn.say(
        turn.t(
            "The nearest help desk, about {metres} metres away: {desk}. Where you are is not kept.",
            metres=max(10, round(metres, -1)),
            desk=turn.contact(desk),
        ),
        *_way(turn, desk),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
        place=desk,
    )


def quiet(_: Turn) -> None:
    """She left, or a platform confirmed something: nothing to say."""


def _way(turn: Turn, desk: Place | None) -> tuple[Choice, ...]:
    if desk is None:
        return ()
    return (Choice(turn.t("See the way"), f"place.show:{desk.slug}"),)


def _is_open_to(turn: Turn, place: Place) -> bool:
    measured = place.lat is not None and place.lon is not None
    return place.kind == "desk" and measured and turn.library.admits(place, turn.who)


def _by_distance(found: tuple[int, Place]) -> tuple[int, str]:
    return found[0], found[1].slug


def _metres(latitude: float, longitude: float, place: Place) -> int:
    """The great-circle distance, by the haversine formula."""
    assert place.lat is not None
    assert place.lon is not None
    north, east = radians(place.lat - latitude), radians(place.lon - longitude)
    along = cos(radians(latitude)) * cos(radians(place.lat)) * sin(east / 2) ** 2
    return round(2 * EARTH * asin(sqrt(min(1.0, sin(north / 2) ** 2 + along))))
