"""Reads .chat files and plays them through the real inbox, outbox and sender."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import desk
from bot.access import IssuedCard, issue_cards
from bot.clock import SetClock
from bot.config import Settings
from bot.notices import approve, chains_of, draft, expand_due, reply_in
from bot.store import Work
from bot.store.roster import COLUMNS
from bot.talking import Talk
from bot.values.event import Event
from bot.values.incoming import Kind
from bot.values.letter import Lane
from bot.values.notice import Audience, Notice
from tests.conversations.stage import Congress, staged
from tests.conversations.zalo import in_zalo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Script:
    """A .chat file: comment lines, a header, and what is said (`>`) and heard (the rest)."""

    comments: tuple[str, ...]
    header: dict[str, str]
    said: tuple[str, ...]
    body: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> "Script":
        """Parse a file; the header ends at the first empty line."""
        lines = path.read_text(encoding="utf-8").splitlines()
        comments = tuple(line for line in lines if line.startswith("#"))
        rest = [line for line in lines if not line.startswith("#")]
        end = rest.index("")
        header = dict(line.split(": ", 1) for line in rest[:end])
        body = tuple(line for line in rest[end + 1 :] if line)
        said = tuple(line[2:] for line in body if line.startswith("> "))
        return cls(comments, header, said, body)

    def written(self, body: list[str]) -> str:
        """The file with another body: a blank line before everything she says."""
        head = [*self.comments, *(f"{key}: {value}" for key, value in self.header.items())]
        lines = [f"\n{line}" if line.startswith("> ") else line for line in body]
        return "\n".join([*head, *lines]) + "\n"


async def play(script: Script, settings: Settings, congress: Congress) -> list[str]:
    """What the conversation looks like now, in the form of the file's body."""
    at = script.header.get("now", "2027-01-19 08:10")
    clock = SetClock(datetime.fromisoformat(at).replace(tzinfo=HANOI))
    async with _talking(script, settings, congress, clock) as talk:
        person = script.header.get("person", STRANGER)
        if person != STRANGER:
            await talk.be(congress.event, person, script.header.get("language", "vi"))
        for line in script.said:
            if line.startswith("@"):
                await _do(talk, congress.event, clock, line)
            else:
                await talk.say(line)
            clock.forward(timedelta(milliseconds=1))  # no two things happen at one moment
        return talk.log


@asynccontextmanager
async def _talking(
    script: Script, settings: Settings, congress: Congress, clock: SetClock
) -> AsyncIterator[Talk]:
    """At a terminal, which shows whatever is said; with `channel: zalo`, as it comes in Zalo.

    `buttons: refused` is an Official Account that takes none.
    """
    match script.header.get("channel", "terminal"):
        case "zalo":
            refuses = script.header.get("buttons") == "refused"
            async with in_zalo(settings, congress, clock, buttons=not refuses) as in_chat:
                yield in_chat
        case "terminal":
            async with staged(settings, congress, clock) as stage:
                talk = Talk(stage.bot, "chat-file")
                stage.ear.heard = talk.heard
                yield talk
        case other:
            raise ValueError(f"no .chat file is played on {other}")


