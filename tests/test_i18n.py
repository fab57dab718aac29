"""The table of languages, the fallback chains, and dates in words."""

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import paths
from bot.errors import ContentError
from bot.i18n import Languages, Texts, Translator
from bot.i18n.catalogue import catalogue_path, names_in
from bot.text import nfc

HA_NOI = ZoneInfo("Asia/Ho_Chi_Minh")
SATURDAY = datetime(2026, 3, 7, 7, 30, tzinfo=UTC)  # 14:30 in Hà Nội

ROW = """
[{code}]
own_name = "x"
vietnamese_name = "x"
button = "x"
iso = ["xxx"]
chain = {chain}
formats = "{formats}"
plural_forms = "{plural}"
audio = ["vi"]
has_audio = false
draft = {draft}
"""
ONE, TWO = "nplurals=1; plural=0;", "nplurals=2; plural=(n != 1);"


def row(
    code: str,
    chain: str = "",
    *,
    formats: str = "vi",
    plural: str = ONE,
    draft: str = "false",
) -> str:
    chain = chain or f'["{code}", "vi"]'
    name = f'"{code}"' if "@" in code else code
    return ROW.format(code=name, chain=chain, formats=formats, plural=plural, draft=draft)


TABLE = "".join(
    (
        row("vi", '["vi"]'),
        row("en", formats="en", plural=TWO),
        row("km", formats="km"),
        row("rad"),
        row("hmn"),
        row("hmn@rpa"),
        row("jra", draft="true"),
    )
)


def put(folder: Path, code: str, body: str, *, plural: str = ONE) -> None:
    """A catalogue of `folder`; also the table, when it is not there yet."""
    if not (folder / "languages.toml").exists():
        (folder / "languages.toml").write_text(TABLE, encoding="utf-8")
    path = catalogue_path(folder, code)
    path.parent.mkdir(parents=True)
    header = f'"Language: {code}\\n"\n"Plural-Forms: {plural}\\n"\n'
    kind = '"Content-Type: text/plain; charset=UTF-8\\n"\n'
    path.write_text(f'msgid ""\nmsgstr ""\n{header}{kind}\n{body}', encoding="utf-8")


def said(source: str, text: str) -> str:
    return f'msgid "{source}"\nmsgstr "{text}"\n\n'


def speaking(folder: Path, code: str) -> Translator:
    return Texts.load(folder).translator(code, HA_NOI)


def shipped(code: str) -> Translator:
    return Texts.load(paths.resource("locales")).translator(code, HA_NOI)


# -- the table


def test_the_shipped_table() -> None:
    languages = Languages.load(paths.resource("locales") / "languages.toml")
    assert list(languages) == [
        *("vi", "en", "km", "hmn", "hmn@rpa", "tyz", "nut", "blt", "blt@latin", "mtq", "ium"),
        *("jra", "rad", "bdq", "sed", "kpm", "hre", "rog", "stt", "ktv", "bru", "cmo", "cjm"),
        *("zh", "lo"),
    ]
    assert languages["hmn@rpa"].chain == ("hmn@rpa", "vi")
    assert languages["hmn@rpa"].audio == ("hmn",)
    assert [code for code, one in languages.items() if one.has_text] == ["vi", "en"]
    assert {one.forms for code, one in languages.items() if code != "en"} == {1}
    assert len({one.button for one in languages.values()}) == len(languages)
    assert [one.button for one in languages.values() if one.button != nfc(one.button)] == []


