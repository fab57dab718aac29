"""Voices and pictures a page hands in: known by their bytes and never by their names.

What a page says about a file is not trusted: the first bytes decide, and everything that is not a
voice or a photograph is refused. A photograph is stripped of what cameras write into it, where it
was taken above all.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.channels.webchat.said import SaidId

LIMIT = 2_000_000  # bytes of one voice or picture; the page shrinks pictures far below
MOST_SECONDS = 60  # of one voice; the page stops there
MOST_KEPT = 20  # things of one address that wait for a helper at a time

Sort = Literal["voice", "picture"]

_SCAN = 4096  # how far into a recording its codec stands
_MARKS_OF_CAMERAS = {*range(0xE1, 0xF0), 0xFE} - {0xE2, 0xEE}  # keeps colour: ICC and Adobe
_NO_LENGTH = {0x01, *range(0xD0, 0xD8)}
_PICTURES = re.compile(rb"V_(?:VP8|VP9|AV1|MPEG)")  # codecs of Matroska
_TRACK = re.compile(rb"hdlr.{8}(soun|vide|text|subt)", re.DOTALL)  # ISO/IEC 14496-12, 8.4.3
_START, _END, _SCAN_DATA = b"\xff\xd8", b"\xff\xd9", 0xDA


class HandedSaid(BaseModel):
    """What stands in the address of such a post."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: SaidId
    seconds: Annotated[int, Field(ge=0, le=MOST_SECONDS + 1)] = 0


@dataclass(frozen=True, slots=True)
class Handed:
    """One thing as it is kept."""

    sort: Sort
    mime: str
    body: bytes


def known(sort: Sort, body: bytes) -> Handed | None:
    """The thing, if its bytes are what it is said to be; None for everything else."""
    if sort == "picture":
        bare = _without_marks(body)
        return Handed(sort, "image/jpeg", bare) if bare else None
    mime = _voice(body)
    return Handed(sort, mime, body) if mime else None


def _voice(body: bytes) -> str | None:
    """What browsers record: Opus in WebM or Ogg, AAC in MP4; no moving pictures."""
    begins = body[:_SCAN]
    if begins.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in begins[:64]:
        return None if _PICTURES.search(begins) or b"A_OPUS" not in begins else "audio/webm"
    if begins.startswith(b"OggS") and begins[28:36] == b"OpusHead":
        return "audio/ogg"
    if begins[4:8] == b"ftyp":
        tracks = {found[1] for found in _TRACK.finditer(body)}
        return "audio/mp4" if tracks == {b"soun"} else None
    return None


def _without_marks(body: bytes) -> bytes | None:
    """A JPEG without the segments in which cameras write where and with what it was taken.

    None when it is not one from its first byte to its last, with nothing behind it.
    """
    if not body.startswith(_START) or not body.endswith(_END):
        return None
    kept, at = [_START], 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        mark = body[at + 1]
        if mark in _NO_LENGTH:
            return None
        if mark == _SCAN_DATA:
            whole = b"".join([*kept, body[at:]])
            # Two ends: another file hides behind the picture.
            return whole if len(re.findall(_END, body[at:])) == 1 else None
        end = at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        if mark not in _MARKS_OF_CAMERAS:
            kept.append(body[at:end])
        at = end
    return None
