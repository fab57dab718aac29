"""A conversation held by a program: the terminal's, and the one that replays .chat files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

from bot.app import Bot, terminal_bot
from bot.channels.terminal import TerminalChannel
from bot.clock import Clock
from bot.config import Settings
from bot.errors import Refusal, StoreError
from bot.fit import Part
from bot.store import Work
from bot.values.consent import DEVELOPMENT
from bot.values.event import Event
from bot.values.incoming import Incoming, Kind
from bot.values.person import Record
from bot.values.reply import Choice


def become(
    work: Work, event_id: int, code: str, account_id: int, sender: str, lang: str = ""
) -> Record:
    """Tie a sender to a person of the roster, consented: for terminals and the simulator only.

    `lang` sets her language; empty keeps the one she chose, Vietnamese if none.
    """
    record = work.roster.by_code(event_id, code)
    if record is None:
        raise Refusal(f"Nobody in the roster has the code {code}. The sample has DB0001 to DB1600.")
    address = work.accounts.add_address(account_id, sender)
    work.accounts.tie(address.id, record.person_id, event_id, DEVELOPMENT)
    person = work.people.get(record.person_id, event_id)
    assert person is not None
    if not person.consented:
        work.people.consent(event_id, person.id, DEVELOPMENT, lang or "vi", True)
    if lang or person.language is None:
        work.people.set_language(person.id, lang or "vi")
    return record


class Talk:
    """One sender at one terminal. What is said and heard is kept in the form of a .chat file."""

    def __init__(self, bot: Bot, sender: str) -> None:
        self.bot = bot
        self.heard: list[Part] = []
        self.log: list[str] = []
        self._sender = sender
        self._offered: dict[str, str] = {}

    @classmethod
    @asynccontextmanager
    async def begin(
        cls, settings: Settings, event: Event, sender: str, clock: Clock | None = None
    ) -> AsyncIterator["Talk"]:
        """Open a bot with one terminal and a queue of its own."""
        heard: list[Part] = []
        bot = await terminal_bot(
            settings, event.id, lambda account: TerminalChannel(account, heard.append), clock
        )
        try:
            if not bot.senders.epochs():
                raise StoreError("Another terminal took this queue. Please start again.")
            talk = cls(bot, sender)
            talk.heard = heard
            yield talk
        finally:
            await bot.close()

    @property
    def account_id(self) -> int:
        """The terminal's own channel account."""
        return self.bot.channels[0].account_id

    async def be(self, event: Event, code: str, lang: str) -> Record:
        """From now on she is this person of the roster, linked and consented."""
        account, sender = self.account_id, self._sender
        return await self.bot.store.write(
            lambda work: become(work, event.id, code, account, sender, lang)
        )

    async def say(self, line: str) -> list[Part]:
        """Say a line, or press a button as `[label]`; what the bot answers, in order."""
        if not line.strip():
            return []
        label = line[1:-1] if line.startswith("[") and line.endswith("]") else ""
        if label in self._offered:
            return await self.send(line, kind=Kind.TAP, value=self._offered[label])
        return await self.send(line, kind=Kind.TEXT, text=line)

    async def send(self, shown: str, **incoming: object) -> list[Part]:
        """Anything that can come in; `shown` is how the .chat file tells it."""
        blank = Incoming(
            self.account_id, self._sender, uuid4().hex, Kind.TEXT, self.bot.clock.now()
        )
        await self.bot.inbox.accept(replace(blank, **incoming))  # type: ignore[arg-type]
        await self.bot.settled()
        return self.listen(shown)

    def listen(self, shown: str) -> list[Part]:
        """What was told since, as the answer to `shown`: buttons under it can be pressed now."""
        parts, self.heard[:] = list(self.heard), []
        self._offered = {c.label: c.value for p in parts for c in (*p.choices, *p.controls)}
        self.log += [f"> {shown}", *(line for part in parts for line in chat_lines(part))]
        return parts


def chat_lines(part: Part) -> list[str]:
    """A part as a .chat file writes it: `<` words, `(…)` what is beside them, `[…]` choices."""
    lines = [f"< {line}" for line in part.text.splitlines()]
    lines += [f"({media.kind}: {media.caption})" for media in part.media]
    if part.point is not None:
        lines.append(f"(place: {part.point.name})")
    if part.choices:
        lines.append(" ".join(_button(choice) for choice in part.choices))
    return lines


def _button(choice: Choice) -> str:
    return f"[{choice.label}]"
