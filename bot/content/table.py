"""Takes values out of one TOML table: each of the right type, every mistake noted, none hidden.

A wrong value becomes the harmless default so that reading goes on and finds the next mistake.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any
from unicodedata import category

from bot.content.audience import LINKED, Audience, AudienceError
from bot.content.files import Files, Page
from bot.text import fold, nfc

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
# Left-to-right and right-to-left switches could make a text read otherwise than it is stored.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_LATIN = ("vi", "en")


def tidy(text: str, language: str = "") -> str:
    """Text as it is kept: composed, without white space at the ends of lines or of the whole.

    Characters nobody sees are dropped in Vietnamese and English; Khmer needs some of them.
    """
    kept = text.translate(_INVISIBLE) if language in _LATIN else text
    lines = (line.rstrip(" \t\u00a0") for line in nfc(kept).split("\n"))
    return "\n".join(lines).strip(" \t\u00a0\n")


class Table:
    """One table of a file; remembers which keys were taken, so that the rest can be reported."""

    def __init__(
        self, files: Files, page: Page, data: Mapping[str, Any], path: tuple[str | int, ...] = ()
    ) -> None:
        self._files, self._page, self._data, self._path = files, page, data, path
        self._known: list[str] = []
        self.language = ""

    def note(self, key: str | int | None, rule: str, /, **values: object) -> None:
        """Note something wrong at a key, or at the table itself."""
        path = self._path if key is None else (*self._path, key)
        self._files.note(self._page.file, self._page.lines.of(*path), rule, **values)

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self._data

    def text(self, key: str, example: str, *, required: bool = False) -> str:
        """Words; "" when absent. Noted when missing but `required`, or when empty."""
        value = self._take(key, str, "not-text", f'{key} = "{example}"', required)
        return "" if value is None else self._tidied(key, value, required, example)

    def one_of(self, key: str, known: Collection[str], default: str = "") -> str:
        """One of the known words; required when there is no default."""
        value = self.text(key, next(iter(known)), required=not default) or default
        if value and value not in known:
            self.note(key, "not-one-of", key=key, value=value, known=", ".join(known))
            return ""
        return value

    def matching(
        self, key: str, pattern: re.Pattern[str], example: str, *, required: bool = False
    ) -> str:
        """Words that look like the example."""
        value = self.text(key, example, required=required)
        if value and not pattern.fullmatch(value):
            self.note(key, "wrong-value", key=key, value=value, example=f'{key} = "{example}"')
            return ""
        return value

    def texts(self, key: str, example: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of words, without empty ones."""
        shown = f'{key} = ["{example}"]'
        value = self._take(key, list, "not-list", shown, required)
        if value is None:
            return ()
        if not all(isinstance(entry, str) for entry in value):
            self.note(key, "not-list", key=key, example=shown)
            return ()
        tidied = (self._tidied(key, entry, False, example) for entry in value)
        return tuple(entry for entry in tidied if entry)

    def flag(self, key: str, absent: bool = False) -> bool:
        """true or false; `absent` when it is not there."""
        value = self._take(key, bool, "not-flag", f"{key} = true", False)
        return absent if value is None else bool(value)

    def whole(self, key: str, example: int, low: int, high: int) -> int:
        """A required whole number between two others; `low` when it is wrong."""
        value = self._take(key, int, "not-number", f"{key} = {example}", True)
        if value is None:
            return low
        if not low <= value <= high:
            self.note(key, "wrong-value", key=key, value=value, example=f"{key} = {example}")
            return low
        return int(value)

    def degrees(self, key: str, example: float, limit: int) -> float | None:
        """A map coordinate in degrees, None when absent."""
        kinds = float if isinstance(self._data.get(key), float) else int
        value = self._take(key, kinds, "not-number", f"{key} = {example}", False)
        if value is None:
            return None
        if not -limit <= value <= limit:
            self.note(key, "wrong-value", key=key, value=value, example=f"{key} = {example}")
            return None
        return float(value)

    def day(self, key: str, example: str) -> date:
        """A required calendar date."""
        value = self._take(key, date, "not-date", f"{key} = {example}", True)
        return date(2000, 1, 1) if value is None else value

    def moment(self, key: str, example: str) -> datetime:
        """A required date and time with its zone, given back in UTC."""
        value = self._take(key, datetime, "not-moment", f"{key} = {example}", True)
        if value is None:
            return datetime(2000, 1, 1, tzinfo=UTC)
        if value.tzinfo is None:
            self.note(key, "not-moment", key=key, example=f"{key} = {example}")
            return datetime(2000, 1, 1, tzinfo=UTC)
        moment: datetime = value.astimezone(UTC)
        return moment

    def clock(self, key: str, example: str, default: time) -> time:
        """A required time of day like "07:30"; the default stands in for a wrong one."""
        value = self.matching(key, _CLOCK, example, required=True)
        return time.fromisoformat(value) if value else default

    def audience(self) -> Audience:
        """The audience; people tied to the roster when nothing is written."""
        written = self._data.get("audience", LINKED)
        self._known.append("audience")
        is_list = isinstance(written, list) and all(isinstance(term, str) for term in written)
        if not is_list and not isinstance(written, str):
            self.note("audience", "not-text", key="audience", example='audience = "linked"')
            return Audience()
        try:
            return Audience.parse(written)
        except AudienceError as error:
            self.note("audience", error.rule, term=error.term)
            return Audience()

    def table(self, key: str, example: str, *, required: bool = False) -> "Table | None":
        """A table inside this one."""
        value = self._take(key, dict, "not-table", example, required)
        return None if value is None else Table(self._files, self._page, value, (*self._path, key))

    def tables(self, key: str, example: str) -> "list[Table]":
        """The tables of a `[[key]]` list."""
        value = self._take(key, list, "not-table", example, True) or []
        if not all(isinstance(entry, dict) for entry in value):
            self.note(key, "not-table", key=key, example=example)
            return []
        return [
            Table(self._files, self._page, entry, (*self._path, key, place))
            for place, entry in enumerate(value)
        ]

    def empty(self) -> "Table":
        """A table without keys in the same file, for words that are missing altogether."""
        return Table(self._files, self._page, {}, self._path)

    def done(self, *more: str) -> None:
        """Report every key nobody took. `more` are keys that would have been welcome."""
        known = [*self._known, *more]
        for key in self._data:
            if key in known:
                continue
            near = closest(key, known)
            if near:
                self.note(key, "misspelt-key", key=key, near=near)
            else:
                self.note(key, "unknown-key", key=key, known=", ".join(known))

    def _take(self, key: str, kind: type, rule: str, example: str, required: bool) -> Any:
        self._known.append(key)
        value = self._data.get(key)
        if value is None:
            if required:
                self.note(None, "missing-key", key=key, example=example)
            return None
        # `type` and not `isinstance`: a bool is an int, and a date and time is a date.
        if type(value) is not kind:
            self.note(key, rule, key=key, example=example)
            return None
        return value

    def _tidied(self, key: str, value: str, required: bool, example: str) -> str:
        for character in value:
            is_control = category(character) == "Cc" and character not in "\n\t"
            if is_control or character in _DIRECTIONS:
                self.note(key, "control-character", key=key, code=f"U+{ord(character):04X}")
                return ""
        tidied = tidy(value, self.language)
        if self.language in _LATIN and value.translate(_INVISIBLE) != value:
            self.note(key, "invisible")
        if required and not tidied:
            self.note(key, "missing-key", key=key, example=f'{key} = "{example}"')
        return tidied


def closest(word: str, known: Iterable[str]) -> str:
    """The known word somebody probably meant, or ""."""
    by_fold = {fold(name): name for name in known}
    near = get_close_matches(fold(word), by_fold, n=1, cutoff=0.75)
    return by_fold[near[0]] if near else ""
