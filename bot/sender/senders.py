"""Every sender of this process, by channel account: what the inbox hands its replies to."""

from collections.abc import Mapping, Sequence

from bot.fit import Capabilities
from bot.sender.sender import Sender
from bot.values.delivery import Delivery


class Senders:
    """One sender a queue, one queue an account."""

    def __init__(self) -> None:
        self._by_account: dict[int, Sender] = {}
        self._by_queue: dict[int, Sender] = {}

    def add(self, sender: Sender) -> None:
        """One more account to send through."""
        self._by_account[sender.channel.account_id] = sender
        self._by_queue[sender.queue_id] = sender

    def queue_of(self, account_id: int) -> int:
        """The queue of an account."""
        return self._by_account[account_id].queue_id

    def can(self, account_id: int) -> Capabilities:
        """What can be shown at an account."""
        return self._by_account[account_id].channel.capabilities

    def epochs(self) -> Mapping[int, int]:
        """The queues this process owns just now, and under which epoch."""
        owned = {queue: sender.epoch for queue, sender in self._by_queue.items()}
        return {queue: epoch for queue, epoch in owned.items() if epoch is not None}

    def hand(self, deliveries: Sequence[Delivery]) -> None:
        """Claimed rows, straight to their senders."""
        for queue_id in dict.fromkeys(one.queue_id for one in deliveries):
            mine = [one for one in deliveries if one.queue_id == queue_id]
            self._by_queue[queue_id].hand(mine)

    def wake(self, queue_id: int) -> None:
        """There are pending rows in a queue that this process did not hand over itself.

        The queue of another process is that one's affair: it looks for rows by itself.
        """
        if queue_id in self._by_queue:
            self._by_queue[queue_id].wake()

    async def open(self) -> None:
        """Take the queues and begin to send."""
        for sender in self._by_queue.values():
            await sender.open()

    async def drained(self) -> None:
        """Wait until nothing that was handed over is left."""
        for sender in self._by_queue.values():
            await sender.drained()

    async def close(self) -> None:
        """Finish, settle, give the queues back."""
        for sender in self._by_queue.values():
            await sender.close()
