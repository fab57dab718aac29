"""A person at a terminal: `donghanh chat`, for trying things out and for scripts."""

from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute

from bot.channels.base import Accept, Chore
from bot.fit import Capabilities, Part, numbered, plain
from bot.values.delivery import Act, Delivery, Receipt

KIND = "terminal"
WITHDRAWN = "(withdrawn)"


class TerminalChannel:
    """Hands every part to the function it is given; typed lines are accepted by the command."""

    kind = KIND
    capabilities = Capabilities(
        text_limit=4000, one_bubble=True, edits=True, withdraws=True, reacts=True
    )
    rate = first_rate = 1000.0
    per_chat_rate = 1000.0

    def __init__(self, account_id: int, hear: Callable[[Part], None]) -> None:
        self.account_id = account_id
        self.accept: Accept | None = None
        self._hear = hear

    async def open(self, accept: Accept) -> None:
        """Keep where typed lines go."""
        self.accept = accept

    async def close(self) -> None:
        """Nothing is open."""

    def routes(self) -> Sequence[BaseRoute]:
        """It serves nothing."""
        return ()

    def chores(self) -> Sequence[Chore]:
        """It wants nothing."""
        return ()

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        """Show one part. What was printed stays: whatever becomes of it is printed below it."""
        if delivery.act in (Act.SAY, Act.EDIT, Act.REACT):
            self._hear(part)
        elif delivery.act is Act.WITHDRAW:
            self._hear(Part(part.number, WITHDRAWN))
        return Receipt(f"{delivery.id}:{part.number}")


def as_text(part: Part) -> str:
    """A part as a terminal shows it: words, captions, places, choices with their digits."""
    lines = [plain(part.text), *(media.caption for media in part.media)]
    if part.point is not None:
        where = f"{part.point.latitude:.5f}, {part.point.longitude:.5f}"
        lines.append(f"{part.point.name} ({where})")
    return "\n".join([*lines, *numbered(part.choices, part.controls)])
