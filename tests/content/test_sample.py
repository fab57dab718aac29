"""The sample congress that ships with the project is content like any other: it must be right."""

from pathlib import Path

from bot.content import check, dumps, export, loads, media_bytes, read
from bot.knowledge import matcher_of
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


def test_what_is_about_health_or_security_has_to_be_more_certain() -> None:
    library = read(resource("content") / "sample", steps=STEPS)
    topics = {one.id: one.topic for one in library.answers.values()}
    careful = matcher_of(library).sensitive
    assert {one for one, topic in topics.items() if topic in ("health", "security")} < careful
    assert {topics[one] for one in careful} == {"health", "security", "meals"}  # allergies
