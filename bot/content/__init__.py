"""A folder of content becomes an immutable, validated Library; all mistakes are told at once.

`read` and `check` take a folder, `dumps` and `loads` the form kept in the database, `export` writes
the files back. `inspect` holds an edited Library to the same rules. The folder's form is
described in docs/content-guide.md.
"""

from bot.content.audience import NOBODY, Audience, AudienceError, Facets
from bot.content.canon import digest, dumps, loads
from bot.content.check import inspect
from bot.content.export import export
from bot.content.library import (
    SENSITIVE_TOPICS,
    Answer,
    AnswerText,
    Document,
    DocumentText,
    EventFacts,
    EventText,
    Item,
    ItemText,
    Library,
    Medium,
    Place,
    PlaceText,
)
from bot.content.nearby import nearest_desk
from bot.content.read import Checked, check, media_bytes, read
from bot.content.rules import RULES, Finding, Rule
from bot.content.style import PERSONAL_SLOTS, SLOTS, slots

__all__ = [
    "NOBODY",
    "PERSONAL_SLOTS",
    "RULES",
    "SENSITIVE_TOPICS",
    "SLOTS",
    "Answer",
    "AnswerText",
    "Audience",
    "AudienceError",
    "Checked",
    "Document",
    "DocumentText",
    "EventFacts",
    "EventText",
    "Facets",
    "Finding",
    "Item",
    "ItemText",
    "Library",
    "Medium",
    "Place",
    "PlaceText",
    "Rule",
    "check",
    "digest",
    "dumps",
    "export",
    "inspect",
    "loads",
    "media_bytes",
    "nearest_desk",
    "read",
    "slots",
]
