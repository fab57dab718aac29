"""Two congresses served by one process: nothing said in one dialogue is of the other one.

Both have the sample's content with a mark of their own in every answer, and a delegate with the
same code, name and phone number, in another room.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot import library
from bot.access import IssuedCard, Linked, issue_cards, link_with_digits
from bot.clock import SetClock
from bot.content import Library, media_bytes, read
from bot.knowledge import Knowledge
from bot.paths import resource
from bot.reception import House
from bot.router import Router
from bot.store import Store, Work
from bot.store.roster import COLUMNS
from bot.values.person import Role
from bot.values.reply import Reply
from bot.vault import Vault
from handlers import ROUTES
from tests.conftest import MORNING
from tests.handlers.chats import Chat, Ground, texts

MARKS = ("Ⓐ", "Ⓑ")
PHONE = "0912345678"
ROOMS = {"Ⓐ": "1305", "Ⓑ": "2417"}


@dataclass(frozen=True, slots=True)
class Side:
    """One congress, its delegate's card, and its own web chat."""

    mark: str
    event_id: int
    card: IssuedCard
    account_id: int


@dataclass(frozen=True, slots=True)
class Both:
    """Two congresses, and an account that serves either."""

    path: Path
    knowledge: Knowledge
    a: Side
    b: Side
    shared_id: int


def _fill(work: Work, vault: Vault, content: Library, pictures: Any, mark: str) -> Side:
    marked = replace(
        content,
        event=replace(content.event, slug=f"congress-{MARKS.index(mark)}"),
        answers={
            key: replace(
                one,
                by_language={
                    code: replace(text, text=f"{mark} {text.text}")
                    for code, text in one.by_language.items()
                },
            )
            for key, one in content.answers.items()
        },
    )
    event = library.event_for(work, marked, marked.event.slug, make=True)
    library.put(work, event, marked, pictures, author="test")
    person = work.people.add()
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"code": "DB0001", "status": "active"}
    row |= {"event_id": event.id, "person_id": person, "updated_at": work.now, "room": ROOMS[mark]}
    row |= {"full_name": "Nguyễn Thị Hạnh", "hotel": "Khách sạn Sen Hồng"}
    row |= {"phone_cipher": vault.seal(PHONE), "phone_hash": vault.fingerprint(PHONE)}
    work.roster.add_many([row])
    work.people.join(event.id, [person], Role.DELEGATE)
    (card,) = issue_cards(work, vault, event.id, [person])
    account = work.accounts.ensure("webchat", marked.event.slug, event_id=event.id)
    return Side(mark, event.id, card, account.id)


