"""Writes what events tell beside what they say: many of them in one commit, none before its 200."""

import asyncio
from collections.abc import Sequence

from bot.store import Store, Work
from bot.store.echoes import Said
from bot.store.platform_events import Happened
from bot.store.windows import Heard, Told, Whereabouts

# So many in one transaction; others may write in between.
BATCH = 300

Receipts = tuple[Told, ...]
Note = Heard | Said | Happened | Receipts


class Notebook:
    """Group commit: while one batch is written, the next gathers."""

    def __init__(self, store: Store, account_id: int) -> None:
        self._store = store
        self._account_id = account_id
        self._waiting: list[tuple[Note, asyncio.Future[Whereabouts | None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def note(self, note: Note) -> Whereabouts | None:
        """Keep it; what is known of whoever did it. Raises when it cannot be kept."""
        future: asyncio.Future[Whereabouts | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((note, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="zalo notes")
        return await future

    async def close(self) -> None:
        """Write what waits."""
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            notes = [note for note, _ in batch]
            try:
                known = await self._store.write(lambda work, notes=notes: self._kept(work, notes))  # type: ignore[misc]
            except Exception as error:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for note, future in batch:
                if not future.done():  # whoever waited may have hung up
                    future.set_result(known.get(note.sender) if isinstance(note, Heard) else None)

    def _kept(self, work: Work, notes: Sequence[Note]) -> dict[str, Whereabouts]:
        work.windows.last_heard([self._account_id], work.now)
        told: list[Told] = []
        said: list[Said] = []
        happened: list[Happened] = []
        heard: list[Heard] = []
        for note in notes:
            match note:
                case Heard():
                    heard.append(note)
                case Said():
                    said.append(note)
                case Happened():
                    happened.append(note)
                case _:
                    told += note
        work.windows.told(self._account_id, told)
        work.echoes.add(self._account_id, said)
        work.platform_events.add(self._account_id, happened)
        return work.windows.heard(self._account_id, heard) if heard else {}
