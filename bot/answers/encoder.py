"""The plug-in point for an engine that knows what sentences mean; without one nothing changes.

The engine is a function from texts to rows of numbers, given by whoever builds a matcher. Nothing
is loaded or fetched here. How much it counts beside words and letters is found from the examples;
if in doubt it counts alone, because mixing it badly is worse than not mixing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Encode: TypeAlias = Callable[[list[str]], ArrayLike]
_Floats: TypeAlias = NDArray[np.float32]
_SHARES = (1.0, 0.85, 0.7, 0.5, 0.3)  # of the engine in the blends tried; alone first


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the engine says of every example, each a row of length one, and how much it counts."""

    encode: Encode
    vectors: _Floats
    share: float = 1.0

    @staticmethod
    def of(texts: Sequence[str], encode: Encode) -> "Meaning":
        """Asks the engine once for all examples; ValueError when it gives no row for each."""
        return Meaning(encode, _unit(encode([*texts]), len(texts)))

    def blends(self) -> Iterator["Meaning"]:
        """The same with every share that is worth trying, the engine alone first."""
        return (replace(self, share=share) for share in _SHARES)

    def fused(self, likeness: _Floats, asked: str | int) -> _Floats:
        """The likeness to every example of a question, or of one of the examples."""
        if isinstance(asked, int):
            vector = self.vectors[asked]
        else:
            vector = _unit(self.encode([asked]), 1)[0]
        alike = np.maximum(self.vectors @ vector, 0)
        return np.asarray((1 - self.share) * likeness + self.share * alike, dtype=np.float32)

    def fused_gram(self, gram: _Floats, some: NDArray[np.int32]) -> _Floats:
        """The likeness of some examples to each other."""
        alike = self.vectors[some] @ self.vectors[some].T
        return np.asarray((1 - self.share) * gram + self.share * alike, dtype=np.float32)


def _unit(rows: ArrayLike, count: int) -> _Floats:
    numbers = np.asarray(rows, dtype=np.float32)
    if numbers.ndim != 2 or len(numbers) != count or not np.isfinite(numbers).all():
        raise ValueError(f"the encoder must give {count} rows of finite numbers")
    length = np.linalg.norm(numbers, axis=1, keepdims=True)
    return np.asarray(numbers / np.where(length > 0, length, 1), dtype=np.float32)
