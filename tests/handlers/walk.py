"""Goes everywhere digits alone can lead, breadth first, through the real router."""

from collections import deque
from dataclasses import dataclass, field, replace
from uuid import uuid4

from bot.router import Router
from bot.standing import Standing, stand
from bot.store import Work
from bot.values.incoming import Incoming, Kind
from bot.values.reply import Reply
from bot.values.session import Session
from handlers import ROUTES
from tests.handlers.chats import Chat

# Shown and counted, but not pressed: they change who she is or what she agreed to.
FINAL = (
    *("welcome.language:", "welcome.agree", "welcome.refuse", "welcome.not_me"),
    *("family.add:", "me.erase_now"),
)


@dataclass
class Walk:
    """What was seen: each value with the digits that lead there, and every reply."""

    paths: dict[str, str] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)

    @property
    def routes(self) -> set[str]:
        """The names of all routes that digits reach."""
        return {value.partition(":")[0] for value in self.paths}

    @property
    def deepest(self) -> int:
        """The most digits that any place takes."""
        return max(len(path) for path in self.paths.values())


async def walk(chat: Chat) -> Walk:
    """Everything from /menu on, with digits only; the dialogue itself stays at the menu."""
    await chat.say("/menu")
    return await chat.store.write(lambda work: _walk(work, chat))


def _walk(work: Work, chat: Chat) -> Walk:
    incoming = Incoming(chat.ground.account_id, chat.sender, "", Kind.TEXT, work.now)
    standing = stand(work, chat.house, incoming)
    seen = Walk(paths={"menu.show": ""})
    waiting: deque[tuple[Session, str]] = deque([(standing.session, "")])
    while waiting:
        session, path = waiting.popleft()
        for digit, value in enumerate(session.notes["shown"], 1):
            if value in seen.paths:
                continue
            seen.paths[value] = f"{path}{digit}"
            if not value.startswith(FINAL):
                after, said = _press(work, chat, replace(standing, session=session), digit)
                seen.replies += said
                waiting.append((after, f"{path}{digit}"))
    return seen


def _press(work: Work, chat: Chat, standing: Standing, digit: int) -> tuple[Session, list[Reply]]:
    incoming = replace(standing.incoming, update_id=uuid4().hex, text=str(digit))
    turn = replace(standing, incoming=incoming).turn(work, chat.house)
    Router(ROUTES).answer(turn)
    return turn.session, turn.replies
