"""Our words as HTML, for pages without a script: what stands on signs in bold, phones to press.

The same rules as in chat.js, and the same caution: everything is escaped first.
"""

import re

from markupsafe import Markup, escape

from bot.fit import marked
from bot.pages import tel

# Printed phone numbers of Viet Nam: a wrong link is worse than none, room numbers must not match.
_PHONE = re.compile(
    r"(?:\+84[ .]?\d{2,3}|\b0\d{2,3})(?:[ .]?\d{3,4}){2}\b|\b1[89]00(?:[ .]?\d{2,4}){1,2}\b",
    re.ASCII,
)
# Many phones lack these signs in their letters; a button says the same without.
_LEAD = re.compile(r"^[\s\u2190-\u2bff\ufe0e\ufe0f\U0001f300-\U0001faff]+")
_ASIDE = re.compile(r"\(.*\)")


def prose(text: str) -> Markup:
    """A text of ours, line by line; who says so and when is smaller."""
    return Markup("\n").join(_row(row) for row in text.split("\n"))


def bare(label: str) -> str:
    """A label without the sign in front of it."""
    return _LEAD.sub("", label)


def _row(row: str) -> Markup:
    # Escaped before anything is added: no tag but ours can come out of it.
    safe = _PHONE.sub(_link, marked(str(escape(row)), "<strong>", "</strong>"))
    return Markup(f"<small>{safe}</small>" if _ASIDE.fullmatch(row) else safe)  # noqa: S704 # nosec B704: escaped above


def _link(hit: re.Match[str]) -> str:
    return f'<a href="{tel(hit[0])}">{hit[0]}</a>'
