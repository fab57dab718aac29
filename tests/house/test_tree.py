"""What may lie in this repository and what may not; how long a file and a function may be."""

import ast
import re
import subprocess
import tomllib
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("bot", "handlers", "tools")
# What a clone may hold that was never committed.
PASSED_OVER = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    "node_modules",
    "var",
}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 45


def files() -> list[Path]:
    """Every file of the project: what git knows or would add, else what lies here."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        found = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        found = [p for p in ROOT.rglob("*") if not PASSED_OVER & set(p.relative_to(ROOT).parts)]
    return sorted(path for path in found if path.is_file())


FILES = files()


def named(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def text_of(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("folder", ["alembic", "locales", "content"])
def test_data_folders_are_no_packages(folder: str) -> None:
    assert named(list((ROOT / folder).rglob("__init__.py"))) == []


def test_no_compiled_catalogues() -> None:
    assert named([path for path in FILES if path.suffix == ".mo"]) == []


def test_texts_are_utf8_and_composed() -> None:
    kinds = {".toml", ".po", ".pot", ".md", ".py", ".chat", ".html", ".js", ".css"}
    wrong = []
    for path in FILES:
        text = text_of(path)
        if path.suffix in kinds and (text is None or not unicodedata.is_normalized("NFC", text)):
            wrong.append(path)
    assert named(wrong) == []


def test_files_stay_short() -> None:
    code = [p for p in FILES if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in PYTHON]
    assert {p.name: n for p in code if (n := len(p.read_text().splitlines())) > MOST_LINES} == {}


def test_functions_stay_short() -> None:
    long = {}
    for path in FILES:
        if path.suffix != ".py" or path.relative_to(ROOT).parts[0] not in PYTHON:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert long == {}


def test_every_module_says_why_it_exists() -> None:
    silent = []
    for path in FILES:
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in (*PYTHON, "tests"):
            tree = ast.parse(path.read_text())
            if tree.body and ast.get_docstring(tree) is None:
                silent.append(path)
    assert named(silent) == []


def test_the_licence_is_apache_2() -> None:
    lines = [line.strip() for line in (ROOT / "LICENSE").read_text().splitlines() if line.strip()]
    assert lines[:2] == ["Apache License", "Version 2.0, January 2004"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (project["license"], project["license-files"]) == ("Apache-2.0", ["LICENSE"])


# Written in two halves, so that this file does not hold what it looks for.
FORBIDDEN = (
    r"(?<![\w.])/wo" + r"rk/",
    r"\bsha" + r"red/",
    r"(?<![\w)\]])\.lib" + r"rary/",
    r"/ro" + r"ot/",
    r"/opt/wh" + r"eels",
    r"pypi\." + r"org",
    r"python" + r"hosted\.org",
    r"registry\.npm" + r"js\.org",
)


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_the_repository_stands_alone(pattern: str) -> None:
    wrong = re.compile(pattern)
    found = [path for path in FILES if (text := text_of(path)) is not None and wrong.search(text)]
    assert named(found) == []
