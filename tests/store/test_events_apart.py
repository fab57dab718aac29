"""Two congresses in one database with everything alike: nothing of one is seen in the other."""

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest

from bot.store import Store, Work
from bot.store.base import Family
from bot.store.roster import COLUMNS
from bot.values.consent import TEXT_VERSION
from bot.values.letter import Lane
from bot.values.notice import Audience, Heard
from bot.values.person import Role
from bot.values.quiet import Quiet
from tests.store.two_events import NIGHT, PHONE, SHA, Congress, Two, fill_two, template

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
async def two(store: Store) -> Two:
    return await store.write(fill_two)


# Everything that reads inside one event: how it is asked in `one`, about people and things of
# `other`. What comes back is compared with what belongs to `one`, so every row counts.
Reader = Callable[[Work, Congress, Two], Any]
READERS: dict[str, tuple[Reader, Callable[[Congress, Two], Any]]] = {
    "accounts.count_of": (
        lambda work, one, two: [
            work.accounts.count_of(other.person, one.id) for other in (two.a, two.b)
        ],
        lambda one, two: [2 if other is one else 0 for other in (two.a, two.b)],
    ),
    "audit.of_event": (
        lambda work, one, _: [entry.verb for entry in work.audit.of_event(one.id)],
        lambda one, _: [f"did {one.mark}"],
    ),
    "belongings.of": (
        lambda work, one, two: [
            {table: len(rows) for table, rows in found.items() if rows and table != "person"}
            for found in (work.belongings.of(one.id, other.person) for other in (two.a, two.b))
        ],
        lambda one, two: [_kept(one, two) if other is one else {} for other in (two.a, two.b)],
    ),
    "belongings.places": (
        lambda work, one, two: [
            len(work.belongings.places(one.id, other.person)) for other in (two.a, two.b)
        ],
        lambda one, two: [2 if other is one else 0 for other in (two.a, two.b)],
    ),
    "belongings.told": (
        lambda work, one, two: [
            len(work.belongings.told(one.id, other.person)) for other in (two.a, two.b)
        ],
        lambda one, two: [_owed(one, two) * (other is one) for other in (two.a, two.b)],
    ),
    "cards.with_cards": (
        lambda work, one, _: work.cards.with_cards(one.id),
        lambda one, _: {one.person},
    ),
    "contents.versions": (
        lambda work, one, _: [version.author for version in work.contents.versions(one.id)],
        lambda one, _: [one.mark],
    ),
    "contents.version": (
        lambda work, one, _: _author(work.contents.version(one.id, 1)),
        lambda one, _: one.mark,
    ),
    "contents.body": (
        lambda work, one, two: [
            work.contents.body(one.id, other.version_id) for other in (two.a, two.b)
        ],
        lambda one, two: [
            one.mark.encode() if other is one else None for other in (two.a, two.b)
        ],
    ),
    "contents.media": (
        lambda work, one, _: [
            work.contents.media(name, one.id)
            for name in ("a" * 64, "b" * 64, SHA[:-1] + "0")
        ],
        lambda one, _: [
            ("image/png", mark) if one.mark in where else None
            for mark, where in ((b"A", "A"), (b"B", "B"), (b"A", "A"))
        ],
    ),
    "deliveries.last_vtime": (
        lambda work, one, two: work.deliveries.last_vtime(two.queue, one.id, Lane.REPLY) is None,
        lambda one, two: one is two.b,  # only the first owes anything
    ),
    "events.get": (
        lambda work, one, _: _version(work, one.id), lambda one, _: one.version_id
    ),
    "events.quiet": (
        lambda work, one, _: work.events.quiet(one.id).hours,
        lambda one, two: NIGHT if one is two.a else None,
    ),
    "notices.get": (
        lambda work, one, two: [
            _author(work.notices.get(one.id, other.notice_id)) for other in (two.a, two.b)
        ],
        lambda one, two: [one.mark if other is one else None for other in (two.a, two.b)],
    ),
    "notices.of_event": (
        lambda work, one, _: [made.author for made in work.notices.of_event(one.id)],
        lambda one, _: [one.mark],
    ),
    "notices.people_of": (
        lambda work, one, two: [
            work.notices.people_of(one.id, Audience(people=(other.person,)))
            for other in (two.a, two.b)
        ],
        lambda one, two: [[other.person] if other is one else [] for other in (two.a, two.b)],
    ),
    "notice_reports.heard": (
        lambda work, one, two: [
            _said(work.notice_reports.heard(one.id, other.told_id, other.address_id))
            for other in (two.a, two.b)
        ],
        lambda one, two: [one.mark if other is one else None for other in (two.a, two.b)],
    ),
    "notice_reports.unheard": (
        lambda work, one, two: [
            [_said(each) for each in work.notice_reports.unheard(one.id, other.address_id, None)]
            for other in (two.a, two.b)
        ],
        lambda one, two: [[one.mark] if other is one else [] for other in (two.a, two.b)],
    ),
    "people.get": (
        lambda work, one, two: [
            _stands(work, one.id, person) for person in (two.both, two.a.person, two.b.person)
        ],
        lambda one, two: [
            (one.mark, one is two.a, {Role.DELEGATE, *({Role.HELPER} if one is two.a else ())}),
            *(
                (one.mark, None, {Role.DELEGATE}) if other is one else ("", None, set())
                for other in (two.a, two.b)
            ),
        ],
    ),
    "questions.waiting": (
        lambda work, one, _: [asked.text for asked in work.questions.waiting(one.id)],
        lambda one, _: [f"câu hỏi waiting {one.mark}"],
    ),
    "questions.count_waiting": (
        lambda work, one, _: work.questions.count_waiting(one.id), lambda one, _: 1
    ),
    "questions.drafts": (
        lambda work, one, _: [made.author for made in work.questions.drafts(one.id)],
        lambda one, _: [one.mark],
    ),
    "questions.decided": (
        lambda work, one, two: [
            [asked.text for asked in work.questions.decided(one.id, _draft(work, other))]
            for other in (two.a, two.b)
        ],
        lambda one, two: [
            [f"câu hỏi decided {one.mark}"] if other is one else [] for other in (two.a, two.b)
        ],
    ),
    "questions.decision": (
        lambda work, one, two: [
            (made := work.questions.decision(one.id, _decided(work, other))) and made.author
            for other in (two.a, two.b)
        ],
        lambda one, two: [one.mark if other is one else None for other in (two.a, two.b)],
    ),
    "proposals.waiting": (
        lambda work, one, _: [each.text for each in work.proposals.waiting(one.id)],
        lambda one, _: [one.mark],
    ),
    "proposals.count": (lambda work, one, _: work.proposals.count(one.id), lambda one, _: 1),
    "roster.names": (
        lambda work, one, _: len(work.roster.names(one.id)), lambda one, _: 2 * len(one.records)
    ),
    "requests.open_of": (
        lambda work, one, two: [
            [asked.last_texts for asked in work.requests.open_of(one.id, other.person)]
            for other in (two.a, two.b)
        ],
        lambda one, two: [[(one.mark,)] if other is one else [] for other in (two.a, two.b)],
    ),
    "requests.waiting": (
        lambda work, one, _: [asked.last_texts for asked in work.requests.waiting(one.id)],
        lambda one, _: [(one.mark,)],
    ),
    "roster.by_code": (
        lambda work, one, _: work.roster.by_code(one.id, "DB1"),
        lambda one, _: one.records[0],
    ),
    "roster.of_person": (
        lambda work, one, two: [
            work.roster.of_person(one.id, person)
            for person in (two.both, two.a.person, two.b.person)
        ],
        lambda one, two: [
            one.records[2],
            *(one.records[0] if other is one else None for other in (two.a, two.b)),
        ],
    ),
    "roster.head_of": (
        lambda work, one, _: work.roster.head_of(one.id, "Đoàn tỉnh Điện Biên"),
        lambda one, _: one.records[1],
    ),
    "roster.by_phone": (
        lambda work, one, _: work.roster.by_phone(one.id, PHONE),
        lambda one, _: list(one.records),
    ),
    "roster.all": (
        lambda work, one, _: {(each.room, each.event_id) for each in work.roster.all(one.id)},
        lambda one, _: {(one.mark, one.id)},
    ),
    "roster.imports": (
        lambda work, one, _: [each.author for each in work.roster.imports(one.id)],
        lambda one, _: [one.mark, one.mark],
    ),
    "roster.last_import": (
        lambda work, one, _: _author(work.roster.last_import(one.id)),
        lambda one, _: one.mark,
    ),
    "roster.people_of_undone": (
        lambda work, one, _: work.roster.people_of_undone(one.id),
        lambda one, _: {"DB1": one.person},
    ),
    "people.with_roles": (
        lambda work, one, _: work.people.with_roles(one.id),
        lambda one, two: [(two.both, Role.HELPER)] if one is two.a else [],
    ),
    "accounts.addresses_of": (
        lambda work, one, two: [
            work.accounts.addresses_of(other.person, one.id) for other in (two.a, two.b)
        ],
        # One on an account of the event's own, one on the account both share.
        lambda one, two: [
            [one.address_id, one.address_id + 1] if other is one else []
            for other in (two.a, two.b)
        ],
    ),
    "accounts.ties_of": (
        lambda work, one, two: [
            [tie.address.id for tie in work.accounts.ties_of(other.person, one.id)]
            for other in (two.a, two.b)
        ],
        lambda one, two: [
            [one.address_id, one.address_id + 1] if other is one else []
            for other in (two.a, two.b)
        ],
    ),
    "accounts.counts": (
        lambda work, one, _: work.accounts.counts(one.id),
        lambda one, _: {one.person: 2},
    ),
    "cards.states": (
        lambda work, one, _: work.cards.states(one.id),
        lambda one, _: {one.person: True},
    ),
    "deliveries.told": (
        lambda work, one, two: [
            len(work.deliveries.told(one.id, person, 9))
            for person in (two.both, two.a.person, two.b.person)
        ],
        lambda one, two: [0, *(_owed(one, two) * (other is one) for other in (two.a, two.b))],
    ),
    "jobs.latest": (
        lambda work, one, _: [
            found and found.state
            for found in (work.jobs.latest(one.id, kind) for kind in ("import", "cards"))
        ],
        lambda one, _: ["waiting", None],
    ),
    "documents.carrying": (
        lambda work, one, two: [
            [each.message_id for each in work.documents.carrying(one.id, person, [SHA])]
            for person in (two.both, two.a.person, two.b.person)
        ],
        lambda one, two: [[], ["m1"] if one is two.a else [], []],
    ),
    "documents.counts": (
        lambda work, one, _: [tuple(each) for each in work.documents.counts(one.id)],
        lambda one, _: [("noi-quy", one.mark, 1)],
    ),
    "documents.readers": (
        lambda work, one, _: work.documents.readers(one.id, "noi-quy"),
        lambda one, _: [one.person],
    ),
    "windows.preferred": (
        lambda work, one, two: sorted(work.windows.preferred(one.id)),
        lambda one, two: [],
    ),
    "windows.stopped": (
        lambda work, one, two: _stopped(work, one, two.a),
        lambda one, two: {one.person} if one is two.a else set(),
    ),
    "templates.of_event": (
        lambda work, one, _: [kept.template.name for kept in work.templates.of_event(one.id)],
        lambda one, _: [one.mark],
    ),
    "templates.by_phone": (
        lambda work, one, two: [
            work.templates.by_phone(one.id, kept.template)
            for kept in work.templates.of_event(one.id)
        ],
        lambda one, two: [
            {each.person_id for each in one.records if one is two.a or each.person_id != two.both}
        ],
    ),
    "windows.of_event": (
        lambda work, one, two: [
            sum(place.person_id == other.person for place in work.windows.of_event(one.id))
            for other in (two.a, two.b)
        ],
        lambda one, two: [2 if other is one else 0 for other in (two.a, two.b)],
    ),
}  # fmt: skip


