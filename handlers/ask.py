"""A free question: an approved answer when it is sure, suggestions when it is not, else a person.

No text of an answer leaves here for somebody it is not meant for.
"""

import re

from bot import asked, picks
from bot.another import for_another, is_personal, of_another_room, only_suggest, value_of
from bot.asking import Way, led
from bot.content import SLOTS, Answer, Place
from bot.content.style import SHORT_LIMIT
from bot.fit import plain
from bot.text import clip, fold, visible_length
from bot.turn import Turn
from bot.values.reply import Choice, Style

MOST_MISSES = 2  # the next one opens the hand-over itself (UX rule 15)
PAGE = 5
_SLOT = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_WRONG = re.compile(r"\b(sai|dung|wrong|right)\b")  # folded: "sai rồi", "chưa đúng"
# What is printed on a card, or what another phone of hers shows.
_CODE = re.compile(r"[0-9A-Za-z]{4}-[0-9A-Za-z]{4}|\d{3}[ .-]?\d{3}")


def question(turn: Turn) -> None:
    """Whatever nobody else answers."""
    text = turn.incoming.text.strip()
    if not text:
        turn.say(turn.t("There were no words in this message."))
        turn.go("menu.show")
        return
    if _CODE.fullmatch(text) and not turn.who.linked:
        turn.go("welcome.code")
        return
    picks.forget(turn.notes)
    if for_another(turn, text):
        return
    ways = led(turn, text)
    if ways and ways[0][0] == "ask.suggest":
        _suggest(turn, text, [turn.library.answers[one] for one in ways[0][1].split(",")])
    elif ways:
        _lead(turn, text, *ways)
    else:
        verdict = turn.desk.ask(text, turn.t.language.code)
        found = [turn.library.answers[one.answer_id] for one in verdict.candidates]
        if verdict.kind == "answer" and of_another_room(turn, text, found[0]):
            only_suggest(turn, text, found[0])
        elif verdict.kind == "answer":
            asked.keep(turn.notes, text, [value_of(found[0])])
            turn.go("ask.answer", found[0].id)
        else:
            _suggest(turn, text, found)


def _lead(turn: Turn, text: str, first: Way, *others: Way) -> None:
    asked.keep(turn.notes, text, [":".join(filter(None, way)) for way in (first, *others)])
    turn.go(*first)
    for way in others:
        turn.also_go(*way)


def _suggest(turn: Turn, text: str, found: list[Answer]) -> None:
    """What she picks may become an example; with "none of these" she may send her words."""
    suggested = [one for one in found if turn.library.admits(one, turn.who)]
    values = {value_of(one): one.id for one in suggested}
    asked.keep(turn.notes, text, values)
    if suggested:
        picks.offer(turn.notes, clip(text, asked.LONGEST), values)
        turn.go("ask.suggest", ",".join(values.values()))
    else:
        turn.go("ask.none")


def not_it(turn: Turn) -> None:
    """She types that it was not the one, after suggestions or after an answer."""
    shown: list[str] = turn.notes.get("shown", [])
    wrong = next((value for value in shown if value.startswith("mine.wrong")), "")
    if "ask.none" in shown:
        turn.go("ask.none")
    elif wrong and _WRONG.search(fold(turn.incoming.text)):  # what the list says of her
        name, _, argument = wrong.partition(":")
        turn.go(name, argument)
    elif wrong or asked.stands(turn.notes):
        turn.go("ask.none")
    else:
        turn.go("ask.question")


def hello(turn: Turn) -> None:
    """A greeting is returned; it is no question that was not understood."""
    turn.say(turn.t("Good day to you."))
    turn.go("menu.show")


def thanks(turn: Turn) -> None:
    """Thanks are returned."""
    turn.say(turn.t("Thank you too."))
    turn.go("menu.show")


def answer(turn: Turn) -> None:
    """One approved answer; the argument is its id."""
    _answer(turn)


def whole(turn: Turn) -> None:
    """All of an answer, for one who was told the short of it."""
    _answer(turn, whole=True)


