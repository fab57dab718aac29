"""Documents in a folder: what is given by chat, what is only told of, what is refused and why."""

import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content import inspect, read
from bot.content.papers import alive_in
from tests.content.folders import GOOD, PDF, PNG, STEPS, checked, found, spoilt, write

RULES, DRAFT = "documents/noi-quy.toml", "documents/du-thao.toml"
FILE, FILE_EN = "documents/files/noi-quy.pdf", "documents/files/noi-quy-en.pdf"


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        # What is above open, or collected again, is refused wherever it stands.
        (RULES, '"open"', '"returned"', [RULES + ":3 not-open"]),
        (RULES, '"open"', '"internal"', [RULES + ":3 not-open"]),
        (RULES, '"open"', '"confidential"', [RULES + ":3 not-open"]),
        (RULES, '"open"', '"secret"', [RULES + ":3 not-one-of"]),
        (RULES, 'sensitivity = "open"\n', "", [RULES + ":1 missing-key"]),
        (RULES, 'version = "2"', 'official = true', [
            RULES + ":7 document-lacks", RULES + ":9 official-holds", RULES + ":10 official-holds",
            RULES + ":12 document-lacks", RULES + ":14 official-holds", RULES + ":15 official-holds"
        ]),
        (DRAFT, "official = true\n", "", [DRAFT + ":1 missing-key", DRAFT + ":1 not-open"]),
        (DRAFT, 'where = "Mời', 'summary = "Mời', [
            DRAFT + ":7 document-lacks", DRAFT + ":9 official-holds"
        ]),
        (DRAFT, '"returned"', '"open"', []),
        # what is needed
        (RULES, 'version = "2"\n', "", [RULES + ":1 missing-key"]),
        (RULES, '"2"', '"two"', [RULES + ":2 wrong-value"]),
        (RULES, 'file = "noi-quy.pdf"\n', "", [RULES + ":7 document-lacks", FILE + ":0 unread"]),
        (RULES, 'file = "noi-quy-en.pdf"\n', "", [FILE_EN + ":0 unread"]),
        (RULES, 'summary = "Wear', 'where = "Wear', [
            RULES + ":12 document-lacks", RULES + ":14 where-for-official"
        ]),
        (RULES, "noi-quy.pdf", "noi-qui.pdf", [RULES + ":10 misspelt", FILE + ":0 unread"]),
        (RULES, "noi-quy.pdf", "../noi-quy.pdf", [
            RULES + ":7 document-lacks", RULES + ":10 wrong-value", FILE + ":0 unread"
        ]),
        (RULES, '"public"', '"language:km"', [RULES + ":1 audience-private"]),
        (DRAFT, "ban-1", "ban-9", [DRAFT + ":5 misspelt"]),
        # a stranger learns of no hotel
        (RULES, "trong hội trường.", "ở Khách sạn Sen Hồng.", [RULES + ":9 public-names"]),
        # words
        (RULES, "đeo thẻ", "đeo badge", [RULES + ":9 forbidden-word"]),
        (RULES, "Đại biểu đeo thẻ", "Đại biểu {name}", [RULES + ":9 no-slots-here"]),
        (RULES, "Đại biểu đeo thẻ trong hội trường.", "Đeo thẻ. " * 41, [
            RULES + ":9 too-long", RULES + ":9 many-sentences"
        ]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_line(
    tmp_path: Path, name: str, old: str, new: str, expected: list[str]
) -> None:
    assert found(checked(spoilt(tmp_path, name, old, new))) == expected


def test_the_reason_of_a_refusal_is_said(tmp_path: Path) -> None:
    (mistake,) = checked(spoilt(tmp_path, RULES, '"open"', '"returned"')).mistakes
    assert (mistake.what, mistake.cure) == (
        'A document marked "returned" belongs to the official document system, not to a chat.',
        "Remove its file and summary, write official = true, and say in where how to get it.",
    )


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (FILE, PNG, [FILE + ":1 picture-bytes"]),
        (FILE, PDF + b"0" * (10 * 1024 * 1024), [FILE + ":0 too-large"]),
        (FILE, PDF.replace(b"/Catalog", b"/Catalog /OpenAction 2 0 R /JS (x)"),
         [FILE + ":1 paper-alive"]),
        ("documents/files/khac.pdf", PDF, ["documents/files/khac.pdf:0 unread"]),
        ("documents/files/khac.docx", b"PK", ["documents/files/khac.docx:0 file-name"]),
        ("documents/files/Nội quy.pdf", PDF, ["documents/files/Nội quy.pdf:0 file-name"]),
        ("documents/a/b.toml", b"", ["documents/a/b.toml:0 unread"]),
        (f"documents/{'a' * 41}.toml", str(GOOD[DRAFT]).encode(),
         [f"documents/{'a' * 41}.toml:1 long-name"]),
    ],
)  # fmt: skip
def test_files_are_what_they_say_and_somebody_asked_for_them(
    tmp_path: Path, name: str, data: bytes, expected: list[str]
) -> None:
    assert found(checked(write(tmp_path, {**GOOD, name: data}))) == expected


def packed(objects: bytes) -> bytes:
    stream = zlib.compress(objects)
    head = b"5 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n"
    return PDF + head + stream + b"\nendstream endobj\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PDF, ""),
        (PDF + b"<< /S /JavaScript /JS (app.alert) >>", "/JavaScript"),
        (PDF + b"<< /S /J#61vaScript >>", "/JavaScript"),
        (PDF + b"<< /Names << /EmbeddedFiles 4 0 R >> >>", "/EmbeddedFiles"),
        (PDF + b"<< /Encrypt 9 0 R >>", "/Encrypt"),
        (packed(b"1 0 << /S /Launch >>"), "/Launch"),
        (packed(b"1 0 << /Type /Page >>"), ""),
        (PDF + b"stream\nchance /JS bytes\nendstream", ""),
        (PDF + b"<< /JSomething 1 >>", ""),
        (PDF + b"/ObjStm stream\nnot packed\nendstream", ""),
    ],
)
def test_a_paper_lies_there_to_be_read(data: bytes, expected: str) -> None:
    assert alive_in(data) == expected


def test_an_edited_library_cannot_smuggle_a_paper_in(tmp_path: Path) -> None:
    library = read(write(tmp_path, GOOD), steps=STEPS)
    rules = library.documents["noi-quy"]
    changed = replace(rules, sensitivity="internal")
    edited = replace(library, documents={"noi-quy": changed})
    assert [(one.file, one.line, one.rule) for one in inspect(edited, steps=STEPS)] == [
        (RULES, 0, "not-open")
    ]