def _kept(one: Congress, two: Two) -> dict[str, int]:
    """How many rows there are of the person DB1 of a congress."""
    kept = {"record": 1, "membership": 1, "card": 1, "request": 1, "document_opened": 1}
    kept |= {"address": 2, "address_person": 2, "roster_change": 1, "question": 2}
    return kept | dict.fromkeys(("delivery", "letter_text"), _owed(one, two))


def _owed(one: Congress, two: Two) -> int:
    """Each told its delegate a notice; only the first owed an answer and a paper besides."""
    return 3 if one is two.a else 1


def _draft(work: Work, one: Congress) -> int:
    return work.questions.drafts(one.id)[0].id


def _decided(work: Work, one: Congress) -> int:
    return work.questions.decided(one.id, _draft(work, one))[0].id


def _version(work: Work, event_id: int) -> int | None:
    event = work.events.get(event_id)
    return event.version_id if event else None


def _said(found: Heard | None) -> str | None:
    return found.reply.text if found else None


def _author(found: Any) -> str | None:
    author: str | None = found.author if found else None
    return author


def _last_import(work: Work, event_id: int) -> int | None:
    found = work.roster.last_import(event_id)
    return found.id if found else None


def _stands(work: Work, event_id: int, person_id: int) -> tuple[str, bool | None, set[Role]]:
    """Her room, her consent and her roles in one event."""
    found = work.people.get(person_id, event_id)
    assert found is not None
    return found.record.room if found.record else "", found.consented, set(found.roles)


