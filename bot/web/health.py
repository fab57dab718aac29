"""What machines ask: is the process alive, may it get traffic, what did it count?"""

import re
from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_NONCE = re.compile(r"[0-9a-f]{16}")
# Sentences of what stands in the way; none means ready.
Readiness = Callable[[], Awaitable[list[str]]]
# Reads what is counted in the database, not by this process.
Measure = Callable[[], Awaitable[None]]


async def nothing() -> None:
    """Where nothing is counted but what this process does."""


class Health:
    """The three addresses of operators. By `instance` the doctor knows that it is we who answer."""

    def __init__(self, readiness: Readiness, instance: str, measure: Measure = nothing) -> None:
        self._readiness = readiness
        self._instance = instance
        self._measure = measure

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/healthz", self._alive),
            Route("/readyz", self._ready),
            Route("/metrics", self._metrics),
        ]

    async def _alive(self, request: Request) -> Response:
        """The nonce comes back, so that who asks knows that no proxy answered from its memory."""
        told = {"alive": True, "instance": self._instance}
        nonce = request.query_params.get("nonce", "")
        if _NONCE.fullmatch(nonce):
            told["nonce"] = nonce
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    async def _ready(self, _request: Request) -> Response:
        problems = await self._readiness()
        return JSONResponse({"ready": not problems, "problems": problems}, 503 if problems else 200)

    async def _metrics(self, _request: Request) -> Response:
        await self._measure()
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
