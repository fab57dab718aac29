"""Draws in a process of its own: a thousand cards take a quarter of a minute of one processor,
and nobody's answer may wait for that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from ctypes import c_int
from multiprocessing import get_context
from typing import Protocol

from bot.paper.cards import Card, Words, draw

LOOK_SECONDS = 0.25  # how often the other process is asked how far it is


class _Count(Protocol):
    """A number that two processes see."""

    value: int


_done: _Count | None = None


async def draw_apart(
    cards: Sequence[Card], words: Words, progress: Callable[[int, int], Awaitable[None]]
) -> bytes:
    """As `draw`, beside this process. `progress` is told (done, total) a few times a second."""
    apart = get_context("spawn")  # a fork would copy our threads' locks
    done: _Count = apart.Value(c_int, 0)
    pool = ProcessPoolExecutor(1, mp_context=apart, initializer=_share, initargs=(done,))
    try:
        drawing = asyncio.wrap_future(pool.submit(_draw, cards, words))
        while drawing in (await asyncio.wait({drawing}, timeout=LOOK_SECONDS))[1]:
            await progress(done.value, len(cards))
        drawn = await drawing
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    await progress(len(cards), len(cards))
    return drawn


def _share(done: _Count) -> None:
    global _done
    _done = done


def _draw(cards: Sequence[Card], words: Words) -> bytes:
    return draw(cards, words, _tell)


def _tell(count: int) -> None:
    assert _done is not None
    _done.value = count
