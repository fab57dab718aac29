"""Her consent: four short messages, one a tap, and two equal buttons at the end.

No answer is no. Who refuses still gets everything that is public (docs/privacy.md).
"""

from bot.i18n import N_
from bot.turn import Turn
from bot.values.consent import TEXT_VERSION
from bot.values.reply import Choice, Style

# Whoever changes a page gives the text a new version: see bot/values/consent.py.
PAGES = (
    N_(
        "The assistant keeps your language and what you write here. "
        "From the organisers' list it uses your name, delegation, room, seat and bus."
    ),
    N_("Why: so that it can tell you your own room, bus, seat and programme. Nothing else."),
    N_(
        "Only you see this here. "
        "When you ask for a person, the helper sees your request and your last few messages."
    ),
    N_(
        "You can stop at any time: type /dung to stop notices, /xoa to delete. "
        "If you refuse, you still see public information. Do you agree?"
    ),
)


def ask(turn: Turn) -> None:
    """One page of the text; the argument is its number."""
    number = int(turn.argument) if turn.argument in ("1", "2", "3", "4") else 1
    if number == 1 and turn.person.agreed_earlier:
        turn.say(turn.t("The messages about your data have changed. Please read them once more."))
    text = turn.t(PAGES[number - 1])
    if number < len(PAGES):
        turn.say(
            text,
            Choice(turn.t("Continue"), f"welcome.consent:{number + 1}"),
            Choice(turn.t("Later"), "menu.show"),
        )
        return
    turn.notes["consent_read"] = TEXT_VERSION
    turn.say(
        text,
        Choice(turn.t("I agree"), "welcome.agree"),
        Choice(turn.t("I do not agree"), "welcome.refuse"),
        style=Style.QUESTION,
    )


def agree(turn: Turn) -> None:
    """Yes counts only when this very text was shown to its end."""
    if turn.notes.get("consent_read") != TEXT_VERSION:
        turn.go("welcome.consent")
        return
    if not turn.person.consented:
        turn.agree(TEXT_VERSION, turn.t.spoken_in(PAGES[-1]), True)
    turn.go("welcome.linked" if turn.person.linked else "welcome.link")


def refuse(turn: Turn) -> None:
    """No is an answer like any other; after a yes it takes the yes back."""
    turn.agree(TEXT_VERSION, turn.t.spoken_in(PAGES[-1]), False)
    turn.notes.pop("card", None)
    turn.say(
        turn.t(
            "You did not agree; this is noted. "
            "You still see the public programme, and a person can always help you."
        ),
        Choice(turn.t("See the programme"), "programme.days"),
        *([Choice(turn.t("Change person"), "family.whom")] if turn.shared else []),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )
