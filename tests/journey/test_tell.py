"""What one address does, another is told of: once, by its own queue, with digits that work."""

from bot.router import Route
from bot.store import Store, Work
from bot.store.accounts import Address
from bot.turn import Turn
from bot.values.incoming import Kind
from bot.values.reply import Choice
from tests.journey.house import ROUTES, SmallHouse, small_house

OTHER = "chat-2"


async def addresses(house: SmallHouse) -> dict[str, Address]:
    def look(work: Work) -> dict[str, Address]:
        kept = work.accounts.add_address(house.channel.account_id, OTHER)
        elsewhere = work.accounts.ensure("fake", "elsewhere")
        return {"here": kept, "away": work.accounts.add_address(elsewhere.id, "far")}

    return await house.store.write(look)


def routes(known: dict[str, Address]) -> tuple[Route, ...]:
    def tells(turn: Turn) -> None:
        turn.say("đã gắn")
        if turn.incoming.text in known:
            turn.tell(known[turn.incoming.text], "máy mới", Choice("Không", "menu.show"))

    first = Route("welcome.start", tells, first=True, kinds=(Kind.TEXT,))
    return (first, *ROUTES[1:])


async def test_the_other_address_is_told_once(store: Store) -> None:
    known: dict[str, Address] = {}
    async with small_house(store, routes=routes(known)) as house:
        known |= await addresses(house)
        await house.say("x", OTHER)
        await house.settled()
        await house.say("here", update="7")
        await house.say("here", update="7")
        await house.settled()
        assert house.channel.sent == [
            (OTHER, "đã gắn"),
            ("chat-1", "đã gắn"),
            (OTHER, "máy mới"),
        ]
        session = await store.read(lambda work: work.sessions.get(known["here"].id))
        assert session is not None
        assert session.notes["shown"] == ["menu.show"]


async def test_an_account_that_another_process_serves_finds_it_waiting(store: Store) -> None:
    known: dict[str, Address] = {}
    async with small_house(store, routes=routes(known)) as house:
        known |= await addresses(house)
        await house.say("away")
        await house.settled()
        assert house.channel.sent == [("chat-1", "đã gắn")]

        def waits(work: Work) -> dict[str, int]:
            return work.deliveries.counts(work.queues.ensure(known["away"].account_id))

        assert await store.write(waits) == {"pending": 1}
