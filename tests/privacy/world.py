"""A congress in which three people left a trace in every table that can hold one."""

from datetime import date
from typing import Any

from sqlalchemy import select

from bot.access import issue_cards
from bot.store import Work
from bot.store.base import metadata
from bot.store.roster import COLUMNS, ImportedChange
from bot.values.consent import TEXT_VERSION
from bot.values.delivery import State
from bot.values.incoming import Incoming, Kind
from bot.values.letter import Letter
from bot.values.person import Role
from bot.values.reply import Reply
from bot.values.request import RequestKind
from bot.values.session import Session
from bot.vault import Vault

# What may never be found again once she is erased.
AN = {
    "code": "DB1",
    "full_name": "Nguyễn Văn An",
    "phone": "0912345678",
    "sender": "zalo-an-7741",
    "words": "tôi đau đầu lắm",
    "hotel": "KS Sen Hồng",
    "language": "km",
}
BINH = AN | {
    "code": "DB2",
    "full_name": "Lê Thị Bình",
    "phone": "0987654321",
    "sender": "zalo-binh-8852",
    "words": "xe của tôi mấy giờ",
    "hotel": "KS Hoa Ban",
    "language": "hmn",
}


def an_event(work: Work, slug: str = "sample") -> int:
    return work.events.add(
        slug,
        names={"vi": "Đại hội Mẫu"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=date(2027, 1, 18),
        days=5,
    ).id


def a_person(work: Work, vault: Vault, event_id: int, who: dict[str, str], *, shared: str) -> int:
    """Somebody who is on the roster, linked, talked, asked for help and was answered."""
    person_id = work.people.add()
    work.people.join(event_id, [person_id], Role.DELEGATE)
    _a_line(work, vault, event_id, person_id, who)
    card = issue_cards(work, vault, event_id, [person_id])[0]
    account = work.accounts.ensure("webchat", f"chat-{event_id}", event_id=event_id)
    for sender in {who["sender"], shared}:
        place = work.accounts.add_address(account.id, sender).id
        work.accounts.tie(place, person_id, event_id, "card")
        if work.sessions.get(place) is None:
            notes = {"recent": [who["words"]], "trail": ["mine.room"]}
            work.sessions.add(Session(place, person_id, event_id, "ask.question", notes))
        work.transcripts.add(place, "in", f"in:{who['sender'][:16]}:1", {"text": who["words"]})
        work.handed_in.keep(place, f"in:{who['sender']}:2", "voice", "audio/webm", b"OggS")
        _a_letter(work, event_id, place, person_id, account.id, who)
        work.cards.guessed_wrong(place, _card_of(work, card.person_id))
    home = work.accounts.add_address(account.id, who["sender"]).id
    work.people.set_language(person_id, who["language"])
    work.people.prefer(person_id, home)
    work.people.stop_notices(person_id, True)
    work.people.consent(event_id, person_id, TEXT_VERSION, who["language"], True)
    asked: Any = {"language": who["language"], "place": who["hotel"]}
    for kind in (RequestKind.HELP, RequestKind.PRIVACY, RequestKind.URGENT):
        words = (who["words"],)
        work.requests.open(event_id, person_id, home, kind=kind, last_texts=words, **asked)
    work.questions.add(
        event_id,
        language=who["language"],
        text=who["words"],
        folded=who["words"],
        verdict="nothing",
        answer_id="",
        score=0.0,
        person_id=person_id,
        address_id=home,
    )
    waiting = Incoming(
        account.id,
        who["sender"],
        f"{who['sender'][:16]}:1",
        Kind.TEXT,
        work.now,
        text=who["words"],
        display_name=who["full_name"],
    )
    work.inbound.accept([waiting])
    return person_id


def _card_of(work: Work, person_id: int) -> int:
    card = metadata.tables["card"]
    query = select(card.c.id).where(card.c.person_id == person_id)
    return int(work.conn.execute(query).scalar_one())


def _a_line(work: Work, vault: Vault, event_id: int, person_id: int, who: dict[str, str]) -> None:
    values: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"status": "active"}
    values |= {name: who[name] for name in ("code", "full_name", "hotel")}
    values |= {"event_id": event_id, "person_id": person_id, "updated_at": work.now}
    values |= {"phone_cipher": vault.seal(who["phone"])}
    values |= {"phone_hash": vault.fingerprint(who["phone"])}
    (record_id,) = work.roster.add_many([values])
    import_id = work.roster.start_import(
        event_id, file_name=f"{who['full_name']}.xlsx", sha256="0", author="Lan", counts={}
    )
    new = ImportedChange(record_id, None, {"code": who["code"], "person_id": person_id})
    named = ImportedChange(record_id, {"full_name": who["full_name"]}, {"full_name": "Z"})
    work.roster.add_changes(import_id, [new, named])


def _a_letter(
    work: Work, event_id: int, place: int, person_id: int, account_id: int, who: dict[str, str]
) -> None:
    for state in (State.SENT, State.PENDING):
        key = f"in:{account_id}:{place}:{who['sender'][:6]}:{state}"
        text = f"{who['full_name']}, {who['hotel']}"
        letter = Letter(key, {who["language"]: Reply(text)}, event_id)
        letter_id = work.letters.add_all([letter])[key]
        row = {
            "event_id": event_id,
            "queue_id": work.queues.ensure(account_id),
            "lane": 0,
            "vtime": 0.0,
            "letter_id": letter_id,
            "person_id": person_id,
            "address_id": place,
            "lang": who["language"],
            "act": "say",
            "state": state,
            "params": {"acts_on": who["words"]},
        }
        work.deliveries.add_all([row])


def everything(work: Work) -> str:
    """Every value of every row, as one text."""
    rows = [
        f"{table.name}: {dict(row._mapping)}"
        for table in metadata.sorted_tables
        for row in work.conn.execute(select(table))
    ]
    return "\n".join(rows)


def rows_of(work: Work, table: str) -> list[dict[str, Any]]:
    found = work.conn.execute(select(metadata.tables[table]))
    return [dict(row._mapping) for row in found]


def traces(text: str, who: dict[str, str]) -> list[str]:
    """What of a person can still be read."""
    names = [who[name] for name in ("full_name", "sender", "words", "phone", "hotel")]
    found = [name for name in names if name in text]
    return found + [f"language {who['language']}"] * (f"'{who['language']}'" in text)
