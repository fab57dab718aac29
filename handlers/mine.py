"""Her own record: the fact first, when it was told to us, then what to do next.

Nobody but herself is ever shown any of it; what is not announced is said to be so.
"""

from dataclasses import dataclass

from bot.content import Item, Place
from bot.text import clip
from bot.turn import Turn
from bot.values.person import Record
from bot.values.reply import Choice
from bot.values.request import RequestKind

# What may be reported as wrong, and which desk that concerns.
FIELDS = {
    "full_name": "registration",
    "salutation": "registration",
    "delegation": "registration",
    "role": "registration",
    "badge_place": "registration",
    "phone": "registration",
    "hotel": "hotel",
    "room": "room",
    "bus": "bus",
    "seat": "seat",
    "table": "meals",
    "group": "programme",
}
MEALS = 4
_LONGEST = 200  # visible characters of what she says is right


def room(turn: Turn) -> None:
    """Her room and hotel."""
    record = _record(turn, "room")
    if record is None:
        return
    if not record.room:
        _unknown(turn, turn.t("The organisers have not announced your room yet."), "room")
        return
    hotel = _hotel(turn, record)
    fact = turn.t("Your room: {room}.", room=f"**{record.room}**")
    if record.hotel:
        fact = turn.t(
            "Your room: {room}, {hotel}.",
            room=f"**{record.room}**",
            hotel=_named(turn, record.hotel, hotel),
        )
    _tell(turn, _Fact(fact, "room", hotel), Choice(turn.t("See my bus"), "mine.bus"))


def hotel(turn: Turn) -> None:
    """Her hotel, with the way there."""
    record = _record(turn, "hotel")
    if record is None:
        return
    if not record.hotel:
        _unknown(turn, turn.t("The organisers have not announced your hotel yet."), "hotel")
        return
    place = _hotel(turn, record)
    fact = turn.t("Your hotel: {hotel}.", hotel=_named(turn, record.hotel, place))
    _tell(turn, _Fact(fact, "hotel", place), Choice(turn.t("See my room"), "mine.room"))


def seat(turn: Turn) -> None:
    """Her seat in the main hall."""
    record = _record(turn, "seat")
    if record is None:
        return
    if not record.seat:
        _unknown(turn, turn.t("The organisers have not announced your seat yet."), "seat")
        return
    hall = _only_hall(turn)
    fact = turn.t("Your seat: {seat}.", seat=f"**{record.seat}**")
    if hall is not None:
        fact = turn.t("Your seat: {seat}, {hall}.", seat=f"**{record.seat}**", hall=turn.sign(hall))
    today = Choice(turn.t("See the programme"), "programme.today")
    _tell(turn, _Fact(fact, "seat", hall), today)


def bus(turn: Turn) -> None:
    """Her bus, and when and where it leaves next."""
    record = _record(turn, "bus")
    if record is None:
        return
    if not record.bus:
        _unknown(turn, turn.t("The organisers have not announced your bus yet."), "bus")
        return
    fact = turn.t("Your bus number: {bus}.", bus=f"**{record.bus}**")
    ride = _coming(turn, "bus")
    stop = _place_of(turn, ride) if ride else None
    upcoming = ""
    if ride is not None:
        upcoming = turn.t(
            "Next departure: {when}.", when=turn.t.when(turn.library.starts(ride), turn.now)
        )
    room_too = Choice(turn.t("See my room"), "mine.room")
    _tell(turn, _Fact(fact, "bus", stop, upcoming), room_too)


def meals(turn: Turn) -> None:
    """Her table, and today's meals; the next day's once today's are over."""
    record = _record(turn, "meals")
    if record is None:
        return
    table = turn.t("The organisers have not announced your table yet.")
    if record.table:
        table = turn.t("Your table: {table}.", table=f"**{record.table}**")
    coming = _coming(turn, "meal")
    lines = [table, _updated(turn, record)]
    if coming is not None:
        lines.append(turn.t("Meals, {date}:", date=turn.t.date(turn.library.starts(coming))))
        lines += [_meal_line(turn, item) for item in _meals_of(turn, coming.day)[:MEALS]]
    turn.say(
        "\n".join(lines),
        *_way(_place_of(turn, coming) if coming else None, turn),
        Choice(turn.t("Not correct"), "mine.wrong:table"),
        Choice(turn.t("To the menu"), "menu.show"),
        place=_place_of(turn, coming) if coming else None,
    )


