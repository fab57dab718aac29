"""What is on, when and where: only what concerns her, in the event's time."""

import re
from datetime import time

from bot.answers.when import Part, falls_in
from bot.content import Item, Place
from bot.i18n import N_
from bot.text import clip, sentences
from bot.turn import Turn
from bot.values.reply import Choice

PAGE = 4  # items on one screen
DAYS = 5
_DAY = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,3}))?")
_THEN = re.compile(r"(-?[0-9]{1,4})(?:\.([a-z]{1,9}|[0-9]{4}))?(?:~([0-9,]{1,40}))?")
_HEADS = {
    Part.MORNING: N_("Programme, morning of {date}:"),
    Part.NOON: N_("Programme, midday of {date}:"),
    Part.AFTERNOON: N_("Programme, afternoon of {date}:"),
    Part.EVENING: N_("Programme, evening of {date}:"),
}
_TITLE = 48  # visible characters of a title in a list


def now(turn: Turn) -> None:
    """What goes on at this moment, or what comes next."""
    going = [
        one for one in _hers(turn) if turn.library.starts(one) <= turn.now < turn.library.ends(one)
    ]
    if going:
        _show(turn, going[-1], _Asked.NOW)
    elif _outside(turn):
        _say_outside(turn)
    else:
        turn.say(turn.t("Nothing is on for you at this moment."))
        turn.go("programme.next")


def next_item(turn: Turn) -> None:
    """The next item that has not begun."""
    coming = [one for one in _hers(turn) if turn.library.starts(one) > turn.now]
    if coming:
        _show(turn, coming[0], _Asked.NEXT)
    else:
        _say_outside(turn)


def today(turn: Turn) -> None:
    """This day's programme, from what is not over yet."""
    number = turn.event.day_number(turn.now)
    if _outside(turn):
        _say_outside(turn)
        return
    items = [one for one in _hers(turn) if one.day == number]
    over = sum(turn.library.ends(one) <= turn.now for one in items)
    turn.go("programme.day", f"{number}.{over}")


def tomorrow(turn: Turn) -> None:
    """The next day's programme."""
    number = turn.event.day_number(turn.now) + 1
    if 1 <= number <= turn.library.event.days:
        turn.go("programme.day", str(number))
    else:
        _say_outside(turn)


def day(turn: Turn) -> None:
    """One day; the argument is its number, after a dot the first item to show."""
    asked = _DAY.fullmatch(turn.argument)
    number = int(asked[1]) if asked else 0
    if asked is None or not 1 <= number <= turn.library.event.days:
        turn.go("programme.days")
        return
    items = [item for item in _hers(turn) if item.day == number]
    if not items:
        _say_empty(turn, number)
        return
    first = int(asked[2] or 0)
    _page(turn, number, items, first if first < len(items) else 0)


def at(turn: Turn) -> None:
    """A day, a part of it or one moment of it, as she asked for it in words.

    The argument is the day's number, which may lie outside the event; after a dot a part of the
    day or an hour ("3.afternoon", "3.1430"); after a tilde some items of the day ("3~0,4").
    """
    asked = _THEN.fullmatch(turn.argument)
    if asked is None:
        turn.go("programme.days")
        return
    number = int(asked[1])
    if not 1 <= number <= turn.library.event.days:
        _say_no_such_day(turn, number)
        return
    items = [one for one in _hers(turn) if one.day == number]
    if not items:
        _say_empty(turn, number)
    elif asked[3]:
        _some(turn, number, asked[3])
    elif (moment := _moment(asked[2] or "")) is not None:
        _moment_of(turn, items, moment)
    elif asked[2] in list(Part):
        _part_of(turn, number, items, Part(asked[2]))
    else:
        _page(turn, number, items, 0)


def _moment(written: str) -> time | None:
    hour, minute = written[:2], written[2:]
    fits = written.isdecimal() and int(hour) < 24 and int(minute) < 60
    return time(int(hour), int(minute)) if fits else None


