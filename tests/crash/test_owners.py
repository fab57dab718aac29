"""Owners of a queue die, sleep and are two: nothing is lost, nothing is said twice needlessly."""

from pathlib import Path

import pytest

from tests.crash.arena import arena
from tests.crash.experiments import kill_again_and_again, stop_and_wake

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

LEASE = 2.0


async def test_killed_twenty_times_in_one_broadcast(any_url: str, tmp_path: Path) -> None:
    async with arena(tmp_path, any_url, rate=200, lease=LEASE) as here:
        standby = not here.store.embedded  # there the file's lock says that the owner died
        found = await kill_again_and_again(here, 20, 3200, standby=standby)
    print(found)
    verdict = found.verdict
    assert (verdict.lost, verdict.lies, verdict.waiting) == ((), (), 0)
    assert verdict.doubles <= sum(found.exposed)
    assert found.doubles_of_held == 0
    assert verdict.states.keys() <= {"sent", "uncertain"}


async def test_who_slept_does_not_speak_again(postgres_url: str, tmp_path: Path) -> None:
    async with arena(tmp_path, postgres_url, rate=100, lease=LEASE) as here:
        found = await stop_and_wake(here, 3, 900, asleep=LEASE + 1.5)
    print(found)
    verdict = found.verdict
    assert (verdict.lost, verdict.lies, verdict.waiting) == ((), (), 0)
    assert verdict.doubles <= sum(found.exposed)
