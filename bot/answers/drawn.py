"""Draws the examples that are asked to learn what a score is worth, where there are too many.

The draw belongs to the examples themselves and not to their places in a list: somebody who adds
six questions must not find another threshold because all the others were drawn anew.
"""

from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32


def drawn(texts: Sequence[str], begin: Sequence[int], most: int) -> list[int]:
    """The places of at most `most` examples: one of every answer, then a second of each, ...

    `begin` says where each answer's examples begin, and where the last one's end.
    """
    lots = [crc32(text.encode()) for text in texts]
    turns: list[tuple[int, int, int]] = []
    for first, end in pairwise(begin):
        ranked = sorted(range(first, end), key=lambda at: (lots[at], at))
        turns += ((turn, lots[at], at) for turn, at in enumerate(ranked))
    return sorted(at for _, _, at in sorted(turns)[:most])