def _answer(turn: Turn, *, whole: bool = False) -> None:
    found = turn.library.answers.get(turn.argument)
    if found is None:
        turn.go("ask.none")
        return
    turn.notes["topic"] = found.topic
    turn.personal = is_personal(found)
    if turn.personal and turn.undecided:
        turn.notes["then"] = f"ask.answer:{found.id}"
        turn.go("family.whom", "then")
    elif found.go:
        turn.go(found.go)
    elif turn.library.admits(found, turn.who):
        _tell(turn, found, whole=whole)
    elif turn.who.linked:
        turn.say(turn.t("This does not concern your delegation. A person can help you."))
        turn.go("menu.show")
    elif turn.must_call:
        turn.go("welcome.call")
    else:
        turn.say(turn.t("This answer is for delegates whose card is linked."))
        turn.go("welcome.link")


def suggest(turn: Turn) -> None:
    """Up to three titles to choose from; the argument lists their ids."""
    ids = turn.argument.split(",")[:3]
    found = [turn.library.answers[one] for one in ids if one in turn.library.answers]
    # A person stands under every list anyway.
    found = [one for one in found if one.go != "helper.start"]
    choices = [_choice(turn, one) for one in found if turn.library.admits(one, turn.who)]
    if not choices:
        turn.go("ask.none")
        return
    turn.say(
        turn.t("Are you asking about one of these?"),
        *choices,
        Choice(turn.t("None of these"), "ask.none"),
        Choice(turn.t("Talk to a person"), "helper.start"),
        style=Style.QUESTION,
    )


def none(turn: Turn) -> None:
    """Nothing fits: counted, so that a third time in a row brings a person."""
    misses = turn.notes.get("misses", 0)
    turn.notes["misses"] = misses = (misses if isinstance(misses, int) else 0) + 1
    if misses > MOST_MISSES:
        turn.notes.pop("misses")
        turn.say(turn.t("Sorry, this was not understood several times."))
        turn.go("helper.start")
    else:
        turn.go("ask.sorry")


def sorry(turn: Turn) -> None:
    """Says so, and offers what surely works."""
    if turn.who.linked:
        ways = (
            Choice(turn.t("See my room"), "mine.room"),
            Choice(turn.t("See my bus"), "mine.bus"),
        )
    else:
        ways = (
            Choice(turn.t("Link my card"), "welcome.link"),
            Choice(turn.t("Questions, answers"), "ask.topics"),
        )
    last = asked.last(turn.notes)
    if last and not last.number and not turn.must_call:
        ways = (Choice(turn.t("Send my question"), f"ask.send:{last.mark}"), ways[0])
    turn.say(
        turn.t("Sorry, this was not understood. Please choose a number:"),
        Choice(turn.t("Talk to a person"), "helper.start"),
        *ways,
        Choice(turn.t("See the programme"), "programme.today"),
        Choice(turn.t("To the menu"), "menu.show"),
        style=Style.QUESTION,
    )


