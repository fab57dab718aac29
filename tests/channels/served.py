"""A channel's routes on a real socket, as in life."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from bot.channels.base import Channel


@asynccontextmanager
async def served(channel: Channel) -> AsyncIterator[str]:
    """Gives the address of the channel's webhook."""
    config = uvicorn.Config(
        Starlette(routes=list(channel.routes())),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
    )
    # By this protocol asyncio knows that answers are not to wait for one another.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    where = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield f"{where}/webhook/{channel.kind}/{channel.account_id}"
    finally:
        server.should_exit = True
        await serving
