"""Whatever comes in, from whomever: everybody is answered, in order, with nobody else's words.

Hypothesis writes the scripts. To see a failure again: the seed it printed in DONGHANH_STORM_SEED,
or its own blob in DONGHANH_STORM_BLOB. A million updates by hand: DONGHANH_STORM=1000000.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, __version__, reproduce_failure, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.vault import Vault
from tests.databases import PostgresServer
from tests.storm.ground import Copies, Ground, Tally, planted
from tests.storm.machine import Script

# PostgreSQL has a session of its own for every turn, and the quick suite is to stay quick.
QUICK = {"sqlite": 600, "postgresql": 300}
LONG = {"sqlite": 60_000, "postgresql": 40_000}
SEED = int(os.environ.get("DONGHANH_STORM_SEED", "2027"))
BLOB = os.environ.get("DONGHANH_STORM_BLOB", "").encode()
BY_HAND = int(os.environ.get("DONGHANH_STORM", "0"))
LINES = 100  # of a script
SCRIPTS = 5  # of one seed


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(
    request: pytest.FixtureRequest, vault: Vault, tmp_path: Path, migrated_file: Path
) -> Iterator[Ground]:
    """The planted world on each database in turn."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copyfile(migrated_file, tmp_path / "planted.db")
            copies = Copies(f"sqlite:///{tmp_path / 'planted.db'}")
        else:
            server: PostgresServer = request.getfixturevalue("postgres")
            url = stack.enter_context(server.database(f"planted_{uuid4().hex[:12]}"))
            copies = Copies(url, server)
        yield asyncio.run(planted(copies, vault))


def rage(ground: Ground, updates: int, *, lines: int = LINES, scripts: int = SCRIPTS) -> None:
    """Scripts until so many updates came in; says by which seed a failure is seen again."""
    kind, first, began = ground.copies.kind, SEED, perf_counter()
    while ground.tally.updates < updates:
        one_seed(ground, first, lines, scripts)
        first += 1
    print(f"{kind}: {figures(ground.tally, perf_counter() - began)}")


def one_seed(ground: Ground, number: int, lines: int, scripts: int) -> None:
    """The scripts of one seed; the same ones every time."""
    script = type("Script", (Script,), {"ground": ground})
    limits = settings(
        max_examples=scripts,
        stateful_step_count=lines,
        deadline=None,
        derandomize=True,
        database=None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    if BLOB:
        reproduce_failure(__version__, BLOB)(script)
    else:
        seed(number)(script)
    try:
        run_state_machine_as_test(script, settings=limits)
    except BaseException as error:
        error.add_note(f"DONGHANH_STORM_SEED={number} brings it back.")
        raise


def figures(tally: Tally, seconds: float) -> str:
    """What the storm did, for a line of a report."""
    return (
        f"{tally.updates} updates in {seconds:.0f} s ({tally.updates / seconds:.0f}/s), "
        f"{tally.scripts} scripts, {tally.replies} replies, {tally.links} links, "
        f"{tally.told} replies with somebody's own words, {tally.acts} acts of the desk"
    )


def test_a_short_storm(ground: Ground) -> None:
    rage(ground, QUICK[ground.copies.kind], lines=15, scripts=3)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_long_storm(ground: Ground) -> None:
    rage(ground, LONG[ground.copies.kind])


if BY_HAND:  # not collected otherwise, for nothing may skip in CI

    @pytest.mark.slow
    @pytest.mark.timeout(0)
    def test_a_storm_by_hand(ground: Ground) -> None:
        rage(ground, BY_HAND)
