"""A question to the approved answers it may be asking for, with a score and the reason.

Pure: no clock, no files, no network; the same examples and question give the same verdict.
"""

import os

# Said before numpy is first loaded. Our matrices are small: several threads mostly wait for each
# other (a question cost 8 ms of processor on two cores, 0.3 alone), and sum in another order.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.answers.match import Example, Index, Match, Reason
from bot.answers.normalise import Abbreviations
from bot.answers.verdict import Matcher, Verdict, Why

__all__ = ["Abbreviations", "Example", "Index", "Match", "Matcher", "Reason", "Verdict", "Why"]
