"""Everybody asks for her room, and everybody gets her own: the roster's hotel and room, exactly."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from python_calamine import load_workbook

from bot.clock import SetClock
from bot.config import Settings
from bot.paths import resource
from bot.talking import become
from bot.values.incoming import Incoming, Kind
from tests.conversations.conftest import congress, sample_file, sample_settings, sample_template
from tests.conversations.stage import Congress, Open, staged

__all__ = ["congress", "sample_file", "sample_settings", "sample_template"]

QUESTION = "toi o phong nao"
PEOPLE = 1600
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What the organisers' own file says of one person; read without our importer."""

    code: str
    hotel: str
    room: str

    @property
    def told(self) -> str:
        """The first line of the answer she is owed."""
        return f"Phòng của đại biểu: **{self.room}**, **{self.hotel}**."


def lines_of(path: Path) -> list[Line]:
    """The sample roster as a reader of spreadsheets sees it."""
    head, *rows = load_workbook(path).get_sheet_by_index(0).to_python()
    where = [head.index(name) for name in ("Mã đại biểu", "Khách sạn", "Phòng")]
    return [Line(*(str(row[column]) for column in where)) for row in rows]


@pytest.fixture(scope="module")
def roster() -> list[Line]:
    return lines_of(resource("content") / "sample" / "roster.xlsx")


async def ask(stage: Open, lines: Sequence[Line]) -> dict[str, list[str]]:
    """Everybody asks at once, each from an address of her own; what each heard."""
    account, event, now = stage.ear.account_id, stage.event.id, stage.bot.clock.now()
    await stage.bot.store.write(
        lambda work: [become(work, event, one.code, account, one.code) for one in lines]
    )
    asked = [
        Incoming(account, one.code, uuid4().hex, Kind.TEXT, now, text=QUESTION) for one in lines
    ]
    for start in range(0, len(asked), AT_ONCE):
        await asyncio.gather(*map(stage.bot.inbox.accept, asked[start : start + AT_ONCE]))
        await stage.bot.settled()
    return {
        sender: [part.text.splitlines()[0] for part in parts]
        for sender, parts in stage.ear.by_sender.items()
    }


def test_the_sample_roster_has_everybody_in_a_room(roster: list[Line]) -> None:
    assert len({line.code for line in roster}) == PEOPLE
    assert [line for line in roster if not line.room or not line.hotel] == []


async def test_forty_from_all_over_the_roster(
    sample_settings: Settings, congress: Congress, clock: SetClock, roster: list[Line]
) -> None:
    some = roster[:: PEOPLE // 40]
    async with staged(sample_settings, congress, clock) as stage:
        heard = await ask(stage, some)
    assert heard == {line.code: [line.told] for line in some}


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_all_sixteen_hundred(
    sample_settings: Settings, congress: Congress, clock: SetClock, roster: list[Line]
) -> None:
    async with staged(sample_settings, congress, clock) as stage:
        heard = await ask(stage, roster)
    assert heard == {line.code: [line.told] for line in roster}
