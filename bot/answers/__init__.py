"""A question to the approved answers it may be asking for, with a score and the reason.

Pure: no clock, no files, no network; the same examples and question give the same verdict.
"""

from bot.answers.match import Example, Index, Match, Reason
from bot.answers.normalise import Abbreviations
from bot.answers.verdict import Matcher, Verdict, Why

__all__ = ["Abbreviations", "Example", "Index", "Match", "Matcher", "Reason", "Verdict", "Why"]
