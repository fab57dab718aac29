"""Nowhere a place for ethnic origin, religion or party; a language travels in nobody's link."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content import AudienceError
from bot.content.audience import KINDS, Audience, Facets
from bot.logs import PRIVATE
from bot.roster import FIELDS
from bot.roster.cards import HEADINGS
from bot.roster.header_words import SENSITIVE, STRONG, WEAK
from bot.roster.report import FIELD_NAMES
from bot.store import notices
from bot.store.base import metadata
from bot.text import fold
from tests.handlers.chats import Chat

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = re.compile(
    r"ethnic|dan ?toc|sac toc|toc nguoi|religio|ton giao|tin nguong|faith|"
    r"dang vien|dang phai|vao dang|political|(?<![a-z])party(?![a-z])"
)
SPEECH = re.compile(r"lang(uage)?(_code)?|spoken|speak|tongue|tieng|ngon_ngu")


def sources() -> Iterator[tuple[Path, ast.AST]]:
    for folder in ("bot", "handlers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "_shipped" not in path.parts:
                yield path, ast.parse(path.read_text())


def origins(names: Iterator[str] | list[str]) -> list[str]:
    return [name for name in names if ORIGIN.search(fold(name).replace("_", " "))]


def test_no_column_is_about_origin() -> None:
    assert notices.notice.metadata is metadata
    names = [f"{t.name} {c.name}" for t in metadata.tables.values() for c in t.columns]
    assert origins(names) == []


def test_no_field_of_an_import_is_about_origin() -> None:
    said = [word for words in (*STRONG.values(), *WEAK.values()) for word in words.split("|")]
    assert origins([*FIELDS, *STRONG, *WEAK, *said]) == []
    assert len(origins(list(SENSITIVE))) == 3  # named only to be refused


def test_no_audience_is_about_origin_or_language() -> None:
    facets = list(Facets.__dataclass_fields__)
    assert origins([*KINDS, *facets]) == []
    assert [name for name in (*KINDS, *facets) if SPEECH.fullmatch(name)] == []
    for term in ("ethnic:Mông", "dân tộc:Thái", "religion:x", "đảng viên:có", "language:km"):
        with pytest.raises(AudienceError):
            Audience.parse(term)


def test_no_export_is_about_origin() -> None:
    assert origins([*HEADINGS, *FIELD_NAMES.values()]) == []


def log_fields() -> Iterator[tuple[str, str]]:
    """(where, field) of every log line the code writes."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "log":
                for keyword in node.keywords:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", keyword.arg or ""


def test_no_log_line_says_origin_language_or_who() -> None:
    fields = list(log_fields())
    assert len(fields) > 10
    assert origins([name for _, name in fields]) == []
    assert [at for at, name in fields if SPEECH.fullmatch(name) or name in PRIVATE] == []


def links_with_speech(tree: ast.AST) -> Iterator[int]:
    """Lines where a language is put into something with a slash, a question mark or an ending."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr):
            continue
        fixed = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
        if not re.search(
            r"^[a-z_.]+:(?! )|[a-z]/|/[a-z]|\?[a-z]+=|\.(csv|json|zip|pdf|png|chat)", fixed
        ):
            continue
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                words = ast.unparse(value.value)
                if re.search(r"\.language\b|\blang(uage)?\b(\.code)?$", words):
                    yield node.lineno


def test_a_language_is_in_no_address_file_name_or_button() -> None:
    # What the texts themselves are called is nobody's choice.
    about_texts = ("bot/i18n/", "bot/catalogues.py", "bot/content/", "bot/cli/i18n.py")
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, tree in sources()
        for line in links_with_speech(tree)
        if not str(path.relative_to(ROOT)).startswith(about_texts)
    ]
    assert found == []


def test_no_route_takes_a_language() -> None:
    routes = {
        node.args[0].value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("Route", "WebSocketRoute", "Mount")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert [one for one in routes if re.search(r"\{(lang|language)\b", str(one))] == []


async def test_no_button_she_is_shown_carries_a_language(chat: Chat) -> None:
    _, picker = await chat.join()
    codes = set(chat.house.texts.languages)
    said = [picker, *await chat.say("2"), *await chat.linked(language="2")]
    for value in ("menu.show", "menu.more", "me.show", "me.correct", "mine.all", "helper.start"):
        said += await chat.tap(value)
    shown = [choice.value for one in said for choice in (*one.choices, *one.controls)]
    assert [v for v in shown if codes & set(re.split(r"[:.,-]", v))] == []
