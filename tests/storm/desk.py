"""What people behind a desk do while the storm goes on, and from when on it must be seen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot import desk, privacy
from bot.access import link_at_desk
from bot.store import Work
from bot.values.person import Record
from bot.vault import Vault
from tests.storm.planted import Planted, row_of
from tests.storm.storming import Where

AUTHOR = "storm"
ACTS = (
    *("withdraw", "freeze addresses", "erase", "link", "freeze card"),
    *("take back", "unfreeze addresses", "unfreeze card", "reissue", "look", "purge words"),
)


@dataclass(slots=True)
class Silence:
    """From which delivery on (to which) nothing of a person, or at an address, may be shown."""

    since: int
    mark: str = ""  # of nobody: everybody's
    where: Where | None = None  # anywhere
    until: int | None = None

    def broken_by(self, delivery_id: int, where: Where, mark: str) -> bool:
        """Was this shown although it may not be?"""
        now = self.since < delivery_id and (self.until is None or delivery_id <= self.until)
        return now and self.mark in ("", mark) and self.where in (None, where)


@dataclass
class Ledger:
    """What the desk did: who is to be silent about whom, who was linked by hand."""

    silences: list[Silence] = field(default_factory=list)
    by_hand: set[tuple[Where, str]] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    erased_at: set[Where] = field(default_factory=set)
    purged: bool = False

    def hush(self, since: int, mark: str, where: Where | None = None) -> None:
        """From now on."""
        self.silences.append(Silence(since, mark, where))

    def lift(self, until: int, mark: str, where: Where | None = None) -> None:
        """It may be told again."""
        for one in self.silences:
            if one.until is None and (one.mark, one.where) == (mark, where):
                one.until = until


@dataclass(frozen=True, slots=True)
class Errand:
    """One act of the desk for one person, perhaps at an address; `work` is one transaction."""

    act: str
    whose: Planted
    where: Where
    vault: Vault

    def done(self, work: Work) -> list[Where]:
        """Do it; returns the addresses it touched. Nothing happens for whom it does not suit."""
        if self.act == "purge words":
            privacy.purge_words(work, 30)
            return []
        record = work.roster.of_person(self.whose.event_id, self.whose.person_id)
        if record is None:
            return []
        acts: dict[str, Callable[[Work, Record], object]] = {
            "withdraw": lambda work, record: self._status(work, record, "withdrawn"),
            "take back": lambda work, record: self._status(work, record, "active"),
            "freeze card": lambda work, record: desk.freeze_card(work, record, AUTHOR),
            "unfreeze card": lambda work, record: desk.unfreeze_card(work, record, AUTHOR),
            "look": self._look,
            "reissue": self._reissue,
            "link": self._link,
            "freeze addresses": lambda work, record: desk.freeze_addresses(work, record, AUTHOR),
            "unfreeze addresses": lambda work, record: desk.unfreeze_addresses(
                work, record, AUTHOR
            ),
            "erase": self._erase,
        }
        touched = _places(work, record)
        acts[self.act](work, record)
        return touched if self.act != "link" else [self.where]

    def _status(self, work: Work, record: Record, status: str) -> None:
        row = row_of(work, self.vault, self.whose, status)
        work.roster.change_many(record.event_id, [row | {"id": record.id}])

    def _look(self, work: Work, record: Record) -> None:
        desk.told(work, record, AUTHOR)
        desk.find(work, self.vault, record.event_id, record.full_name, AUTHOR)

    def _reissue(self, work: Work, record: Record) -> None:
        if record.status == "active":
            desk.reissue(work, self.vault, record, AUTHOR)

    def _link(self, work: Work, record: Record) -> None:
        found = work.accounts.address(*self.where)
        if found is not None and record.status == "active":
            link_at_desk(work, record, found.id)

    def _erase(self, work: Work, record: Record) -> None:
        privacy.erase(work, self.vault, record.person_id, record.event_id, actor=AUTHOR)


def _places(work: Work, record: Record) -> list[Where]:
    ids = work.accounts.addresses_of(record.person_id, record.event_id)
    if not ids:
        return []
    sql = f"SELECT account_id, sender FROM address WHERE id IN ({','.join(map(str, ids))})"
    return [(row[0], row[1]) for row in work.conn.exec_driver_sql(sql)]


def entered(ledger: Ledger, errand: Errand, touched: list[Where], last: int) -> None:
    """What must be seen of it: `last` is the newest delivery that may have been before it."""
    mark = errand.whose.mark
    match errand.act:
        case "withdraw":
            ledger.hush(last, mark)
        case "take back":
            ledger.lift(last, mark)
        case "freeze addresses":
            for where in touched:
                ledger.hush(last, "", where)
        case "unfreeze addresses":
            for where in touched:
                ledger.lift(last, "", where)
        case "erase":
            ledger.hush(last, mark)
            ledger.erased.add(mark)
            ledger.erased_at.update(touched)
        case "link":
            ledger.by_hand.update((where, mark) for where in touched)
        case "purge words":
            ledger.purged = True


PAUSES = (1, 20, 300, 1000, 20_000, 90_000)


def pause(seconds: int) -> timedelta:
    """How long nothing comes in."""
    return timedelta(seconds=seconds)
