"""Every sender of this process, by channel account: what the inbox hands its replies to."""

from collections.abc import Mapping, Sequence

from bot.channels.base import Channel
from bot.fit import Capabilities
from bot.sender.sender import Sender
from bot.values.delivery import Delivery


class Senders:
    """One sender a queue, one queue an account; an account may be another process's to send."""

    def __init__(self) -> None:
        self._queues: dict[int, int] = {}
        self._channels: dict[int, Channel] = {}
        self._by_queue: dict[int, Sender] = {}

    def know(self, channel: Channel, queue_id: int) -> None:
        """One more account that is owed to; whoever owns its queue sends."""
        self._queues[channel.account_id] = queue_id
        self._channels[channel.account_id] = channel

    def add(self, sender: Sender) -> None:
        """One more account to send through."""
        self.know(sender.channel, sender.queue_id)
        self._by_queue[sender.queue_id] = sender
        sender.wake_queue = self.wake

    def queue_of(self, account_id: int) -> int:
        """The queue of an account."""
        return self._queues[account_id]

    def can(self, account_id: int) -> Capabilities:
        """What can be shown at an account."""
        return self._channels[account_id].capabilities

    def epochs(self) -> Mapping[int, int]:
        """The queues this process owns just now, and under which epoch."""
        owned = {queue: sender.epoch for queue, sender in self._by_queue.items()}
        return {queue: epoch for queue, epoch in owned.items() if epoch is not None}

    def rates(self) -> Mapping[int, float]:
        """Sends a second allowed to the queues this process owns just now."""
        return {queue: self._by_queue[queue].rate for queue in self.epochs()}

    def hand(self, deliveries: Sequence[Delivery]) -> None:
        """Claimed rows, straight to their senders."""
        for queue_id in dict.fromkeys(one.queue_id for one in deliveries):
            mine = [one for one in deliveries if one.queue_id == queue_id]
            self._by_queue[queue_id].hand(mine)

    def wake(self, queue_id: int) -> None:
        """There are pending rows in a queue that this process did not hand over itself.

        The queue of another process is that one's affair: it was rung for in the transaction that
        wrote the rows, and it looks for rows by itself.
        """
        if queue_id in self._by_queue:
            self._by_queue[queue_id].wake()

    def wake_all(self) -> None:
        """There may be rows anywhere."""
        for sender in self._by_queue.values():
            sender.wake()

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