@pytest.fixture(scope="module")
def both(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Both:
    path = tmp_path_factory.mktemp("two") / "two.db"
    shutil.copyfile(migrated_file, path)
    folder = resource("content") / "sample"
    content = read(folder, steps=Router(ROUTES).tappable())
    pictures = media_bytes(folder, content)

    async def filled() -> Both:
        store = Store(f"sqlite:///{path}", SetClock(MORNING))
        try:
            a, b = await store.write(
                lambda work: [_fill(work, vault, content, pictures, mark) for mark in MARKS]
            )
            shared = await store.write(lambda work: work.accounts.ensure("telegram", "shared").id)
            knowledge = Knowledge(store)
            await knowledge.refresh()
            return Both(path, knowledge, a, b, shared)
        finally:
            await store.close()

    return asyncio.run(filled())


Talking = Callable[..., Chat]


@pytest.fixture(scope="module")
def house(both: Both, vault: Vault) -> House:
    return House(both.knowledge, texts(), vault)


@pytest.fixture
async def talking(
    both: Both, house: House, clock: SetClock, tmp_path: Path
) -> AsyncIterator[Talking]:
    """Opens a dialogue of a sender at an account."""
    path = tmp_path / "two.db"
    shutil.copyfile(both.path, path)
    store = Store(f"sqlite:///{path}", clock)

    def open_at(account_id: int, sender: str = "same-sender") -> Chat:
        ground = Ground(path, both.knowledge, {}, both.b.card, account_id)
        return Chat(store, clock, house, ground, sender)

    yield open_at
    await store.close()


async def link(chat: Chat, side: Side) -> list[Reply]:
    """All the way from the card's link to the greeting."""
    await chat.join(side.card.token)
    await chat.tap("welcome.language:1")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")
    return await chat.say(PHONE[-4:])


def words(replies: list[Reply]) -> str:
    return "\n".join(reply.text for reply in replies)


@pytest.mark.parametrize("name", ["a", "b"])
async def test_each_congress_answers_with_its_own(both: Both, talking: Talking, name: str) -> None:
    side: Side = getattr(both, name)
    other = next(mark for mark in MARKS if mark != side.mark)
    for account in (side.account_id, both.shared_id):
        chat = talking(account, f"at {account}")
        assert words(await link(chat, side)).startswith("Kính chào đại biểu Nguyễn Thị Hạnh.")
        assert f"**{ROOMS[side.mark]}**" in words(await chat.tap("mine.room"))
        known = both.knowledge[side.event_id].library
        assert known is not None
        told = [words(await chat.tap(f"ask.answer:{answer}")) for answer in known.answers]
        assert [one for one in told if other in one] == []
        assert sum(one.startswith(side.mark) for one in told) > 80
        assert words(await chat.say("trang phục thế nào")).startswith(side.mark)


async def test_a_card_of_one_congress_never_links_into_the_other(
    both: Both, talking: Talking
) -> None:
    chat = talking(both.b.account_id)
    told = words(await chat.join(both.a.card.token))
    assert told.startswith("Thẻ này thuộc một đại hội khác.")
    await chat.tap("welcome.language:1")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    assert words(await chat.tap("welcome.agree")).startswith("Mời đại biểu mở đường dẫn")
    assert words(await chat.say(both.a.card.code)).startswith("Thẻ này thuộc một đại hội khác.")
    assert ROOMS["Ⓐ"] not in words(await chat.say(PHONE[-4:]))
    told = words(await chat.tap("mine.room"))
    assert [room for room in ROOMS.values() if room in told] == []
    tied = await chat.store.read(lambda work: _tied(work, both.b.account_id))
    assert tied == []


def _tied(work: Work, account_id: int) -> list[tuple[int, int]]:
    address = work.accounts.address(account_id, "same-sender")
    return work.accounts.people_at(address.id) if address else []


async def test_a_card_smuggled_into_the_notes_still_opens_nothing(
    both: Both, talking: Talking
) -> None:
    """The step that reads the digits asks once more whose card it is."""
    chat = talking(both.b.account_id)
    await chat.join(both.b.card.token)
    await chat.tap("welcome.language:1")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")

    def smuggle(work: Work) -> None:
        address = work.accounts.address(both.b.account_id, "same-sender")
        session = work.sessions.get(address.id) if address else None
        card = work.cards.find(token_hash=chat.house.vault.fingerprint(both.a.card.token))
        assert session is not None
        assert card is not None
        work.sessions.save(replace(session, notes=session.notes | {"card": card.id}))

    await chat.store.write(smuggle)
    told = words(await chat.say(PHONE[-4:]))
    assert told.startswith("Mời đại biểu mở đường dẫn")
    assert await chat.store.read(lambda work: _tied(work, both.b.account_id)) == []


async def test_a_shared_account_names_no_congress_to_strangers(
    both: Both, talking: Talking
) -> None:
    chat = talking(both.shared_id, "stranger")
    for told in (await chat.join(), await chat.say("phòng của tôi"), await chat.tap("mine.room")):
        assert words(told).startswith(
            "Mời đại biểu mở Trợ lý Đồng Hành bằng đường dẫn in trên thẻ."
        )
        assert "Đại hội" not in words(told)
    picker = await chat.say(both.b.card.code)
    assert words(picker).startswith("Kính chào đại biểu.")


async def test_a_dialogue_of_one_congress_stays_there(both: Both, talking: Talking) -> None:
    chat = talking(both.shared_id)
    await link(chat, both.a)
    told = words(await chat.join(both.b.card.token)) + words(await chat.say(both.b.card.code))
    assert ROOMS["Ⓑ"] not in told
    assert "Ⓑ" not in told
    assert f"**{ROOMS['Ⓐ']}**" in words(await chat.tap("mine.room"))


async def test_the_same_sender_elsewhere_is_a_stranger(both: Both, talking: Talking) -> None:
    await link(talking(both.a.account_id), both.a)
    chat = talking(both.b.account_id)
    assert words(await chat.tap("mine.room")).startswith("Kính chào đại biểu.")
    await chat.tap("welcome.language:1")
    assert ROOMS["Ⓐ"] not in words(await chat.tap("mine.room"))


async def test_consent_given_to_one_is_not_given_to_the_other(both: Both, talking: Talking) -> None:
    await link(talking(both.a.account_id), both.a)
    chat = talking(both.b.account_id)
    await chat.join(both.b.card.token)
    await chat.tap("welcome.language:1")
    assert words(await chat.tap("welcome.link")).startswith("Trợ lý Đồng Hành giữ")


async def test_requests_and_questions_stay_where_they_were_asked(
    both: Both, talking: Talking
) -> None:
    chat = talking(both.shared_id)
    await link(chat, both.a)
    await chat.tap("helper.start")
    await chat.tap("mine.wrong:room")
    await chat.say("menu")
    (sorry,) = await chat.say("thời tiết sao hỏa")
    await chat.tap(sorry.choices[1].value)

    def left(work: Work) -> list[tuple[int, int, int]]:
        return [
            (
                len(work.requests.waiting(side.event_id)),
                work.questions.count_waiting(side.event_id),
                len(work.audit.of_event(side.event_id)),
            )
            for side in (both.a, both.b)
        ]

    # The audit log of each holds the loading of its content; of the first, her linking too.
    assert await chat.store.read(left) == [(2, 1, 2), (0, 0, 1)]


async def test_her_digits_open_only_her_own_card(both: Both, talking: Talking) -> None:
    """Guesses at a card of one are no guesses at the other's, from another address."""
    chat, other = talking(both.a.account_id), talking(both.b.account_id)

    def guess(work: Work) -> list[Linked]:
        vault = chat.house.vault
        cards = [work.cards.find(token_hash=vault.fingerprint(one.card.token)) for one in sides]
        addresses = [work.accounts.add_address(one.account_id, "same-sender").id for one in sides]
        assert cards[0] is not None
        assert cards[1] is not None
        for _ in range(5):
            work.cards.guessed_wrong(addresses[0], cards[0].id)
        return [
            link_with_digits(work, vault, cards[0].id, addresses[0], PHONE[-4:])[0],
            link_with_digits(work, vault, cards[1].id, addresses[1], PHONE[-4:])[0],
        ]

    sides = (both.a, both.b)
    assert await other.store.write(guess) == [Linked.WAIT, Linked.DONE]
