"""Telegram's HTML as its server reads it: a handful of tags, four named entities, errors with byte
offsets. Stricter than the service in one thing: what it silently drops (nested quotations, markup
inside code) is an error here."""

import re
from dataclasses import dataclass, field

NAMES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>\"']*)")
_VALUE = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]+))(?=[\s>])")


class MarkupError(Exception):
    """What the service says after "can't parse entities: "."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text with a meaning; offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""


@dataclass(slots=True)
class _Open:
    name: str
    at_byte: int
    offset: int
    attributes: dict[str, str] = field(default_factory=dict)


def utf16(text: str) -> int:
    """How many UTF-16 units a text takes."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(html: str) -> tuple[str, tuple[Entity, ...]]:
    """The visible text and its entities; MarkupError in the service's words."""
    return _Reader(html).read()


class _Reader:
    def __init__(self, html: str) -> None:
        self._html = html
        self._at = 0
        self._text: list[str] = []
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, tuple[Entity, ...]]:
        while self._at < len(self._html):
            letter = self._html[self._at]
            if letter == "<":
                self._end() if self._html.startswith("</", self._at) else self._start()
            elif letter == "&":
                self._reference()
            else:
                self._say(letter)
                self._at += 1
        if self._open:
            name = self._open[-1].name
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{name}"')
        return "".join(self._text), tuple(sorted(self._entities, key=lambda one: one.offset))

    def _say(self, text: str) -> None:
        self._text.append(text)
        self._units += utf16(text)

    def _byte(self, at: int) -> int:
        return len(self._html[:at].encode())

    def _reference(self) -> None:
        hit = _ENTITY.match(self._html, self._at)
        if hit is None:
            self._say("&")
            self._at += 1
            return
        number = int(hit[1]) if hit[1] else int(hit[2], 16) if hit[2] else None
        known = number is None or (0 < number < 0x110000 and not 0xD800 <= number < 0xE000)
        self._say(hit[0] if not known else _NAMED[hit[3]] if number is None else chr(number))
        self._at = hit.end()

    def _start(self) -> None:
        begin = self._byte(self._at)
        hit = _TAG_NAME.match(self._html, self._at + 1)
        assert hit is not None
        name = hit[0].lower()
        if hit.end() == len(self._html):
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        if name not in NAMES:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {begin}')
        self._at = hit.end()
        tag = _Open(name, begin, self._units, self._attributes(name, begin))
        self._check(tag)
        self._open.append(tag)

    def _attributes(self, name: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            while self._html[self._at : self._at + 1].isspace():
                self._at += 1
            if self._at >= len(self._html):
                raise MarkupError(f'Unclosed start tag "{name}" at byte offset {begin}')
            if self._html[self._at] == ">":
                self._at += 1
                return found
            key = _ATTRIBUTE.match(self._html, self._at)
            assert key is not None
            if not key[1]:
                raise MarkupError(
                    f'Empty attribute name in the tag "{name}" at byte offset {begin}'
                )
            self._at = key.end()
            found[key[1].lower()] = self._value(name, begin)

    def _value(self, name: str, begin: int) -> str:
        rest = re.compile(r"\s*=").match(self._html, self._at)
        if rest is None:
            return ""
        hit = _VALUE.match(self._html, rest.end())
        if hit is None:
            raise MarkupError(f'Unclosed start tag "{name}" at byte offset {begin}')
        self._at = hit.end()
        return next(group for group in hit.groups() if group is not None)

    def _check(self, tag: _Open) -> None:
        inside = [one.name for one in self._open]
        where = f"at byte offset {tag.at_byte}"
        if tag.name == "span" and tag.attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" {where}')
        if tag.name == "blockquote" and "blockquote" in inside:
            raise MarkupError(f"Quotations cannot be nested {where}")
        if {"code", "pre"} & set(inside) and (inside, tag.name) != (["pre"], "code"):
            raise MarkupError(f"Code cannot contain markup {where}")

    def _end(self) -> None:
        begin = self._byte(self._at)
        if not self._open:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        close = self._html.find(">", self._at)
        if close < 0:
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        found = self._html[self._at + 2 : close].strip().lower()
        tag = self._open.pop()
        if found and found != tag.name:
            raise MarkupError(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{tag.name}>", found "</{found}>"'
            )
        self._at = close + 1
        length = self._units - tag.offset
        if length:
            url = tag.attributes.get("href", "")
            self._entities.append(Entity(NAMES[tag.name], tag.offset, length, url))
