"""Clocks that are wrong by an hour: leases and retries go by the database's."""

from pathlib import Path

import pytest

from tests.crash.arena import arena
from tests.crash.broadcast import a_letter
from tests.crash.test_two import two_speakers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

LEASE = 2.0
HOUR = 3600.0
# Nobody who is only slow loses this; who believes a wrong clock takes it at once.
LONG = 10.0


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
async def test_a_standby_whose_clock_is_wrong_takes_nothing(
    postgres_url: str, tmp_path: Path, ahead: float
) -> None:
    async with arena(tmp_path, postgres_url, rate=100, lease=LONG) as here:
        verdict, _, other = await two_speakers(here, ahead=ahead)
    print(verdict)
    assert verdict.states == {"sent": 500}
    assert (verdict.doubles, other.said("queue taken")) == (0, 0)


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
async def test_an_owner_whose_clock_is_wrong_is_followed_in_time(
    postgres_url: str, tmp_path: Path, ahead: float
) -> None:
    troubled = ("--rate", "200", "--chance", "reset-before-accept=0.05")
    async with arena(tmp_path, postgres_url, platform=troubled, rate=100, lease=LEASE) as here:
        await here.gather(300)
        await here.owe(a_letter("Tập trung ở cổng B"))
        wrong = await here.start(ahead=ahead)
        await here.until_owned_by(wrong)
        await here.until_accepted(100)
        await wrong.end()
        exposed = await here.exposed()
        right = await here.start()
        await here.until_owned_by(right, seconds=LEASE + 10)
        # What the first one put off by its own clock is due by that of the second as well.
        verdict = await here.settled(45)
    print(verdict)
    assert (verdict.lost, verdict.lies, verdict.waiting) == ((), (), 0)
    assert verdict.doubles <= exposed
