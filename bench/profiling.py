"""Our bot with a profiler in each of its two busy threads, and its SQL counted."""

import asyncio
import cProfile
import pstats
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot.store import Store


async def profiled(folder: Path, serve: Callable[[], Awaitable[None]]) -> None:
    """Serve until told to stop, then write `loop.txt`, `writer.txt` and `sql.txt` to a folder.

    Processor time only, waiting left out. A profiler slows everything down about threefold: read
    shares in it, not times.
    """
    said: Counter[str] = Counter()

    def count(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said[statement] += 1

    event.listen(Engine, "before_cursor_execute", count)
    loop, writer = cProfile.Profile(time.thread_time), cProfile.Profile(time.thread_time)
    begun = False
    first = Store.write

    async def write(self: Store, do: Any) -> Any:
        nonlocal begun
        if not begun and self.embedded:
            begun = True
            await self._runner._writer.run(writer.enable)  # type: ignore[attr-defined]
        return await first(self, do)

    Store.write = write  # type: ignore[method-assign]
    # uvicorn raises the signal that stopped it once more; what was counted must outlive that.
    signal.signal(signal.SIGTERM, lambda *_: None)
    loop.enable()
    try:
        await serve()
    finally:
        loop.disable()
        await asyncio.to_thread(_tell, folder, {"loop": loop, "writer": writer}, said)


def _tell(folder: Path, profiles: dict[str, cProfile.Profile], said: Counter[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, profile in profiles.items():
        with (folder / f"{name}.txt").open("w") as out:
            profile.create_stats()
            stats = pstats.Stats(profile, stream=out)
            stats.sort_stats("tottime").print_stats(60)
            stats.sort_stats("cumulative").print_stats(120)
    lines = [f"{times:7} {' '.join(text.split())}" for text, times in said.most_common()]
    (folder / "sql.txt").write_text("\n".join(lines) + "\n")
