"""In a broadcast at full rate: an answer goes before it, and another event gets its share of it.

Counted in messages, not in seconds: what was in the owner's hands may still go first.
"""

from datetime import date
from pathlib import Path

import pytest

from bot.pacing import buffered, on_wire
from bot.store import Work
from bot.values.letter import Lane
from tests.crash.arena import Arena, arena
from tests.crash.broadcast import a_letter
from tests.fakes.judge import Accepted, journal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

RATE = 100
IN_HAND = buffered(RATE) + on_wire(RATE)
PEOPLE, FEW = 600, 40
SMALL, LARGE, ANSWER = "Đoàn B ăn tối lúc 18 giờ", "Đoàn A họp lúc 20 giờ", "Phòng 101"


def an_event(work: Work, slug: str) -> int:
    return work.events.add(
        slug, names={"vi": slug}, time_zone="Asia/Ho_Chi_Minh", first_day=date(2027, 1, 18), days=5
    ).id


async def sent_by(here: Arena, folder: Path) -> list[Accepted]:
    verdict = await here.settled()
    print(verdict, f"fairness {verdict.fairness:.3f}, overtaken {verdict.overtaken}")
    assert (verdict.lost, verdict.lies, verdict.doubles, verdict.disorder) == ((), (), 0, 0)
    return journal(folder / "sent.jsonl")


def last_of(words: str, sent: list[Accepted]) -> int:
    """How many messages had left when the last with these words did."""
    return max(place for place, one in enumerate(sent, start=1) if one.text == words)


async def test_a_small_event_is_not_behind_a_large_one(any_url: str, tmp_path: Path) -> None:
    """One of hers, one of theirs, until hers are out: not the 600 of theirs first."""
    async with arena(tmp_path, any_url, rate=RATE) as here:
        large = await here.store.write(lambda work: an_event(work, "large"))
        small = await here.store.write(lambda work: an_event(work, "small"))
        await here.gather(PEOPLE)
        await here.owe(a_letter(LARGE, event_id=large), to=slice(PEOPLE - FEW))
        await here.start()
        await here.until_accepted(PEOPLE // 6)
        await here.owe(a_letter(SMALL, event_id=small), to=slice(PEOPLE - FEW, None))
        begun = here.accepted()
        sent = await sent_by(here, tmp_path)
    assert last_of(SMALL, sent) <= begun + 2 * FEW + IN_HAND


async def test_an_answer_leaves_before_a_broadcast(any_url: str, tmp_path: Path) -> None:
    async with arena(tmp_path, any_url, rate=RATE) as here:
        await here.gather(PEOPLE)
        await here.owe(a_letter(LARGE))
        await here.start()
        await here.until_accepted(PEOPLE // 6)
        waiting = slice(PEOPLE - FEW, None)
        await here.owe(a_letter(ANSWER, lane=Lane.REPLY), to=waiting)
        begun = here.accepted()
        sent = await sent_by(here, tmp_path)
    assert last_of(ANSWER, sent) <= begun + FEW + IN_HAND