def badge(turn: Turn) -> None:
    """Where she gets her badge."""
    record = _record(turn, "registration")
    if record is None:
        return
    if not record.badge_place:
        said = turn.t("The organisers have not announced where you get your badge.")
        _unknown(turn, said, "badge_place")
        return
    place = _admitted(turn, turn.library.place_named(record.badge_place))
    fact = turn.t("Get your badge here: {place}.", place=_named(turn, record.badge_place, place))
    today = Choice(turn.t("See the programme"), "programme.today")
    _tell(turn, _Fact(fact, "badge_place", place), today)


def group(turn: Turn) -> None:
    """Her discussion group, and when and where it meets."""
    record = _record(turn, "programme")
    if record is None:
        return
    if not record.group:
        said = turn.t("The organisers have not announced your discussion group yet.")
        _unknown(turn, said, "group")
        return
    fact = turn.t("Your discussion group: {group}.", group=f"**{record.group}**")
    meeting = _group_meeting(turn)
    upcoming = ""
    if meeting is not None:
        starts = turn.library.starts(meeting)
        upcoming = turn.t("It meets: {when}.", when=turn.t.when(starts, turn.now))
    place = _place_of(turn, meeting) if meeting else None
    today = Choice(turn.t("See the programme"), "programme.today")
    _tell(turn, _Fact(fact, "group", place, upcoming), today)


def head(turn: Turn) -> None:
    """Who leads her delegation: the name and nothing else of that person."""
    record = _record(turn, "registration")
    if record is None:
        return
    leader = turn.desk.head_of(record)
    if leader is None:
        said = turn.t("The organisers have not announced the head of your delegation.")
        _unknown(turn, said, "delegation")
        return
    fact = turn.t("The head of your delegation: {name}.", name=leader.full_name)
    if leader.person_id == record.person_id:
        fact = turn.t("You are the head of your delegation.")
    _tell(turn, _Fact(fact, "delegation"), Choice(turn.t("See my group"), "mine.group"))


