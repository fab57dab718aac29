"""Zalo's error numbers as a table: what each means and what is to be done, one row a code.

A number means different things on the two hosts (-100, -124): each has its own table.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Action(StrEnum):
    """What becomes of a call that was refused."""

    REFRESH = "refresh"  # a new access token, then once more
    BACKOFF = "backoff"  # pause, with jitter, five times at most
    LATER = "later"  # the next day of the quota, or 06:05
    UNREACHABLE = "unreachable"  # not this person, not by this lane; say why
    FIX = "fix"  # our mistake or the content's: keep what was sent, look at it
    ADMIN = "admin"  # stop the account's queue; somebody must act in the console


class Remedy(StrEnum):
    """What to try once before the action."""

    NONE = ""
    UPLOAD_AGAIN = "upload again"
    PLAIN_TEXT = "plain text"


class Row(NamedTuple):
    """One code."""

    code: int
    meaning: str
    action: Action
    remedy: Remedy = Remedy.NONE


UNKNOWN = "Unknown error"

_R, _B, _L = Action.REFRESH, Action.BACKOFF, Action.LATER
_U, _F, _A = Action.UNREACHABLE, Action.FIX, Action.ADMIN

OA: dict[int, Row] = {
    row.code: row
    for row in (
        Row(-216, "Invalid Access Token", _R),
        Row(-220, "Access token expired or removed", _R),
        Row(-32, "Rate limited", _B),
        Row(-200, "Sending failed", _B),
        Row(-100, "The attachment expired", _F, Remedy.UPLOAD_AGAIN),
        Row(-230, "User has not interacted with the OA in the past 7 days", _U),
        Row(-232, "User has not interacted with the OA, or long ago", _U),
        Row(-213, "User does not follow the OA", _U),
        Row(-217, "User has blocked invitations from the OA", _U),
        Row(-244, "User has restricted this type of message", _U),
        Row(-222, "The account is blocked or inactive", _U),
        Row(-227, "User is banned or has been inactive for more than 45 days", _U),
        Row(-305, "Outside the window of replies", _U),
        Row(-218, "The limit of messages to this user is reached", _L),
        Row(-211, "Out of quota", _L),
        Row(-311, "Out of replies to this message", _L),
        Row(-234, "This type of message cannot be sent at night", _L),
        Row(-133, "This template cannot be sent at night", _L),
        Row(-201, "Invalid parameter", _F, Remedy.PLAIN_TEXT),
        Row(-210, "Parameter exceeds its limit", _F, Remedy.PLAIN_TEXT),
        Row(-233, "Message type is not supported", _F, Remedy.PLAIN_TEXT),
        Row(-248, "The message violates the platform's policy", _F, Remedy.PLAIN_TEXT),
        Row(-249, "This template cannot be sent by user id", _F),
        Row(-214, "The article is being processed", _B),
        Row(-320, "The app has no Zalo Cloud Account linked", _A),
        Row(-321, "The Zalo Cloud Account has no money or is closed", _A),
        Row(-204, "The Official Account was deleted", _A),
        Row(-205, "The Official Account does not exist", _A),
        Row(-207, "The app is not linked with the Official Account", _A),
        Row(-208, "The Official Account has no secret key", _A),
        Row(-209, "The app is not activated", _A),
        Row(-212, "The Official Account has not registered this API", _A),
        Row(-215, "The app id is not valid", _A),
        Row(-219, "The app was removed or disabled", _A),
        Row(-221, "The Official Account is not verified", _A),
        Row(-223, "The app is not authorised, or the quota of articles is used", _A),
        Row(-224, "The Official Account needs a higher package", _A),
        Row(-235, "This type of Official Account may not do that", _A),
        Row(-240, "This API of version 2 was shut down", _A),
        Row(-242, "The proof of the app's secret is wrong or missing", _A),
        Row(-237, "The group is disabled: its package expired", _A),
        Row(-238, "The group's asset is used already or disabled", _A),
        Row(-241, "The group's asset is used already or disabled", _A),
        Row(-403, "The Official Account is not in the group", _A),
    )
}


def _rows(codes: str, meaning: str, action: Action) -> Iterator[Row]:
    return (Row(int(code), meaning, action) for code in codes.split())


ZNS: dict[int, Row] = {
    row.code: row
    for row in (
        Row(-124, "Access token invalid", _R),
        Row(-100, "Unknown error of the platform", _B),
        Row(-32, "Rate limited", _B),
        Row(-108, "The phone number is not valid", _U),
        Row(-118, "The phone number has no Zalo account, or it is closed", _U),
        *_rows("-114 -119 -139 -140 -141", "The person cannot receive it or refuses it", _U),
        Row(-110, "The person's Zalo app is too old", _U),
        *_rows("-115 -137", "No balance, or charging failed", _A),
        Row(-126, "The development wallet has no balance", _A),
        Row(-133, "This template cannot be sent at night", _L),
        Row(-144, "The daily quota is used", _L),
        Row(-1441, "The monthly quota is used", _L),
        *_rows("-147 -1471 -1472", "The limit of this template or this person is reached", _L),
        *_rows("-109 -111 -112 -1121 -1122 -1124", "Template or parameters are not valid", _F),
        *_rows("-113 -116 -131 -132", "Template or parameters are not valid", _F),
        *_rows("-101 -102 -103 -104 -105", "The app is not valid or not activated", _A),
        *_rows("-117 -120 -125", "The app or the OA has no permission", _A),
        *_rows("-135 -1351 -136 -138", "The OA may not send, or its wallet is missing", _A),
        *_rows("-145 -146", "The template is disabled or not permitted", _A),
    )
}


def row_of(code: int | None, *, zns: bool = False) -> Row:
    """The row of a number; what is not listed is ours to look at, with the raw body.

    The hosts share their platform: a number only the other host documents keeps its meaning.
    """
    mine, other = (ZNS, OA) if zns else (OA, ZNS)
    if code is None:
        return Row(0, UNKNOWN, Action.FIX)
    return mine.get(code) or other.get(code) or Row(code, UNKNOWN, Action.FIX)
