"""`donghanh privacy` and `desk requests` as an operator types them."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner

from bot.app import vault_of
from bot.cli import app
from bot.clock import SystemClock
from bot.config import load
from bot.store import Store, Work
from bot.values.request import RequestKind
from tests.privacy.world import AN, BINH, a_person, everything, traces

T = TypeVar("T")


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation with two congresses: one that ended long ago, one that goes on."""
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DONGHANH_DATABASE_URL", raising=False)
    ran("migrate")
    vault = vault_of(load())
    today = SystemClock().now().date()

    def fill(work: Work) -> None:
        for slug, who, day in (
            ("old", AN, today - timedelta(days=60)),
            ("new", BINH, today - timedelta(days=1)),
        ):
            event = work.events.add(
                slug, names={"vi": slug}, time_zone="Asia/Ho_Chi_Minh", first_day=day, days=3
            )
            a_person(work, vault, event.id, who, shared=who["sender"])

    written(fill)
    return tmp_path / "data"


def ran(*words: str | Path, answer: str = "", code: int = 0) -> str:
    done = CliRunner().invoke(app, [*map(str, words)], input=answer)
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def alone(*words: str) -> str:
    """In a process of its own: with nothing loaded, on a terminal as wide as the table."""
    command = "from bot.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", command, *words],
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def written(do: Callable[[Work], T]) -> T:
    async def once() -> T:
        store = Store(load().database)
        try:
            return await store.write(do)
        finally:
            await store.close()

    return asyncio.run(once())


def test_erase_then_restore_and_she_stays_erased(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "before.zip"
    ran("backup", file)
    asked = ran("privacy", "erase", "DB2", "--event", "new", answer="n\n", code=1)
    assert "It cannot be taken back." in asked
    assert "is erased" in ran("privacy", "erase", "DB2", "--event", "new", "--yes")
    kinds = [json.loads(line)["kind"] for line in (data / "erased.jsonl").read_text().splitlines()]
    assert sorted(kinds) == ["person", "record"]
    said = ran("restore", file, "--yes")
    assert said.endswith("Erased again, because it was asked since: 1.")
    left = written(everything)
    assert "DB2" not in left
    assert BINH["words"] not in left
    assert len(traces(left, AN)) == 5
    assert "Nobody in new" in ran("privacy", "erase", "DB2", "-e", "new", "-y", code=1)


def test_what_the_database_alone_knew_is_written_down_before_a_restore(
    data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "before.zip"
    ran("backup", file)
    ran("privacy", "erase", "DB2", "--event", "new", "--yes")
    (data / "erased.jsonl").unlink()
    assert "asked since: 1." in ran("restore", file, "--yes")
    assert (data / "erased.jsonl").exists()


def test_allowing_her_back_is_remembered_beside_the_database(data: Path, tmp_path: Path) -> None:
    list_ = tmp_path / "list.csv"
    list_.write_text("Mã ĐB,Họ tên\nDB2,Lê Thị Bình\n")
    ran("privacy", "erase", "DB2", "--event", "new", "--yes")
    rejected = ran("roster", "import", list_, "--event", "new")
    assert "Người này đã xóa theo yêu cầu, không nhập lại." in rejected
    assert "was never erased" in ran("privacy", "allow", "DB9", "--event", "new", code=1)
    ran("privacy", "allow", "DB2", "--event", "new")
    assert "Người mới: 1" in ran("roster", "import", list_, "--event", "new")


def test_the_copy_for_herself(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "bình.txt"
    said = ran("privacy", "export", "db2", "--event", "new", "--lang", "vi", "-o", file)
    assert "Hand it to her, then delete it." in said
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert text.startswith("Những gì đang lưu về đại biểu\n")
    assert len(traces(text.replace("hmn", "'hmn'"), BINH)) == 6
    assert [name for name in ("full_name", "code") if AN[name] in text] == []
    again = ran("privacy", "export", "DB2", "--event", "new", "-o", file, code=1)
    assert "Give another name." in again
    whole = tmp_path / "bình.json"
    ran("privacy", "export", "DB2", "--event", "new", "--json", "-o", whole)
    kept = json.loads(whole.read_text())["kept"]
    assert kept["record"][0]["full_name"] == BINH["full_name"]
    assert [one["verb"] for one in kept["audit_log"]] == ["privacy.export"] * 2
    assert "Nobody on the roster" in ran(
        "privacy", "export", "DB9", "-e", "new", "-o", file, code=1
    )


def test_purge_counts_first_and_deletes_only_what_is_due(data: Path) -> None:
    dry = ran("privacy", "purge", "--dry-run")
    assert "record 1 " in dry
    assert len(traces(written(everything), AN)) == 5
    ran("privacy", "purge", answer="n\n", code=1)
    assert "are kept until" in ran("privacy", "purge", "--event", "new", "--yes", code=1)
    assert "record 1 " in ran("privacy", "purge", "--yes")
    left = written(everything)
    assert traces(left, AN) == []
    assert len(traces(left, BINH)) == 5
    assert "record 0 " in ran("privacy", "purge", "--yes")


def test_the_map_needs_no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path / "none"))
    assert ran("privacy", "datamap").startswith("# Bản đồ dữ liệu của Đồng Hành")
    assert "## Where data leaves this installation" in ran("privacy", "datamap", "--lang", "en")


def test_a_leak_is_told_and_written_down(data: Path, tmp_path: Path) -> None:
    today = SystemClock().now().date()
    yesterday = (today - timedelta(days=1)).isoformat()
    tomorrow = (today + timedelta(days=2)).isoformat()
    file = tmp_path / "facts.json"
    said = ran("privacy", "breach", "--from", yesterday, "--to", tomorrow, "-o", file)
    assert "71 h 59 min left to report" in said or "72 h 0 min left" in said
    assert "new: DB2" in said
    assert file.stat().st_mode & 0o777 == 0o600
    facts = json.loads(file.read_text())
    assert facts["codes"] == {"new": ["DB2"], "old": ["DB1"]}
    again = ran("privacy", "breach", "--from", yesterday, "--to", tomorrow, "-o", file, code=1)
    assert "Give another name." in again
    wrong = ran("privacy", "breach", "--from", tomorrow, "--to", yesterday, code=1)
    assert "before --from" in wrong
    assert "People affected: 2" in alone("privacy", "breach", "--from", yesterday, "--to", tomorrow)


def test_the_desk_sees_limits_and_the_code(data: Path) -> None:
    def late(work: Work) -> None:
        (event,) = [one for one in work.events.all() if one.slug == "new"]
        (mine, *_) = work.requests.waiting(event.id)
        due = work.now - timedelta(days=1)
        work.requests.open(
            event.id,
            mine.person_id,
            mine.address_id,
            kind=RequestKind.CORRECTION,
            language="vi",
            field="room",
            due_at=due,
        )

    written(late)
    shown = alone("desk", "requests", "--event", "new")
    assert shown.index("correction") < shown.index("help")
    assert "LATE" in shown
    assert "DB2" in shown
