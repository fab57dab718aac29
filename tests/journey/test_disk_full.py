"""A full disk: what cannot be kept is refused, and everything is answered once there is room."""

import pytest

from bot.errors import DiskFull, StoreError
from bot.store import Store, Work
from bot.values.incoming import Incoming
from tests.journey.house import SmallHouse, small_house


async def fill_up(store: Store) -> None:
    """From now on the file may not grow: SQLite says what it says on a full disk."""

    def limit(work: Work) -> None:
        pages = work.conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        work.conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await store.write(limit)


async def make_room(store: Store) -> None:
    await store.write(lambda work: work.conn.exec_driver_sql("PRAGMA max_page_count=100000").all())


async def until_refused(house: SmallHouse) -> tuple[list[str], Incoming]:
    """Long messages until one is not taken: the texts that were, and the one that was not."""
    taken: list[str] = []
    for n in range(1000):
        update = house.incoming(f"{n} " + "x" * 1500, sender=f"chat-{n}", update=str(n))
        try:
            await house.inbox.accept(update)
        except DiskFull:
            return taken, update
        taken.append(update.text)
    raise AssertionError


async def test_nothing_is_lost_when_the_disk_is_full(sqlite_store: Store) -> None:
    async with small_house(sqlite_store) as house:
        await fill_up(sqlite_store)
        taken, refused = await until_refused(house)
        await house.inbox.drained()
        await make_room(sqlite_store)
        assert await house.inbox.accept(refused) is True  # its platform sent it again
        await house.settled()
        await house.inbox.catch_up(older_than=-house.store.clock.now().resolution)
        await house.settled()
        said = sorted(text.removeprefix("nghe: ") for _, text in house.channel.sent)
        assert said == sorted([*taken, refused.text])
        assert await house.states() == {"sent": len(taken) + 1}


async def test_other_troubles_are_not_called_a_full_disk(sqlite_store: Store) -> None:
    with pytest.raises(StoreError, match="did not answer") as raised:
        await sqlite_store.write(lambda work: work.conn.exec_driver_sql("SELECT 1 FROM nothing"))
    assert not isinstance(raised.value, DiskFull)
