"""Which suggestion she picked for her own words, and whether she stayed with it.

Pure: reads and changes only the notes of a dialogue. A pick counts with her next turn, unless that
turn says that the answer was not the one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OFFERED, PICKED = "offered", "picked"
# Reading again and going back say nothing about the answer yet.
_UNDECIDED = frozenset(("menu.again", "menu.back"))
# These say that it was not the one.
_NOT_IT = frozenset(
    ("ask.none", "ask.not_it", "ask.send", "helper.start", "emergency.show", "smalltalk.anger")
)


@dataclass(frozen=True, slots=True)
class Pick:
    """Her words, and the answer she chose for them."""

    text: str
    answer_id: str


def offer(notes: dict[str, Any], text: str, answers: Mapping[str, str]) -> None:
    """These answers, by the values of their buttons, were suggested for her words."""
    notes[OFFERED] = {"text": text, "answers": dict(answers)}


def forget(notes: dict[str, Any]) -> None:
    """Something else was asked: old buttons pick for old words no more."""
    notes.pop(OFFERED, None)


def follow(notes: dict[str, Any], value: str) -> Pick | None:
    """Take note of where she goes now; returns the pick that this turn confirms."""
    pending: Any = notes.get(PICKED)
    offered = notes.get(OFFERED)
    if isinstance(offered, dict) and value in offered["answers"]:
        # Another one of the same list: the first was not it.
        notes[PICKED] = [offered["text"], offered["answers"][value]]
        same = pending is None or pending[0] == offered["text"]
        return None if same else Pick(*pending)
    name = value.partition(":")[0]
    if pending is None or name in _UNDECIDED:
        return None
    del notes[PICKED]
    return None if name in _NOT_IT else Pick(*pending)
