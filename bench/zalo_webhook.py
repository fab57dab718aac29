"""How fast Zalo's events are kept: signed, over HTTP, on SQLite with every commit on the disk.

    python -m bench.zalo_webhook --events 5000 --in-flight 32

The server is a process of its own, all of it on one core, so that its processor time is its own;
who posts is another, on another core.
Turns are not run: what is measured is what stands between an event and its 200.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from socket import IPPROTO_TCP, socket

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.channels.zalo import ZaloChannel
from bot.clock import SystemClock
from bot.i18n import Texts
from bot.paths import resource as shipped
from bot.store import Store, database_url, schema
from bot.turn import FALLBACK_ZONE
from bot.values.incoming import Incoming
from bot.zalo import oa
from bot.zalo.fake.world import APP_ID, APP_SECRET, OA_ID, OA_SECRET
from bot.zalo.signature import HEADER, mac_of

PEOPLE = 1600


class Kept:
    """Accepts like the inbox, group commit included, and turns nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Incoming, asyncio.Future[bool]]] = []
        self._flushing: asyncio.Task[None] | None = None

    async def accept(self, incoming: Incoming) -> bool:
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((incoming, future))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        return await future

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            many = [one for one, _ in batch]
            ids = await self._store.write(lambda work, many=many: work.inbound.accept(many))  # type: ignore[misc]
            for (_, future), row in zip(batch, ids, strict=True):
                future.set_result(row is not None)


CORES = sorted(os.sched_getaffinity(0))


def keep_to(core: int) -> None:
    """From now on this process, with the threads it starts, runs on one core."""
    os.sched_setaffinity(0, {CORES[core % len(CORES)]})


async def serve(database: str) -> None:
    """The channel alone, behind the same HTTP server as in life."""
    keep_to(0)
    with schema.writing(database_url(database)) as conn:
        schema.upgrade(conn)
    clock = SystemClock()
    store = Store(database, clock)
    account = await store.write(lambda work: work.accounts.ensure("zalo", OA_ID).id)
    texts = Texts.load(shipped("locales"), ["vi"])
    channel = ZaloChannel(
        account,
        oa.Client(APP_ID, APP_SECRET),
        store=store,
        clock=clock,
        speak=lambda _: texts.translator("vi", FALLBACK_ZONE),
        secrets=(OA_SECRET,),
        base_url="https://dh.example",
    )
    await channel.open(Kept(store).accept)

    async def used(_request: object) -> JSONResponse:
        mine = resource.getrusage(resource.RUSAGE_SELF)
        return JSONResponse({"cpu": mine.ru_utime + mine.ru_stime, "rss": mine.ru_maxrss})

    app = Starlette(routes=[*channel.routes(), Route("/used", used)])
    listening = socket(proto=IPPROTO_TCP)  # by this asyncio knows not to hold answers back
    listening.bind(("127.0.0.1", 0))
    listening.listen(256)
    where = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False)
    print(where, account, flush=True)
    await uvicorn.Server(config).serve(sockets=[listening])


def event(number: int) -> tuple[bytes, dict[str, str]]:
    """One in ten is a receipt, one in ten a tap; the others are words."""
    her, stamp = str(4_572_947_693_000 + number % PEOPLE), str(int(time.time() * 1000) + number)
    sender, recipient = {"id": her}, {"id": OA_ID}
    said = {"msg_id": f"m{number:09d}"}
    name = "user_send_text"
    if number % 10 == 0:
        name, sender, recipient = "user_received_message", recipient, sender
    else:
        said["text"] = "#dh:mine.room" if number % 10 == 1 else f"Phòng của tôi ở đâu? {number}"
    told = {"app_id": APP_ID, "event_name": name, "sender": sender, "recipient": recipient}
    body = json.dumps({**told, "message": said, "timestamp": stamp}, ensure_ascii=False).encode()
    return body, {HEADER: f"mac={mac_of(APP_ID, body, stamp, OA_SECRET)}"}


async def post(
    url: str, events: int, in_flight: int, rate: float = 0.0
) -> tuple[list[float], int, float]:
    """Milliseconds to each 200, how many were none, and the seconds of all of it.

    `rate`: so many are due a second, and each is timed from when it was due, as Zalo would see it;
    0: each connection posts its next one as soon as it may.
    """
    made = [event(number) for number in range(events)]
    numbers, bad = iter(enumerate(made)), 0
    took: list[float] = []
    host, port = url.split("/")[2].split(":")
    path = "/" + url.split("/", 3)[3]

    async def one() -> None:
        """One connection, by hand: a client of comfort costs more than what is measured."""
        nonlocal bad
        reader, writer = await asyncio.open_connection(host, int(port))
        for number, (body, headers) in numbers:
            told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{told}Content-Length: {len(body)}\r\n\r\n"
            if rate and (early := start + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            due = start + number / rate if rate else time.perf_counter()
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            took.append((time.perf_counter() - due) * 1000)
            bad += not answer.startswith(b"HTTP/1.1 200")
        writer.close()
        await writer.wait_closed()

    start = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(in_flight)))
    return took, bad, time.perf_counter() - start


async def measure(events: int, in_flight: int, rate: float) -> dict[str, object]:
    """One run against a fresh database."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        os.sched_setaffinity(0, CORES)  # the server inherits it, and takes the other one
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.zalo_webhook", "--serve", url),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert server.stdout is not None
            keep_to(1)
            base, account = (await server.stdout.readline()).decode().split()
            where = f"{base}/webhook/zalo/{account}"
            await post(where, 200, in_flight)
            async with httpx.AsyncClient(trust_env=False) as client:
                before = (await client.get(f"{base}/used")).json()
                lines = in_flight if not rate else 4 * in_flight  # nobody waits for a line
                took, bad, seconds = await post(where, events, lines, rate)
                after = (await client.get(f"{base}/used")).json()
        finally:
            with suppress(ProcessLookupError):
                server.terminate()
            await server.wait()
    slices = statistics.quantiles(took, n=100)
    return {
        "events": events,
        "in_flight": in_flight,
        "due_per_second": rate or "as fast as they go",
        "per_second": round(events / seconds),
        "p50_ms": round(slices[49], 1),
        "p95_ms": round(slices[94], 1),
        "p99_ms": round(slices[98], 1),
        "not_200": bad,
        "server_cpu_ms_per_event": round((after["cpu"] - before["cpu"]) / events * 1000, 3),
        "server_mb": round(after["rss"] / 1024),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--in-flight", type=int, default=16)
    parser.add_argument("--rate", type=float, default=500.0, help="events due a second")
    parser.add_argument("--serve", metavar="DATABASE")
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(given.serve))
        return
    for rate in (0.0, given.rate):  # what it can; and how long one waits at the rate that is asked
        found = asyncio.run(measure(given.events, given.in_flight, rate))
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
