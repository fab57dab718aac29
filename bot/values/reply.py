"""What to say. A Reply knows no channel; `bot.fit` makes it fit one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Style(StrEnum):
    """The weight of a reply; a channel may show it, words always carry it."""

    PLAIN = "plain"
    QUESTION = "question"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button or a number to pick: the label in the person's language, the value for us.

    A value is `step` or `step:argument`, at most 60 bytes (Telegram Bot API: callback_data is 1 to
    64 bytes). What comes back is untrusted: the router looks it up, the handler checks it.
    `phone` is dialled as well where a page can do that.
    """

    label: str
    value: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, clip or file by the SHA-256 of its bytes, with the sentence that replaces it."""

    kind: str
    sha256: str
    name: str
    caption: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to ring with one press, and whose it is. The text says it too."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A place on the map: WGS 84 degrees, its name as on the sign, one line on how to find it."""

    latitude: float
    longitude: float
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Text already in the person's language, with what may go beside it.

    In `text`, `**…**` marks what stands on a sign (UX rule 10); every channel renders or drops the
    marks. `language` is the one the text is really in, for `lang` attributes and voices. `controls`
    are the three that stand under every message (UX rule 5); typed, they are 7, 8 and 9.
    `asks_number`: her own telephone number is asked for, by a card where the channel has one.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    media: tuple[Media, ...] = ()
    point: MapPoint | None = None
    style: Style = Style.PLAIN
    controls: tuple[Choice, ...] = ()
    language: str = "vi"
    phones: tuple[Phone, ...] = ()
    asks_number: bool = False

    @property
    def about_safety(self) -> bool:
        """Warnings and numbers to ring: told whole and at once, whatever else she asked for."""
        return self.style is Style.WARNING or bool(self.phones)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as `letter_text.reply` keeps them."""
        # Not asdict: it copies deeply, and this is on the way of every answer.
        phones = {"phones": [_plain(phone) for phone in self.phones]} if self.phones else {}
        number = {"asks_number": True} if self.asks_number else {}
        return (
            phones
            | number
            | {
                "text": self.text,
                "choices": [_plain(choice) for choice in self.choices],
                "media": [_plain(media) for media in self.media],
                "point": _plain(self.point) if self.point else None,
                "style": self.style,
                "controls": [_plain(control) for control in self.controls],
                "language": self.language,
            }
        )

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Reply":
        """The inverse of `to_json`."""
        point = plain.get("point")
        return cls(
            text=plain["text"],
            choices=tuple(Choice(**choice) for choice in plain.get("choices", ())),
            media=tuple(Media(**media) for media in plain.get("media", ())),
            point=MapPoint(**point) if point else None,
            style=Style(plain.get("style", "plain")),
            controls=tuple(Choice(**choice) for choice in plain.get("controls", ())),
            language=plain.get("language", "vi"),
            phones=tuple(Phone(**phone) for phone in plain.get("phones", ())),
            asks_number=bool(plain.get("asks_number")),
        )


def _plain(value: Choice | Media | MapPoint | Phone) -> dict[str, Any]:
    if isinstance(value, Choice) and not value.phone:
        return {"label": value.label, "value": value.value}
    return {name: getattr(value, name) for name in value.__slots__}