@pytest.mark.parametrize("method", READERS)
async def test_what_is_read_in_one_event_is_of_that_event(
    store: Store, two: Two, method: str
) -> None:
    ask, owed = READERS[method]

    def read(work: Work) -> list[Any]:
        return [ask(work, one, two) for one in (two.a, two.b)]

    assert await store.read(read) == [owed(one, two) for one in (two.a, two.b)]


# What the one event is told to do to rows of the other, and what must still be true of the other.
Writer = Callable[[Work, Congress, Congress], Any]
WRITERS: dict[str, tuple[Writer, Callable[[Work, Congress], Any]]] = {
    "cards.freeze_of": (
        lambda work, a, b: work.cards.freeze_of(a.id, [b.person]),
        lambda work, b: work.cards.with_cards(b.id) == {b.person},
    ),
    "events.put_in_force": (
        lambda work, a, b: work.events.put_in_force(a.id, b.version_id),
        lambda work, b: _version(work, b.id) == b.version_id,
    ),
    "events.set_quiet": (
        lambda work, a, b: work.events.set_quiet(a.id, Quiet(a.event.zone, NIGHT)),
        lambda work, b: work.events.quiet(b.id).hours is None,
    ),
    "fanout.park": (
        # Only the first owes anything, so here the second one is quiet.
        lambda work, a, b: work.fanout.park(b.id, work.now, Lane.REPLY),
        lambda work, b: work.conn.exec_driver_sql(
            "SELECT count(*) FROM delivery WHERE state = 'pending'"
        ).scalar_one() == 1,
    ),
    "notice_reports.acknowledge": (
        lambda work, a, b: work.notice_reports.acknowledge(a.id, b.told_id),
        lambda work, b: len(work.notice_reports.unheard(b.id, b.address_id, None)) == 1,
    ),
    "people.consent": (
        lambda work, a, b: work.people.consent(a.id, b.person, TEXT_VERSION, "vi", True),
        lambda work, b: _stands(work, b.id, b.person)[1] is None,
    ),
    "people.join": (
        lambda work, a, b: work.people.join(a.id, [b.person], Role.ORGANISER),
        lambda work, b: _stands(work, b.id, b.person)[2] == {Role.DELEGATE},
    ),
    "people.leave": (
        lambda work, a, b: work.people.leave(a.id, [b.person, b.shared], Role.DELEGATE),
        lambda work, b: _stands(work, b.id, b.shared)[2] == {Role.DELEGATE},
    ),
    "people.move": (
        lambda work, a, b: work.people.move(b.shared, a.person, a.id),
        lambda work, b: _stands(work, b.id, b.shared)[1] is False,
    ),
    "templates.put": (
        lambda work, a, b: work.templates.put(a.id, []),
        lambda work, b: [one.template.name for one in work.templates.of_event(b.id)] == ["B"],
    ),
    "templates.refuse": (
        lambda work, a, b: work.templates.refuse(a.id, template(a.account_id, "B"), "zalo-145"),
        lambda work, b: [one.refused for one in work.templates.of_event(b.id)] == [""],
    ),
    "requests.add_text": (
        lambda work, a, b: work.requests.add_text(a.id, b.person, b.request.id, "?"),
        lambda work, b: work.requests.waiting(b.id) == [b.request],
    ),
    "requests.close": (
        lambda work, a, b: work.requests.close(a.id, b.request.id),
        lambda work, b: work.requests.waiting(b.id) == [b.request],
    ),
    "handed_in.forget_closed": (
        lambda work, a, b: (
            work.handed_in.keep(b.address_id, "in:1", "voice", "audio/webm", b"B"),
            work.requests.close(b.id, b.request.id),
            work.handed_in.forget_closed(a.id, b.request.id),
        ),
        lambda work, b: [one.size for one in work.handed_in.at_address(b.address_id)] == [1],
    ),
    "roster.change_many": (
        lambda work, a, b: work.roster.change_many(
            a.id,
            [
                {name: getattr(one, name) for name in COLUMNS} | {"id": one.id, "room": "?"}
                for one in b.records
            ],
        ),
        lambda work, b: tuple(work.roster.all(b.id)) == b.records,
    ),
    "roster.remove_many": (
        lambda work, a, b: work.roster.remove_many(a.id, [one.id for one in b.records]),
        lambda work, b: tuple(work.roster.all(b.id)) == b.records,
    ),
    "roster.mark_undone": (
        lambda work, a, b: work.roster.mark_undone(a.id, b.import_id),
        lambda work, b: _last_import(work, b.id) == b.import_id,
    ),
    "cards.thaw_of": (
        lambda work, a, b: (
            work.cards.freeze_of(b.id, [b.person]), work.cards.thaw_of(a.id, b.person)
        ),
        lambda work, b: work.cards.states(b.id) == {b.person: False},
    ),
    "phones.replace": (
        lambda work, a, b: _shown_codes(work, b, a),
        lambda work, b: work.phones.find("B", LONG_AGO) is not None,
    ),
    "phones.forget": (
        lambda work, a, b: _used_code(work, a, b),
        lambda work, b: work.phones.find("B", LONG_AGO) is not None,
    ),
    "documents.reduce": (
        lambda work, a, b: work.documents.reduce(a.id),
        lambda work, b: work.documents.readers(b.id, "noi-quy") == [b.person],
    ),
    "questions.decide": (
        lambda work, a, b: work.questions.decide(
            a.id, [one.id for one in work.questions.waiting(b.id)], kind="dismiss", author="?"
        ),
        lambda work, b: work.questions.count_waiting(b.id) == 1,
    ),
    "questions.approve": (
        lambda work, a, b: work.questions.approve(a.id, _draft(work, b), "?", "?"),
        lambda work, b: work.questions.drafts(b.id)[0].approver == "",
    ),
    "questions.reopen": (
        lambda work, a, b: work.questions.reopen(a.id, _draft(work, b)),
        lambda work, b: work.questions.count_waiting(b.id) == 1,
    ),
    "proposals.settle": (
        lambda work, a, b: work.proposals.settle(
            a.id, [one.id for one in work.proposals.waiting(b.id)], "refused"
        ),
        lambda work, b: len(work.proposals.waiting(b.id)) == 1,
    ),
    "proposals.forget": (
        lambda work, a, b: work.proposals.forget(a.id),
        lambda work, b: work.proposals.count(b.id) == 1,
    ),
    "retention.forget_people": (
        lambda work, a, b: work.retention.forget_people(a.id),
        lambda work, b: tuple(work.roster.all(b.id)) == b.records
        and work.requests.waiting(b.id) == [b.request],
    ),
    "retention.forget_words": (
        lambda work, a, b: work.retention.forget_words(a.id, work.now + timedelta(days=9)),
        lambda work, b: work.requests.waiting(b.id) == [b.request],
    ),
}  # fmt: skip


