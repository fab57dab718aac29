"""The verbs of `donghanh content`, as an organiser types them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.content import app
from tests.content.folders import GOOD, write

ANSWER = "answers/hotel/nhan-phong.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "content", GOOD)


@pytest.fixture
def database(any_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The verbs find this database the way an operator's machine tells them."""
    monkeypatch.setenv("DONGHANH_DATABASE_URL", any_url)
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path / "data"))
    return any_url


def typed(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answered(*words: object) -> Any:
    result = typed(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_document_with_another_version_is_told_before_it_is_in_force(
    folder: Path, database: str
) -> None:
    assert answered("load", folder, "--new")["replaced"] == {}
    rules = "documents/noi-quy.toml"
    write(folder, {rules: str(GOOD[rules]).replace('version = "2"', 'version = "3"')})
    result = typed("load", folder, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "version 3 replaces version 2." in result.stdout
    assert "will be told: 0." in result.stdout
    assert answered("readers") == {"opened": [], "telling": None}
    back = typed("use", 1, "--lang", "en")
    assert "version 2 replaces version 3." in back.stdout


def test_check_says_nothing_is_wrong(folder: Path) -> None:
    result = typed("check", folder, "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "Mistakes: 0. Warnings: 0.\n")


def test_check_tells_every_finding_in_the_organisers_language(folder: Path) -> None:
    spoilt = str(GOOD[ANSWER]).replace('item = "khai-mac"', 'item = "khai-mạc"')
    write(folder, {ANSWER: spoilt.replace("Your room: {room}.", "Look [here]!")})
    result = typed("check", folder, "--json", "--lang", "en")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == [
        {
            "file": ANSWER,
            "line": 5,
            "rule": "wrong-value",
            "blocks": True,
            "what": '"item" cannot be "khai-mạc".',
            "cure": 'Write: item = "khai-mac"',
        },
        {
            "file": ANSWER,
            "line": 24,
            "rule": "exclamation",
            "blocks": False,
            "what": "There is an exclamation mark; they are kept for safety.",
            "cure": "End with a full stop, or set sensitive = true if this is about safety.",
        },
    ]
    shown = typed("check", folder, "--lang", "en")
    assert shown.exit_code == 1
    assert shown.stdout.splitlines()[-1] == "Mistakes: 1. Warnings: 1."


def test_a_folder_is_loaded_edited_rolled_back_and_written_out(
    database: str, folder: Path, tmp_path: Path
) -> None:
    first = answered("load", folder, "--event", "thu", "--author", "Lan", "--new")
    again = answered("load", folder, "--event", "thu")
    write(folder, {"event.toml": str(GOOD["event.toml"]).replace("0900 000 000", "115")})
    second = answered("load", folder, "--note", "số mới", "--first-day", "2027-02-01")
    assert [(one["number"], one["new"], one["first_day"]) for one in (first, again, second)] == [
        (1, True, "2027-01-18"),
        (1, False, "2027-01-18"),
        (2, True, "2027-02-01"),
    ]
    used = typed("use", 1, "--event", "thu", "--lang", "en")
    assert (used.exit_code, used.stdout) == (0, "Version 1 of thu is in force.\n")
    rows = answered("versions", "--event", "thu")
    assert [(row["number"], row["in_force"], row["author"], row["note"]) for row in rows] == [
        (2, False, "cli", "số mới"),
        (1, True, "Lan", ""),
    ]
    out = tmp_path / "out"
    written = typed("export", out, "--event", "thu", "--version", 2, "--lang", "en")
    assert written.exit_code == 0
    third = answered("load", out, "--event", "thu")
    assert (third["number"], third["new"], third["sha256"]) == (2, False, second["sha256"])
    refused = typed("export", out, "--event", "thu")
    assert refused.exit_code == 1


def test_a_bad_edit_never_replaces_a_good_version(database: str, folder: Path) -> None:
    answered("load", folder, "--event", "thu", "--new")
    write(folder, {ANSWER: str(GOOD[ANSWER]).replace('"linked"', '"language:km"')})
    assert typed("load", folder, "--event", "thu").exit_code == 1
    rows = answered("versions", "--event", "thu")
    assert [(row["number"], row["in_force"]) for row in rows] == [(1, True)]


def test_an_unknown_event_is_not_made_by_a_slip(database: str, folder: Path) -> None:
    result = typed("load", folder, "--event", "thuu")
    assert result.exit_code == 1
    assert typed("load", folder, "--event", "thuu", "--new").exit_code == 0
    assert typed("use", 7, "--event", "thuu").exit_code == 1
