"""Questions that need more than the approved answers: about a day or an hour, about what was just
said, or two at once.

Names routes and says nothing; what it names has its own audience rules. Handlers may share it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from bot.answers.heard import Heard, halves, heard, is_english, is_title, names
from bot.answers.when import Calendar, When, falls_in, read
from bot.content import Answer, Item
from bot.turn import Turn

Way: TypeAlias = tuple[str, str]  # a route and its argument

_WORD = re.compile(r"\w+")
REMEMBERED = timedelta(minutes=2)  # what was talked of, for "còn ngày mai?"
_MOST_ITEMS = 8  # of one answer
# Where the approved answers lead when somebody asks what is on.
_WHATS_ON = frozenset(f"programme.{one}" for one in ("now", "next", "today", "tomorrow", "day"))
# What only a whole message may lead to: "nóng muốn chết, máy lạnh hư rồi" is about a machine.
_WHOLE = ("smalltalk.", "emergency.", "lost.")
_KIND = {"mine.bus": "bus", "mine.meals": "meal", "mine.group": "group"}
# Where her own things are, as far as her record tells.
_PLACE = {"mine.room": "mine.hotel", "mine.hotel": "mine.hotel", "mine.seat": "mine.seat"}
_KIND_OF_TOPIC = {"bus": "bus", "meals": "meal"}


def led(turn: Turn, text: str) -> tuple[Way, ...]:
    """Where a typed question leads; nowhere when the approved answers alone should decide."""
    when = read(text, calendar(turn))
    asks = _heard(turn, text, when)
    if not _names_something(asks) and (when or asks.when or asks.where):
        follow = _follow(turn, asks, when)
        if follow is None:
            follow = _lone(turn, text, when)
        return () if follow is None else (follow,)
    both = _two(turn, text)
    if both is not None:
        return both
    way = _timely(turn, text, when, asks)
    if way is None and when and asks.about:
        way = _only_the_day(turn, text)
    return () if way is None else (way,)


def _two(turn: Turn, text: str) -> tuple[Way, Way] | None:
    """Two questions in one message, when each is sure of its own answer."""
    pairs = list(halves(text))
    if not pairs:
        return None
    whole = turn.desk.ask(text, turn.t.language.code)
    if whole.kind == "answer" and whole.candidates[0].reason.likeness == 1:
        return None  # an approved question, word for word
    for first, second in pairs:
        one, other = _way(turn, first), _way(turn, second)
        if one is not None and other is not None and one != other:
            return one, other
    return None


def calendar(turn: Turn) -> Calendar:
    """The days of the event, and its today."""
    facts = turn.library.event
    return Calendar(facts.first_day, facts.days, turn.now.astimezone(facts.zone).date())


def _today(turn: Turn) -> int:
    days = calendar(turn)
    return days.number(days.today)


def _way(turn: Turn, text: str) -> Way | None:
    """Where half a message surely leads on its own."""
    when = read(text, calendar(turn))
    asks = _heard(turn, text, when)
    if not _names_something(asks):
        return None  # "…, mấy giờ": the rest of the first question
    timely = _timely(turn, text, when, asks)
    if timely is not None:
        return timely
    found = _sure(turn, text)
    if found is None or found.go.startswith(_WHOLE):
        return None
    return (found.go, "") if found.go else ("ask.answer", found.id)


def _sure(turn: Turn, text: str) -> Answer | None:
    verdict = turn.desk.ask(text, turn.t.language.code)
    return (
        turn.library.answers[verdict.candidates[0].answer_id] if verdict.kind == "answer" else None
    )


def _timely(turn: Turn, text: str, when: When | None, asks: Heard) -> Way | None:
    """The part of the programme a question is about, when it names a time or asks for one."""
    if when is None and not asks.when:
        return None
    sure = _sure(turn, text)
    if when is None:
        return _when_is(turn, asks, sure)
    if asks.whats_on:
        return _programme(turn, when)
    if sure is not None and not asks.when and sure.go not in _WHATS_ON:
        return None
    named = list(_named(turn, asks))
    day = _today(turn) if when.day is None else when.day
    if named:
        return _items(turn, [one for one in named if one.day == day], when) or _when_is(
            turn, asks, sure
        )
    if sure is not None and sure.go in _KIND and asks.when:
        kind = _KIND[sure.go]
        return _items(
            turn, [one for one in _hers(turn) if (one.day, one.kind) == (day, kind)], when
        )
    as_today = _sure(turn, when.as_today)
    if as_today is not None and as_today.go in _WHATS_ON:
        return _programme(turn, when)
    return _when_is(turn, asks, sure) if asks.when else None


def _heard(turn: Turn, text: str, when: When | None) -> Heard:
    """The question without its time, taken apart."""
    items = turn.library.items.values()
    titles = [words.title for one in items for words in one.by_language.values()]
    rest = text if when is None else when.rest
    return heard(rest, titles, english=is_english(text))


def _when_is(turn: Turn, asks: Heard, sure: Answer | None) -> Way | None:
    """When something is: the item of an approved answer, else the item that is named."""
    named = list(_named(turn, asks))
    if sure is not None:
        item = turn.library.items.get(sure.item)
        if item is not None:
            return _item(item) if turn.library.admits(item, turn.who) else None
        # An approved answer that tells no time gives way to what is called just so.
        named = [one for one in named if is_title(asks.about, one.by_language["vi"].title)]
    coming = _coming(turn, named)
    return None if coming is None else _item(coming)


def _item(item: Item) -> Way:
    return "programme.item", item.id


def _coming(turn: Turn, items: list[Item]) -> Item | None:
    """The first that is not over, else the last there was."""
    coming = (one for one in items if turn.library.ends(one) > turn.now)
    return next(coming, items[-1] if items else None)


def _programme(turn: Turn, when: When) -> Way:
    """What is on then."""
    today = _today(turn)
    day = today if when.day is None else when.day
    if when.part is None and when.at is None and day in (today, today + 1):
        return ("programme.today" if day == today else "programme.tomorrow"), ""
    return "programme.at", f"{day}{_then(when)}"


def _then(when: When) -> str:
    if when.at is not None:
        return f".{when.at:%H%M}"
    return "" if when.part is None else f".{when.part}"


def _items(turn: Turn, items: list[Item], when: When) -> Way | None:
    """These items of one day, rather those of the part of it that was asked for."""
    part = when.part
    narrow = [one for one in items if part is not None and falls_in(part, one.start, one.end)]
    items = (narrow or items)[:_MOST_ITEMS]
    if len(items) < 2:
        return _item(items[0]) if items else None
    order = [one.id for one in turn.library.day(items[0].day)]
    places = ",".join(str(order.index(one.id)) for one in items)
    return "programme.at", f"{items[0].day}~{places}"


def _hers(turn: Turn) -> list[Item]:
    who = turn.who
    return [one for one in turn.library.programme() if turn.library.admits(one, who)]


def _named(turn: Turn, asks: Heard) -> Iterator[Item]:
    """The items of her programme that these words name."""
    if not asks.about:
        return
    own = turn.t.language.code
    languages = {"en"} if asks.english else {"vi", own} - {"en"}
    for item in _hers(turn):
        texts = [item.by_language[one] for one in languages if one in item.by_language]
        if any(names(asks.about, one.title, one.note) for one in texts if not one.draft):
            yield item


@dataclass(frozen=True, slots=True)
class _Topic:
    """What was talked of: an item or a kind of items, a place, her own things, the programme."""

    item: Item | None = None
    kind: str = ""
    place: str = ""
    hers: str = ""  # the route that tells where it is
    day: int | None = None
    programme: bool = False


def _names_something(asks: Heard) -> bool:
    return bool(asks.about) or asks.whats_on


def _follow(turn: Turn, asks: Heard, when: When | None) -> Way | None:
    """ "Còn ngày mai?", "ở đâu vậy", "mấy giờ": about what was said in the last two minutes."""
    seen = turn.session.seen_at
    topic = _topic(turn) if seen is not None and turn.now - seen <= REMEMBERED else None
    if topic is None:
        return None
    if when is not None:
        return _then_as_well(turn, topic, when)
    return _where(turn, topic) if asks.where else _its_time(turn, topic)


def _ask_back(turn: Turn, text: str) -> Way | None:
    """ "Ở đâu vậy" out of the blue may mean anything: never a sure answer, only suggestions."""
    verdict = turn.desk.ask(text, turn.t.language.code)
    ids = ",".join(one.answer_id for one in verdict.candidates)
    return ("ask.suggest", ids) if verdict.kind == "answer" else None


def _lone(turn: Turn, text: str, when: When | None) -> Way | None:
    """Nothing was talked of: "còn ngày mai?" still says what it is about, the rest does not."""
    if when is None:
        return _ask_back(turn, text)
    return _only_the_day(turn, text) if len(_WORD.findall(when.rest)) > 1 else None


def _only_the_day(turn: Turn, text: str) -> Way | None:
    """ "Giá vàng ngày mai" is like "ngày mai có gì" in nothing but the day: only suggested then."""
    verdict = turn.desk.ask(text, turn.t.language.code)
    if verdict.kind != "answer" or verdict.candidates[0].reason.likeness == 1:
        return None
    found = turn.library.answers[verdict.candidates[0].answer_id]
    return ("ask.suggest", found.id) if found.go in _WHATS_ON else None


def _topic(turn: Turn) -> _Topic | None:
    """What the last message was about, as far as its route tells."""
    name, argument = _split(str(turn.notes.get("here", "")))
    if name != "place.show":
        return _topic_of(turn, name, argument)
    # The place of something: that is what the talk is about.
    trail = [*turn.notes.get("trail", ())]
    before = _topic_of(turn, *_split(trail[-2])) if len(trail) > 1 else None
    return replace(before or _Topic(), place=argument)


def _split(value: str) -> Way:
    name, _, argument = value.partition(":")
    return name, argument


def _topic_of(turn: Turn, name: str, argument: str) -> _Topic | None:
    if name in ("ask.answer", "ask.whole"):
        return _topic_of_answer(turn, turn.library.answers.get(argument))
    if name in _KIND or name in _PLACE:
        return _Topic(kind=_KIND.get(name, ""), hers=_PLACE.get(name, name))
    if not name.startswith("programme."):
        return None
    item = turn.library.items.get(argument) if name == "programme.item" else None
    if item is not None and turn.library.admits(item, turn.who):
        return _Topic(item=item, kind=item.kind, place=item.place, day=item.day)
    return _Topic(programme=True, day=_day_of(turn, name, argument))


def _topic_of_answer(turn: Turn, answer: Answer | None) -> _Topic | None:
    if answer is None or not turn.library.admits(answer, turn.who):
        return None
    item = turn.library.items.get(answer.item)
    if item is not None and turn.library.admits(item, turn.who):
        return _Topic(item=item, kind=item.kind, place=answer.place or item.place, day=item.day)
    return _Topic(kind=_KIND_OF_TOPIC.get(answer.topic, ""), place=answer.place)


def _day_of(turn: Turn, name: str, argument: str) -> int:
    today = _today(turn)
    digits = argument.split("~")[0].split(".")[0]
    if digits.removeprefix("-").isdecimal():
        return int(digits)
    return today + 1 if name == "programme.tomorrow" else today


def _then_as_well(turn: Turn, topic: _Topic, when: When) -> Way | None:
    """The same on another day, or at another time of the day."""
    today = _today(turn)
    day = next(one for one in (when.day, topic.day, today) if one is not None)
    if topic.kind and when.at is None:
        alike = [one for one in _hers(turn) if one.day == day and _is_alike(turn, one, topic)]
        if topic.item is not None and when.part is None and topic.kind != "bus":
            start = topic.item.start
            alike = sorted(alike, key=lambda one: abs(one.start.hour - start.hour))[:1]
        ways = _items(turn, alike, when)
        if ways is not None:
            return ways
    elif not (topic.programme or topic.kind):
        return None
    return _programme(turn, When(day, when.part, when.at, "", ""))


def _is_alike(turn: Turn, one: Item, topic: _Topic) -> bool:
    if topic.item is None or topic.kind in ("meal", "bus"):
        return one.kind == topic.kind
    return one.by_language["vi"].title == topic.item.by_language["vi"].title


def _where(turn: Turn, topic: _Topic) -> Way | None:
    place = turn.library.places.get(topic.place)
    if place is not None and turn.library.admits(place, turn.who):
        return "place.show", place.slug
    return (topic.hers, "") if topic.hers else None


def _its_time(turn: Turn, topic: _Topic) -> Way | None:
    if topic.item is not None:
        return _item(topic.item)
    if not topic.kind:
        return None
    coming = _coming(turn, [one for one in _hers(turn) if one.kind == topic.kind])
    return None if coming is None else _item(coming)
