"""Questions without an answer: kept at her word, grouped, answered by the organisers, told to her.

Nothing here enters the content without somebody's approval, and nobody is shown who asked.
"""

from bot.questions.deciding import (
    Draft,
    answer_with,
    answer_with_draft,
    approve,
    decision,
    dismiss,
    reopen,
)
from bot.questions.groups import Group, groups, numbered
from bot.questions.keeping import TooMany, propose, send, take_back
from bot.questions.proposed import accept, refuse
from bot.questions.telling import ANSWERED, people_of, tell

__all__ = [
    "ANSWERED",
    "Draft",
    "Group",
    "TooMany",
    "accept",
    "answer_with",
    "answer_with_draft",
    "approve",
    "decision",
    "dismiss",
    "groups",
    "numbered",
    "people_of",
    "propose",
    "refuse",
    "reopen",
    "send",
    "take_back",
    "tell",
]
