"""What stands in the transcript, and how a line of it goes to the page."""

from dataclasses import asdict
from typing import Any

from bot.channels.webchat.handed import HandedSaid
from bot.channels.webchat.said import Said
from bot.fit import Part
from bot.i18n import N_, Translator
from bot.store import Work
from bot.store.transcripts import Line

# The three controls stand under every message; a page without any message shows them too.
CONTROLS = {
    "menu.again": N_("Read again"),
    "menu.back": N_("↩︎ Back"),
    "helper.start": N_("🙋 Talk to a person"),
}
_LOOK_BACK = 200


def out_body(part: Part, *, slow: bool = False) -> dict[str, Any]:
    """What we say, as plain JSON values. `slow`: its clips are played slower, unless she chose."""
    plain = asdict(part)
    for choice in (*plain["choices"], *plain["controls"]):
        if not choice["phone"]:
            del choice["phone"]
    kept = ("text", "choices", "controls", "media", "point", "language", "phones")
    body = {key: plain[key] for key in kept if plain[key]}
    has_clip = any(media.kind == "audio" for media in part.media)
    return {**body, "slow": True} if slow and has_clip else body


def text_body(said: Said) -> dict[str, Any]:
    """What she typed."""
    return {"said": said.id, "text": said.words}


def tap_body(said: Said, label: str) -> dict[str, Any]:
    """What she pressed, in the words of the button."""
    return {"said": said.id, "text": label, "value": said.value, "on": said.on}


def handed_body(said: HandedSaid, sort: str) -> dict[str, Any]:
    """That she handed in a voice or a picture; never its bytes."""
    return {"said": said.id, "sent": sort, "seconds": said.seconds}


def place_body(said: Said) -> dict[str, Any]:
    """That she told where she is; never where."""
    return {"said": said.id, "sent": "place"}


def label_of(work: Work, address_id: int, said: Said, t: Translator) -> str | None:
    """The words of the pressed button, from our own lines; None when we never showed it.

    The page also knows them, but what a page says about us is not to be trusted.
    """
    assert said.value is not None
    lines = [work.transcripts.line(address_id, said.on)] if said.on else []
    lines += reversed(work.transcripts.after(address_id, limit=_LOOK_BACK))
    for line in filter(None, lines):
        label = _labels(line).get(said.value)
        if label:
            return label
    return t(CONTROLS[said.value]) if said.value in CONTROLS else None


def _labels(line: Line) -> dict[str, str]:
    if line.side != "out":
        return {}
    buttons = (*line.body.get("choices", ()), *line.body.get("controls", ()))
    return {button["value"]: button["label"] for button in buttons}


def shown(line: Line, t: Translator) -> dict[str, Any]:
    """A line as the page gets it, with its time of day and its date in words."""
    return {
        "id": line.id,
        "side": line.side,
        "time": t.time(line.at),
        "day": t.date(line.at),
        "at": line.at.astimezone(t.zone).isoformat(timespec="seconds"),
        **line.body,
    }
