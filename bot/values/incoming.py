"""One thing that reached us, in our own words, whatever channel brought it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of thing came in."""

    TEXT = "text"
    TAP = "tap"
    MEDIA = "media"
    LOCATION = "location"
    JOINED = "joined"
    LEFT = "left"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update of one sender.

    `account_id` is our channel account, `sender` the person's id on that channel. `update_id` is
    the channel's own id of the update, unique per account: it answers "seen before?". `value` is
    what a pressed button carried, untrusted; `acts_on` the channel's id of the message that bore
    the button. `tap_id` is what the channel wants back to stop the button's spinner.
    `started_with` is the payload of a deep link. A location is never kept beyond the turn.
    """

    account_id: int
    sender: str
    update_id: str
    kind: Kind
    received_at: datetime
    sent_at: datetime | None = None
    text: str = ""
    value: str = ""
    tap_id: str = ""
    acts_on: str = ""
    started_with: str = ""
    media_kind: str = ""
    media_ref: str = ""
    latitude: float | None = None
    longitude: float | None = None
    display_name: str = ""

    def storable(self) -> "Incoming":
        """The same without characters that no database keeps: NUL and halves of surrogate pairs.

        Updates are kept by the batch, so one such character would cost everybody in it.
        """
        written: dict[str, Any] = {
            name: bare
            for name in self.__slots__
            if type(value := getattr(self, name)) is str and (bare := _storable(value)) != value
        }
        return replace(self, **written) if written else self

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values: what the inbox keeps until the turn is done."""
        # Not asdict: it copies deeply, and this is on the way of every message.
        plain = {
            name: value
            for name in self.__slots__
            if (value := getattr(self, name)) not in ("", None)
        }
        plain["received_at"] = self.received_at.isoformat()
        if self.sent_at is not None:
            plain["sent_at"] = self.sent_at.isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Incoming":
        """The inverse of `to_json`; raises KeyError or ValueError on anything else."""
        values = dict(plain)
        values["kind"] = Kind(values["kind"])
        values["received_at"] = datetime.fromisoformat(values["received_at"])
        if values.get("sent_at"):
            values["sent_at"] = datetime.fromisoformat(values["sent_at"])
        return cls(**values)


def _storable(text: str) -> str:
    if text.isascii():
        return text.replace("\x00", "")
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
