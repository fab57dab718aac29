"""A new version of a document: who is told, which messages say so, and that twice is once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import replaced
from bot.content import media_bytes, read
from bot.i18n import Texts
from bot.jobs import JobRunner, Progress
from bot.library import REPLACED, event_for, put
from bot.outbox import Owed
from bot.outbox import put as owe
from bot.paths import resource
from bot.store import Store, Work
from bot.store.deliveries import Outcome
from bot.store.roster import COLUMNS
from bot.values.consent import TEXT_VERSION
from bot.values.delivery import Act, State
from bot.values.event import Event
from bot.values.letter import Letter
from bot.values.reply import Media, Reply
from bot.values.session import Session
from tests.content.folders import GOOD, PDF, STEPS, write

RULES = "documents/noi-quy.toml"
NEW = str(GOOD[RULES]).replace('version = "2"', 'version = "3"')
TEXTS = Texts.load(resource("locales"), ["vi", "en"])


class Ground:
    """A congress with a document, people who opened it, and the job that tells them."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.event: Event
        self.edits: list[int] = []
        self.ran: list[tuple[int, int]] = []
        self.jobs = JobRunner(store, {REPLACED: self._tell})

    async def load(self, spoilt: Mapping[str, str | bytes] = {}) -> list[replaced.Newer]:
        """Put the folder in force; what it would replace, as its publisher is shown before."""
        library = read(write(self.folder, {**GOOD, **spoilt}), steps=STEPS)

        def do(work: Work) -> list[replaced.Newer]:
            event = event_for(work, library, "thu", make=True)
            found = replaced.newer_in(work, event, library)
            pictures = media_bytes(self.folder, library)
            self.event = put(work, event, library, pictures, author="lan").event
            return found

        return await self.store.write(do)

    async def opened(self, sender: str, **how: Any) -> int:
        """Somebody of the roster who was sent the file in force; her delivery."""
        found = read(self.folder, steps=STEPS)
        document = found.documents["noi-quy"]
        file = found.file_of(document, ("vi",))
        assert file is not None

        def do(work: Work) -> int:
            event_id, person_id = self.event.id, work.people.add()
            values: dict[str, Any] = dict.fromkeys(COLUMNS, "")
            values |= {"event_id": event_id, "person_id": person_id, "code": f"DB{person_id}"}
            values |= {"status": "active", "updated_at": work.now, "full_name": f"Lan {person_id}"}
            work.roster.add_many([values])
            work.people.consent(event_id, person_id, TEXT_VERSION, "vi", True)
            work.people.set_language(person_id, how.get("language", "vi"))
            work.people.stop_notices(person_id, how.get("stopped", False))
            account = work.accounts.ensure("telegram", how.get("account", "bot")).id
            address = work.accounts.add_address(account, sender)
            work.accounts.tie(address.id, person_id, event_id, "card")
            if work.sessions.get(address.id) is None:
                work.sessions.add(Session(address.id, person_id, event_id, notes={"shown": ["a"]}))
            self.edits.append(account)
            work.documents.note_opened(event_id, "noi-quy", document.version, person_id)
            reply = Reply("…", media=(Media("file", file[2].sha256, file[1], "…"),))
            letter = Letter(f"in:{person_id}", {"vi": reply}, event_id=event_id)
            queue = work.queues.ensure(account)
            lease = work.queues.take(queue, "here", work.now, force=True)
            assert lease is not None
            owed = Owed(letter, person_id, address.id, sender, queue, "vi")
            (sent,) = owe(work, [owed], {queue: lease.epoch})
            work.deliveries.settle([Outcome(sent.id, lease.epoch, State.SENT, f"m{sent.id}")])
            return sent.id

        return await self.store.write(do)

    async def _tell(self, args: Mapping[str, Any], _: Progress) -> None:
        async def progress(done: int, total: int) -> None:
            self.ran.append((done, total))

        await replaced.tell(self.store, TEXTS, args, progress, edits=self.edits)

    async def owed(self) -> list[tuple[str, Act, str, str]]:
        """What waits to be sent: to whom, which act, on what, in which words."""

        def look(work: Work) -> list[tuple[str, Act, str, str]]:
            queues = {work.queues.ensure(account) for account in self.edits}
            rows = [one for queue in sorted(queues) for one in work.deliveries.claim(queue, 99, 99)]
            return [(one.sender, one.act, one.acts_on, one.reply.text) for one in rows]

        return sorted(await self.store.write(look))


