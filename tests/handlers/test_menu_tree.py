"""The whole menu tree, walked breadth first with digits alone, as somebody who cannot type does.

A screen is what one digit leads to. Paging through a list is not depth, and the picker of
languages is the one long screen (UX rules 3, 4 and 5).
"""

from collections import deque

import pytest

from bot.values.reply import Reply
from tests.handlers.chats import Chat

MENU = "menu.show"
PICKER = "welcome.language"
# What one of 1,600 must reach: the room, seat, bus, meal, programme, documents and help.
WANTED = {
    "mine.room",
    "mine.seat",
    "mine.bus",
    "mine.meals",
    "mine.badge",
    "mine.group",
    "programme.today",
    "programme.day",
    "programme.item",
    "documents.list",
    "documents.show",
    "documents.get",
    "ask.topics",
    "ask.topic",
    "ask.answer",
    "helper.start",
    "emergency.show",
    "emergency.ill",
    "emergency.afraid",
    "lost.show",
    "lost.seen",
    "place.show",
    "me.show",
}
# These are the end of a path: they change who she is or what is kept, and are tested elsewhere.
ENDS = (
    *("welcome.", "me.", "family.", "phone.", "comfort."),
    *("mine.wrong", "emergency.call", "menu.back", "menu.again"),
)
# One level each; a second page of the same list is no level.
PAGED = ("menu.more", "lost.show", "documents.list", "ask.topics", "ask.topic", "programme.")
STEPS_AT_MOST = 2


def name_of(value: str) -> str:
    return value.partition(":")[0]


class Walk:
    """Screens by the choice that leads to them, each reached from the menu with digits."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.paths: dict[str, str] = {MENU: "0"}
        self.levels: dict[str, int] = {MENU: 0}
        self.faults: list[str] = []

    async def screen(self, path: str) -> list[Reply]:
        """What stands at the end of a path of digits."""
        said: list[Reply] = []
        for digit in path:
            said = await self.chat.say(digit)
        return said

    async def all(self) -> None:
        """Breadth first, every choice of every screen once."""
        waiting = deque([MENU])
        while waiting:
            value = waiting.popleft()
            if value.startswith(ENDS) and value != PICKER:
                continue
            said = await self.screen(self.paths[value])
            asked = [reply for reply in said if reply.choices]
            self._look(value, asked[-1] if asked else None, said)
            if value == PICKER or not asked:
                continue
            for number, choice in enumerate(asked[-1].choices, 1):
                level = self._level(value, choice.value)
                if choice.value not in self.paths and level <= STEPS_AT_MOST + 1:
                    self.paths[choice.value] = f"{self.paths[value]}{number}"
                    self.levels[choice.value] = level
                    waiting.append(choice.value)

    def _level(self, above: str, value: str) -> int:
        """Further in the same list, or from the list to its next page: no deeper."""
        here, there = name_of(above), name_of(value)
        is_page = here == there or (here, there) == (MENU, "menu.more")
        return self.levels[above] + (0 if is_page and there.startswith(PAGED) else 1)

    def _look(self, value: str, asked: Reply | None, said: list[Reply]) -> None:
        if asked is None:
            self.faults.append(f"{value}: nothing to press")
            return
        values = [choice.value for choice in asked.choices]
        if len(values) > 5 and name_of(values[0]) != PICKER and not _is_more(values[5]):
            self.faults.append(f"{value}: {len(values)} choices")
        if len(values) > 6 and name_of(values[0]) != PICKER:
            self.faults.append(f"{value}: {len(values)} choices")
        for reply in said:
            controls = [control.value for control in reply.controls]
            if controls != ["menu.again", "menu.back", "helper.start"]:
                self.faults.append(f"{value}: {controls}")


def _is_more(value: str) -> bool:
    """The sixth is "see more": the next page, or the list it belongs to."""
    return name_of(value) in ("menu.more", "documents.list", "programme.days") or ":" in value


@pytest.mark.parametrize("language", ["1", "2", "3"], ids=["vi", "en", "km-draft"])
async def test_digits_alone_reach_everything(chat: Chat, language: str) -> None:
    await chat.linked(language=language)
    walk = Walk(chat)
    await walk.all()
    assert walk.faults == []
    assert WANTED - {name_of(value) for value in walk.paths} == set()
    deep = {name_of(value) for value, level in walk.levels.items() if level > STEPS_AT_MOST}
    own = {
        name for name in WANTED if name.startswith(("mine.", "documents.list", "programme.today"))
    }
    assert own & deep == set()
    assert len(walk.paths) > 100


async def test_a_guest_too_reaches_everything_that_is_public(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    walk = Walk(chat)
    await walk.all()
    assert walk.faults == []
    reached = {name_of(value) for value in walk.paths}
    public = {"programme.today", "ask.topics", "documents.list", "emergency.show", "lost.seen"}
    assert {*public, "helper.start", PICKER, "welcome.link"} - reached == set()


async def test_the_four_keys_work_on_every_screen(chat: Chat) -> None:
    """0 is the menu, 7 says it again, 8 is the screen before, 9 a person, wherever she is."""
    await chat.linked()
    walk = Walk(chat)
    await walk.all()
    home = await chat.say("0")
    found = []
    for value, path in walk.paths.items():
        if value.startswith(ENDS) or name_of(value) in ("helper.start", MENU):
            continue
        before = await walk.screen(path[:-1])
        here = await chat.say(path[-1])
        again, back = await chat.say("7"), await chat.say("8")
        await chat.say(path[-1])
        person, menu = await chat.say("9"), await chat.say("0")
        right = {
            "7": again == here,
            "8": back == before,
            "9": person[0].text.startswith("Ban Tổ chức đã nhận yêu cầu gặp người hỗ trợ."),
            "0": [one.choices for one in menu] == [one.choices for one in home],
        }
        found += [(value, path, key) for key, fine in right.items() if not fine]
    assert found == []
