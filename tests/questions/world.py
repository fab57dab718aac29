"""A small congress in which people have sent questions, on either database."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import questions
from bot.answers import Matcher
from bot.content import media_bytes, read
from bot.i18n import Texts
from bot.jobs import JobRunner, Progress
from bot.library import event_for, put
from bot.paths import resource
from bot.store import Store, Work
from bot.store.roster import COLUMNS
from bot.values.delivery import Delivery
from bot.values.event import Event
from bot.values.session import Session
from tests.content.folders import GOOD, STEPS, write

TEXTS = Texts.load(resource("locales"), ["vi", "en"])
PARKING = questions.Draft(
    title="Gửi xe máy",
    text="Đại biểu gửi xe máy ở sân sau Trung tâm Hội nghị, từ 06:00.",
    topic="hotel",
    audience="public",
)


class World:
    """The congress, the job that tells, and what waits to be sent."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.event: Event
        self.account = 0
        self.jobs = JobRunner(store, {questions.ANSWERED: self._tell})

    async def open(self) -> "World":
        """The content in force, and an account to send through."""
        library = read(write(self.folder, GOOD), steps=STEPS)

        def do(work: Work) -> None:
            event = event_for(work, library, "thu", make=True)
            pictures = media_bytes(self.folder, library)
            self.event = put(work, event, library, pictures, author="lan").event
            self.account = work.accounts.ensure("telegram", "bot").id

        await self.store.write(do)
        return self

    async def somebody(self, sender: str, **how: Any) -> tuple[int, int]:
        """A person of the roster at an address: the numbers of both."""

        def do(work: Work) -> tuple[int, int]:
            event_id, person_id = self.event.id, work.people.add()
            values: dict[str, Any] = dict.fromkeys(COLUMNS, "")
            values |= {"event_id": event_id, "person_id": person_id, "code": f"DB{person_id}"}
            values |= {"status": "active", "updated_at": work.now, "full_name": f"Lan {sender}"}
            work.roster.add_many([values])
            work.people.consent(event_id, person_id, "1", "vi", how.get("consented", True))
            work.people.set_language(person_id, how.get("language", "vi"))
            address = work.accounts.add_address(self.account, sender)
            work.accounts.tie(address.id, person_id, event_id, "card")
            if work.sessions.get(address.id) is None:
                work.sessions.add(Session(address.id, person_id, event_id))
            return person_id, address.id

        return await self.store.write(do)

    async def stranger(self, sender: str) -> tuple[int, int]:
        """Somebody without a card."""

        def do(work: Work) -> tuple[int, int]:
            person_id, address = work.people.add(), work.accounts.add_address(self.account, sender)
            work.people.set_language(person_id, "en")
            work.sessions.add(Session(address.id, person_id, self.event.id))
            return person_id, address.id

        return await self.store.write(do)

    async def asks(self, who: tuple[int, int], text: str, language: str = "vi") -> int:
        """Somebody sends a question; its number."""

        def do(work: Work) -> int | questions.TooMany:
            person = work.people.get(who[0], self.event.id)
            assert person is not None
            return questions.send(
                work,
                self.event.id,
                Matcher.build([]),
                text,
                language,
                person=person,
                address_id=who[1],
            )

        number = await self.store.write(do)
        assert isinstance(number, int)
        return number

    async def answered(self, *numbers: int, draft: questions.Draft = PARKING) -> int:
        """Answer the groups of these and approve it; how many jobs told people."""

        def do(work: Work) -> None:
            ids = questions.numbered(work, self.event, numbers)
            questions.answer_with_draft(work, self.event, ids, draft, "lan")
            questions.approve(work, self.event, min(ids), "mai")

        await self.store.write(do)
        await self.refresh()
        return await self.jobs.run_waiting()

    async def refresh(self) -> None:
        """The event as it stands now."""
        found = await self.store.read(lambda work: work.events.get(self.event.id))
        assert found is not None
        self.event = found

    async def _tell(self, args: Mapping[str, Any], progress: Progress) -> None:
        await questions.tell(self.store, TEXTS, args, progress)

    async def owed(self) -> list[Delivery]:
        """What waits to be sent, by sender."""

        def look(work: Work) -> list[Delivery]:
            queue = work.queues.ensure(self.account)
            return work.deliveries.claim(queue, 99, 99)

        return sorted(await self.store.write(look), key=lambda one: one.sender)

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        query = f"SELECT count(*) FROM {table}"
        return await self.store.read(
            lambda work: int(work.conn.exec_driver_sql(query).scalar() or 0)
        )
