"""Finds the line of every key in a TOML text, for the standard library's parser tells none.

It reads only text that the parser already accepted, so it needs to know where strings, brackets
and comments end, and nothing else about the language.
"""

import re
from bisect import bisect_left

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^[ \t]*(\[\[?)([^\n]*?)\]\]?[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_KEY = re.compile(r"""[ \t]*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'|[ \t]*\.[ \t]*)+)[ \t]*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'""")
_TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}'''
    r"""|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[\[\]{},\n]|[^\s\[\]{},"'#]+|[ \t]+""",
    re.DOTALL,
)


class Lines:
    """The line of every key and list entry of one TOML text, counted from 1."""

    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._text = text
        self._ends = [at for at, character in enumerate(text) if character == "\n"]
        self._read()

    def of(self, *path: str | int) -> int:
        """The line of this value, or of the nearest table around it if it has none of its own."""
        while path and path not in self._found:
            path = path[:-1]
        return self._found.get(path, 1)

    def _read(self) -> None:
        at = 0
        table: Path = ()
        while at < len(self._text):
            end = self._end_of_line(at)
            if header := _HEADER.match(self._text, at, end):
                table = self._enter(header, at)
                at = end + 1
            elif key := _KEY.match(self._text, at, end):
                path = (*table, *_parts(key[1]))
                self._note(path, at)
                at = self._skip_value(path, key.end())
            else:
                at = end + 1

    def _end_of_line(self, at: int) -> int:
        line = bisect_left(self._ends, at)
        return self._ends[line] if line < len(self._ends) else len(self._text)

    def _line(self, at: int) -> int:
        return bisect_left(self._ends, at) + 1

    def _note(self, path: Path, at: int) -> None:
        for length in range(1, len(path) + 1):
            self._found.setdefault(path[:length], self._line(at))

    def _enter(self, header: re.Match[str], at: int) -> Path:
        path: Path = ()
        parts = _parts(header[2])
        for place, part in enumerate(parts):
            path = (*path, part)
            is_last = place == len(parts) - 1
            if header[1] == "[[" and is_last:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        self._note(path, at)
        return path

    def _skip_value(self, path: Path, at: int) -> int:
        """Walk over one value, noting the entries of a list, to the start of the next line."""
        depth, entry = 0, 0
        while token := _TOKEN.match(self._text, at):
            word = token[0]
            if word == "\n" and depth == 0:
                return token.end()
            if depth == 1 and word == ",":
                entry += 1
            elif depth == 1 and not word.isspace() and word[0] not in "#]}":
                self._note((*path, entry), at)
            depth += (word in "[{") - (word in "]}") if len(word) == 1 else 0
            at = token.end()
        return len(self._text)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
