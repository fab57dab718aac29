"""Every module stands on a floor, and the linter really sees a step upward."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


def floors() -> list[str]:
    """The modules that the contract names, from the top down."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c["layers"] for c in contracts["contracts"] if c["id"] == "floors")
    return [name.strip(" ()") for layer in layers for name in layer.split("|")]


def modules() -> list[str]:
    """Every module of `bot`, by its dotted name."""
    found = []
    for path in (ROOT / "bot").rglob("*.py"):
        inside = path.relative_to(ROOT).with_suffix("").parts
        if "_shipped" not in inside:
            found.append(".".join(inside).removesuffix(".__init__"))
    return sorted(found)


def stands(module: str, named: list[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in named)


def test_every_module_stands_on_a_floor() -> None:
    named = floors()
    houses = {"bot", "bot.channels"}  # only docstrings
    nowhere = [name for name in modules() if name not in houses and not stands(name, named)]
    assert nowhere == [], "give these a floor in pyproject.toml, [tool.importlinter]"


def test_no_module_is_named_twice() -> None:
    named = floors()
    assert sorted(named) == sorted(set(named))


def test_what_was_built_is_no_longer_in_brackets() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    built = [name for name in floors() if f"({name})" in text and name in modules()]
    assert built == [], "take the brackets away: the linter would not miss these modules"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code and its rules, to spoil."""
    for name in ("bot", "handlers"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(copy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-logo", "--no-cache"],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_house_is_in_order(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("bot/store/base.py", "import bot.turn", "Floors: import downward only"),
        ("bot/outbox.py", "import bot.media", "Floors: import downward only"),
        ("bot/values/reply.py", "import bot.i18n", "Floors: import downward only"),
        (
            "bot/fit.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import bot.turn",
            "Floors: import downward only",
        ),
        ("handlers/mine.py", "import bot.store", "Handlers speak only to the turn"),
        ("handlers/mine.py", "import httpx", "Handlers speak only to the turn"),
        ("handlers/mine.py", "import handlers.ask", "Handlers do not call each other"),
        ("bot/sender/sender.py", "import telegram", "telegram and aiohttp only in"),
        ("bot/channels/webchat/channel.py", "import aiohttp", "telegram and aiohttp only in"),
        ("bot/media.py", "import httpx", "httpx only in"),
        ("bot/zalo/codes.py", "import bot.clock", "bot.zalo knows nothing of ours"),
        ("bot/access.py", "import sqlalchemy", "sqlalchemy and alembic only in"),
        ("bot/sample.py", "import alembic", "sqlalchemy and alembic only in"),
        (
            "bot/channels/webchat/channel.py",
            "import bot.channels.telegram.errors",
            "Channels do not know each other",
        ),
    ],
)
def test_the_linter_sees_it(copy: Path, file: str, line: str, broken: str) -> None:
    with (copy / file).open("a") as code:
        code.write(f"\n{line}\n")
    done = lint(copy)
    broken_lines = [text for text in done.stdout.splitlines() if text.endswith("BROKEN")]
    assert done.returncode == 1, done.stdout
    assert any(text.startswith(broken) for text in broken_lines), done.stdout
