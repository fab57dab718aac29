"""A channel that keeps what it is given and fails the way a test tells it to."""

import asyncio
from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.channels.base import Accept, Chore
from bot.fit import Capabilities, Part
from bot.values.delivery import Delivery, Receipt


class FakeChannel:
    """`sent` is the journal of what was accepted: (sender, text). `faults` are raised first."""

    kind = "fake"
    capabilities = Capabilities(text_limit=4000, one_bubble=True)
    rate = first_rate = 10_000.0
    per_chat_rate = 10_000.0

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        self.sent: list[tuple[str, str]] = []
        self.faults: list[Exception] = []
        self.closed_door = asyncio.Event()
        self.closed_door.set()
        self.accept: Accept | None = None

    async def open(self, accept: Accept) -> None:
        self.accept = accept

    async def close(self) -> None:
        pass

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def chores(self) -> Sequence[Chore]:
        return ()

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        await self.closed_door.wait()
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((delivery.sender, part.text))
        return Receipt(f"m{len(self.sent)}")
