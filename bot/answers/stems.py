"""English words without their endings: "booking", "booked" and "books" are asked for alike.

Rough on purpose: it never has to be a word, only the same for forms of one word.
"""

from functools import lru_cache

_ENDINGS = (
    *("ations", "ation", "ings", "ing", "ments", "ment", "ers", "ness", "edly", "ed", "ies"),
    *("es", "er", "ly", "s", "e", "y"),
)
_LEAST = 3  # letters that stay


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The word without its ending; short words keep all but a plural's s."""
    if len(word) == 4 and word.endswith("s") and word[-2] not in "su":
        return word[:-1]
    if len(word) <= 4:
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            left = word.removesuffix(ending)
            doubled = len(left) > _LEAST and left[-1] == left[-2] and left[-1] not in "ls"
            return left[:-1] if doubled else left
    return word