def _shown_codes(work: Work, *congresses: Congress) -> None:
    for one in congresses:
        work.phones.replace(one.id, one.person, one.mark)


def _stopped(work: Work, one: Congress, a: Congress) -> set[int]:
    work.people.stop_notices(a.person, True)
    return work.windows.stopped(one.id)


def _used_code(work: Work, a: Congress, b: Congress) -> None:
    _shown_codes(work, b)
    work.phones.forget(a.id, b.person)


# These write a new row with the event's own id and are read back above.
MAKERS = {
    *("accounts.ensure", "accounts.tie", "audit.add", "cards.issue_many", "contents.add"),
    *("contents.keep_media", "jobs.defer", "questions.add", "proposals.add", "requests.open"),
    *("roster.hold", "roster.start_import", "documents.note_opened", "notices.add"),
}


@pytest.mark.parametrize("method", WRITERS)
async def test_what_is_done_in_one_event_leaves_the_other_alone(
    store: Store, two: Two, method: str
) -> None:
    do, holds = WRITERS[method]
    await store.write(lambda work: do(work, two.a, two.b))
    assert await store.read(lambda work: holds(work, two.b))


def test_every_method_that_names_an_event_is_tried_here() -> None:
    families = {
        name: prop.func.__annotations__["return"]
        for name, prop in vars(Work).items()
        if isinstance(prop, cached_property)
    }
    assert [family for family in families.values() if not issubclass(family, Family)] == []
    scoped = {
        f"{name}.{method}"
        for name, family in families.items()
        for method, function in inspect.getmembers(family, inspect.isfunction)
        if "event_id" in inspect.signature(function).parameters and not method.startswith("_")
    }
    assert scoped == {*READERS, *WRITERS, *MAKERS}