def send(turn: Turn) -> None:
    """Her question goes to the organisers: only now is it kept. The argument tells which one."""
    last = asked.last(turn.notes)
    if last is None or last.mark != turn.argument or turn.must_call:
        turn.say(turn.t("This question is no longer here. Please type it again."))
        turn.go("menu.show")
        return
    if not last.number:
        code, where = turn.t.language.code, turn.session.address_id
        number = turn.desk.send_question(last.text, code, turn.person, where)
        if isinstance(number, str):
            _enough(turn)
            return
        asked.sent(turn.notes, number)
    turn.say(
        "\n".join(
            [
                turn.t("Your question went to the organisers, without your name."),
                turn.t("Their answer will be sent to the phone you prefer.")
                if turn.person.preferred_address_id not in (None, turn.session.address_id)
                else turn.t("Their answer will be sent to you here."),
            ]
        ),
        Choice(turn.t("Take it back"), f"ask.take_back:{last.mark}"),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def take_back(turn: Turn) -> None:
    """She thought better of it: the question is deleted, unless it is decided about already."""
    last = asked.last(turn.notes)
    number = last.number if last and last.mark == turn.argument else 0
    if number and turn.desk.take_back_question(number, turn.session.address_id):
        asked.forget(turn.notes)
        turn.say(turn.t("Your question was deleted."))
    else:
        turn.say(turn.t("This question is with the organisers already."))
    turn.go("menu.show")


def _enough(turn: Turn) -> None:
    turn.say(
        turn.t("No more questions can be sent from here today."),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def topics(turn: Turn) -> None:
    """Everything that can be asked, by topic, with digits alone (UX rule 4)."""
    known = [topic for topic in turn.library.event.topics if _about(turn, topic)]
    first = _offset(turn.argument, len(known))
    chain = turn.t.language.chain
    choices = [
        Choice(clip(turn.library.topic_title(topic, chain)[1], 32), f"ask.topic:{topic}")
        for topic in known[first : first + PAGE]
    ]
    if first + PAGE < len(known):
        choices.append(Choice(turn.t("See more"), f"ask.topics:{first + PAGE}"))
    turn.say(turn.t("Which topic do you ask about?"), *choices, style=Style.QUESTION)


def topic(turn: Turn) -> None:
    """The answers of one topic; the argument is the topic, after a dot where to begin."""
    name, _, start = turn.argument.partition(".")
    found = _about(turn, name)
    if not found:
        turn.go("ask.topics")
        return
    first = _offset(start, len(found))
    choices = [_choice(turn, one) for one in found[first : first + PAGE]]
    if first + PAGE < len(found):
        choices.append(Choice(turn.t("See more"), f"ask.topic:{name}.{first + PAGE}"))
    turn.say(turn.t("What would you like to know?"), *choices, style=Style.QUESTION)


def _about(turn: Turn, name: str) -> list[Answer]:
    found = turn.library.answers_about(name)
    return [one for one in found if turn.library.admits(one, turn.who)]


def _offset(written: str, length: int) -> int:
    number = int(written) if re.fullmatch(r"[0-9]{1,3}", written) else 0
    return number if number < length else 0


def _choice(turn: Turn, one: Answer) -> Choice:
    _, text = turn.library.text(one, turn.t.language.chain)
    return Choice(clip(text.title, 32), value_of(one))


def _tell(turn: Turn, found: Answer, *, whole: bool) -> None:
    language, text = turn.library.text(found, turn.t.language.chain)
    brief = turn.person.simple and not whole
    is_short = brief and bool(text.short)
    words = _filled(turn, text.short if is_short else text.text)
    source = _brief_source(turn, found, words) if brief else _source(turn, found, language)
    # A person stands under every message anyway, so all of it may take her place.
    more = Choice(turn.t("See more"), f"ask.whole:{found.id}")
    person = Choice(turn.t("Talk to a person"), "helper.start")
    turn.say(
        "\n".join(filter(None, [words, source])),
        *([more] if is_short else []),
        *_cards(turn, found),
        Choice(turn.t("Ask about more"), f"ask.topic:{found.topic}"),
        *([] if is_short else [person]),
        Choice(turn.t("To the menu"), "menu.show"),
        place=_place(turn, found),
        language=language,
    )


def _brief_source(turn: Turn, found: Answer, words: str) -> str:
    """Who approved it and when: as much of that as one short message has room for."""
    stamp = turn.t.stamp(found.updated)
    ways = (f"({found.source}, {stamp})", f"({stamp})")
    room = SHORT_LIMIT - visible_length(plain(words)) - 1
    if room < 0:  # told in several messages anyway
        return ways[0]
    return next((way for way in ways if visible_length(way) <= room), "")


def _source(turn: Turn, found: Answer, language: str) -> str:
    told = {"source": found.source, "stamp": turn.t.stamp(found.updated)}
    if turn.t.language.has_text and language != turn.t.language.code:
        return turn.t("(Source: {source}, updated {stamp}. In Vietnamese only.)", **told)
    return turn.t("(Source: {source}, updated {stamp})", **told)


def _cards(turn: Turn, found: Answer) -> list[Choice]:
    choices = []
    item = turn.library.items.get(found.item)
    if item is not None and turn.library.admits(item, turn.who):
        choices.append(Choice(turn.t("See the time"), f"programme.item:{item.id}"))
    place = _place(turn, found)
    if place is not None:
        choices.append(Choice(turn.t("See the way"), f"place.show:{place.slug}"))
    return choices


def _place(turn: Turn, found: Answer) -> Place | None:
    place = turn.library.places.get(found.place)
    return place if place is not None and turn.library.admits(place, turn.who) else None


def _filled(turn: Turn, text: str) -> str:
    """The text with her own values; what is not announced is said to be so."""
    record = turn.person.record if turn.who.linked else None
    own = {slot: getattr(record, slot, "") for slot in SLOTS}
    own["name"] = record.full_name if record else ""
    own["hotline"] = turn.library.event.hotline
    absent = turn.t("(the organisers have not announced it)")

    def fill(hit: re.Match[str]) -> str:
        return hit[0][0] if hit[1] is None else str(own.get(hit[1]) or absent)

    return _SLOT.sub(fill, text)
