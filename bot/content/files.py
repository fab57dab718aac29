"""Reads the files of a content folder safely: what is there, is it ours, is it text, is it TOML.

People edit these files on every kind of machine, so what can be read safely in only one way is
read and remarked on (BOM, Windows line ends, letters in parts); everything else is refused.
"""

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bot.content.library import FILES_FOLDER, Medium
from bot.content.lines import Lines
from bot.content.papers import alive_in
from bot.content.rules import Finding, finding
from bot.text import nfc

PAGE_BYTES = 256 * 1024
MEDIUM_BYTES = 5 * 1024 * 1024
PAPER_BYTES = 10 * 1024 * 1024
MEDIA_BYTES = 200 * 1024 * 1024
FILES = 5000

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MEDIUM_NAME = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.(png|jpg|jpeg|webp|svg)")
PAPER_NAME = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.(pdf|png|jpg|jpeg|webp)")
# Other parts of an event's folder: read by others, so not strange here.
_ELSEWHERE = ("courses", "notices", "clips", "roster.xlsx", "README.md")
_LITTER = re.compile(r"\..*|~\$.*|Thumbs\.db|desktop\.ini|.*[~]")
_TOML_PLACE = re.compile(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)
_SVG_ALIVE = re.compile(
    r"<script|<foreignObject|<!ENTITY|javascript:|\bon[a-z]+\s*=|href\s*=\s*[\"'](?!#|data:image/)"
    r"|url\(\s*[\"']?(?!#)[a-z]|@import",
    re.IGNORECASE,
)
_SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    "png": lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpeg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "webp": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
    "svg": lambda data: b"<svg" in data[:4096],
    "pdf": lambda data: data.startswith(b"%PDF-"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One TOML file that could be read: where it is, what it holds, and where its keys stand."""

    file: str
    data: dict[str, Any]
    lines: Lines


class Files:
    """The files of one folder, and everything that was wrong with them while reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.names: list[str] = []
        if folder.is_dir():
            self.names = sorted(islice(self._walk(), FILES + 1))
        if not folder.is_dir():
            self.note("", 0, "folder-missing")
        elif len(self.names) > FILES:
            self.note("", 0, "too-many", count=len(self.names), kind="files", limit=FILES)
            self.names = self.names[:FILES]

    def note(self, file: str, line: int, rule: str, /, **values: object) -> None:
        """Remember something wrong."""
        self.findings.append(finding(file, line, rule, **values))

    def page(self, name: str) -> Page | None:
        """One TOML file, or None if it cannot be read; the reason is noted."""
        text = self._text(name)
        if text is None:
            return None
        try:
            return Page(name, tomllib.loads(text), Lines(text))
        except tomllib.TOMLDecodeError as error:
            place = _TOML_PLACE.match(str(error))
            reason = place[1] if place else str(error)
            line = int(place[2]) if place and place[2] else text.count("\n") + 1
            self.note(name, line, "toml", reason=reason[:1].lower() + reason[1:])
        except RecursionError:
            self.note(name, 1, "toml", reason="it is nested too deeply")
        return None

    def medium(self, name: str) -> Medium | None:
        """What a picture file is, or None if it is not what its name says; the reason is noted."""
        known = MEDIUM_NAME.fullmatch(name.removeprefix("media/"))
        data = self._bytes(name, MEDIUM_BYTES) if known else None
        if known is None or data is None:
            return None
        return self._known_kind(name, known[2], data)

    def paper(self, name: str) -> Medium | None:
        """What a document's file is, or None if it is not what its name says or is not safe."""
        known = PAPER_NAME.fullmatch(name.removeprefix(f"{FILES_FOLDER}/"))
        data = self._bytes(name, PAPER_BYTES) if known else None
        if known is None or data is None:
            return None
        if known[2] == "pdf" and (alive := alive_in(data)):
            self.note(name, 1, "paper-alive", found=alive)
            return None
        return self._known_kind(name, known[2], data)

    def _known_kind(self, name: str, ending: str, data: bytes) -> Medium | None:
        kind = "jpeg" if ending == "jpg" else ending
        if not _SIGNATURES[kind](data):
            self.note(name, 1, "picture-bytes", kind=kind.upper())
            return None
        if kind == "svg" and (alive := _SVG_ALIVE.search(data.decode("utf-8", "replace"))):
            self.note(name, 1, "picture-script", found=alive[0].strip())
            return None
        return Medium(hashlib.sha256(data).hexdigest(), len(data), kind)

    def _walk(self) -> Iterator[str]:
        waiting = [self.folder]
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    name = Path(entry.path).relative_to(self.folder).as_posix()
                    if _LITTER.fullmatch(entry.name) or name in _ELSEWHERE:
                        continue
                    if entry.is_symlink():
                        self.note(name, 0, "symlink")
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif entry.is_file(follow_symlinks=False):
                        yield name
                    else:
                        self.note(name, 0, "not-a-file")

    def _bytes(self, name: str, limit: int) -> bytes | None:
        with (self.folder / name).open("rb") as opened:
            data = opened.read(limit + 1)
        if len(data) <= limit:
            return data
        size = (self.folder / name).stat().st_size
        self.note(name, 0, "too-large", size=_size(size), limit=_size(limit))
        return None

    def _text(self, name: str) -> str | None:
        data = self._bytes(name, PAGE_BYTES)
        if data is None:
            return None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.note(name, line, "encoding", guess=_guess_encoding(data))
            return None
        if text.startswith("\ufeff"):
            self.note(name, 1, "byte-order-mark")
            text = text[1:]
        if "\r" in text:
            self.note(name, 1, "line-ends")
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if nfc(text) != text:
            at = next(n for n, line in enumerate(text.split("\n"), 1) if nfc(line) != line)
            self.note(name, at, "not-composed")
        return nfc(text)


def _guess_encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        return "UTF-16, which Notepad calls Unicode"
    return "an old Windows or TCVN3 encoding"


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{count // 1024} kB"