@pytest.mark.parametrize(
    ("table", "mistake"),
    [
        (row("vi", '["vi"]') + row("rad", '["rad"]'), "has the chain ['rad']"),
        (row("vi", '["vi"]') + row("rad", '["rad", "en", "vi"]'), "would fall back to en"),
        (row("vi", '["vi"]') + row("rad", '["rad", "nut", "vi"]'), "falls back to nut"),
        (row("vi", '["vi"]') + row("blt", formats="blt"), "has no dates for formats 'blt'"),
        (row("vi", '["vi"]') + row("hmn", formats="hnj"), "has no dates for formats 'hnj'"),
        (row("vi", '["vi"]') + row("rad", formats="rad"), "has no dates for formats 'rad'"),
        (row("vi", '["vi"]') + row("rad", plural="nplurals=1"), "plural_forms we cannot read"),
        (row("vi", '["vi"]') + row("rad", plural="nplurals=1; plural=n**9;"), "plural_forms"),
        (row("vi", '["vi"]') + row("rad", plural="nplurals=1; plural=n%0;"), "plural_forms"),
        (row("vi", '["vi"]') + row("Rad"), "is no code we can use"),
        (row("vi", '["vi"]').replace("own_name", "ownname"), "has own_name missing"),
        (row("vi", '["vi"]').replace("false", '"no"'), "has draft missing"),
        ("vi = 1\n", "is not a table"),
        ("", "[vi] is missing"),
        ("[vi\n", "Mend the TOML"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, table: str, mistake: str) -> None:
    path = tmp_path / "languages.toml"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        Languages.load(path)
    assert str(refused.value).count(mistake) == 1


def test_a_mistake_names_the_line_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "languages.toml"
    path.write_text(row("vi", '["vi"]') + row("hmn@rpa", '["hmn", "vi"]'), encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        Languages.load(path)
    assert [(m.file, m.line) for m in refused.value.mistakes] == [
        ("languages.toml", 14),
        ("languages.toml", 14),
    ]


# -- looking a text up


def test_a_text_is_looked_up_along_the_chain(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại") + said("Room {room}", "Phòng {room}"))
    put(tmp_path, "rad", said("Room {room}", "Adŭ {room}"))
    t = speaking(tmp_path, "rad")
    assert t("Room {room}", room="305") == "Adŭ 305"
    assert t("Back") == "Quay lại"
    assert t("Never translated") == "Never translated"
    assert [t.spoken_in(m) for m in ("Room {room}", "Back", "?")] == ["rad", "vi", "en"]
    assert t.language.code == "rad"


def test_two_spellings_of_one_language_never_mix(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    put(tmp_path, "hmn", said("Back", "x"))
    assert speaking(tmp_path, "hmn@rpa")("Back") == "Quay lại"


def test_english_says_the_source_and_never_vietnamese(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    t = speaking(tmp_path, "en")
    assert (t("Back"), t.spoken_in("Back")) == ("Back", "en")


def test_an_unknown_code_speaks_vietnamese(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    t = speaking(tmp_path, "xx")
    assert (t("Back"), t.language.code) == ("Quay lại", "vi")


def test_fuzzy_and_empty_texts_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại") + said("Next", "Tiếp tục"))
    put(tmp_path, "rad", "#, fuzzy\n" + said("Back", "old") + said("Next", ""))
    t = speaking(tmp_path, "rad")
    assert [t("Back"), t("Next")] == ["Quay lại", "Tiếp tục"]


def test_a_draft_reaches_nobody_but_its_reviewers(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    put(tmp_path, "jra", said("Back", "draft"))
    assert speaking(tmp_path, "jra")("Back") == "Quay lại"
    assert Texts.load(tmp_path, drafts=True).translator("jra", HA_NOI)("Back") == "draft"


def test_only_the_languages_asked_for_are_read(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    put(tmp_path, "rad", said("Back", "{broken"))
    assert Texts.load(tmp_path, ["en", "vi"]).translator("rad", HA_NOI)("Back") == "Quay lại"
    with pytest.raises(ContentError):
        Texts.load(tmp_path, ["rad"])


def test_translations_are_composed(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Tired", "me\u0323\u0302t"))
    assert speaking(tmp_path, "vi")("Tired") == "mệt"


# -- filling in


def test_values_are_inserted_as_they_are(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("{name} {{x}} {room}", "{room} {{x}} {name}"))
    t = speaking(tmp_path, "vi")
    assert t("{name} {{x}} {room}", name="{room} %s \\1", room=5) == "5 {x} {room} %s \\1"


def test_a_name_without_a_value_is_our_mistake(tmp_path: Path) -> None:
    put(tmp_path, "vi", "")
    with pytest.raises(KeyError):
        speaking(tmp_path, "vi")("Room {room}")


@pytest.mark.parametrize(
    "text",
    [
        "{room.__class__}",
        "{room[0]}",
        "{room!r}",
        "{room:>99999999}",
        "{0}",
        "{}",
        "{room",
        "room}",
        "{phòng}",
        "{other}",
        "không có",
        "{room} {other}",
    ],
)
def test_a_translation_may_only_fill_in_the_names_of_its_source(tmp_path: Path, text: str) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    put(tmp_path, "rad", said("Back", "x") + said("Room {room}", text))
    with pytest.raises(ContentError) as refused:
        Texts.load(tmp_path)
    assert [(m.file, m.line) for m in refused.value.mistakes] == [
        ("locales/rad/LC_MESSAGES/donghanh.po", 10)
    ]


def test_a_source_in_a_file_is_not_trusted_either(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("{x.y}", "{x.y}"))
    with pytest.raises(ContentError):
        Texts.load(tmp_path)
    assert names_in("{a} {b} {{c}}") == frozenset({"a", "b"})


def test_even_a_source_string_of_the_code_reaches_no_attribute(tmp_path: Path) -> None:
    put(tmp_path, "vi", "")
    t = speaking(tmp_path, "vi")
    assert t("{x.__class__} {x!r}", x="5") == "{x.__class__} {x!r}"


@pytest.mark.parametrize("body", ['msgid "a"\n', 'msgid "a"\nnonsense "b"\nmsgstr "x"\n'])
def test_a_broken_file_is_refused_by_line(tmp_path: Path, body: str) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại") + body)
    with pytest.raises(ContentError) as refused:
        Texts.load(tmp_path)
    assert [m.file for m in refused.value.mistakes] == ["locales/vi/LC_MESSAGES/donghanh.po"]


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    path = catalogue_path(tmp_path, "vi")
    path.write_bytes(path.read_text(encoding="utf-8").replace("ạ", "x").encode() + b"# \xff\n")
    with pytest.raises(ContentError, match="not UTF-8"):
        Texts.load(tmp_path)


# -- counting


def test_counting_follows_the_table(tmp_path: Path) -> None:
    body = 'msgid "{n} bus"\nmsgid_plural "{n} buses"\nmsgstr[0] "{n} xe"\n'
    put(tmp_path, "vi", body)
    say = {code: speaking(tmp_path, code).count for code in ("vi", "rad", "en")}
    assert [say["vi"]("{n} bus", "{n} buses", n) for n in (1, 5)] == ["1 xe", "5 xe"]
    assert [say["rad"]("{n} bus", "{n} buses", n) for n in (1, 5)] == ["1 xe", "5 xe"]
    assert [say["en"]("{n} bus", "{n} buses", n) for n in (0, 1, 5)] == [
        *("0 buses", "1 bus", "5 buses")
    ]
    assert say["vi"]("{n} day in {x}", "{n} days in {x}", 2, x="Huế") == "2 days in Huế"


def test_half_a_plural_is_left_out(tmp_path: Path) -> None:
    body = 'msgid "{n} bus"\nmsgid_plural "{n} buses"\nmsgstr[0] "{n} coach"\nmsgstr[1] ""\n'
    put(tmp_path, "vi", "")
    put(tmp_path, "en", body, plural=TWO)
    assert speaking(tmp_path, "en").count("{n} bus", "{n} buses", 1) == "1 bus"


# -- dates, times and lists


def test_vietnamese_dates() -> None:
    t = shipped("vi")
    assert t.date(SATURDAY) == "Thứ Bảy, ngày 07/03/2026"
    assert t.date(date(2027, 1, 18)) == "Thứ Hai, ngày 18/01/2027"
    assert t.formal_date(SATURDAY) == "ngày 07 tháng 3 năm 2026"
    assert t.formal_date(date(2027, 2, 18)) == "ngày 18 tháng 02 năm 2027"
    assert t.formal_date(date(2027, 10, 1)) == "ngày 01 tháng 10 năm 2027"
    assert t.weekday(date(2026, 3, 8)) == "Chủ Nhật"
    assert (t.time(SATURDAY), t.formal_time(SATURDAY)) == ("14:30", "14 giờ 30")
    assert t.formal_time(SATURDAY + timedelta(minutes=-30)) == "14 giờ"
    assert t.stamp(datetime(2026, 3, 7, 1, 10, tzinfo=UTC)) == "08:10 ngày 07/03"
    assert t.join(["A", "B", "C"]) == "A, B và C"
    assert [t.join([]), t.join(["A"]), t.join(["A", "B"])] == ["", "A", "A và B"]


def test_english_dates() -> None:
    t = shipped("en")
    assert t.date(SATURDAY) == "Saturday, 7 March 2026"
    assert t.formal_date(SATURDAY) == "7 March 2026"
    assert (t.time(SATURDAY), t.formal_time(SATURDAY)) == ("14:30", "14:30")
    assert t.stamp(SATURDAY) == "14:30 on 7 March"
    assert t.weekday(SATURDAY) == "Saturday"


def test_a_date_speaks_the_language_of_the_words_around_it(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    assert speaking(tmp_path, "km").date(SATURDAY) == "Thứ Bảy, ngày 07/03/2026"
    assert speaking(tmp_path, "rad").date(SATURDAY) == "Thứ Bảy, ngày 07/03/2026"
    put(tmp_path, "km", said("Back", "ត្រឡប់ក្រោយ"))
    t = speaking(tmp_path, "km")
    assert (t.date(SATURDAY), t.time(SATURDAY)) == ("សៅរ៍, 07/03/2026", "14:30")


def test_a_time_is_shown_in_the_zone_of_the_event() -> None:
    late = datetime(2026, 3, 7, 17, 30, tzinfo=UTC)
    assert shipped("vi").date(late) == "Chủ Nhật, ngày 08/03/2026"
    with pytest.raises(ValueError, match="without a zone"):
        shipped("vi").time(datetime(2026, 3, 7))


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(days=2), "Thứ Bảy, ngày 07/03/2026, 14:30"),
        (timedelta(minutes=61), "Thứ Bảy, ngày 07/03/2026, 14:30"),
        (timedelta(minutes=60), "Thứ Bảy, ngày 07/03/2026, 14:30 (còn 60 phút)"),
        (timedelta(minutes=15, seconds=59), "Thứ Bảy, ngày 07/03/2026, 14:30 (còn 15 phút)"),
        (timedelta(seconds=30), "Thứ Bảy, ngày 07/03/2026, 14:30 (ngay bây giờ)"),
        (timedelta(0), "Thứ Bảy, ngày 07/03/2026, 14:30"),
        (timedelta(hours=-1), "Thứ Bảy, ngày 07/03/2026, 14:30"),
    ],
)
def test_a_near_time_is_told_in_minutes(before: timedelta, told: str) -> None:
    assert shipped("vi").when(SATURDAY, SATURDAY - before) == told


def test_english_counts_its_minutes() -> None:
    t = shipped("en")
    assert t.when(SATURDAY, SATURDAY - timedelta(seconds=80)) == (
        "Saturday, 7 March 2026, 14:30 (1 minute left)"
    )


# -- cost


def test_ten_languages_are_read_at_once(tmp_path: Path) -> None:
    codes = ["vi", *(f"q{letter}x" for letter in "abcdefghi")]
    table = row("vi", '["vi"]') + "".join(row(code) for code in codes[1:])
    (tmp_path / "languages.toml").write_text(table, encoding="utf-8")
    room = said("The room of delegate number {n} {x}", "Phòng của đại biểu số {n} {x}")
    body = "".join(room.replace("{n}", str(n)) for n in range(800))
    for code in codes:
        put(tmp_path, code, body)
    began = time.process_time()
    Texts.load(tmp_path)
    assert time.process_time() - began < 0.7


def test_an_empty_slot_costs_nothing(tmp_path: Path) -> None:
    put(tmp_path, "vi", said("Back", "Quay lại"))
    put(tmp_path, "rad", "".join(said(f"Text {n}", "") for n in range(50_000)))
    began = time.process_time()
    Texts.load(tmp_path)
    assert time.process_time() - began < 0.2