def _some(turn: Turn, number: int, places: str) -> None:
    """Those items of the day whose places were named, as far as they are hers."""
    wanted = {int(one) for one in places.split(",") if one}
    found = [one for at, one in enumerate(turn.library.day(number)) if at in wanted]
    hers = [one for one in found if turn.library.admits(one, turn.who)]
    if hers:
        _listed(turn, number, hers, N_("Programme, {date}:"))
    else:
        turn.go("programme.day", str(number))


def _part_of(turn: Turn, number: int, items: list[Item], part: Part) -> None:
    hers = [one for one in items if falls_in(part, one.start, one.end)]
    if hers:
        _listed(turn, number, hers, _HEADS[part])
    else:
        _page(turn, number, items, 0, turn.t("Nothing is announced for you at that time."))


def _moment_of(turn: Turn, items: list[Item], moment: time) -> None:
    """What goes on then, else what begins next on that day."""
    going = [one for one in items if one.start <= moment < one.end]
    later = [one for one in items if one.start > moment]
    if going:
        _show(turn, going[-1], _Asked.ITEM)
    elif later:
        told = turn.t("Nothing is announced for you at {time}. After it:", time=f"{moment:%H:%M}")
        _listed(turn, later[0].day, later[:PAGE], told)
    else:
        told = turn.t("Nothing is announced for you at {time}.", time=f"{moment:%H:%M}")
        _page(turn, items[0].day, items, 0, told)


def _listed(turn: Turn, number: int, items: list[Item], head: str) -> None:
    """Some items of a day, with a way to the rest of it."""
    date = turn.t.date(turn.library.event.date_of(number))
    shown = items[: PAGE + 1]
    lines = [turn.t(head, date=date), *(_line(turn, one) for one in shown)]
    turn.say(
        "\n".join(lines),
        *(_see(turn, one) for one in shown[:PAGE]),
        Choice(turn.t("See that day"), f"programme.day:{number}"),
    )


def _say_no_such_day(turn: Turn, number: int) -> None:
    """A day before or after the event: said so, and the days offered."""
    facts = turn.library.event
    turn.say(
        turn.t(
            "{date} is not a day of the event. It lasts from {first} to {last}.",
            date=turn.t.date(facts.date_of(number)),
            first=turn.t.date(facts.date_of(1)),
            last=turn.t.date(facts.date_of(facts.days)),
        ),
        *_day_choices(turn, 1),
    )


def days(turn: Turn) -> None:
    """Every day as a choice; the argument is the first day of the page."""
    event = turn.library.event
    asked = int(turn.argument) if _DAY.fullmatch(turn.argument) and "." not in turn.argument else 1
    first = asked if 1 <= asked <= event.days else 1
    turn.say(turn.t("Which day would you like to see?"), *_day_choices(turn, first))


def item(turn: Turn) -> None:
    """One item; the argument is its id."""
    found = turn.library.items.get(turn.argument)
    if found is None or not turn.library.admits(found, turn.who):
        turn.say(turn.t("This is not part of your programme."))
        turn.go("programme.days")
        return
    _show(turn, found, _Asked.ITEM)


class _Asked:
    """Which question an item answers."""

    NOW, NEXT, ITEM = range(3)


def _hers(turn: Turn) -> list[Item]:
    turn.notes["topic"] = "programme"
    who = turn.who
    return [one for one in turn.library.programme() if turn.library.admits(one, who)]


def _outside(turn: Turn) -> bool:
    return not 1 <= turn.event.day_number(turn.now) <= turn.library.event.days


