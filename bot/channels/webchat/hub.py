"""Wakes the open pages of a sender as soon as a line for her stands in the database.

It only saves waiting: what a page shows is always read from the database, so a lost ring (another
process wrote the line) costs two seconds and never a line.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

# More pages than this at once for one sender is not a person; those poll instead.
MOST_PAGES = 8


class Hub:
    """Who listens in this process."""

    def __init__(self) -> None:
        self._bells: dict[str, set[asyncio.Event]] = {}
        self.closed = False

    @property
    def listening(self) -> bool:
        """Is any page open here?"""
        return bool(self._bells)

    def full(self, sender: str) -> bool:
        """Are there too many pages of one sender?"""
        return len(self._bells.get(sender, ())) >= MOST_PAGES

    @contextmanager
    def page(self, sender: str) -> Iterator[asyncio.Event]:
        """A bell for one open page, for as long as it is open."""
        bell = asyncio.Event()
        self._bells.setdefault(sender, set()).add(bell)
        try:
            yield bell
        finally:
            mine = self._bells[sender]
            mine.discard(bell)
            if not mine:
                del self._bells[sender]

    def ring(self, sender: str) -> None:
        """There is something new for this sender."""
        for bell in self._bells.get(sender, ()):
            bell.set()

    def close(self) -> None:
        """Let every page go: they come back by themselves."""
        self.closed = True
        for sender in self._bells:
            self.ring(sender)