async def test_content_of_another_event_put_in_force_by_mistake_is_no_content(
    store: Store, two: Two
) -> None:
    changed = await store.write(lambda work: work.events.put_in_force(two.a.id, two.b.version_id))
    assert changed is not None
    version = changed.version_id or 0
    assert await store.read(lambda work: work.contents.body(two.a.id, version)) is None


async def test_a_card_names_its_own_event_and_person(store: Store, two: Two) -> None:
    def find(work: Work) -> list[Any]:
        marks = ("A", "B")
        return [
            *(work.cards.find(token_hash=f"token-{mark}") for mark in marks),
            *(work.cards.find(code_hash=f"code-{mark}") for mark in marks),
        ]

    found = [(card.event_id, card.person_id) for card in await store.read(find)]
    assert found == [(one.id, one.person) for one in (two.a, two.b)] * 2


async def test_two_cards_with_one_code_open_neither_event(store: Store, two: Two) -> None:
    def print_alike(work: Work) -> None:
        for one in (two.a, two.b):
            work.cards.issue_many(one.id, [(one.records[1].person_id, f"t-{one.mark}", "same")])

    await store.write(print_alike)
    assert await store.read(lambda work: work.cards.find(code_hash="same")) is None


async def test_the_same_sender_at_two_accounts_is_two_addresses(store: Store, two: Two) -> None:
    def look(work: Work) -> list[Any]:
        found = [work.accounts.address(one.account_id, "same-sender") for one in (two.a, two.b)]
        return [(one.id, work.accounts.people_at(one.id)) for one in found if one is not None]

    assert await store.read(look) == [
        (one.address_id, [(one.person, one.id)]) for one in (two.a, two.b)
    ]


