"""Writes out the cards of people who have none: the only moment their codes can be read.

The database keeps fingerprints only, so a lost file means new cards, and a found file opens
nothing without the last digits of each person's own telephone.
"""

import csv
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from bot.i18n import N_
from bot.roster.notes import RosterRefused
from bot.roster.rows import ACTIVE
from bot.store import Work
from bot.vault import Vault

HEADINGS = (
    N_("Delegate code"),
    N_("Full name"),
    N_("Delegation"),
    N_("Card code"),
    N_("Card link"),
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Line = tuple[str, ...]
Write = Callable[[Sequence[str], Sequence[Line]], None]


class IssuedCard(Protocol):
    """A card as `bot.access` makes it, for the only moment its token is known."""

    @property
    def person_id(self) -> int: ...
    @property
    def token(self) -> str: ...
    @property
    def code(self) -> str: ...


Make = Callable[[Work, Vault, int, list[int]], Sequence[IssuedCard]]


def issue(
    work: Work,
    vault: Vault,
    event_id: int,
    base_url: str,
    make: Make,
    author: str,
    *,
    reissue: bool = False,
) -> list[Line]:
    """Cards for the active people without one (all when `reissue`), as lines of the file.

    `make` is `bot.access.issue_cards`. `base_url` has no slash at its end.
    """
    having = work.cards.with_cards(event_id)
    records = {
        record.person_id: record
        for record in work.roster.all(event_id)
        if record.status == ACTIVE and (reissue or record.person_id not in having)
    }
    lines: list[Line] = []
    for card in make(work, vault, event_id, list(records)):
        record = records[card.person_id]
        link = f"{base_url}/c/{card.token}"
        lines.append((record.code, record.full_name, record.delegation, card.code, link))
    work.audit.add(event_id, author, "roster.tokens", f"event:{event_id}", count=len(lines))
    return lines


@contextmanager
def card_file(path: Path | None) -> Iterator[Write]:
    """Opens the file before any card is made, so that no code is made and then lost.

    The file is new and readable by its owner only. None writes to the terminal. Raises
    RosterRefused when the file exists or cannot be made.
    """
    if path is None:
        yield lambda headings, lines: _write(sys.stdout, headings, lines)
        return
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise RosterRefused(
            N_("The file “{name}” exists already or cannot be made; give another name."),
            name=path.name,
        ) from None
    with os.fdopen(opened, "w", encoding="utf-8-sig", newline="") as file:
        yield lambda headings, lines: _write(file, headings, lines)


def _write(file: TextIO, headings: Sequence[str], lines: Sequence[Line]) -> None:
    writer = csv.writer(file)
    writer.writerow(headings)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)


def _harmless(cell: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell
