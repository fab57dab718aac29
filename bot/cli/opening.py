"""What every verb begins with: settings, an open store at the newest schema, the event meant."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from bot.errors import DongHanhError, Refusal, StoreError

if TYPE_CHECKING:  # these cost a second to import; a verb that only prints help must not pay it
    from bot.clock import Clock
    from bot.config import Settings
    from bot.store import Store
    from bot.values.event import Event
    from bot.vault import Vault

T = TypeVar("T")

errors = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Here:
    """An installation, open for one verb."""

    settings: "Settings"
    store: "Store"
    vault: "Vault"
    clock: "Clock"

    async def event(self, slug: str | None = None) -> "Event":
        """The event with this slug; without one, the only event there is."""
        if slug is not None:
            found = await self.store.read(lambda work: work.events.by_slug(slug))
            if found is not None:
                return found
        events = await self.store.read(lambda work: work.events.all())
        if slug is None and len(events) == 1:
            return events[0]
        names = ", ".join(one.slug for one in events) or "none yet; make one: donghanh event new"
        what = f"There is no event {slug}." if slug else "Say which event: --event SLUG."
        raise Refusal(f"{what} Events here: {names}.")


@asynccontextmanager
async def opened() -> AsyncIterator[Here]:
    """Open the installation the settings name; raises StoreError when it is not migrated."""
    from bot.app import vault_of
    from bot.clock import SystemClock
    from bot.config import load
    from bot.store import Store, schema

    settings = load()
    clock = SystemClock()
    store = Store(settings.database, clock)
    try:
        version = await asyncio.to_thread(schema.version_of, store.url)
        if version != schema.head():
            found = f"has schema {version}" if version else "is empty"
            raise StoreError(
                f"The database {found}; this program needs {schema.head()}. "
                "Run `donghanh migrate` (or `donghanh demo` to try it out)."
            )
        yield Here(settings, store, vault_of(settings), clock)
    finally:
        await store.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a verb; what we know by name is one sentence and exit code 1, never a traceback."""
    try:
        return asyncio.run(work)
    except DongHanhError as error:
        errors.print("[bold red]✗[/]", Text(str(error)))
        raise typer.Exit(1) from None
