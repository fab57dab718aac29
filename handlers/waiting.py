"""What delegates asked in vain, for the people of the organisers: groups and counts, nobody's name.

Answering is done where it can be read twice and approved; here it is only seen.
"""

from bot.text import clip
from bot.turn import Turn
from bot.values.person import Role
from bot.values.reply import Choice

MOST = 5
LONGEST = 34  # visible characters of a question: five of them fit one short message
OFFICE = frozenset((Role.ORGANISER, Role.TRAINER, Role.HELPER))


def show(turn: Turn) -> None:
    """The groups most people asked for; a delegate is shown what she may ask instead."""
    if not turn.who.linked or turn.person.roles.isdisjoint(OFFICE):
        turn.go("ask.topics")
        return
    groups = turn.desk.waiting_questions()[:MOST]
    lines = [
        turn.t(
            "● {number}: {count} people, “{question}”",
            number=one.number,
            count=one.people,
            question=clip(one.examples[0], LONGEST),
        )
        for one in groups
    ]
    if lines:
        lines.insert(0, turn.t("Questions that wait for an answer:"))
    else:
        lines = [turn.t("No question waits for an answer.")]
    turn.say("\n".join(lines), Choice(turn.t("To the menu"), "menu.show"))
