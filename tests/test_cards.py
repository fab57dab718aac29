"""Cards from the roster to the paper: who gets one, what stays in force when something stops."""

from pathlib import Path

import pytest

from bot import library
from bot.access import PRINTING, find_card, issue_cards
from bot.cards import CardPress, Wish, chosen, defer_cards
from bot.content import media_bytes, read
from bot.errors import Refusal
from bot.i18n import Texts
from bot.jobs import JobRunner
from bot.paths import resource
from bot.router import Router
from bot.store import Store, Work
from bot.store.roster import COLUMNS
from bot.vault import Vault
from handlers import ROUTES

PEOPLE = (
    ("DB1", "Lò Văn Tâm", "Đoàn tỉnh Điện Biên", "active"),
    ("DB2", "Rơ Châm H'Lan", "Đoàn tỉnh Gia Lai", "active"),
    ("DB3", "Ksor Bơ̆k ꪀ", "Đoàn tỉnh Gia Lai", "active"),
    ("DB4", "Nguyễn An", "Đoàn tỉnh Gia Lai", "withdrawn"),
)


async def silent(_done: int, _total: int) -> None:
    pass


def fill(work: Work) -> int:
    """The sample congress with four people; its id."""
    folder = resource("content") / "sample"
    content = read(folder, steps=Router(ROUTES).tappable())
    event = library.event_for(work, content, "sample", make=True)
    library.put(work, event, content, media_bytes(folder, content), author="test")
    for code, name, delegation, status in PEOPLE:
        row = dict.fromkeys(COLUMNS, "") | {
            "event_id": event.id,
            "person_id": work.people.add(),
            "code": code,
            "full_name": name,
            "delegation": delegation,
            "status": status,
            "updated_at": work.now,
        }
        work.roster.add_many([row])
    return event.id


@pytest.fixture
def press(store: Store, vault: Vault, tmp_path: Path) -> CardPress:
    texts = Texts.load(resource("locales"), ["vi"])
    return CardPress(store, vault, texts, "https://daihoi.example", tmp_path / "cards")


async def codes(store: Store, wish: Wish) -> list[str]:
    records = await store.read(lambda work: chosen(work, wish)[1])
    return [one.code for one in records]


async def test_who_has_a_card_is_left_out_and_reissuing_stops_it(
    store: Store, vault: Vault, press: CardPress, tmp_path: Path
) -> None:
    event = await store.write(fill)
    first = await store.write(
        lambda work: issue_cards(work, vault, event, [_person(work, event, "DB2")])[0]
    )
    assert await codes(store, Wish(event)) == ["DB1", "DB3"]
    assert await codes(store, Wish(event, "gia lai")) == ["DB3"]
    printed = await press.print(Wish(event), tmp_path / "a.pdf", silent)
    assert (printed.count, printed.unprintable) == (2, ("DB3",))
    assert (tmp_path / "a.pdf").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refusal, match="Only fingerprints"):
        await press.print(Wish(event), tmp_path / "b.pdf", silent)
    assert await store.read(lambda work: find_card(work, vault, first.token)) is not None
    await press.print(Wish(event, reissue=True), tmp_path / "c.pdf", silent)
    assert await store.read(lambda work: find_card(work, vault, first.token)) is None
    entries = await store.read(lambda work: work.audit.of_event(event, 2))
    assert [(one.verb, one.details["count"]) for one in entries] == [
        ("cards.print", 3),
        ("cards.print", 2),
    ]


async def test_when_the_roster_changes_meanwhile_nothing_is_left_and_nothing_stops(
    store: Store, vault: Vault, press: CardPress, tmp_path: Path
) -> None:
    event = await store.write(fill)
    other = await store.write(
        lambda work: issue_cards(work, vault, event, [_person(work, event, "DB1")])[0]
    )

    async def meddle(_done: int, _total: int) -> None:
        await store.write(lambda work: work.cards.freeze_of(event, [other.person_id]))

    with pytest.raises(Refusal, match="changed while"):
        await press.print(Wish(event), tmp_path / "a.pdf", meddle)
    assert not (tmp_path / "a.pdf").exists()
    assert await store.read(lambda work: work.cards.with_cards(event)) == set()


async def test_a_file_that_is_there_is_not_touched(
    store: Store, press: CardPress, tmp_path: Path
) -> None:
    event = await store.write(fill)
    (tmp_path / "a.pdf").write_text("hers")
    with pytest.raises(Refusal, match="exists already"):
        await press.print(Wish(event), tmp_path / "a.pdf", silent)
    assert (tmp_path / "a.pdf").read_text() == "hers"


@pytest.mark.parametrize(
    ("delegation", "said"),
    [("đoàn tỉnh", "Several delegations"), ("Cà Mau", "There is no delegation")],
)
async def test_a_delegation_must_be_one(store: Store, delegation: str, said: str) -> None:
    event = await store.write(fill)
    with pytest.raises(Refusal, match=said):
        await codes(store, Wish(event, delegation))


async def test_the_job_prints_once_and_says_how_far_it_is(
    store: Store, press: CardPress, tmp_path: Path
) -> None:
    event = await store.write(fill)

    def ask(work: Work) -> list[int | None]:
        (known,) = work.events.all()
        return [defer_cards(work, known, Wish(known.id, reissue=True)) for _ in range(2)]

    first, second = await store.write(ask)
    assert (first is None, second) == (False, None)
    assert await JobRunner(store, {PRINTING: press.job}).run_waiting() == 1
    (made,) = (tmp_path / "cards").iterdir()
    assert made.read_bytes()[:5] == b"%PDF-"
    having = await store.read(lambda work: work.cards.states(event))
    assert list(having.values()) == [True] * 3
    # After a crash between the last commit and the job's end it runs again and does nothing.
    args = {"event_id": event, "delegation": "", "reissue": True, "author": "cli"}
    before = made.stat().st_mtime_ns
    await press.job(args | {"file": made.name}, silent)
    assert made.stat().st_mtime_ns == before


def _person(work: Work, event_id: int, code: str) -> int:
    record = work.roster.by_code(event_id, code)
    assert record is not None
    return record.person_id
