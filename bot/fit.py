"""Makes a Reply fit what a channel can show. Nothing said is lost: what cannot be shown is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.content.style import SHORT_LIMIT
from bot.text import clip, sentences, split, visible_length
from bot.values.reply import Choice, MapPoint, Media, Phone, Reply

# Typed digits of the controls on channels with few or no buttons (UX rules 3 and 5).
CONTROL_DIGITS = ("7", "8", "9")
# The numbers of the State, 113 and the like: nobody keeps them among the contacts.
_SHORT_NUMBER = 4
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show; each channel cites where its numbers come from.

    Lengths are in visible characters; `text_units` and `caption_units` are what the platform
    counts besides, in UTF-16 units (0: nothing). `buttons`: so many at most, choices and controls
    together; what has none becomes numbered lines. `captions_with_buttons` False: what shows a
    picture has no buttons. `map_link`: an address with {latitude} and {longitude}, for a place
    that cannot be shown. `one_bubble` True: a whole Reply is one thing there, whatever it carries.
    `number_cards`: the channel has a card that asks for her own number. `edits`: what was said can
    be said otherwise later. `menus`: a chat has a menu of commands of its own. `withdraws`:
    what was said can be taken away. `reacts`: an emoji can stand under what she said.
    """

    text_limit: int
    caption_limit: int = 0
    text_units: int = 0
    caption_units: int = 0
    buttons: int = 0
    button_limit: int = 0
    pictures: bool = False
    audio: bool = False
    files: bool = False
    captions_with_buttons: bool = True
    map_points: bool = False
    map_link: str = ""
    phone_cards: bool = False
    number_cards: bool = False
    one_bubble: bool = False
    answers_taps: bool = False
    edits: bool = False
    menus: bool = False
    withdraws: bool = False
    reacts: bool = False

    def shows(self, media: Media) -> bool:
        """Can this kind of media be shown?"""
        return {"picture": self.pictures, "audio": self.audio}.get(media.kind, self.files)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a channel sends in one go. `number` counts from 0 inside its delivery."""

    number: int
    text: str = ""
    choices: tuple[Choice, ...] = ()
    controls: tuple[Choice, ...] = ()
    media: tuple[Media, ...] = ()
    point: MapPoint | None = None
    language: str = "vi"
    phones: tuple[Phone, ...] = ()
    asks_number: bool = False


def fit(reply: Reply, can: Capabilities) -> tuple[Part, ...]:
    """A Reply as the parts a channel sends, in order; the last one carries the buttons."""
    if can.one_bubble:
        return (_whole(reply),)
    text = "\n".join([reply.text, *_told(reply, can), *_numbered(reply, can)])
    parts = _before(reply, can)
    buttons, controls = _buttons(reply, can)
    shown = [media for media in reply.media if can.shows(media)]
    bare = can.captions_with_buttons or not (buttons or controls)
    if len(shown) == 1 and bare and _is_caption(text, can):
        parts = [part for part in parts if not part.media]
        parts.append(Part(0, text, buttons, controls, (shown[0],)))
    else:
        *first, last = [*_pieces(text, can.text_limit, can.text_units)] or [""]
        parts += [Part(0, piece) for piece in first]
        parts.append(Part(0, last, buttons, controls))
    return tuple(
        replace(part, number=number, language=reply.language) for number, part in enumerate(parts)
    )


def amended(reply: Reply, can: Capabilities) -> Part:
    """What an edit puts into a message that was sent: one part, whose media and place are gone."""
    bare = replace(reply, media=(), point=None)
    return _whole(bare) if can.one_bubble else fit(bare, can)[-1]


def _buttons(reply: Reply, can: Capabilities) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """The choices and the controls that get buttons: all of the ones or none, then the others.

    A menu is one longer than a screen has choices: its "more" is a line where there are five.
    """
    beyond = len(reply.choices) - can.buttons
    choices = reply.choices[: can.buttons] if beyond <= 1 else ()
    left = can.buttons - len(choices)
    return choices, reply.controls if len(reply.controls) <= left else ()


def _is_caption(text: str, can: Capabilities) -> bool:
    fits = not can.caption_units or _units(text) <= can.caption_units
    return fits and visible_length(text) <= can.caption_limit


def _pieces(text: str, limit: int, units: int) -> Iterator[str]:
    """The text in parts a reader would make. Smaller ones where one character takes many units."""
    for piece in split(text, limit):
        seen = visible_length(piece)
        if not units or _units(piece) <= units or seen == 1:
            yield piece
        else:
            yield from _pieces(piece, (seen + 1) // 2, units)


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _whole(reply: Reply) -> Part:
    return Part(
        0,
        reply.text,
        reply.choices,
        reply.controls,
        reply.media,
        reply.point,
        reply.language,
        reply.phones,
    )


def _before(reply: Reply, can: Capabilities) -> list[Part]:
    """The place on the map and pictures go first, so that the buttons stay at the bottom."""
    parts = [
        Part(0, clip(media.caption, can.caption_limit), media=(media,))
        for media in reply.media
        if can.shows(media)
    ]
    if reply.point and can.map_points:
        parts.insert(0, Part(0, point=reply.point))
    if can.phone_cards:
        whole = [one for one in reply.phones if len(one.number) > _SHORT_NUMBER]
        parts += [Part(0, phones=(one,)) for one in whole]
    if reply.asks_number and can.number_cards:
        parts.append(Part(0, asks_number=True))
    return parts


def _told(reply: Reply, can: Capabilities) -> list[str]:
    """What the channel cannot show, in words: captions, and the name and note of a place."""
    lines = [media.caption for media in reply.media if not can.shows(media)]
    point = reply.point if not can.map_points else None
    if point and point.note:
        lines.append(f"{point.name}: {point.note}")
    if point and can.map_link:
        there = can.map_link.format(latitude=point.latitude, longitude=point.longitude)
        lines.append(there)
    return lines


def _numbered(reply: Reply, can: Capabilities) -> list[str]:
    """Choices and controls as lines with the digit to type, where there are no buttons for them."""
    choices, controls = _buttons(reply, can)
    left = reply.choices[len(choices) :]
    return numbered(left, () if controls else reply.controls, first=len(choices) + 1)


def numbered(
    choices: tuple[Choice, ...], controls: tuple[Choice, ...], first: int = 1
) -> list[str]:
    """Lines that say which digit to type for which choice and control."""
    lines = [f"{number}. {choice.label}" for number, choice in enumerate(choices, first)]
    typed = zip(CONTROL_DIGITS, controls, strict=False)
    last = first + len(choices) - 1
    # A digit means one thing: where a long list took it, the control has its button or word.
    free = [f"{digit} {one.label}" for digit, one in typed if int(digit) > last]
    return [*lines, " · ".join(free)] if free else lines


def portions(reply: Reply) -> list[Reply]:
    """A Reply as several for who reads slowly, each with a line or a few sentences (UX rule 2).

    Nothing is lost, and no sentence is cut. What is about safety stays whole.
    """
    if reply.about_safety or visible_length(plain(reply.text)) <= SHORT_LIMIT:
        return [reply]
    *first, last = _portioned(reply.text)
    said = (Reply(text, controls=reply.controls, language=reply.language) for text in first)
    return [*said, replace(reply, text=last)]


def _portioned(text: str) -> list[str]:
    found = [""]
    for line in text.split("\n"):
        glue = "\n"
        whole = visible_length(plain(line)) <= SHORT_LIMIT
        for piece in [line] if whole else sentences(line):
            longer = f"{found[-1]}{glue}{piece}" if found[-1] else piece
            fits = visible_length(plain(longer)) <= SHORT_LIMIT
            # What stands on one sign stays on one message.
            if fits or found[-1].count("**") % 2 or not found[-1]:
                found[-1] = longer
            else:
                found.append(piece)
            glue = " "
    return found


def plain(text: str) -> str:
    """The text without the marks of what stands on a sign."""
    return _BOLD.sub(r"\1", text)


def marked(text: str, before: str, after: str) -> str:
    """The text with the marks of signs as the channel writes them; `text` is escaped already."""
    return _BOLD.sub(lambda found: f"{before}{found.group(1)}{after}", text)
