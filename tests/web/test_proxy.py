"""Who asks: the browser behind our own proxy, and never whoever claims to be somebody else."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.config import Settings
from bot.serving import listening


async def who(scope: Scope, receive: Receive, send: Send) -> None:
    """Says under which address a request is counted: the one that the web chat's gate sees."""
    client = Request(scope).client
    await PlainTextResponse(client.host if client else "")(scope, receive, send)


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "counted"),
    [
        ("127.0.0.1", "203.0.113.9", "127.0.0.1, ::1", "203.0.113.9"),
        ("::1", "2001:db8::7", "127.0.0.1, ::1", "2001:db8::7"),
        # She wrote the first address herself; the proxy appended the one it saw.
        ("127.0.0.1", "6.6.6.6, 203.0.113.9", "127.0.0.1, ::1", "203.0.113.9"),
        ("198.51.100.4", "203.0.113.9", "127.0.0.1, ::1", "198.51.100.4"),
        ("172.18.0.3", "203.0.113.9", "172.16.0.0/12", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", "172.16.0.0/12", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "", "127.0.0.1"),
    ],
)
async def test_who_is_counted(peer: str, forwarded: str, trusted: str, counted: str) -> None:
    config = listening(who, Settings(trusted_proxies=trusted))
    config.load()
    transport = httpx.ASGITransport(config.loaded_app, client=(peer, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as browser:
        answer = await browser.get("/", headers={"X-Forwarded-For": forwarded})
    assert answer.text == counted