async def test_what_a_page_showed_at_one_account_is_not_shown_at_the_other(
    store: Store, two: Two
) -> None:
    def look(work: Work) -> list[Any]:
        for one in (two.a, two.b):
            work.transcripts.add(one.address_id, "out", "out:1:0", {"text": one.mark})
        return [
            (
                [line.body["text"] for line in work.transcripts.after(one.address_id)],
                [sender for sender, _ in work.transcripts.written_since(one.account_id, 0)],
            )
            for one in (two.a, two.b)
        ]

    assert await store.write(look) == [([mark], ["same-sender"]) for mark in ("A", "B")]


async def test_one_person_in_two_events_is_linked_in_each(store: Store, two: Two) -> None:
    """Someone who is in both lists as the same person, at one address of a shared account."""

    def link(work: Work) -> list[tuple[int, int]]:
        address = work.accounts.add_address(two.a.account_id, "both")
        for one in (two.a, two.b):
            work.accounts.tie(address.id, two.both, one.id, "card")
        return work.accounts.people_at(address.id)

    assert await store.write(link) == [(two.both, two.a.id), (two.both, two.b.id)]


async def test_wrong_guesses_in_one_event_are_counted_where_they_were_made(
    store: Store, two: Two
) -> None:
    def guess(work: Work) -> list[int]:
        card = work.cards.find(token_hash="token-B")
        assert card is not None
        work.cards.guessed_wrong(two.b.address_id, card.id)
        since = work.now - timedelta(minutes=15)
        return [work.cards.wrong_since(since, one.address_id, None) for one in (two.a, two.b)]

    assert await store.write(guess) == [0, 1]
