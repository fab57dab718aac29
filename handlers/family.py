"""Several people, one phone: for whom an answer is, and how one more person joins.

Each has her own language, consent and digits; nothing of one is moved to another.
"""

from collections import Counter

from bot.access import MOST_PEOPLE
from bot.text import clip
from bot.turn import Turn
from bot.values.person import Person
from bot.values.reply import Choice, Style


def whom(turn: Turn) -> None:
    """Every name on one screen; with the argument "then", before what she asked for."""
    if turn.argument != "then":
        turn.notes.pop("then", None)
    people = turn.relatives
    if not people:
        turn.go("welcome.start")
        return
    if [one.id for one in people] == [turn.person.id]:
        turn.go("family.add")
        return
    turn.say(
        turn.t("For whom? Please choose a name."),
        *(Choice(_label(one, people), f"family.pick:{one.id}") for one in people),
        style=Style.QUESTION,
    )


def pick(turn: Turn) -> None:
    """From now on for her, until somebody switches; then what was asked for."""
    found = {str(one.id): one for one in turn.relatives}.get(turn.argument)
    if found is None:
        turn.go("family.whom")
        return
    then = str(turn.notes.get("then", "menu.show"))
    turn.turn_to(found)
    turn.notes["whom"] = found.id
    if found.language is None:
        turn.notes["then"] = then
        turn.go("welcome.language")
        return
    name, _, argument = then.partition(":")
    turn.go(name, argument)


def card(turn: Turn) -> None:
    """A card was opened where somebody else is linked: perhaps hers, perhaps one more person's."""
    opened = turn.notes.get("card")
    owner = turn.desk.card_person(opened) if isinstance(opened, int) else None
    if owner is None:
        turn.notes.pop("card", None)
        turn.go("menu.show")
    elif owner in turn.family:
        turn.notes.pop("card", None)
        turn.go("family.pick", str(owner))
    else:
        turn.go("family.add")


def add(turn: Turn) -> None:
    """One more person: asks first; "yes" begins with her own language and consent."""
    if not turn.family:
        turn.go("welcome.link")
    elif len(turn.family) >= MOST_PEOPLE:
        turn.say(
            turn.t("This phone already speaks for eight people. A help desk can help you."),
            Choice(turn.t("Talk to a person"), "helper.start"),
            Choice(turn.t("To the menu"), "menu.show"),
        )
    elif turn.argument == "no":
        turn.notes.pop("card", None)
        turn.go("menu.show")
    elif turn.argument == "yes":
        turn.turn_to(turn.desk.guest(turn.event.id))
        turn.notes["adding"] = turn.person.id
        turn.go("welcome.language")
    else:
        _explain(turn)


def _explain(turn: Turn) -> None:
    if isinstance(turn.notes.get("card"), int):
        why = turn.t("This card belongs to another delegate.")
    else:
        why = turn.t("One more delegate can use this phone.")
    how = turn.t("She chooses her language, agrees herself and types her four digits. Add her?")
    turn.say(
        f"{why}\n{how}",
        Choice(turn.t("Add this person"), "family.add:yes"),
        Choice(turn.t("Not now"), "family.add:no"),
        style=Style.QUESTION,
    )


def _label(one: Person, people: tuple[Person, ...]) -> str:
    """Her name; two of one name are told apart by the codes on their cards' lists."""
    assert one.record is not None
    names = Counter(other.record.full_name for other in people if other.record)
    twins = names[one.record.full_name] > 1
    return clip(one.record.full_name, 20) + (f" ({one.record.code})" if twins else "")
