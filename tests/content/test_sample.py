"""The sample congress that ships with the project is content like any other: it must be right."""

from pathlib import Path

from bot.content import check, dumps, export, loads, media_bytes, read
from bot.library import GO_TARGETS
from bot.paths import resource

STEPS = GO_TARGETS


def test_the_sample_has_no_mistakes_and_nothing_to_remark() -> None:
    checked = check(resource("content") / "sample", steps=STEPS)
    assert [str(found) for found in (*checked.mistakes, *checked.warnings)] == []


def test_the_sample_survives_database_and_export(tmp_path: Path) -> None:
    folder = resource("content") / "sample"
    library = read(folder, steps=STEPS)
    assert loads(dumps(library)) == library
    export(library, tmp_path / "out", media_bytes(folder, library).__getitem__)
    assert read(tmp_path / "out", steps=STEPS) == library
