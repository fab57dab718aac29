"""Whatever is pressed by whomever: no reply breaks, none is too long, every button leads on."""

import random

import pytest

from bot.content.style import lint_words
from bot.i18n.catalogue import catalogue_path, read_catalogue
from bot.library import GO_TARGETS
from bot.paths import resource
from bot.router import Router
from bot.text import sentences, syllables, visible_length
from bot.values.reply import Reply
from handlers import ROUTES
from tests.handlers.chats import Chat

TAPPABLE = sorted(Router(ROUTES).tappable())
# The picker of languages stands on one screen, however many there are (UX rule 3).
PICKER = "welcome.language"
# These come last.
CHANGE_WHO_SHE_IS = (
    "welcome.agree",
    "welcome.language",
    "welcome.refuse",
    "welcome.not_me",
    "me.erase_now",
)
JUNK = ("", "1", "2", "5.4", "99", "0", "-1", "x", "other", "more", "²", "a,b", "ὅλα", "{room}")


def arguments(chat: Chat, seed: int) -> list[str]:
    """What may stand behind a colon: junk, and things that are really there."""
    real = [*chat.library.places, *chat.library.items, *chat.library.answers]
    real += [*chat.library.event.topics, *chat.library.documents, "room", "full_name", "km"]
    picked = random.Random(seed)  # the same every time
    return [*picked.sample(JUNK, 2), *picked.sample(real, 3)]


def faults(said: list[Reply]) -> list[str]:
    found = []
    for reply in said:
        shown = reply.text.replace("**", "")
        prose = [line for line in shown.split("\n") if not line.startswith(("●", "("))]
        whole = [one for line in prose for one in sentences(line) if one[-1] in ".?!"]
        values = [choice.value for choice in reply.choices]
        checks = {
            "empty": not shown.strip(),
            "long": visible_length(shown) > 320,
            "sentences": len(whole) > 3,
            "questions": shown.count("?") > 1,
            "lines": shown.count("●") > 6,
            "brace": "{" in shown,
            "choices": len(values) > 6 and not values[0].startswith(PICKER),
            "bytes": any(len(value.encode()) > 60 for value in values),
            "routes": any(value.partition(":")[0] not in TAPPABLE for value in values),
            "twice": len(set(values)) < len(values),
            "controls": len(reply.controls) != 3,
        }
        found += [f"{name}: {shown!r} {values}" for name, wrong in checks.items() if wrong]
    if len(said) > 3:
        found.append(f"{len(said)} messages at once")
    return found


@pytest.mark.parametrize(
    ("who", "language"),
    [
        ("guest", "1"),
        ("guest", "2"),
        ("DB0001", "1"),
        ("DB0001", "2"),
        ("DB0001", "3"),
        ("DB0002", "1"),
        ("refused", "2"),
    ],
)
async def test_no_button_breaks_anything(chat: Chat, who: str, language: str) -> None:
    if who == "guest":
        await chat.join()
        await chat.tap(f"welcome.language:{language}")
    else:
        await chat.linked("DB0002" if who == "DB0002" else "DB0001", language)
    if who == "refused":
        await chat.tap("welcome.refuse")
    found: list[str] = []
    for seed, name in enumerate(TAPPABLE):
        if name in CHANGE_WHO_SHE_IS:
            continue
        for argument in arguments(chat, seed):
            value = f"{name}:{argument}" if argument else name
            found += [f"{value} {fault}" for fault in faults(await chat.tap(value))]
    for name in CHANGE_WHO_SHE_IS:
        found += [f"{name} {fault}" for fault in faults(await chat.tap(name))]
    assert found == []


def test_what_content_may_lead_to_is_there() -> None:
    assert set(GO_TARGETS) - set(TAPPABLE) == set()


async def test_every_answer_place_and_item_fits(chat: Chat) -> None:
    await chat.linked()
    values = [
        *(f"ask.answer:{one}" for one in chat.library.answers),
        *(f"place.show:{one}" for one in chat.library.places),
        *(f"programme.item:{one}" for one in chat.library.items),
        *(f"documents.show:{one}" for one in chat.library.documents),
        *(f"documents.get:{one}" for one in chat.library.documents),
        *(f"ask.topic:{one}" for one in chat.library.event.topics),
        *(f"programme.day:{day}.{first}" for day in range(1, 6) for first in range(0, 16, 4)),
    ]
    for language in ("1", "2"):
        await chat.tap(f"welcome.language:{language}")
        for value in values:
            assert faults(await chat.tap(value)) == [], value


@pytest.mark.parametrize(
    "value",
    [
        "",
        ":",
        "no.such",
        "ask.question",
        "welcome.digits",
        "mine.room:\ud800",
        "menu.show:" + "x" * 60,
    ],
)
async def test_strange_buttons_lead_to_the_menu(chat: Chat, value: str) -> None:
    await chat.linked()
    (menu,) = await chat.tap(value)
    assert menu.text == "Đại biểu muốn xem gì?"


def test_every_word_of_ours_keeps_the_style_rules() -> None:
    """At most 15 syllables a sentence, 20 characters a button; our own words only."""
    path = catalogue_path(resource("locales"), "vi")
    found = []
    for message in read_catalogue(path, "vi"):
        ours = [place for place, _ in message.locations if place.startswith("handlers/")]
        if not message.id or not ours or ours == ["handlers/__init__.py"]:
            continue
        text = str(message.string)
        longest = max((len(syllables(one)) for one in sentences(text)), default=0)
        if not text or longest > 15 or [*lint_words(text, "vi")] or "sai" in syllables(text):
            found.append(text or str(message.id))
    assert found == []


async def test_every_button_of_ours_is_short_in_vietnamese(chat: Chat) -> None:
    await chat.linked()
    long = set()
    for name in TAPPABLE:
        if name.startswith(("ask.", "welcome.")) or name in CHANGE_WHO_SHE_IS:
            continue  # titles and language names are the organisers'
        for said in await chat.tap(name):
            long |= {one.label for one in said.choices if visible_length(one.label) > 20}
    assert long == set()
