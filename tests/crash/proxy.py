"""A line between two of our processes that can be cut: refused, or swallowed in silence."""

import asyncio
from types import TracebackType


class Line:
    """Passes bytes between whoever connects to `port` and a server at a port or a socket's path."""

    def __init__(self, to: int | str) -> None:
        self._to = to
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._through = asyncio.Event()
        self._through.set()
        self._passing: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> "Line":
        await self._listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._through.set()
        await self.refuse()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def refuse(self) -> None:
        """Whoever is connected is cut off, whoever connects is refused."""
        if self._server is not None:
            self._server.close()
        self._server = None
        self._abort()

    def swallow(self) -> None:
        """Connections stand and nothing passes, as when a cable is pulled."""
        self._through.clear()

    async def mend(self) -> None:
        """New connections pass. Those that hung are reset: what lay between forgot them."""
        if not self._through.is_set():
            self._abort()
            self._through.set()
        if self._server is None:
            await self._listen()

    def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        await self._through.wait()
        try:
            if isinstance(self._to, int):
                far = await asyncio.open_connection("127.0.0.1", self._to)
            else:
                far = await asyncio.open_unix_connection(self._to)
        except OSError:
            writer.transport.abort()
            return
        self._open.add(far[1])
        for one, other in ((reader, far[1]), (far[0], writer)):
            task = asyncio.create_task(self._pass(one, other))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._through.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()
            self._open.discard(writer)
