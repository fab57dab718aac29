"""No column without its line on the map, no way out without its switch; the page says both."""

from collections import Counter

import pytest

from bot.config import Settings
from bot.i18n import Texts
from bot.paths import resource
from bot.privacy.datamap import DATA_MAP, OUTGOING, Kind
from bot.privacy.datamap_page import page
from bot.store import notices
from bot.store.base import metadata
from bot.turn import FALLBACK_ZONE

OWN_ADDRESSES = {"public_url"}  # where others reach us


def test_the_map_and_the_tables_are_the_same() -> None:
    assert notices.notice.metadata is metadata
    real = {name: Counter(table.c.keys()) for name, table in metadata.tables.items()}
    mapped = {
        name: Counter(column for one in held for column in one.names)
        for name, held in DATA_MAP.items()
    }
    assert mapped == real, "give every new column its line in bot/privacy/datamap.py"


def test_every_language_of_a_person_is_sensitive() -> None:
    classes = {
        f"{table}.{column}": one.kind
        for table, held in DATA_MAP.items()
        for one in held
        for column in one.names
        if column in ("language", "lang", "declared_language", "comfort")
    }
    assert set(classes.values()) == {Kind.SENSITIVE}


def test_every_way_out_has_its_switch() -> None:
    switches = {way.switch for way in OUTGOING}
    settings = set(Settings.model_fields)
    outward = {name for name in settings if name.endswith(("_token", "_url"))} - OWN_ADDRESSES
    assert switches == outward


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_names_every_column_and_no_secret(language: str) -> None:
    t = Texts.load(resource("locales"), [language]).translator(language, FALLBACK_ZONE)
    settings = Settings(telegram_token="123456:AAE7", retention_days=45)
    text = "\n".join(page(t, settings.model_dump()))
    assert "AAE7" not in text
    assert "{" not in text
    assert "45" in text
    assert [name for name in DATA_MAP if f"## {name}\n" not in text] == []
    (telegram,) = [line for line in text.splitlines() if line.startswith("| Telegram |")]
    assert telegram.split(" | ")[2] == {"vi": "có", "en": "yes"}[language]


def test_nothing_is_on_that_was_not_switched_on() -> None:
    t = Texts.load(resource("locales"), ["en"]).translator("en", FALLBACK_ZONE)
    text = "\n".join(page(t, Settings().model_dump()))
    ways = [line.split(" | ")[2] for line in text.splitlines() if "`DONGHANH_" in line]
    assert ways == ["no"] * len(OUTGOING)