@pytest.fixture
async def ground(store: Store, tmp_path: Path) -> Ground:
    made = Ground(store, tmp_path / "content")
    await made.load()
    return made


THREE: dict[str, str | bytes] = {RULES: NEW, "documents/files/noi-quy.pdf": PDF + b"%3"}


async def test_who_opened_the_old_one_is_told_and_her_message_says_so(ground: Ground) -> None:
    lan = await ground.opened("lan")
    mai = await ground.opened("mai", stopped=True)
    (newer,) = await ground.load(THREE)
    assert (newer.slug, newer.was, newer.version, newer.people) == ("noi-quy", "2", "3", 1)

    assert await ground.jobs.run_waiting() == 1

    assert ground.ran == [(2, 2)]
    told = await ground.owed()
    assert [one[:3] for one in told] == [
        ("lan", Act.EDIT, f"m{lan}"),
        ("lan", Act.SAY, ""),
        ("mai", Act.EDIT, f"m{mai}"),  # she stopped notices: hers only says it is replaced
    ]


async def test_the_same_again_says_nothing_again(ground: Ground) -> None:
    await ground.opened("lan")
    await ground.load(THREE)
    await ground.jobs.run_waiting()
    assert len(await ground.owed()) == 2
    await ground.load()
    await ground.load(THREE)
    await ground.jobs.run_waiting()
    assert await ground.owed() == []


async def test_who_has_the_new_one_is_not_told(ground: Ground) -> None:
    await ground.load(THREE)
    assert await ground.jobs.run_waiting() == 0  # nobody opened it
    await ground.opened("lan")
    assert await ground.load({**THREE, RULES: NEW}) == []
    assert await ground.jobs.run_waiting() == 0


async def test_where_nothing_can_be_edited_she_is_told_all_the_same(ground: Ground) -> None:
    await ground.opened("lan")
    await ground.load(THREE)
    accounts, ground.edits = ground.edits, []
    await ground.jobs.run_waiting()
    ground.edits = accounts
    assert [one[:2] for one in await ground.owed()] == [("lan", Act.SAY)]


async def test_who_may_not_have_it_any_more_is_not_told(ground: Ground) -> None:
    lan = await ground.opened("lan")
    heads = NEW.replace('"public"', '"role:Trưởng đoàn"')
    (newer,) = await ground.load({**THREE, RULES: heads})
    assert newer.people == 0
    await ground.jobs.run_waiting()
    assert [one[:3] for one in await ground.owed()] == [("lan", Act.EDIT, f"m{lan}")]


async def test_digits_pick_from_what_she_was_told(ground: Ground) -> None:
    await ground.opened("lan")
    await ground.load(THREE)
    await ground.jobs.run_waiting()

    def notes(work: Work) -> object:
        found = work.sessions.at(ground.edits[0], "lan")
        assert found is not None
        assert found[1] is not None
        return found[1].notes

    assert await ground.store.read(notes) == {
        "shown": ["documents.get:noi-quy", "documents.list", "menu.show"]
    }


async def test_on_a_shared_phone_it_is_said_whose_news_it_is(ground: Ground) -> None:
    await ground.opened("one phone")
    await ground.opened("one phone")
    await ground.load(THREE)
    await ground.jobs.run_waiting()
    said = [text for _, act, _, text in await ground.owed() if act is Act.SAY]
    assert [text.partition(" ")[0] for text in said] == ["Lan", "Lan"]


async def test_nothing_is_said_at_an_address_that_left_or_is_paused(ground: Ground) -> None:
    await ground.opened("lan")
    await ground.opened("mai")

    def leave(work: Work) -> None:
        one, two = (work.accounts.address(ground.edits[0], who) for who in ("lan", "mai"))
        assert one is not None
        assert two is not None
        work.accounts.mark_gone(one.id, "left")
        work.accounts.freeze([two.id])

    await ground.store.write(leave)
    await ground.load(THREE)
    await ground.jobs.run_waiting()
    assert await ground.owed() == []
