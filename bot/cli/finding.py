"""One line of what `donghanh doctor` reports."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and how to mend it when it is not ok."""

    name: str
    state: State
    what: str
    cure: str = ""
