"""The guide for organisers tells every rule and every field, and says truly which rules block."""

import re
from dataclasses import fields
from pathlib import Path

from bot.content import (
    RULES,
    SLOTS,
    Answer,
    AnswerText,
    Document,
    DocumentText,
    EventText,
    Item,
    ItemText,
    Place,
    PlaceText,
)
from bot.content.parse import ITEM_KINDS, PLACE_KINDS, SENSITIVITIES, STYLES

GUIDE = (Path(__file__).parents[2] / "docs" / "content-guide.md").read_text("utf-8")
ROW = re.compile(r"^\| `([a-z-]+)` \| (lỗi|nhắc) \| .+ \|$", re.MULTILINE)
# Told by the names of files and folders, not written inside them.
IN_NAMES = {"slug", "by_language", "topic"}


def test_the_table_of_rules_is_the_rules() -> None:
    told = {name: level == "lỗi" for name, level in ROW.findall(GUIDE)}
    assert told == {name: rule.blocks for name, rule in RULES.items()}


def test_every_field_kind_and_slot_is_in_the_guide() -> None:
    shapes = (
        Answer,
        AnswerText,
        Document,
        DocumentText,
        EventText,
        Item,
        ItemText,
        Place,
        PlaceText,
    )
    keys = {one.name for shape in shapes for one in fields(shape)} - IN_NAMES
    words = {*keys, *PLACE_KINDS, *ITEM_KINDS, *SENSITIVITIES, *SLOTS, "style", *STYLES}
    assert {word for word in words if not re.search(rf"\b{word}\b", GUIDE)} == set()
