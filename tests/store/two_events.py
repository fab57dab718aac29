"""Two congresses in one database, alike in everything but the mark in their texts."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from bot.outbox import Owed, put
from bot.store import Work
from bot.store.deliveries import Outcome
from bot.store.roster import COLUMNS, ImportedChange
from bot.values.consent import TEXT_VERSION
from bot.values.delivery import State
from bot.values.event import Event
from bot.values.letter import Lane, Letter
from bot.values.notice import Acknowledgement, Audience
from bot.values.person import Record, Role
from bot.values.quiet import Quiet
from bot.values.reply import Media, Reply
from bot.values.request import Request, RequestKind
from bot.values.template import Param, Phones, Template

SHA = "a" * 64
NIGHT = (time(22), time(6))
PHONE = "hash-of-0912345678"


@dataclass(frozen=True, slots=True)
class Congress:
    """What was put into one of the two; `mark` stands in every text of it."""

    mark: str
    event: Event
    records: tuple[Record, ...]
    account_id: int
    address_id: int
    request: Request
    import_id: int
    version_id: int
    notice_id: int
    told_id: int = 0  # the delivery of that notice to its delegate

    @property
    def id(self) -> int:
        """The event's id."""
        return self.event.id

    @property
    def person(self) -> int:
        """The delegate with the code DB1."""
        return self.records[0].person_id

    @property
    def shared(self) -> int:
        """The person who is a delegate of both."""
        return self.records[2].person_id


@dataclass(frozen=True, slots=True)
class Two:
    """Both, and what they share: an account, its queue, and a person who is a delegate of each."""

    a: Congress
    b: Congress
    both: int
    queue: int


