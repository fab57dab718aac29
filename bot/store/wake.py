"""Tells other processes that rows wait for them: a hint, never the truth.

Whoever waits for rows looks for them by itself now and then, so a ring that is lost costs time and
nothing else. `Wake` is the port: another way to publish could take PostgreSQL's place.
"""

import asyncio
import random
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol
from uuid import uuid4

import structlog
from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.engine import URL

if TYPE_CHECKING:  # the driver is only there where PostgreSQL is
    import psycopg

log = structlog.get_logger()

CHANNEL = "donghanh"
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
# A silent connection may be a dead one; one that does not answer within the limit is.
ASK_SECONDS = 30.0
ANSWER_SECONDS = 5.0
# PostgreSQL takes less than 8000 bytes; whoever hears of everything looks everywhere.
_MOST_BYTES = 7000
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("payload")))


class Ring(NamedTuple):
    """What waits: rows in a queue, a line for a page of an account; `all`: perhaps any."""

    kind: Literal["queue", "page", "all"]
    of: int = 0
    whom: str = ""


ALL = Ring("all")
Heard = Callable[[Ring], None]


class Wake(Protocol):
    """Rings in other processes. `ring` belongs to a transaction: unheard until it is committed."""

    def ring(self, conn: Connection, rings: Collection[Ring]) -> None: ...
    def open(self, heard: Heard) -> None: ...
    async def close(self) -> None: ...


class SilentWake:
    """Where one process does everything, nobody else need be woken."""

    def ring(self, conn: Connection, rings: Collection[Ring]) -> None:
        """Nobody is there to hear it."""

    def open(self, heard: Heard) -> None:
        """There is nothing to hear."""

    async def close(self) -> None:
        """Nothing was opened."""


class PostgresWake:
    """NOTIFY inside the transaction; LISTEN on one connection that is of use for nothing else."""

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._me = uuid4().hex[:8]  # what we rang ourselves, we know
        self._heard: Heard = _ignore
        self._listening: asyncio.Task[None] | None = None

    def ring(self, conn: Connection, rings: Collection[Ring]) -> None:
        """Heard by the others once this transaction is committed, and only then."""
        conn.execute(_NOTIFY, {"payload": written(self._me, rings)})

    def open(self, heard: Heard) -> None:
        """Begin to listen; `heard` is called on the event loop."""
        self._heard = heard
        self._listening = asyncio.create_task(self._listen(), name="wake")

    async def close(self) -> None:
        """Stop listening."""
        task, self._listening = self._listening, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                conn = await self._connect()
                pause = FIRST_PAUSE
                await self._hear(conn)
            except Exception as error:  # whatever it is: rows are found without us, only later
                log.warning("rings are not heard", what=type(error).__name__, again_in=pause)
            await asyncio.sleep(pause * (0.5 + random.random()))  # noqa: S311 (spread)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connect(self) -> "psycopg.AsyncConnection[Any]":
        import psycopg

        conn = await psycopg.AsyncConnection.connect(
            self._address, autocommit=True, connect_timeout=10
        )
        try:
            await conn.execute(f"LISTEN {CHANNEL}")
        except BaseException:
            await conn.close()
            raise
        self._heard(ALL)  # what was rung while nobody listened
        return conn

    async def _hear(self, conn: "psycopg.AsyncConnection[Any]") -> None:
        try:
            while True:
                async for notice in conn.notifies(timeout=ASK_SECONDS):
                    self._tell(notice.payload)
                async with asyncio.timeout(ANSWER_SECONDS):
                    await conn.execute("SELECT 1")
        finally:
            with suppress(Exception):
                await conn.close()

    def _tell(self, payload: str) -> None:
        for ring in read(self._me, payload):
            try:
                self._heard(ring)
            except Exception:
                log.exception("a ring broke what it woke", kind=ring.kind)


def written(me: str, rings: Collection[Ring]) -> str:
    """Rings as one payload: who rings, then `kind:number:whom` for each."""
    payload = " ".join([me, *(f"{one.kind}:{one.of}:{one.whom}" for one in sorted(set(rings)))])
    return payload if len(payload.encode()) < _MOST_BYTES else f"{me} all:0:"


def read(me: str, payload: str) -> list[Ring]:
    """The rings of a payload; none of our own, and none that a newer program wrote."""
    who, *words = payload.split(" ")
    return [] if who == me else [one for one in map(_ring, words) if one is not None]


def _ring(word: str) -> Ring | None:
    kind, _, rest = word.partition(":")
    number, _, whom = rest.partition(":")
    if not number.isdecimal():
        return None
    match kind:
        case "queue" | "page" | "all":
            return Ring(kind, int(number), whom)
    return None


def _ignore(_ring: Ring) -> None:
    """Before anybody listens."""
