"""The menu, and the two ways to move that work everywhere: back, and once more."""

from bot.turn import Turn
from bot.values.reply import Choice, Style


def show(turn: Turn) -> None:
    """The first page: what is asked for most."""
    turn.finish()
    if turn.who.linked:
        turn.say(
            turn.t("What would you like to see?"),
            Choice(turn.t("See my room"), "mine.room"),
            Choice(turn.t("See my bus"), "mine.bus"),
            Choice(turn.t("See my seat"), "mine.seat"),
            Choice(turn.t("See the programme"), "programme.today"),
            Choice(turn.t("Questions, answers"), "ask.topics"),
            Choice(turn.t("See more"), "menu.more"),
            style=Style.QUESTION,
        )
        return
    if turn.must_call:
        turn.say(
            turn.t("What would you like to see?"),
            Choice(turn.t("See the programme"), "programme.today"),
            Choice(turn.t("Questions, answers"), "ask.topics"),
            Choice(turn.t("🌐 Change language"), "welcome.language"),
            Choice(turn.t("Talk to a person"), "helper.start"),
            Choice(turn.t("🆘 Emergency"), "emergency.show"),
            style=Style.QUESTION,
        )
        return
    # One who is tied to the roster and has not agreed needs her consent, not her card.
    first = turn.t("Read the agreement") if turn.person.linked else turn.t("Link my card")
    turn.say(
        turn.t("What would you like to see? Your own room and bus need your delegate card."),
        Choice(first, "welcome.link"),
        Choice(turn.t("See the programme"), "programme.today"),
        Choice(turn.t("🌐 Change language"), "welcome.language"),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("🆘 Emergency"), "emergency.show"),
        Choice(turn.t("See more"), "menu.more"),
        style=Style.QUESTION,
    )


def more(turn: Turn) -> None:
    """The second page; the argument "2" turns to the third, which only a delegate needs."""
    if not turn.who.linked:
        choices = [
            Choice(turn.t("Questions, answers"), "ask.topics"),
            Choice(turn.t("See documents"), "documents.list"),
            Choice(turn.t("My data"), "me.show"),
            Choice(turn.t("🆘 Emergency"), "emergency.show"),
        ]
    elif turn.argument == "2":
        choices = [
            Choice(turn.t("See my badge"), "mine.badge"),
            Choice(turn.t("My data"), "me.show"),
            Choice(turn.t("To the menu"), "menu.show"),
        ]
    else:
        choices = [
            Choice(turn.t("See my meals"), "mine.meals"),
            Choice(turn.t("See documents"), "documents.list"),
            Choice(turn.t("See my group"), "mine.group"),
            Choice(turn.t("🌐 Change language"), "welcome.language"),
            Choice(turn.t("🆘 Emergency"), "emergency.show"),
            Choice(turn.t("See more"), "menu.more:2"),
        ]
    turn.say(turn.t("What else would you like to see?"), *choices, style=Style.QUESTION)


def back(turn: Turn) -> None:
    """The place before this one; from a message that is no place, the last place."""
    turn.finish()
    trail = [*turn.notes.get("trail", ())]
    if trail and trail[-1] == turn.notes.get("here"):
        trail.pop()
    name, _, argument = (trail.pop() if trail else "menu.show").partition(":")
    turn.notes["trail"] = trail
    turn.go(name, argument)


def again(turn: Turn) -> None:
    """The last message once more, from what is true now."""
    name, _, argument = str(turn.notes.get("here", "menu.show")).partition(":")
    turn.go(name, argument)
