"""Recorded requests and events, where they are at hand, and how they are compared.

DONGHANH_TEST_DATA names the folder that holds `zalo/`; without it the neighbouring folders are
tried. The rules of comparing are those of the recordings' own README.
"""

import base64
import json
import os
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from bot import zalo
from bot.zalo import oa, zns

FILES = ("requests.json", "webhooks.json")
CLIENTS = {"oa": oa.Client, "zns": zns.Client}


def _folders() -> Iterator[Path]:
    if named := os.environ.get("DONGHANH_TEST_DATA"):
        yield Path(named) / "zalo"
        return
    for parent in Path(__file__).resolve().parents:
        yield from sorted(parent.glob("*/data/zalo"))


FOLDER = next((one for one in _folders() if all((one / name).exists() for name in FILES)), None)
ABSENT = "data folder absent (DONGHANH_TEST_DATA)"


def told(name: str) -> dict[str, Any]:
    """One file of recordings; empty where there is none."""
    if FOLDER is None:
        return {"cases": []}
    read: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return read


def made(value: Any) -> Any:
    """A recorded argument as an object of ours."""
    match value:
        case {"$new": name, **rest}:
            args, kwargs = made(rest.get("args", [])), made(rest.get("kwargs", {}))
            return getattr(zalo, name)(*args, **kwargs)
        case {"$enum": name}:
            kind, _, member = name.partition(".")
            return getattr(getattr(zalo, kind), member)
        case {"$bytes_b64": text}:
            return base64.b64decode(text)
        case dict():
            return {key: made(one) for key, one in value.items()}
        case list():
            return [made(one) for one in value]
        case _:
            return value


class Recorder(httpx.AsyncBaseTransport):
    """Keeps every request, gives the canned answer to each."""

    def __init__(self, response: dict[str, Any] | None) -> None:
        self._response = response or {
            "status": 200,
            "body": '{"error": 0, "message": "Success", "data": {}}',
        }
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        body = self._response["body"].encode()
        return httpx.Response(self._response["status"], content=body)


def seen(request: httpx.Request, wanted: dict[str, Any]) -> dict[str, Any]:
    """A request of ours in the words of the recording it should equal."""
    url = urlsplit(str(request.url))
    headers = {name: request.headers.get(name, "") for name in wanted["headers"]}
    if wanted["body"]["kind"] == "multipart":
        headers["content-type"] = headers["content-type"].split("boundary=")[0] + "boundary=*"
    return {
        "method": request.method,
        "scheme": url.scheme,
        "host": url.hostname,
        "path": url.path,
        "query": _query([list(pair) for pair in parse_qsl(url.query, keep_blank_values=True)]),
        "headers": headers,
        "body": _body(request, wanted["body"]["kind"]),
    }


def expected(wanted: dict[str, Any]) -> dict[str, Any]:
    """The recording without what may differ."""
    body = {key: value for key, value in wanted["body"].items() if key != "raw"}
    if body["kind"] == "form":
        body["form"] = sorted(body["form"])
    rest = {key: value for key, value in wanted.items() if key != "query_raw"}
    return {**rest, "query": _query(wanted["query"]), "body": body}


def _query(pairs: list[list[str]]) -> list[tuple[str, Any]]:
    """`data=` by what it says: spaces differ."""
    return sorted((k, json.loads(v)) if k == "data" else (k, v) for k, v in pairs)


def _body(request: httpx.Request, kind: str) -> dict[str, Any]:
    match kind:
        case "json":
            return {"kind": kind, "json": json.loads(request.content)}
        case "form":
            pairs = parse_qsl(request.content.decode(), keep_blank_values=True)
            return {"kind": kind, "form": sorted(map(list, pairs))}
        case "multipart":
            return {"kind": kind, "parts": _parts(request)}
        case _:
            assert request.content == b""
            return {"kind": kind}


def _parts(request: httpx.Request) -> list[dict[str, Any]]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parsed = BytesParser().parsebytes(head + request.content)
    parts: list[Message] = [part for part in parsed.get_payload() if isinstance(part, Message)]
    return [_part(part) for part in parts]


def _part(part: Message) -> dict[str, Any]:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return {
        "name": part.get_param("name", header="content-disposition"),
        "filename": part.get_filename(),
        "content_type": part.get("content-type"),
        "content_b64": base64.b64encode(content).decode(),
    }
