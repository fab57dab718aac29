"""A file lock beside an embedded database: the kernel frees it the moment its owner dies."""

import fcntl
from pathlib import Path
from typing import IO


class OwnerLock:
    """Held by one process at a time; lost with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """True when it is ours now."""
        if self._file is None:
            self._file = self._path.open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def free(self) -> None:
        """Somebody else may take it."""
        if self._file is not None:
            self._file.close()
            self._file = None
