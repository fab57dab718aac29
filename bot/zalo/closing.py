"""What is left by `aclose` may stand in an `async with`."""

from types import TracebackType
from typing import Self


class Closing:
    """Lets go of its connections when its block ends."""

    async def aclose(self) -> None:
        """Let go of what was opened."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self.aclose()
