"""A folder is read whole or refused whole, with every mistake at its line."""

import os
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.content import Audience, Medium, digest, media_bytes, read
from bot.content.files import MEDIUM_BYTES
from bot.errors import ContentError
from tests.content.folders import GOOD, PDF, PNG, STEPS, checked, found, spoilt, write

EVENT, ANSWER, PERSONAL = (
    "event.toml",
    "answers/hotel/nhan-phong.toml",
    "answers/hotel/phong-cua-toi.toml",
)
UNUSUAL = "".join(  # the same answer with other questions
    line.replace('", "', ' nhé", "').replace('"]', ' nhé"]') + "\n"
    for line in str(GOOD[PERSONAL]).splitlines()
).encode()
HOTEL, DESK, DAY = "places/sen-hong.toml", "places/ban-1.toml", "programme/day-1.toml"


def test_a_good_folder_has_nothing_to_remark(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    assert found(checked(folder)) == []
    library = read(folder, steps=STEPS)
    assert library.event.first_day == date(2027, 1, 18)
    assert library.event.topic_titles["hotel"] == {"vi": "Khách sạn", "en": "Hotel"}
    assert library.event.topics == ("hotel", "security")
    answer = library.answers["nhan-phong"]
    assert answer.by_language["vi"].text == (
        "Phòng của đại biểu: **{room}**.\nMời đại biểu nhận chìa khóa ở quầy lễ tân."
    )
    assert answer.updated == datetime(2026, 11, 20, 1, 10, tzinfo=UTC)
    assert answer.by_language["km"].draft is True
    assert library.items["don-tiep"].audience == Audience.parse(["role:Trưởng đoàn", "group:1"])
    assert library.items["khai-mac"].start == time(9, 0)
    assert media_bytes(folder, library) == {digest(one): one for one in (PNG, PDF, PDF + b"%en")}
    assert library.file_of(library.documents["noi-quy"], ["km", "en"]) == (
        "en",
        "noi-quy-en.pdf",
        Medium(digest(PDF + b"%en"), len(PDF) + 3, "pdf"),
    )
    assert library.file_of(library.documents["du-thao"], ["vi"]) is None


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        # shape
        (EVENT, 'slug = "thu"', 'slug = "Thử"', ["event.toml:1 wrong-value"]),
        (EVENT, "Ho_Chi_Minh", "Sai_Gon", ["event.toml:2 wrong-value"]),
        (EVENT, "2027-01-18", '"2027-01-18"', ["event.toml:3 not-date"]),
        (EVENT, "2027-01-18", "2027-01-18T08:00:00", ["event.toml:3 not-date"]),
        (EVENT, "days = 2", "days = true", ["event.toml:4 not-number"]),
        (EVENT, "days = 2", "days = 0", ["event.toml:4 wrong-value"]),
        (EVENT, '["vi", "en", "km"]', '["en", "vi", "km"]', ["event.toml:5 wrong-value"]),
        (EVENT, '"0900 000 000"', '"call us"', ["event.toml:7 wrong-value"]),
        (EVENT, 'days = 2', 'days = 2\nstyle = "slow"', ["event.toml:5 not-one-of"]),
        (EVENT, 'days = 2', 'style = true\ndays = 2', ["event.toml:4 not-text"]),
        (EVENT, 'short_name = "Congress"\n', "", ["event.toml:13 missing-key"]),
        (EVENT, 'en = "Hotel"\n', "", ["event.toml:17 missing-key"]),
        (EVENT, "[topic.security]", "[topic.safety]", [
            "event.toml:17 missing-key", "event.toml:21 unknown-key"
        ]),
        (ANSWER, "source =", "sources =", [ANSWER + ":1 missing-key", ANSWER + ":2 misspelt-key"]),
        (ANSWER, "source =", "colour = 1\nsource =", [ANSWER + ":2 unknown-key"]),
        (ANSWER, "title =", "tilte =", [ANSWER + ":7 missing-key", ANSWER + ":8 misspelt-key"]),
        (ANSWER, "+07:00", "", [ANSWER + ":3 not-moment"]),
        (ANSWER, '"Nhận phòng"', "7", [ANSWER + ":8 not-text"]),
        (ANSWER, '"nhận phòng ở đâu",', "7,",
         [ANSWER + ":13 few-questions", ANSWER + ":13 not-list"]),
        (ANSWER, "[km]\ndraft = true", "[km]\ndraft = 1", [
            ANSWER + ":27 no-text", ANSWER + ":28 not-flag", ANSWER + ":27 few-questions-more"
        ]),
        (ANSWER, "[en]", "[end]", [ANSWER + ":1 missing-language", ANSWER + ":22 misspelt-key"]),
        (ANSWER, "[vi]", "[vi]\ndraft = true", [ANSWER + ":8 draft-vi"]),
        (ANSWER, "[km]", "[hmn]", [ANSWER + ":27 unknown-key"]),
        (ANSWER, "Nhận phòng", "Nhận\\u0007phòng", [ANSWER + ":8 control-character"]),
        (ANSWER, "Nhận phòng", "Nhận\\u202Ephòng", [ANSWER + ":8 control-character"]),
        (ANSWER, "[vi]\ntitle =", "[vi]\ntitle ", [ANSWER + ":8 toml"]),
        (PERSONAL, '"phòng tôi"]', '"phòng tôi"', [PERSONAL + ":7 toml"]),
        # references
        (ANSWER, "sen-hong", "sen-hog", [ANSWER + ":4 misspelt"]),
        (ANSWER, "khai-mac", "be-giang", [ANSWER + ":5 unknown"]),
        (PERSONAL, "mine.room", "mine.rom", [PERSONAL + ":3 misspelt"]),
        (PERSONAL, "mine.room", "mine",
         [PERSONAL + ":3 wrong-value", PERSONAL + ":4 no-text", PERSONAL + ":7 no-text"]),
        (DAY, "ban-1", "ban-2", [DAY + ":18 misspelt"]),
        (DESK, '["hotel"]', '["hotels"]', [DESK + ":5 misspelt"]),
        (DESK, '["vi", "km"]', '["vi", "tyz"]', [DESK + ":6 unknown"]),
        (HOTEL, "sen-hong.png", "song-xanh.png", [HOTEL + ":5 unknown"]),
        (HOTEL, "sen-hong.png", "../sen-hong.png", [HOTEL + ":5 wrong-value"]),
        (HOTEL, 'caption = "The front of the hotel."\n', "", [HOTEL + ":14 picture-caption"]),
        # places and programme
        (HOTEL, '"hotel"', '"inn"', [HOTEL + ":1 not-one-of"]),
        (HOTEL, "lat = 21.0278\n", "", [HOTEL + ":1 missing-key"]),
        (HOTEL, "21.0278", "105.8", [HOTEL + ":2 wrong-value"]),
        (DESK, 'sign =', "lat = 21\nsign =", [DESK + ":1 half-point"]),
        (DESK, "06:00-22:00", "6h-22h", [DESK + ":4 wrong-value", DESK + ":1 desk-facts"]),
        (DESK, 'sign = "', 'matches = ["Sen hong"]\nsign = "', [HOTEL + ":7 same-sign"]),
        (DAY, '"10:30"', '"08:30"', [DAY + ":17 time-order"]),
        (DAY, '"10:30"', '"10h30"', [DAY + ":17 wrong-value"]),
        (DAY, "day = 1", "day = 3", [DAY + ":1 file-name", DAY + ":3 day-range"]),
        (DAY, 'id = "khai-mac"', 'id = "don-tiep"', [
            ANSWER + ":5 unknown", DAY + ":15 duplicate"
        ]),
        # audience
        (ANSWER, '"linked"', '"language:km"', [ANSWER + ":1 audience-private"]),
        (ANSWER, '"linked"', "[]", [ANSWER + ":1 audience-empty"]),
        (ANSWER, '"linked"', "7", [ANSWER + ":1 not-text"]),
        (ANSWER, '"linked"', '"hotel:Sông Xanh"', [ANSWER + ":1 unknown"]),
        (ANSWER, '"linked"', '"hotel:KS Sen Hồng"', []),
        (ANSWER, '"linked"', '"public"', [
            ANSWER + ":4 public-place", ANSWER + ":5 wider", ANSWER + ":9 public-slot",
            ANSWER + ":12 public-slot", ANSWER + ":24 public-slot",
        ]),
        (HOTEL, 'kind = "hotel"', 'kind = "hotel"\naudience = "public"',
         [HOTEL + ":2 public-place"]),
        (HOTEL, 'kind = "hotel"', 'kind = "bus_stop"\naudience = "public"',
         [HOTEL + ":2 public-place"]),
        (DAY, 'place = "ban-1"', 'place = "sen-hong"\naudience = "public"',
         [DAY + ":18 public-place"]),
        (DAY, 'kind = "session"', 'audience = "public"\nkind = "session"', []),
        (DAY, 'kind = "session"\n[item.vi]\ntitle = "Khai mạc"', (
            'audience = "public"\nkind = "session"\n[item.vi]\ntitle = "Từ Sen Hồng"'
        ), [DAY + ":22 public-names"]),
        # answers
        (PERSONAL, "[vi]\n", '[vi]\ntext = "Phòng 305."\n', [PERSONAL + ":5 go-and-text"]),
        (ANSWER, 'text = "Your room: {room}."\n', "", [ANSWER + ":22 no-text"]),
        (ANSWER, "Your room: {room}", "Your room: {rum}", [ANSWER + ":24 slot"]),
        (ANSWER, "Your room: {room}", "Your room: {room.x}", [ANSWER + ":24 slot"]),
        (ANSWER, "Your room: {room}", "Your room: {room!r}", [ANSWER + ":24 slot"]),
        (ANSWER, "Your room: {room}", "Your room: {room", [ANSWER + ":24 braces"]),
        (ANSWER, "Your room: {room}", "Your room: {{room}}", []),
        (ANSWER, "Your room: {room}.", "Your **room: {room}.", [ANSWER + ":24 bold"]),
        (ANSWER, "Get your room", "Room {room}", [ANSWER + ":23 no-slots-here"]),
        (ANSWER, ', "my room"]', "]", [ANSWER + ":25 few-questions"]),
        (PERSONAL, "số phòng", "Quầy lễ tân ở đâu?", [PERSONAL + ":6 same-question"]),
        (PERSONAL, "số phòng", "PHONG NAO", [PERSONAL + ":6 repeated-question"]),
        (ANSWER, "Your room: {room}.", "Send a photo of your identity card.",
         [ANSWER + ":24 identity-card"]),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line(
    tmp_path: Path, name: str, old: str, new: str, expected: list[str]
) -> None:
    seen = checked(spoilt(tmp_path, name, old, new))
    assert found(seen) == expected
    assert (seen.library is None) is bool(seen.mistakes)


def test_a_landmark_is_seen_and_stands_on_the_map(tmp_path: Path) -> None:
    folder = spoilt(tmp_path, HOTEL, 'kind = "hotel"\nlat = 21.0278', 'kind = "landmark"')
    place = folder / HOTEL
    place.write_text(place.read_text("utf-8").replace('picture = "sen-hong.png"\n', ""), "utf-8")
    assert {rule.rpartition(" ")[2] for rule in found(checked(folder))} >= {
        "missing-key",
        "landmark-picture",
    }


@pytest.mark.parametrize(
    ("topic", "line", "sensitive"),
    [
        ("security", "", True),
        ("security", "sensitive = false\n", False),
        ("hotel", "", False),
        ("hotel", "sensitive = true\n", True),
    ],
)
def test_an_answer_is_sensitive_by_its_topic_unless_its_file_says_otherwise(
    tmp_path: Path, topic: str, line: str, sensitive: bool
) -> None:
    files = {name: text for name, text in GOOD.items() if name != PERSONAL}
    files[f"answers/{topic}/phong-cua-toi.toml"] = line + str(GOOD[PERSONAL])
    library = read(write(tmp_path, files), steps=STEPS)
    assert library.answers["phong-cua-toi"].sensitive is sensitive


def test_an_event_that_speaks_short_needs_short_words(tmp_path: Path) -> None:
    short = {**GOOD, EVENT: str(GOOD[EVENT]).replace("days = 2", 'days = 2\nstyle = "simple"')}
    library = read(write(tmp_path / "good", short), steps=STEPS)
    assert library.event.simple is True
    long = "Mời đại biểu nhận chìa khóa ở quầy lễ tân. " * 4
    words = str(GOOD[ANSWER]).replace("Mời đại biểu nhận chìa khóa ở quầy lễ tân.", long.strip())
    words = words.replace('short = "Phòng **{room}**."\n', "")
    whole = checked(write(tmp_path / "whole", {**GOOD, ANSWER: words}))
    refused = checked(write(tmp_path / "short", {**short, ANSWER: words}))
    assert [one.rule for one in whole.mistakes if "short" in one.rule] == []
    assert [one.rule for one in whole.warnings if "short" in one.rule] == ["no-short"]
    assert [one.rule for one in refused.mistakes if "short" in one.rule] == ["no-short-simple"]


def test_all_mistakes_come_at_once_and_say_how_to_mend_them(tmp_path: Path) -> None:
    folder = spoilt(tmp_path, ANSWER, "sen-hong", "sen-hog")
    (folder / DAY).write_text("day = 1\nitem = 1\n")
    with pytest.raises(ContentError) as caught:
        read(folder, steps=STEPS)
    assert str(caught.value).split("\n") == [
        'answers/hotel/nhan-phong.toml:4: "place" names "sen-hog", which does not exist. '
        'Did you mean "sen-hong"?',
        'answers/hotel/nhan-phong.toml:5: "item" names "khai-mac", which does not exist. '
        "There are: none.",
        'programme/day-1.toml:2: "item" must be a table. Write: [[item]]',
    ]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("event.toml", str(GOOD[EVENT]).encode("utf-16"), ["event.toml:1 encoding"]),
        (ANSWER, str(GOOD[ANSWER]).encode("cp1258", "replace"), [ANSWER + ":2 encoding"]),
        (ANSWER, b"\xef\xbb\xbf" + str(GOOD[ANSWER]).encode(), [ANSWER + ":1 byte-order-mark"]),
        (ANSWER, str(GOOD[ANSWER]).replace("\n", "\r\n").encode(), [ANSWER + ":1 line-ends"]),
        (ANSWER, str(GOOD[ANSWER]).replace("ễ", "ê\u0303").encode(), [ANSWER + ":2 not-composed"]),
        (ANSWER, str(GOOD[ANSWER]).replace("Nhận", "Nh\u200bận").encode(),
         [ANSWER + ":8 invisible"]),
        ("answers/hotel/Nhận phòng.toml", b"", ["answers/hotel/Nhận phòng.toml:0 file-name"]),
        ("answers/la.toml", b"", ["answers/la.toml:0 unread"]),
        ("answers/hotel/nhan-phong.toml.txt", b"", ["answers/hotel/nhan-phong.toml.txt:0 unread"]),
        ("answers/hotel/.DS_Store", b"", []),
        ("roster.xlsx", b"", []),
        ("courses/one/course.toml", b"", []),
        ("media/Ảnh.png", PNG, ["media/Ảnh.png:0 file-name"]),
        ("media/sen-hong.png", b"GIF89a", ["media/sen-hong.png:1 picture-bytes"]),
        ("media/a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><path/></svg>", []),
        ("media/a.svg", b"<svg><script>1</script></svg>", ["media/a.svg:1 picture-script"]),
        ("media/a.svg", b"<svg onload='x()'></svg>", ["media/a.svg:1 picture-script"]),
        ("media/a.svg", b"<svg><image href='https://x/y.png'/></svg>", [
            "media/a.svg:1 picture-script"
        ]),
        ("media/a.png", PNG + b"0" * MEDIUM_BYTES, ["media/a.png:0 too-large"]),
        (ANSWER, b"# " + b"0" * 300_000, [ANSWER + ":0 too-large"]),
        (ANSWER, b"a = " + b"[" * 5000, [ANSWER + ":1 toml"]),
        ("answers/security/nhan-phong.toml", str(GOOD[PERSONAL]).encode(), [
            "answers/security/nhan-phong.toml:0 duplicate"
        ]),
        ("answers/hotels/khac.toml", UNUSUAL, ["answers/hotels/khac.toml:1 misspelt"]),
        ("answers/security/khac.toml", b'audience = "public"\n' + UNUSUAL, [
            "answers/security/khac.toml:1 public-security"
        ]),
    ],
)  # fmt: skip
def test_files_are_read_safely_or_refused(
    tmp_path: Path, name: str, data: bytes, expected: list[str]
) -> None:
    seen = checked(write(tmp_path, {**GOOD, name: data}))
    assert found(seen) == expected


def test_what_is_tolerated_reads_the_same(tmp_path: Path) -> None:
    good = read(write(tmp_path / "good", GOOD), steps=STEPS)
    windows = b"\xef\xbb\xbf" + str(GOOD[ANSWER]).replace("\n", "\r\n").encode()
    assert read(write(tmp_path / "windows", {**GOOD, ANSWER: windows}), steps=STEPS) == good


def test_nothing_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    outside.write_bytes(PNG)
    folder = write(tmp_path / "content", GOOD)
    (folder / "media" / "other.png").symlink_to(outside)
    (folder / "places" / "more").symlink_to(tmp_path)
    os.mkfifo(folder / "places" / "pipe.toml")
    assert found(checked(folder)) == [
        "media/other.png:0 symlink",
        "places/more:0 symlink",
        "places/pipe.toml:0 not-a-file",
    ]


def test_a_missing_folder_or_event_is_said_plainly(tmp_path: Path) -> None:
    assert found(checked(tmp_path / "nowhere")) == [":0 folder-missing"]
    assert found(checked(tmp_path)) == ["event.toml:0 file-missing"]
