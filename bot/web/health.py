"""What machines ask: is the process alive, may it get traffic, what did it count?"""

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

# Sentences of what stands in the way; none means ready.
Readiness = Callable[[], Awaitable[list[str]]]


class Health:
    """The three addresses of operators. By `instance` the doctor knows that it is we who answer."""

    def __init__(self, readiness: Readiness, instance: str) -> None:
        self._readiness = readiness
        self._instance = instance

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/healthz", self._alive),
            Route("/readyz", self._ready),
            Route("/metrics", self._metrics),
        ]

    async def _alive(self, _request: Request) -> Response:
        return JSONResponse({"alive": True, "instance": self._instance})

    async def _ready(self, _request: Request) -> Response:
        problems = await self._readiness()
        return JSONResponse({"ready": not problems, "problems": problems}, 503 if problems else 200)

    async def _metrics(self, _request: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