def everything(turn: Turn) -> None:
    """All of it on one screen."""
    record = _record(turn, "general")
    if record is None:
        return
    known = (
        (record.room, turn.t("Room: {value}", value=f"**{record.room}**")),
        (record.hotel, turn.t("Hotel: {value}", value=f"**{record.hotel}**")),
        (record.bus, turn.t("Bus number: {value}", value=f"**{record.bus}**")),
        (record.seat, turn.t("Seat: {value}", value=f"**{record.seat}**")),
        (record.table, turn.t("Table: {value}", value=f"**{record.table}**")),
        (record.group, turn.t("Discussion group: {value}", value=f"**{record.group}**")),
    )
    lines = [f"● {clip(line, 60)}" for value, line in known if value]
    if not lines:
        lines = [turn.t("The organisers have not announced your room, bus and seat yet.")]
    turn.say(
        "\n".join([*lines, _updated(turn, record)]),
        Choice(turn.t("See my room"), "mine.room"),
        Choice(turn.t("See my bus"), "mine.bus"),
        Choice(turn.t("Not correct"), "me.correct"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def wrong(turn: Turn) -> None:
    """She says a value is not right: organisers get a request, she gets a desk at once."""
    if turn.argument not in FIELDS:
        turn.go("me.correct")
        return
    topic = FIELDS[turn.argument]
    record = _record(turn, topic)
    if record is None:
        return
    asked = turn.hand_over(topic, kind=RequestKind.CORRECTION, of=turn.argument)
    desk = turn.desk_for(topic)
    told = turn.t("Your request to correct this was given to the organisers.")
    turn.notes["correcting"] = asked.id
    turn.say(
        "\n".join([told, _help_line(turn, desk)]),
        Choice(turn.t("Type what is right"), "mine.type"),
        Choice(turn.t("Correct something else"), "me.correct"),
        Choice(turn.t("To the menu"), "menu.show"),
        place=desk,
    )


def type_right(turn: Turn) -> None:
    """Asked for, never by itself: whoever goes on asking questions is answered them."""
    if "correcting" not in turn.notes:
        turn.go("me.correct")
        return
    turn.say(
        turn.t("Please type what is right."),
        Choice(turn.t("Correct something else"), "me.correct"),
        Choice(turn.t("To the menu"), "menu.show"),
    )
    turn.wait_at("mine.right")


def right(turn: Turn) -> None:
    """What she typed goes to the desk with her request; once, then nothing is waited for."""
    number = turn.notes.pop("correcting", None)
    words = clip(turn.incoming.text.strip(), _LONGEST)
    turn.finish()
    here = turn.event.id, turn.person.id
    if not isinstance(number, int) or not turn.desk.add_to_request(*here, number, words):
        turn.go("ask.question")
        return
    turn.say(
        turn.t("Your words were given to the organisers. You will be told when it is done."),
        Choice(turn.t("Correct something else"), "me.correct"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


@dataclass(frozen=True, slots=True)
class _Fact:
    """What is told of one field: the sentence, the field, its place, what comes next."""

    sentence: str
    field: str
    place: Place | None = None
    upcoming: str = ""


def _record(turn: Turn, topic: str) -> Record | None:
    """Her record, if she may see it; otherwise she is told why not and led on."""
    turn.notes["topic"] = topic
    if turn.who.linked:
        return turn.person.record
    if turn.must_call:
        turn.go("welcome.call")
        return None
    if turn.person.linked and not turn.person.agreed_earlier:
        turn.say(turn.t("Before your own information is shown, please read four short messages."))
    elif not turn.person.linked:
        turn.say(turn.t("To see your own information, please link your delegate card."))
    turn.go("welcome.link")
    return None


def _tell(turn: Turn, fact: _Fact, *choices: Choice) -> None:
    record = turn.person.record
    assert record is not None
    todo = fact.upcoming
    if not todo and not turn.person.simple:
        todo = turn.t("If this is not right, please choose “Not correct”.")
    turn.say(
        "\n".join(filter(None, [fact.sentence, _updated(turn, record), todo])),
        *choices,
        *_way(fact.place, turn),
        Choice(turn.t("Not correct"), f"mine.wrong:{fact.field}"),
        Choice(turn.t("To the menu"), "menu.show"),
        place=fact.place,
    )


def _unknown(turn: Turn, sentence: str, field: str) -> None:
    desk = turn.desk_for(FIELDS[field])
    turn.say(
        "\n".join([sentence, _help_line(turn, desk)]),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def _help_line(turn: Turn, desk: Place | None) -> str:
    if desk is None:
        return turn.t("Help phone: {phone}.", phone=turn.library.event.hotline)
    return turn.t("This desk can help you: {desk}.", desk=turn.contact(desk))


def _updated(turn: Turn, record: Record) -> str:
    if turn.person.simple:
        return f"({turn.t.stamp(record.updated_at)})"
    return turn.t("(Updated by the organisers: {stamp})", stamp=turn.t.stamp(record.updated_at))


def _way(place: Place | None, turn: Turn) -> tuple[Choice, ...]:
    if place is None:
        return ()
    return (Choice(turn.t("See the way"), f"place.show:{place.slug}"),)


def _admitted(turn: Turn, place: Place | None) -> Place | None:
    return place if place is not None and turn.library.admits(place, turn.who) else None


def _hotel(turn: Turn, record: Record) -> Place | None:
    return _admitted(turn, turn.library.place_named(record.hotel)) if record.hotel else None


def _named(turn: Turn, printed: str, place: Place | None) -> str:
    return turn.sign(place) if place is not None else f"**{printed}**"


def _only_hall(turn: Turn) -> Place | None:
    """The main hall, when there is no doubt which one a seat is in."""
    halls = [place for place in turn.library.places.values() if place.kind == "hall"]
    return _admitted(turn, halls[0]) if len(halls) == 1 else None


def _place_of(turn: Turn, item: Item) -> Place | None:
    return _admitted(turn, turn.library.places.get(item.place))


def _coming(turn: Turn, kind: str) -> Item | None:
    """The next item of a kind that concerns her and is not over yet."""
    for item in turn.library.programme():
        due = turn.library.starts(item) if kind == "bus" else turn.library.ends(item)
        if item.kind == kind and due > turn.now and turn.library.admits(item, turn.who):
            return item
    return None


def _meals_of(turn: Turn, day: int) -> list[Item]:
    items = turn.library.day(day)
    return [one for one in items if one.kind == "meal" and turn.library.admits(one, turn.who)]


def _meal_line(turn: Turn, item: Item) -> str:
    _, text = turn.library.text(item, turn.t.language.chain)
    return clip(f"● {item.start:%H:%M}-{item.end:%H:%M} {text.title}", 60)


def _group_meeting(turn: Turn) -> Item | None:
    """The meeting of her group that is next, else the last one there was."""
    meetings = [
        item
        for item in turn.library.programme()
        if any(term.startswith("group:") for term in item.audience.terms)
        and turn.library.admits(item, turn.who)
    ]
    coming = [item for item in meetings if turn.library.ends(item) > turn.now]
    return next(iter(coming or meetings[-1:]), None)
