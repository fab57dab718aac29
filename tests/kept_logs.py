"""Every log line of a test worker, kept until the end of the run and searched for people."""

import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from python_calamine import load_workbook

from bot import logs
from bot.paths import resource

# What tests type when they want to see whether it comes out again in the log.
MARKER = "điều chỉ đại biểu được biết"
_TYPED = (MARKER, "toi o phong nao", "phòng của tôi", "xin chào", "Nguyễn Thị Hạnh", "Rơ Châm")
# What the log must not hold, whoever's it is. A card's code and token are random each time.
_SHAPES = {
    "a phone number": re.compile(r"(?<![\d.])(?:\+84|0)[1-9](?:[ .]?\d){8}(?!\d)"),
    "a card's code": re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}(?![\w-])"),
    "a card's token": re.compile(
        r"(?<![\w/.-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{22}(?![\w/.-])", re.ASCII
    ),
    "a bot's token": re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}"),
    "a secret key": re.compile(r"(?<![\w-])[\w-]{43}=", re.ASCII),
}


class Tee:
    """Where log lines of tests go: to the test's own stderr, and into a file that is searched."""

    def __init__(self) -> None:
        # Open as long as the process lives, and gone with it.
        self.file: TextIO = tempfile.TemporaryFile(  # noqa: SIM115
            "w+", encoding="utf-8", errors="replace"
        )

    def write(self, words: str) -> int:
        self.file.write(words)
        return sys.stderr.write(words)

    def flush(self) -> None:
        sys.stderr.flush()

    def isatty(self) -> bool:
        return False

    def lines(self) -> list[str]:
        """Everything so far."""
        self.file.seek(0)
        return self.file.read().splitlines()


TEE: Any = Tee()


def begin() -> None:
    """Let this process's log lines be kept, also after somebody configured them differently."""
    logs.set_up(json=True, level="debug", to=TEE)


def leaks(lines: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """What stands in the lines and should not, each with the line it was found in."""
    wanted = [*names, *_TYPED]
    for line in lines:
        for found in (one for one in wanted if one in line):
            yield f"{found!r} in {line}"
        for what, shape in _SHAPES.items():
            for hit in shape.findall(line):
                yield f"{what}, {hit!r}, in {line}"


def people() -> list[str]:
    """Everybody in the sample roster."""
    path = resource("content") / "sample" / "roster.xlsx"
    head, *rows = load_workbook(path).get_sheet_by_index(0).to_python()
    where = head.index("Họ và tên")
    return [str(row[where]) for row in rows]
