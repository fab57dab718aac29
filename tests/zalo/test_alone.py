"""The client can be lifted out: of ours it imports only its own files and the errors."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2] / "bot" / "zalo"


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            if node.module == "bot":
                yield from (f"bot.{one.name}" for one in node.names)
            else:
                yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


def test_nothing_of_ours_but_the_errors() -> None:
    ours = {
        (file.name, name)
        for file in ROOM.rglob("*.py")
        for name in imported(file)
        if name.split(".")[0] in ("bot", "handlers") and not f"{name}.".startswith("bot.zalo.")
    }
    assert ours == {("outcome.py", "bot.errors")}


def test_only_the_fake_serves() -> None:
    heavy = {
        file.parent.name
        for file in ROOM.rglob("*.py")
        for name in imported(file)
        if name.split(".")[0] in ("starlette", "uvicorn")
    }
    assert heavy == {"fake"}
