"""Prints the delegates' cards: the only moment their codes and links can be read.

The paper is finished before its cards come into force, so whatever stops in between leaves every
older card working.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot import library
from bot.access import PRINTING, IssuedCard, new_cards, put_in_force
from bot.errors import Refusal
from bot.i18n import LAST, Texts
from bot.jobs import Progress, defer
from bot.paper import Card, Words, draw_apart, ordered, unprintable
from bot.store import Store, Work
from bot.text import fold, phone_groups
from bot.values.event import Event
from bot.values.person import Record
from bot.vault import Vault

PRINTED = "cards.print"


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose cards to print. Without `reissue` only of people who have no card in force."""

    event_id: int
    delegation: str = ""
    reissue: bool = False
    author: str = "cli"


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed; `unprintable` are the codes of people whose letters no font of ours has."""

    count: int
    unprintable: tuple[str, ...] = ()


class CardPress:
    """Prints cards whose links begin with `base_url`; jobs leave their files in `folder`."""

    def __init__(
        self, store: Store, vault: Vault, texts: Texts, base_url: str, folder: Path
    ) -> None:
        self._store = store
        self._vault = vault
        self._texts = texts
        self._base_url = base_url
        self._folder = folder

    async def print(self, wish: Wish, path: Path, progress: Progress) -> Printed:
        """Write the cards to a new file that only its owner can read, and put them in force.

        Raises Refusal when there is nobody to print for, when the file exists, or when the roster
        changed meanwhile; then no file is left and no card has changed.
        """
        event, records = await self._store.read(lambda work: chosen(work, wish))
        words = await self._store.read(lambda work: self._words(work, event))
        cards = new_cards([record.person_id for record in records])
        _make(path)
        try:
            drawn = await draw_apart(self._drawable(records, cards), words, progress)
            _fill(path, drawn)
            await self._store.write(lambda work: self._put_in_force(work, wish, cards, path.name))
        except BaseException:
            _remove(path)
            raise
        odd = [one.code for one in records if unprintable(one.full_name + one.delegation)]
        return Printed(len(cards), tuple(odd))

    async def job(self, args: Mapping[str, Any], progress: Progress) -> None:
        """The same for a deferred job. Run again after a crash, it begins from nothing."""
        wish = Wish(**{name: args[name] for name in Wish.__dataclass_fields__})
        path = self._folder / Path(str(args["file"])).name
        if await self._store.read(lambda work: _is_done(work, wish, path.name)):
            return
        _clear(path)
        await self.print(wish, path, progress)

    def _words(self, work: Work, event: Event) -> Words:
        facts = library.taken(work, event)[1].event
        t = self._texts.translator(LAST, event.zone)
        phone = phone_groups(facts.hotline)
        return Words(
            event=facts.names[LAST],
            scan=t("Please scan the square code (QR) with your phone."),
            type=t("Or open {address} and type this code:", address=self._base_url),
            help=t("Help desk: {phone}", phone=phone) if phone else "",
            alone=t("Without a delegation"),
            made=work.now,
        )

    def _drawable(self, records: Sequence[Record], cards: Sequence[IssuedCard]) -> list[Card]:
        pairs = zip(records, cards, strict=True)
        return ordered(
            [
                Card(one.full_name, one.delegation, f"{self._base_url}/c/{card.token}", card.code)
                for one, card in pairs
            ]
        )

    def _put_in_force(self, work: Work, wish: Wish, cards: Sequence[IssuedCard], file: str) -> None:
        work.roster.hold(wish.event_id)
        now = {record.person_id for record in chosen(work, wish)[1]}
        if now != {card.person_id for card in cards}:
            raise Refusal("The roster or the cards changed while these were drawn. Print again.")
        put_in_force(work, self._vault, wish.event_id, cards)
        details = {"count": len(cards), "reissue": wish.reissue, "file": file}
        work.audit.add(wish.event_id, wish.author, PRINTED, f"event:{wish.event_id}", **details)


def chosen(work: Work, wish: Wish) -> tuple[Event, list[Record]]:
    """The active people a wish is about. Raises Refusal when there is nobody."""
    event = next((one for one in work.events.all() if one.id == wish.event_id), None)
    if event is None:
        raise Refusal("This event is closed; no more cards are printed for it.")
    active = [one for one in work.roster.all(event.id) if one.status == "active"]
    meant = _of_delegation(active, wish.delegation) if wish.delegation else active
    having = set() if wish.reissue else work.cards.with_cards(event.id)
    without = [one for one in meant if one.person_id not in having]
    if not without:
        raise Refusal(
            "Everybody meant has a card. Only fingerprints of cards are kept, so they cannot be "
            "printed again; --reissue makes new ones, and the old ones stop working."
            if meant
            else f"There is nobody on the roster of {event.slug}: donghanh roster import FILE."
        )
    return event, without


def _of_delegation(records: Sequence[Record], written: str) -> list[Record]:
    """The people of the one delegation whose name is, or else contains, what was written."""
    names = sorted({record.delegation for record in records if record.delegation})
    wanted = fold(written)
    meant = [name for name in names if fold(name) == wanted] or [
        name for name in names if wanted in fold(name)
    ]
    if len(meant) != 1:
        several = f"Several delegations are called so: {', '.join(meant)}."
        raise Refusal(several if meant else f"There is no delegation {written} on the roster.")
    return [record for record in records if record.delegation == meant[0]]


def _is_done(work: Work, wish: Wish, file: str) -> bool:
    """Did this very job put its cards in force before it was interrupted?"""
    entries = work.audit.of_event(wish.event_id)
    return any(one.verb == PRINTED and one.details.get("file") == file for one in entries)


def defer_cards(work: Work, event: Event, wish: Wish) -> int | None:
    """Ask for cards to be printed in the background; None when the same is under way already."""
    name = f"{event.slug}-{work.now.astimezone(event.zone):%Y%m%d-%H%M%S}.pdf"
    args = asdict(wish) | {"file": name}
    return defer(work, PRINTING, f"{event.id}:{fold(wish.delegation)}", args, event.id)


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        raise Refusal(
            f"The file {path.name} exists already or cannot be made; give another name."
        ) from None


def _fill(path: Path, drawn: bytes) -> None:
    path.write_bytes(drawn)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _clear(path: Path) -> None:
    """Room for a job's file: its folder, and nothing of an attempt that was interrupted."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove(path)
