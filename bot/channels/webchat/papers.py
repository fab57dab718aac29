"""Hands over the file of a document to whom it is for, as something to keep and never as a page."""

import re
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.responses import Response

_SHA256 = re.compile(r"[0-9a-f]{64}")
# Nothing in it may run or load here, even where a browser shows it instead of keeping it.
_POLICY = "sandbox; default-src 'none'"


class Paper(Protocol):
    """The file of a document; `kind` is its mime type."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> bytes: ...


# (sender, SHA-256) -> the file, or None when this sender may not have it, or not any more.
PaperFor = Callable[[str, str], Awaitable[Paper | None]]


async def nothing(_sender: str, _sha256: str) -> Paper | None:
    """For a chat without documents."""
    return None


async def handed_over(paper_for: PaperFor, sender: str, sha256: str) -> Response:
    """The file as a download; 410 for everything else, so that a guess learns nothing.

    No copy stays behind in a browser that others use too.
    """
    paper = await paper_for(sender, sha256) if _SHA256.fullmatch(sha256) else None
    if paper is None:
        raise HTTPException(410)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{paper.name}"',
        "Content-Security-Policy": _POLICY,
    }
    return Response(paper.body, media_type=paper.kind, headers=headers)