def _say_outside(turn: Turn) -> None:
    """Before the first day and after the last item there is nothing on, and we say so."""
    facts = turn.library.event
    first, last = turn.t.date(facts.date_of(1)), turn.t.date(facts.date_of(facts.days))
    number = turn.event.day_number(turn.now)
    if number < 1:
        text = turn.t("The event has not begun. Its first day: {date}.", date=first)
    elif number > facts.days:
        text = turn.t("The event is over. Its last day: {date}.", date=last)
    else:
        text = turn.t("Nothing more is announced for you. The last day: {date}.", date=last)
    turn.say(
        text,
        Choice(turn.t("See the first day"), "programme.day:1"),
        Choice(turn.t("Choose a day"), "programme.days"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def _say_empty(turn: Turn, number: int) -> None:
    date = turn.t.date(turn.library.event.date_of(number))
    choices = [
        Choice(turn.t("Choose a day"), "programme.days"),
        Choice(turn.t("To the menu"), "menu.show"),
    ]
    if turn.who.linked:
        text = turn.t("{date}: nothing is announced for you.", date=date)
    else:
        text = turn.t(
            "{date}: nothing is announced to the public. Linked delegates see more.", date=date
        )
        choices.insert(0, Choice(turn.t("Link my card"), "welcome.link"))
    turn.say(text, *choices)


def _page(turn: Turn, number: int, items: list[Item], first: int, before: str = "") -> None:
    shown = items[first : first + PAGE]
    date = turn.t.date(turn.library.event.date_of(number))
    lines = [before] if before else []
    lines.append(turn.t("Programme, {date}:", date=date))
    lines += [_line(turn, one) for one in shown]
    choices = [_see(turn, one) for one in shown]
    if first + PAGE < len(items):
        choices.append(Choice(turn.t("See on"), f"programme.day:{number}.{first + PAGE}"))
    choices.append(Choice(turn.t("Choose a day"), "programme.days"))
    turn.say("\n".join(lines), *choices)


def _see(turn: Turn, one: Item) -> Choice:
    return Choice(turn.t("See {time}", time=f"{one.start:%H:%M}"), f"programme.item:{one.id}")


def _line(turn: Turn, one: Item) -> str:
    _, text = turn.library.text(one, turn.t.language.chain)
    return f"● {one.start:%H:%M}-{one.end:%H:%M} {clip(text.title, _TITLE)}"


def _day_choices(turn: Turn, first: int) -> list[Choice]:
    event = turn.library.event
    shown = range(first, min(first + DAYS, event.days + 1))
    choices = [Choice(_day_label(turn, number), f"programme.day:{number}") for number in shown]
    if first + DAYS <= event.days:
        choices.append(Choice(turn.t("See more"), f"programme.days:{first + DAYS}"))
    return choices


def _day_label(turn: Turn, number: int) -> str:
    date = turn.library.event.date_of(number)
    return clip(f"{turn.t.weekday(date)}, {date:%d/%m}", 20)


def _show(turn: Turn, one: Item, asked: int) -> None:
    language, text = turn.library.text(one, turn.t.language.chain)
    place = _place(turn, one)
    lines = [_headline(turn, one, text.title, asked)]
    if place is not None:
        lines.append(turn.t("Place: {place}.", place=turn.sign(place)))
    # A note is the organisers' own; two sentences of it keep the whole short.
    lines.append(" ".join(sentences(text.note)[: 3 - len(lines)]))
    choices = [
        Choice(turn.t("What comes next"), "programme.next"),
        Choice(turn.t("See that day"), f"programme.day:{one.day}"),
        Choice(turn.t("To the menu"), "menu.show"),
    ]
    if place is not None:
        choices.insert(0, Choice(turn.t("See the way"), f"place.show:{place.slug}"))
    turn.say("\n".join(filter(None, lines)), *choices, place=place, language=language)


def _headline(turn: Turn, one: Item, title: str, asked: int) -> str:
    starts = turn.library.starts(one)
    told = {"title": title, "when": turn.t.when(starts, turn.now), "end": f"{one.end:%H:%M}"}
    if asked == _Asked.NOW:
        return turn.t("On now: {title}, until {end}.", title=title, end=told["end"])
    if asked == _Asked.NEXT:
        return turn.t("Next: {title}, {when}.", title=title, when=told["when"])
    return turn.t("{title}: {when}, until {end}.", **told)


def _place(turn: Turn, one: Item) -> Place | None:
    place = turn.library.places.get(one.place)
    return place if place is not None and turn.library.admits(place, turn.who) else None
