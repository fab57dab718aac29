"""How the fake reads requests and writes answers: as the service does, refusals under 200."""

import json
from email.message import Message as Part
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.zalo.fake.world import Json, RefusedError

BODY_LIMIT = 8_000_000


def done(data: Any, left: int | None = None) -> Response:
    """Success, with what is left of this minute's calls."""
    told: Json = {"error": 0, "message": "Success"}
    headers = {} if left is None else {"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": str(left)}
    return JSONResponse(told if data is None else {"data": data, **told}, headers=headers)


def refused(refusal: RefusedError) -> Response:
    """A refusal: HTTP says 200."""
    return JSONResponse({"error": refusal.code, "message": refusal.said})


async def json_body(request: Request) -> Json:
    """A POST's JSON object; another content type is refused."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise RefusedError(-201, "Content-Type must be application/json")
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise RefusedError(-201, "body is not valid") from None
    if not isinstance(body, dict):
        raise RefusedError(-201, "body is not valid")
    return body


def data_in(request: Request) -> Json:
    """A GET's one parameter `data`, which is JSON."""
    try:
        data = json.loads(request.query_params.get("data", "{}"))
    except ValueError:
        raise RefusedError(-201, "data is not valid") from None
    if not isinstance(data, dict):
        raise RefusedError(-201, "data is not valid")
    return data


async def form_body(request: Request) -> dict[str, str]:
    """What the token endpoint takes."""
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


async def file_part(request: Request) -> tuple[bytes, str, str]:
    """Content, name and type of the part `file`; ("" for a name that is not there)."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise RefusedError(-201, "Content-Type must be multipart/form-data")
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    parsed = BytesParser().parsebytes(head + await request.body())
    for part in parsed.walk():
        if part.get_param("name", header="content-disposition") == "file":
            return _content(part), part.get_filename() or "", part.get_content_type()
    raise RefusedError(-201, "file is not valid")


def _content(part: Part) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
