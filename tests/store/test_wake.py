"""Rings between processes: heard after the commit, by the others only; lost ones cost only time."""

import asyncio

import pytest

from bot.store import Store, Work
from bot.store.wake import ALL, Ring, read, written
from tests.databases import PostgresServer

QUEUE, PAGE = Ring("queue", 7), Ring("page", 3, "a1b2")


def test_a_payload_is_read_by_the_others_alone() -> None:
    payload = written("me", {QUEUE, PAGE})
    assert read("you", payload) == [PAGE, QUEUE]
    assert read("me", payload) == []


@pytest.mark.parametrize("payload", ["", "you", "you queue", "you queue:x:", "you later:1:"])
def test_what_a_newer_program_rings_is_passed_over(payload: str) -> None:
    assert read("me", payload) == []


def test_too_many_rings_are_one_for_all() -> None:
    many = [Ring("page", number, "a" * 64) for number in range(200)]
    assert read("you", written("me", many)) == [ALL]


class Ear:
    """What was heard, in order."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Ring] = asyncio.Queue()

    def __call__(self, ring: Ring) -> None:
        self.heard.put_nowait(ring)


class Broken(Exception):
    """What a transaction ends with that is not committed."""


async def test_a_ring_is_heard_by_another_process_once_it_is_committed(postgres_url: str) -> None:
    ours, theirs = Store(postgres_url), Store(postgres_url)
    own, other = Ear(), Ear()
    ours.wake.open(own)
    theirs.wake.open(other)
    assert [await own.heard.get(), await other.heard.get()] == [ALL, ALL]

    def broken(work: Work) -> None:
        work.rings.add(PAGE)
        raise Broken

    with pytest.raises(Broken):
        await ours.write(broken)
    await ours.write(lambda work: work.rings.add(QUEUE))
    assert await other.heard.get() == QUEUE
    await theirs.write(lambda work: work.rings.add(PAGE))
    assert await own.heard.get() == PAGE  # and not what was rung here
    assert [own.heard.empty(), other.heard.empty()] == [True, True]
    await ours.close()
    await theirs.close()


async def test_a_lost_connection_is_made_anew(postgres: PostgresServer, postgres_url: str) -> None:
    ours, theirs = Store(postgres_url), Store(postgres_url)
    ear = Ear()
    theirs.wake.open(ear)
    assert await ear.heard.get() == ALL
    postgres.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{postgres_url.split('/')[-1].split('?')[0]}'"
    )
    assert await ear.heard.get() == ALL  # it may have missed some
    await ours.write(lambda work: work.rings.add(QUEUE))
    assert await ear.heard.get() == QUEUE
    await ours.close()
    await theirs.close()
