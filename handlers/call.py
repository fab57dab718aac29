"""To one whom only people can help now: a courteous sentence, a phone number, and no reason.

She may have withdrawn, or her phone was reported lost; who reads this may be somebody else.
"""

from bot.text import phone_groups
from bot.turn import Turn
from bot.values.reply import Choice


def ask(turn: Turn) -> None:
    """Whom to call. What is public stays open to her."""
    turn.finish()
    turn.notes.pop("card", None)
    desk = turn.desk_for("registration")
    phone = turn.library.event.hotline or (desk.phone if desk else "")
    said = turn.t("Please ask at a help desk; people there will be glad to help you.")
    if phone:
        said = turn.t(
            "Please call the organisers, who will help you: {phone}.", phone=phone_groups(phone)
        )
    turn.say(
        said,
        Choice(turn.t("See the programme"), "programme.today"),
        Choice(turn.t("Questions, answers"), "ask.topics"),
        *([Choice(turn.t("Change person"), "family.whom")] if turn.shared else []),
        Choice(turn.t("To the menu"), "menu.show"),
    )
