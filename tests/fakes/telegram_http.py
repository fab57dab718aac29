"""How the Bot API reads parameters and writes answers."""

from typing import Any

from aiohttp import web

from tests.fakes.telegram_rules import RefusedError
from tests.fakes.telegram_world import Upload


async def read_fields(request: web.Request) -> dict[str, Any]:
    """The parameters, however they came: JSON, a form, an upload, the address."""
    if request.content_type == "application/json":
        try:
            given = await request.json()
        except ValueError:
            raise RefusedError(400, "Bad Request: can't parse parameters") from None
        if not isinstance(given, dict):
            raise RefusedError(400, "Bad Request: JSON object expected")
        return given
    fields: dict[str, Any] = dict(request.query)
    for name, value in (await request.post()).items():
        fields[name] = value
        if isinstance(value, web.FileField):
            fields[name] = Upload(value.filename, value.content_type, value.file.read())
    return fields


def ok(result: Any) -> web.Response:
    """A result."""
    return web.json_response({"ok": True, "result": result})


def refusal(refused: RefusedError) -> web.Response:
    """A refusal as the service writes it."""
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refused.status,
        "description": refused.said,
    }
    if refused.retry_after is not None:
        body["parameters"] = {"retry_after": refused.retry_after}
    return web.json_response(body, status=refused.status)


def too_many(seconds: float) -> RefusedError:
    """A 429 with the whole seconds to wait."""
    wait = max(1, int(seconds + 0.999))
    return RefusedError(429, f"Too Many Requests: retry after {wait}", wait)


def reset(request: web.Request) -> None:
    """Cuts the line without a word."""
    if request.transport is not None:
        request.transport.abort()