async def _do(talk: Talk, event: Event, clock: SetClock, line: str) -> None:
    """Things that are not typed, or differ each time.

    `@join`, `@left`, `@card DB0001` (her card's link), `@replaced DB0001` (the link of a card that
    another has replaced), `@code DB0001` (the code, typed),
    `@location 21.0 105.8`, `@voice`, `@picture`, `@sticker`, `@tap value`, `@wait 15` (minutes),
    `@long 10000` (that many letters).

    What others do meanwhile: `@roster DB0001 room 412` (the organisers changed her line),
    `@desk freeze DB0001`, `@desk thaw DB0001` (her phones), `@desk stop DB0001` (her card),
    `@notice DB0001,DB0002 words` (a notice to these that asks for "I received it").
    """
    verb, *arguments = line[1:].split()
    match verb:
        case "join":
            await talk.send(line, kind=Kind.JOINED)
        case "left":
            await talk.send(line, kind=Kind.LEFT)
        case "wait":
            clock.forward(timedelta(minutes=int(arguments[0])))
            talk.log.append(f"> {line}")
        case "card":
            token = (await _card(talk, event, arguments[0])).token
            await talk.send(line, kind=Kind.JOINED, started_with=token)
        case "replaced":
            token = (await _card(talk, event, arguments[0])).token
            await _card(talk, event, arguments[0])
            await talk.send(line, kind=Kind.JOINED, started_with=token)
        case "code":
            code = (await _card(talk, event, arguments[0])).code
            await talk.send(line, kind=Kind.TEXT, text=code)
        case "location":
            latitude, longitude = float(arguments[0]), float(arguments[1])
            await talk.send(line, kind=Kind.LOCATION, latitude=latitude, longitude=longitude)
        case "voice" | "picture" | "sticker":
            await talk.send(line, kind=Kind.MEDIA, media_kind=verb, media_ref="f1")
        case "tap":
            await talk.send(line, kind=Kind.TAP, value=line.removeprefix("@tap "))
        case "long":
            words = ("phòng của tôi ở đâu " * int(arguments[0]))[: int(arguments[0])]
            await talk.send(line, kind=Kind.TEXT, text=words)
        case "roster":
            await _roster(talk, event, *arguments)
        case "notice":
            await _notice(talk, event, line, arguments[0].split(","), " ".join(arguments[1:]))
        case "desk":
            await _desk(talk, event, *arguments)
        case _:
            raise ValueError(f"a .chat file cannot say {line}")


async def _roster(talk: Talk, event: Event, code: str, name: str, *value: str) -> None:
    """The organisers correct one field of her line, as an import of their list does."""

    def change(work: Work) -> None:
        record = work.roster.by_code(event.id, code)
        assert record is not None
        row = {column: getattr(record, column) for column in COLUMNS} | {name: " ".join(value)}
        work.roster.change_many(event.id, [row | {"id": record.id, "updated_at": work.now}])

    await talk.bot.store.write(change)
    talk.log.append(f"> @roster {' '.join((code, name, *value))}")


async def _desk(talk: Talk, event: Event, act: str, code: str) -> None:
    """What the help desk does for her, by the desk's own functions."""

    def do(work: Work) -> None:
        record = desk.person(work, event.id, code)
        match act:
            case "freeze":
                desk.freeze_addresses(work, record, "test")
            case "thaw":
                desk.unfreeze_addresses(work, record, "test")
            case "stop":
                desk.freeze_card(work, record, "test")
            case _:
                raise ValueError(f"a desk cannot {act}")

    await talk.bot.store.write(do)
    talk.log.append(f"> @desk {act} {code}")


async def _notice(talk: Talk, event: Event, line: str, codes: list[str], words: str) -> None:
    """The organisers send a notice; the sender of this stage delivers it."""
    bot = talk.bot
    lane = Lane.SCHEDULED

    def write(work: Work) -> Notice:
        found = (work.roster.by_code(event.id, code) for code in codes)
        people = tuple(one.person_id for one in found if one is not None)
        replies = {"vi": reply_in(bot.texts, event, "vi", words, lane, asks=True)}
        to = Audience(people=people)
        return draft(work, event.id, replies, author="test", audience=to, acknowledge=True)

    one = await bot.store.write(write)
    await approve(bot.store, event.id, one.id, "test")
    await expand_due(bot.store, chains_of(bot.texts))
    bot.senders.wake(bot.senders.queue_of(talk.account_id))
    await bot.settled()
    talk.listen(line)


async def _card(talk: Talk, event: Event, code: str) -> IssuedCard:
    """A card fresh from the press; whatever she had before stops working."""
    record = await talk.bot.store.read(lambda work: work.roster.by_code(event.id, code))
    assert record is not None
    person = [record.person_id]
    cards = await talk.bot.store.write(
        lambda work: issue_cards(work, talk.bot.vault, event.id, person)
    )
    return cards[0]
