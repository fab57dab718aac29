"""In danger, ill or afraid: the numbers at once; who is rung and told is one deliberate tap.

It promises only what is there: a request that was kept, when, and whom to ring.
"""

from bot.content import Place, nearest_desk
from bot.i18n import N_
from bot.text import phone_groups
from bot.turn import Turn
from bot.values.reply import Choice, Phone, Style
from bot.values.request import RequestKind

AMBULANCE, FIRE, POLICE, RESCUE = "115", "114", "113", "112"
NAMES = {
    AMBULANCE: N_("Ambulance: {number}"),
    FIRE: N_("Fire: {number}"),
    POLICE: N_("Police: {number}"),
    RESCUE: N_("Search and rescue: {number}"),
}
MEDICS, SECURITY, DESK = "medics", "security", "desk"
KINDS = {MEDICS: "clinic", SECURITY: "security"}
STATE = {MEDICS: AMBULANCE, SECURITY: POLICE, DESK: POLICE}


def show(turn: Turn) -> None:
    """The numbers of the State and of the event, and the three ways on."""
    lines = [_state(turn, number) for number in (AMBULANCE, POLICE)]
    lines.append(f"{_state(turn, FIRE)} · {_state(turn, RESCUE)}")
    ways = [Choice(turn.t("Talk to a person"), "helper.start")]
    if turn.has_content:
        lines += _event_phones(turn)
        ways = [
            Choice(turn.t("I am lost"), "lost.show"),
            Choice(turn.t("I am ill"), "emergency.ill"),
            Choice(turn.t("I am afraid"), "emergency.afraid"),
            *ways,
        ]
    turn.say(
        "\n".join(f"● {line}" for line in lines),
        *ways,
        Choice(turn.t("To the menu"), "menu.show"),
        style=Style.WARNING,
        phones=tuple(_phone(turn, number) for number in NAMES),
    )


def ill(turn: Turn) -> None:
    """Ill or hurt: the ambulance, the medics of the event, and the tap that rings them."""
    first = turn.t("Please sit down and tell somebody near you.")
    _offer(turn, MEDICS, first, turn.t("Press 1 to ring the medics and tell the organisers."))


def afraid(turn: Turn) -> None:
    """Afraid of somebody: the police, the security of the event, and the tap that rings them."""
    first = turn.t("Please go where there is light and many people.")
    _offer(turn, SECURITY, first, turn.t("Press 1 to ring security and tell the organisers."))


def call(turn: Turn) -> None:
    """She pressed "call now". The argument is who, and perhaps the landmark she sees: medics.slug.

    Kept once, however often she presses; nobody is said to be on the way.
    """
    whom, _, slug = turn.argument.partition(".")
    if whom not in STATE or not turn.has_content:
        turn.go("emergency.show")
        return
    seen = _landmark(turn, slug)
    request = turn.hand_over(
        _topic(turn, whom), kind=RequestKind.URGENT, of=whom, at=seen.sign if seen else ""
    )
    phone, place = _whom(turn, whom, seen)
    turn.say(
        "\n".join(
            (
                turn.t(
                    "Your urgent request to the organisers was recorded at {time}.",
                    time=turn.t.time(request.created_at),
                ),
                turn.t("Nobody has answered it yet. Please ring now:"),
                f"● {_contact(turn, phone, place)}",
                f"● {_state(turn, STATE[whom])}",
            )
        ),
        Choice(turn.t("Call again"), f"emergency.call:{turn.argument}", phone.number),
        *((Choice(turn.t("See the way"), f"place.show:{place.slug}"),) if place else ()),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
        style=Style.WARNING,
        phones=(phone, _phone(turn, STATE[whom])),
    )


def _offer(turn: Turn, whom: str, first: str, press: str) -> None:
    if not turn.has_content:
        turn.go("emergency.show")
        return
    phone, place = _whom(turn, whom, None)
    lines = (
        first,
        f"● {_state(turn, STATE[whom])}",
        f"● {_contact(turn, phone, place)}",
        press,
    )
    turn.say(
        "\n".join(lines),
        Choice(turn.t("Call now"), f"emergency.call:{whom}", phone.number),
        *((Choice(turn.t("See the way"), f"place.show:{place.slug}"),) if place else ()),
        Choice(turn.t("I am lost"), "lost.show"),
        Choice(turn.t("🆘 Emergency"), "emergency.show"),
        Choice(turn.t("To the menu"), "menu.show"),
        style=Style.WARNING,
        phones=(_phone(turn, STATE[whom]),),
    )


def _whom(turn: Turn, whom: str, seen: Place | None) -> tuple[Phone, Place | None]:
    """Whose phone it is: of the place she may know of, else of the organisers."""
    place = _near(turn, seen) if whom == DESK else _places(turn, KINDS[whom])
    if place is not None and place.phone:
        return Phone(place.sign, place.phone), place
    hotline = turn.library.event.hotline
    return Phone(turn.t("Help phone of the organisers"), hotline), None


def _places(turn: Turn, kind: str) -> Place | None:
    known = (place for place in turn.library.places.values() if place.kind == kind and place.phone)
    return next((place for place in known if turn.library.admits(place, turn.who)), None)


def _near(turn: Turn, seen: Place | None) -> Place | None:
    if seen is None or seen.lat is None or seen.lon is None:
        return None
    found = nearest_desk(turn.library, seen.lat, seen.lon, turn.who)
    return found[1] if found else None


def _landmark(turn: Turn, slug: str) -> Place | None:
    """What the button says she sees; buttons come back from outside."""
    place = turn.library.places.get(slug)
    is_one = place is not None and place.kind == "landmark" and turn.library.admits(place, turn.who)
    return place if is_one else None


def _topic(turn: Turn, whom: str) -> str:
    topic = {MEDICS: "health", SECURITY: "security"}.get(whom, "")
    return topic if topic in turn.library.event.topics else ""


def _event_phones(turn: Turn) -> list[str]:
    places = [_places(turn, kind) for kind in KINDS.values()]
    hotline = turn.library.event.hotline
    return [
        *(f"{turn.sign(place)}: {phone_groups(place.phone)}" for place in places if place),
        turn.t("Help phone of the organisers: {number}", number=hotline),
    ]


def _contact(turn: Turn, phone: Phone, place: Place | None) -> str:
    name = turn.sign(place) if place else phone.name
    return f"{name}: {phone_groups(phone.number)}"


def _state(turn: Turn, number: str) -> str:
    return turn.t(NAMES[number], number=f"**{number}**")


def _phone(turn: Turn, number: str) -> Phone:
    return Phone(turn.t(NAMES[number], number="").rstrip(": "), number)
