"""What every channel is to the rest of the house."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import BaseRoute

from bot.fit import Capabilities, Part
from bot.values.delivery import Delivery, Receipt
from bot.values.incoming import Incoming

# Keeps an update durably. True: it is new; False: it was seen before. Raises when it cannot be
# kept, so that the channel answers its platform with a failure and is told again later.
Accept = Callable[[Incoming], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something a channel wants done now and then: token refresh, menus, a watchdog."""

    name: str
    every_seconds: float
    do: Callable[[], Awaitable[None]]


class Channel(Protocol):
    """One account on one platform. Only `bot.sender` calls `send`."""

    @property
    def kind(self) -> str:
        """The word in `/webhook/<kind>/<account>` and in logs."""
        ...

    @property
    def account_id(self) -> int:
        """Our account's row."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What can be shown there."""
        ...

    @property
    def rate(self) -> float:
        """Sends a second this account may make, replies included: the most it will ever try."""
        ...

    @property
    def first_rate(self) -> float:
        """Where to begin while nobody knows how much of that it lets pass; faster from there."""
        ...

    @property
    def per_chat_rate(self) -> float:
        """Sends a second into one chat; short bursts of 3 pass."""
        ...

    async def open(self, accept: Accept) -> None:
        """Begin to listen. Raises ConfigError when the account cannot work at all."""
        ...

    async def close(self) -> None:
        """Stop listening and let go of connections."""
        ...

    def routes(self) -> Sequence[BaseRoute]:
        """What it wants served by our ASGI application."""
        ...

    def chores(self) -> Sequence[Chore]:
        """What the schedule should call now and then."""
        ...

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        """Put one part on the wire; a SendError says what became of it otherwise."""
        ...
