"""A person, one step away: where the desk is, when it is open, its phone, and a request kept.

It promises only what is there: nobody is rung yet, so nobody is said to be on the way.
"""

from dataclasses import replace

from bot.content import Place, nearest_desk
from bot.text import phone_groups
from bot.turn import Turn
from bot.values.reply import Choice, Style


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
    if turn.incoming.media_kind == "contact" and turn.person.record is None:
        turn.go("welcome.contact")
        return
    if turn.incoming.media_kind == "voice":
        turn.say(_kept(turn, turn.t("The assistant cannot understand recorded speech yet.")))
    elif turn.incoming.media_kind in ("sticker", "other", "contact", "contact_other"):
        turn.say(turn.t("The assistant cannot read this. Please type a few words."))
        turn.go("menu.show")
        return
    else:
        told = turn.t(
            "The assistant cannot read pictures or files. Never send identity papers here."
        )
        turn.say(_kept(turn, told), style=Style.WARNING)
    turn.go("helper.start")


def _kept(turn: Turn, told: str) -> str:
    """What was handed in on our page waits for whoever helps; elsewhere nothing is kept."""
    if not turn.incoming.media_ref.startswith("handed_in:"):
        return told
    return f"{told} {turn.t('It is kept for the person who helps you.')}"


def nearest(turn: Turn) -> None:
    """The help desk nearest to where she stands; where that is, nobody keeps."""
    latitude, longitude = turn.incoming.latitude, turn.incoming.longitude
    if latitude is None or longitude is None:
        turn.go("helper.start")
        return
    found = nearest_desk(turn.library, latitude, longitude, turn.who)
    if found is None:
        turn.go("helper.start")
        return
    metres, desk = found
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