def fill(work: Work, mark: str, person: int, shared: int) -> Congress:
    """A congress that differs from the other one in nothing but its marks."""
    event = work.events.add(
        f"congress-{mark}",
        names={"vi": f"Đại hội {mark}"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=date(2027, 1, 18),
        days=5,
    )
    people = [work.people.add(), work.people.add(), person]
    rows = [_row(work, event.id, mark, number, one) for number, one in enumerate(people, 1)]
    ids = work.roster.add_many(rows)
    work.people.join(event.id, people, Role.DELEGATE)
    if mark == "A":
        work.people.join(event.id, [person], Role.HELPER)
        work.events.set_quiet(event.id, Quiet(event.zone, NIGHT))
    work.people.consent(event.id, person, TEXT_VERSION, "vi", mark == "A")
    work.documents.note_opened(event.id, "noi-quy", mark, people[0])
    work.cards.issue_many(event.id, [(people[0], f"token-{mark}", f"code-{mark}")])
    own = work.accounts.ensure("webchat", event.slug, event_id=event.id)
    address = work.accounts.add_address(own.id, "same-sender")
    work.accounts.tie(address.id, people[0], event.id, "card")
    work.accounts.tie(work.accounts.add_address(shared, mark).id, people[0], event.id, "card")
    request = work.requests.open(
        event.id, people[0], address.id, kind=RequestKind.HELP, language="vi", last_texts=(mark,)
    )
    for state in ("waiting", "decided"):
        work.questions.add(
            event.id,
            language="vi",
            text=f"câu hỏi {state} {mark}",
            folded="cau hoi",
            verdict="none",
            answer_id="",
            score=0.0,
            person_id=people[0],
            address_id=address.id,
        )
    *_, decided = work.questions.waiting(event.id)
    work.questions.decide(event.id, [decided.id], kind="new", author=mark)
    work.proposals.add(event.id, language="vi", text=mark, folded="cau hoi", answer_id="a")
    kept = work.contents.add(event.id, sha256=mark * 64, body=mark.encode(), author=mark)
    work.contents.keep_media(event.id, f"{mark}.png", mark.lower() * 64, "image/png", mark.encode())
    if mark == "A":
        work.contents.keep_media(event.id, "only-in-a.png", SHA[:-1] + "0", "image/png", b"A")
    work.events.put_in_force(event.id, kept.id)
    work.audit.add(event.id, "organiser", f"did {mark}", "person:1")
    work.jobs.defer("import", f"{mark}:1", {"mark": mark}, event.id)
    made = _imports(work, event.id, mark, ids[0], people[0])
    records = tuple(work.roster.all(event.id))
    work.templates.put(event.id, [template(shared, mark)])
    notice = work.notices.add(
        event.id,
        {
            "texts": {"vi": Reply(mark)},
            "audience": Audience(),
            "lane": 2,
            "author": mark,
            "acknowledgement": Acknowledgement.ASKED,
        },
    )
    return Congress(mark, event, records, own.id, address.id, request, made, kept.id, notice)


def template(account_id: int, mark: str) -> Template:
    """Sent to every number of the list but of who refused."""
    params = {"text": Param("{text}", 60)}
    return Template(mark, "1", account_id, params, phone_price=200, phones=Phones.LISTED)


def _row(work: Work, event_id: int, mark: str, number: int, person_id: int) -> dict[str, Any]:
    alike = {
        "code": f"DB{number}",
        "full_name": "Nguyễn Thị Hạnh",
        "delegation": "Đoàn tỉnh Điện Biên",
        "role": "Trưởng đoàn" if number == 2 else "Đại biểu",
        "phone_hash": PHONE,
        "phone_cipher": "sealed",
        "status": "active",
    }
    own = {"event_id": event_id, "person_id": person_id, "room": mark, "updated_at": work.now}
    return dict.fromkeys(COLUMNS, "") | alike | own


def _imports(work: Work, event_id: int, mark: str, record_id: int, person_id: int) -> int:
    """One import that was undone, and one that counts; the id of the second."""
    made = [
        work.roster.start_import(
            event_id, file_name=f"{mark}.xlsx", sha256=SHA, author=mark, counts={"new": 1}
        )
        for _ in range(2)
    ]
    after = {"code": "DB1", "person_id": person_id}
    work.roster.add_changes(made[0], [ImportedChange(record_id, None, after)])
    work.roster.mark_undone(event_id, made[0])
    return made[1]


def fill_two(work: Work) -> Two:
    """Both of them; only the first owes anybody an answer, and sent somebody a paper."""
    person = work.people.add()
    shared = work.accounts.ensure("telegram", "shared").id
    a, b = fill(work, "A", person, shared), fill(work, "B", person, shared)
    queue = work.queues.ensure(shared)
    letter = Letter("a:1", {"vi": Reply("A")}, event_id=a.id, lane=Lane.REPLY)
    put(work, [Owed(letter, a.person, a.address_id, "same-sender", queue, "vi")], {})
    lease = work.queues.take(queue, "here", work.now, force=True)
    assert lease is not None
    paper = Reply("A", media=(Media("file", SHA, "a.pdf", "A"),))
    letter = Letter("a:2", {"vi": paper}, event_id=a.id, lane=Lane.REPLY)
    owed = Owed(letter, a.person, a.address_id, "same-sender", queue, "vi")
    (sent,) = put(work, [owed], {queue: lease.epoch})
    work.deliveries.settle([Outcome(sent.id, lease.epoch, State.SENT, "m1")])
    a, b = (_told(work, one, queue, lease.epoch) for one in (a, b))
    return Two(a, b, person, queue)


def _told(work: Work, one: Congress, queue: int, epoch: int) -> Congress:
    """Its notice reached its delegate, who has said nothing yet."""
    letter = Letter(
        f"notice:{one.notice_id}",
        {"vi": Reply(one.mark)},
        event_id=one.id,
        lane=Lane.SCHEDULED,
        notice_id=one.notice_id,
    )
    owed = Owed(letter, one.person, one.address_id, f"sender-{one.mark}", queue, "vi")
    (sent,) = put(work, [owed], {queue: epoch})
    work.deliveries.settle([Outcome(sent.id, epoch, State.SENT, f"notice {one.mark}")])
    return replace(one, told_id=sent.id)
