"""Questions about somebody else: a relative, one of those who share the phone, another's room.

Her own room is never told for her mother's, and nobody's is told to whom it is not.
"""

import re

from bot import asked
from bot.content import PERSONAL_SLOTS, Answer
from bot.turn import Turn
from bot.whose import room, whose

_SLOT = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def for_another(turn: Turn, text: str) -> bool:
    """ "Mẹ tôi ở phòng nào": asks for whom; False when she asks for herself."""
    people = {one.id: one.record.full_name for one in turn.relatives if one.record}
    about = whose(text, people) if people else None
    if about is None:
        return False
    verdict = turn.desk.ask(about.rest, turn.t.language.code)
    if verdict.kind != "answer":
        return False
    found = turn.library.answers[verdict.candidates[0].answer_id]
    if not (found.go.startswith("mine.") or is_personal(found)):
        return False
    asked.keep(turn.notes, text, [value_of(found)])
    if about.named == (turn.person.id,):
        turn.notes["whom"] = turn.person.id
        turn.go("ask.answer", found.id)
    elif about.other or not turn.shared:
        only_suggest(turn, text, found)
    else:
        turn.notes["then"] = value_of(found)
        _whom(turn, about.named)
    return True


def _whom(turn: Turn, named: tuple[int, ...]) -> None:
    if len(named) == 1:
        turn.go("family.pick", str(named[0]))
    else:
        turn.go("family.whom", "then")


def of_another_room(turn: Turn, text: str, found: Answer) -> bool:
    """ "Phòng 305 ở đâu" from somebody who sleeps in another one."""
    record = turn.person.record
    hers = record.room.lstrip("0") if record else ""
    return found.go == "mine.room" and room(text) not in ("", hers)


def only_suggest(turn: Turn, text: str, found: Answer) -> None:
    """Perhaps she means herself. Her words are no example of it, so nothing is offered as one."""
    asked.keep(turn.notes, text, [value_of(found)])
    turn.go("ask.suggest", found.id)


def is_personal(found: Answer) -> bool:
    """Does it depend on who asks: by her own values in it, or by the few it is meant for?"""
    texts = (text.text for text in found.by_language.values())
    own = any(hit[1] in PERSONAL_SLOTS for text in texts for hit in _SLOT.finditer(text))
    return own or not {"public", "linked"}.issuperset(found.audience.terms)


def value_of(one: Answer) -> str:
    """The value of its button: to what a handler answers, straight, lest "back" lead through it."""
    return one.go or f"ask.answer:{one.id}"
