"""`donghanh roster` as an organiser types it: the preview, the import, the undo, the cards."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.content import app as content
from bot.cli.roster import app
from bot.paths import resource
from tests.roster.books import csv

ROSTER = """Mã ĐB,Họ tên,SĐT,Phòng,Dân tộc,Trạng thái,Ghi chú
DB1,Nguyễn Văn An,0900001234,305,Kinh,,
DB2,Lê Bình,12,306,Tày,,
"""


@pytest.fixture
def installed(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation with one event; gives its database."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = sqlite3.connect(path)
    database.execute(
        "INSERT INTO event (slug, names, time_zone, first_day, days, languages, created_at) "
        "VALUES ('sample', '{}', 'Asia/Ho_Chi_Minh', '2027-01-18', 5, '[\"vi\"]', "
        "'2027-01-01 00:00:00')"
    )
    database.commit()
    database.close()
    monkeypatch.setenv("DONGHANH_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DONGHANH_PUBLIC_URL", "https://daihoi.example")
    return path


def ran(*words: str | Path, answer: str = "", code: int = 0) -> str:
    done = CliRunner().invoke(app, [*map(str, words), "--lang", "en"], input=answer)
    assert done.exit_code == code, done.output
    return done.output


def records(database: Path) -> list[tuple[str, str, str]]:
    opened = sqlite3.connect(database)
    rows = opened.execute("SELECT code, room, status FROM record ORDER BY code").fetchall()
    opened.close()
    return rows


def test_a_dry_run_says_everything_and_changes_nothing(installed: Path, tmp_path: Path) -> None:
    path = csv(tmp_path / "roster.csv", ROSTER)
    assert ran("import", path, "--dry-run").splitlines() == [
        "Sheet “roster”, headings in row 1:",
        "  A “Mã ĐB” → delegate code",
        "  B “Họ tên” → full name",
        "  C “SĐT” → telephone",
        "  D “Phòng” → room",
        "  F “Trạng thái” → status",
        "  E “Dân tộc”: not kept, because it shows ethnic origin.",
        "  Columns not used: G “Ghi chú”.",
        "New people: 1",
        "  roster!A2 · DB1 · Nguyễn Văn An",
        "Changed people: 0",
        "Withdrawn people: 0",
        "Unchanged people: 0",
        "Rejected rows: 1",
        "  DB2 · roster!C3: This is not a valid telephone number.",
        "This was a dry run; nothing was changed.",
    ]
    assert records(installed) == []


def test_import_change_withdraw_and_undo(installed: Path, tmp_path: Path) -> None:
    path = csv(tmp_path / "roster.csv", ROSTER)
    assert ran("import", path).splitlines()[-1] == (
        "Done: import 1. `donghanh roster undo` takes it back."
    )
    assert ran("import", path).splitlines()[-1] == (
        "The roster already says all of this; nothing was changed."
    )
    leaving = csv(tmp_path / "next.csv", "Mã ĐB,SĐT,Trạng thái\nDB1,0900009999,rút\n")
    shown = ran("import", leaving, "--dry-run").splitlines()
    assert "  next!A2 · DB1 · telephone: …234 → …999; status: active → withdrawn" in shown
    assert shown[-1] == "To apply it, add --confirm-withdrawals 1."
    assert "--confirm-withdrawals 1" in ran("import", leaving, code=1)
    ran("import", leaving, "--confirm-withdrawals", "1")
    assert records(installed) == [("DB1", "305", "withdrawn")]
    assert ran("undo", answer="y\n").splitlines()[-1] == (
        "Taken back: 0 people taken out, 1 records as before."
    )
    assert records(installed) == [("DB1", "305", "active")]
    ran("undo", "--yes")
    assert records(installed) == []
    assert "There is no import to undo." in ran("undo", "--yes", code=1)


def test_an_answer_for_programs(installed: Path, tmp_path: Path) -> None:
    path = csv(tmp_path / "roster.csv", ROSTER)
    answer = json.loads(ran("import", path, "--json"))
    assert answer["added"] == [{"cell": "roster!A2", "code": "DB1"}]
    assert answer["rejected"] == [
        {
            "row": 3,
            "code": "DB2",
            "reasons": [{"cell": "roster!C3", "text": "This is not a valid telephone number."}],
        }
    ]
    assert (answer["dry_run"], answer["import"], answer["unchanged"]) == (False, 1, 0)
    assert [column["fate"] for column in answer["columns"]] == [
        "used", "used", "used", "used", "dropped", "used", "ignored",
    ]  # fmt: skip


def test_a_refusal_is_one_sentence(installed: Path, tmp_path: Path) -> None:
    path = csv(tmp_path / "roster.xls", "<html><table></table></html>")
    assert ran("import", path, code=1).count("This is a web page with the name of a table") == 1
    assert records(installed) == []


def test_cards_are_written_once(installed: Path, tmp_path: Path) -> None:
    ran("import", csv(tmp_path / "roster.csv", ROSTER))
    ran("tokens", "--yes", "-o", tmp_path / "cards.csv")
    head, line = (tmp_path / "cards.csv").read_text("utf-8-sig").splitlines()
    assert head == "Delegate code,Full name,Delegation,Card code,Card link"
    assert line.startswith("DB1,Nguyễn Văn An,,")
    assert ",https://daihoi.example/c/" in line
    ran("tokens", "--yes", "-o", tmp_path / "none.csv")
    assert (tmp_path / "none.csv").read_text("utf-8-sig").splitlines() == [head]
    assert "exists already" in ran("tokens", "--yes", "-o", tmp_path / "cards.csv", code=1)


def test_cards_are_printed_for_those_who_have_none(installed: Path, tmp_path: Path) -> None:
    ran("import", csv(tmp_path / "roster.csv", ROSTER))
    CliRunner().invoke(content, ["load", str(resource("content") / "sample")])
    said = ran("cards", "-o", tmp_path / "cards.pdf", "--yes")
    assert said.splitlines() == ["Cards printed: 1. They cannot be printed a second time."]
    assert (tmp_path / "cards.pdf").read_bytes()[:5] == b"%PDF-"
    assert "Everybody meant has a card." in ran("cards", "-o", tmp_path / "b.pdf", code=1)
    ran("cards", "-o", tmp_path / "c.pdf", "--reissue", answer="n\n", code=1)
    assert not (tmp_path / "c.pdf").exists()
