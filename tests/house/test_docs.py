"""docs/operate.md leaves no setting and no command out; .env.example is what the code says."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
OPERATE = ROOT / "docs" / "operate.md"


def commands() -> Iterator[str]:
    """Every verb a person may type, as `donghanh roster import`."""
    import typer

    from bot.cli import app  # slow to import, and only this test needs it

    def walk(command: Any, words: tuple[str, ...]) -> Iterator[str]:
        if command.hidden:
            return
        inner = getattr(command, "commands", None)
        if inner is None:
            yield " ".join(words)
            return
        for name, verb in inner.items():
            yield from walk(verb, (*words, name))

    yield from walk(typer.main.get_command(app), ("donghanh",))


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_its_paragraph(name: str) -> None:
    said = re.search(rf"^\*\*`{PREFIX}{name.upper()}`\*\*(.*)$", OPERATE.read_text(), re.MULTILINE)
    assert said is not None, (
        f"a paragraph in docs/operate.md begins with **`{PREFIX}{name.upper()}`**"
    )
    assert len(said[1].split()) >= 8


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_explains_itself(name: str) -> None:
    assert (Settings.model_fields[name].description or "").endswith(".")


def test_no_setting_is_described_that_is_not_there() -> None:
    told = set(re.findall(rf"^\*\*`{PREFIX}([A-Z_]+)`\*\*", OPERATE.read_text(), re.MULTILINE))
    assert told == {name.upper() for name in Settings.model_fields}


def test_every_command_is_documented() -> None:
    text = OPERATE.read_text()
    assert [name for name in commands() if f"`{name}" not in text] == []


def test_no_command_is_documented_that_is_not_there() -> None:
    known = list(commands())
    told = set(re.findall(r"`(donghanh [a-z][a-z0-9 -]*[a-z0-9])", OPERATE.read_text()))
    wrong = [t for t in told if not any(t == k or t.startswith(f"{k} ") for k in known)]
    assert sorted(wrong) == []


def test_the_example_of_settings_is_up_to_date() -> None:
    from bot.cli.doctor import example_file

    written = (ROOT / ".env.example").read_text()
    assert written == example_file(), "run: donghanh config example > .env.example"


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = [re.match(r"[a-z0-9-]+", line) for line in lines]
    text = (ROOT / "docs" / "dependencies.md").read_text()
    assert [n[0] for n in names if n and f"**{n[0]}**" not in text] == []
