"""What the fake can be told to do wrong, for the next calls."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

Way = Literal["code", "html", "slow", "reset", "lost"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong answer. `code`: refuse with it; `html`: a page with `status`; `slow`: `seconds`
    first, then as usual; `reset`: cut the line before anything is done; `lost`: do it, then cut."""

    way: Way
    code: int = -200
    said: str = "Told to fail"
    status: int = 502
    seconds: float = 0.0
    path: str = ""  # "" for any


class Faults:
    """Waiting faults, each used once, first come first served on the paths they name."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()

    def add(self, fault: Fault, times: int = 1) -> None:
        """The next calls go wrong."""
        self._waiting.extend([fault] * times)

    def clear(self) -> None:
        """Be well again."""
        self._waiting.clear()

    def take(self, path: str) -> Fault | None:
        """The fault for a call to this path."""
        for fault in self._waiting:
            if not fault.path or fault.path == path:
                self._waiting.remove(fault)
                return fault
        return None
