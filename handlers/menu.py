"""The menu, and the two ways to move that work everywhere: back, and once more."""

from dataclasses import replace

from bot.turn import Turn
from bot.values.reply import Choice, Reply, Style

PAGE = 5  # entries on one screen; the sixth digit leads to the next (UX rule 3)


def show(turn: Turn) -> None:
    """The first page: what is asked for most."""
    turn.finish()
    # Where people share a phone, the menu says whose it is.
    turn.personal = not turn.undecided
    if turn.who.linked or turn.must_call:
        asked = turn.t("What would you like to see?")
    else:
        asked = turn.t("What would you like to see? Your own room and bus need your delegate card.")
    _page(turn, asked, 1)


def more(turn: Turn) -> None:
    """Another page; the argument is its number, the second one without."""
    number = int(turn.argument) if turn.argument in ("2", "3", "4") else 2
    _page(turn, turn.t("What else would you like to see?"), number)


def _page(turn: Turn, asked: str, number: int) -> None:
    entries = _entries(turn)
    shown = entries[(number - 1) * PAGE : number * PAGE]
    if not shown:
        turn.go("menu.show")
        return
    if len(entries) > number * PAGE:
        shown.append(Choice(turn.t("See more"), f"menu.more:{number + 1}"))
    turn.say(asked, *shown, style=Style.QUESTION)


def _entries(turn: Turn) -> list[Choice]:
    """Everything, five a page. The emergency place is the fifth of its page, whoever asks."""
    if turn.who.linked:
        return _of_delegate(turn)
    return _of_caller(turn) if turn.must_call else _of_guest(turn)


def _of_delegate(turn: Turn) -> list[Choice]:
    answers = Choice(turn.t("Questions, answers"), "ask.topics")
    change = Choice(turn.t("Change person"), "family.whom")
    return [
        Choice(turn.t("See my room"), "mine.room"),
        Choice(turn.t("See my bus"), "mine.bus"),
        Choice(turn.t("See my seat"), "mine.seat"),
        Choice(turn.t("See the programme"), "programme.today"),
        change if turn.shared else answers,
        Choice(turn.t("See my meals"), "mine.meals"),
        Choice(turn.t("See documents"), "documents.list"),
        Choice(turn.t("See my group"), "mine.group"),
        Choice(turn.t("🌐 Change language"), "welcome.language"),
        Choice(turn.t("🆘 Emergency"), "emergency.show"),
        *([answers] if turn.shared else []),
        Choice(turn.t("See my badge"), "mine.badge"),
        Choice(turn.t("My data"), "me.show"),
        _comfort(turn),
        Choice(turn.t("Add a phone"), "phone.add"),
        Choice(turn.t("Add a person"), "family.add"),
    ]


def _of_guest(turn: Turn) -> list[Choice]:
    # One who is tied to the roster and has not agreed needs her consent, not her card.
    first = turn.t("Read the agreement") if turn.person.linked else turn.t("Link my card")
    return [
        Choice(first, "welcome.link"),
        Choice(turn.t("See the programme"), "programme.today"),
        Choice(turn.t("🌐 Change language"), "welcome.language"),
        _person(turn),
        Choice(turn.t("🆘 Emergency"), "emergency.show"),
        Choice(turn.t("Questions, answers"), "ask.topics"),
        Choice(turn.t("See documents"), "documents.list"),
        Choice(turn.t("My data"), "me.show"),
        Choice(turn.t("🆘 Emergency"), "emergency.show"),
        _comfort(turn),
    ]


def _of_caller(turn: Turn) -> list[Choice]:
    return [
        Choice(turn.t("See the programme"), "programme.today"),
        Choice(turn.t("Questions, answers"), "ask.topics"),
        Choice(turn.t("🌐 Change language"), "welcome.language"),
        _person(turn),
        Choice(turn.t("🆘 Emergency"), "emergency.show"),
    ]


def _person(turn: Turn) -> Choice:
    """Where others share the phone, to them; a helper is under every message anyway."""
    if turn.shared:
        return Choice(turn.t("Change person"), "family.whom")
    return Choice(turn.t("Talk to a person"), "helper.start")


def _comfort(turn: Turn) -> Choice:
    if turn.person.simple:
        return Choice(turn.t("Speak in full"), "comfort.full")
    return Choice(turn.t("Short and slow"), "comfort.simple")


def back(turn: Turn) -> None:
    """The place before this one; from a message that is no place, the last place."""
    turn.finish()
    trail = [*turn.notes.get("trail", ())]
    if trail and trail[-1] == turn.notes.get("here"):
        trail.pop()
    name, _, argument = (trail.pop() if trail else "menu.show").partition(":")
    turn.notes["trail"] = trail
    turn.go(name, argument)


def rest(turn: Turn) -> None:
    """What was more than she is told at once, from where it stopped."""
    kept = turn.notes.pop("rest", None)
    # Who left the list or took her consent back meanwhile is told nothing of hers.
    if kept is None or kept["linked"] is not turn.who.linked:
        turn.go("menu.show")
        return
    turn.replies += [Reply.from_json(one) for one in kept["said"]]
    turn.session = replace(turn.session, step=kept["step"])


def again(turn: Turn) -> None:
    """The last message once more, from what is true now."""
    name, _, argument = str(turn.notes.get("here", "menu.show")).partition(":")
    turn.go(name, argument)
