"""Zalo repeats what the account said. When nobody knows whether a message left, its echo does."""

from collections import OrderedDict, deque
from time import monotonic

from bot.fit import plain
from bot.text import nfc

MOST_PEOPLE = 5000
_EACH = 8


class Echoes:
    """What was heard of late, in the memory of one process: elsewhere the letter's policy decides.

    `doubt` marks a message nobody knows about; `heard_of` finds its echo when it is tried again.
    """

    def __init__(self) -> None:
        self._said: OrderedDict[str, deque[tuple[float, str, str]]] = OrderedDict()
        self._doubts: OrderedDict[tuple[int, int], float] = OrderedDict()

    def add(self, sender: str, text: str, message_id: str) -> None:
        """The account said this to her."""
        if not text or not message_id:
            return
        hers = self._said.setdefault(sender, deque(maxlen=_EACH))
        hers.append((monotonic(), nfc(text), message_id))
        self._said.move_to_end(sender)
        if len(self._said) > MOST_PEOPLE:
            self._said.popitem(last=False)

    def doubt(self, delivery_id: int, part: int, since: float) -> None:
        """A message left, perhaps, at `since` of the monotonic clock or later."""
        self._doubts.setdefault((delivery_id, part), since)
        if len(self._doubts) > MOST_PEOPLE:
            self._doubts.popitem(last=False)

    def heard_of(self, delivery_id: int, part: int, sender: str, text: str) -> str | None:
        """The id of a message that was doubted and has been heard of since."""
        since = self._doubts.pop((delivery_id, part), None)
        words = nfc(plain(text))
        if since is None or not words:
            return None
        for at, said, message_id in self._said.get(sender, ()):
            if at >= since and said.startswith(words):
                return message_id
        return None
