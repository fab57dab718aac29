"""Two senders for one queue, started by mistake or on purpose: one speaks."""

from pathlib import Path

import pytest

from tests.crash.arena import Arena, Speaker, arena
from tests.crash.broadcast import a_letter
from tests.fakes.judge import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

LEASE = 10.0  # nobody who is only slow loses it


async def two_speakers(here: Arena, **second: float) -> tuple[Verdict, Speaker, Speaker]:
    """One owns and sends, another starts beside it; who owned afterwards."""
    await here.gather(500)
    await here.owe(a_letter("Tập trung ở cổng A"))
    first = await here.start()
    await here.until_owned_by(first)
    await here.until_accepted(50)
    other = await here.start(**second)
    return await here.settled(), first, other


async def test_the_second_of_two_senders_waits(any_url: str, tmp_path: Path) -> None:
    async with arena(tmp_path, any_url, rate=100, lease=LEASE) as here:
        verdict, first, other = await two_speakers(here)
        assert await here.owner() == first.name
    print(verdict)
    assert verdict.states == {"sent": 500}
    assert (verdict.doubles, verdict.disorder, other.said("queue taken")) == (0, 0, 0)
