"""Collecting texts and keeping catalogues in step, on a small project made on the spot."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import catalogues, paths
from bot.cli.i18n import app
from bot.errors import ContentError
from bot.i18n.catalogue import catalogue_path, read_catalogue

ROW = """
[{code}]
own_name = "x"
vietnamese_name = "{code} language"
button = "x"
iso = ["xxx"]
chain = {chain}
formats = "vi"
plural_forms = "{plural}"
audio = ["vi"]
has_audio = false
draft = false
"""
ONE, TWO = "nplurals=1; plural=0;", "nplurals=2; plural=(n != 1);"
CODE = """
def welcome(turn, t):
    # Not for translators.
    # Translators: the number on the door
    room = turn.t("Room {room}", room=5)
    turn.say(room, t("none"))
    t.count("{n} bus", "{n} buses", 3)
    b"a,b".count(b","), "a,b".count(","), t(label)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one handler, one page, and the languages vi, en and rad."""
    rows = [("vi", ["vi"], ONE), ("en", ["en", "vi"], TWO), ("rad", ["rad", "vi"], ONE)]
    table = "".join(
        ROW.format(code=code, chain=str(chain).replace("'", '"'), plural=plural)
        for code, chain, plural in rows
    )
    for folder in ("bot/web/templates", "bot/web/static", "handlers", "locales"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "locales/languages.toml").write_text(table, encoding="utf-8")
    (tmp_path / "handlers/mine.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "bot/web/static/x.py").write_text('t("not ours")', encoding="utf-8")
    page = '<h1>{{ _("Delegates") }}</h1>{{ ngettext("{n} bus", "{n} buses", n, n=n) }}'
    (tmp_path / "bot/web/templates/page.html").write_text(page, encoding="utf-8")
    return tmp_path


def translate(root: Path, code: str, **texts: str) -> None:
    """Writes translations into an updated catalogue, by the first word of their source."""
    path = catalogue_path(root / "locales", code)
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines):
        for word, text in texts.items():
            if line.startswith(f'msgid "{word}'):
                lines[number + 1] = f'msgstr "{text}"'
    path.write_text("\n".join(lines), encoding="utf-8")


def counted(root: Path, code: str, text: str) -> None:
    path = catalogue_path(root / "locales", code)
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace('msgstr[0] ""', f'msgstr[0] "{text}"'), encoding="utf-8")


def complete(root: Path) -> None:
    """A Vietnamese catalogue with everything, and an empty one of rad."""
    catalogues.add(root, "vi")
    catalogues.update(root)
    translate(root, "vi", Room="Phòng {room}", none="chưa có", Delegates="Đại biểu")
    counted(root, "vi", "{n} xe")
    catalogues.add(root, "rad")
    catalogues.update(root)


def found(root: Path) -> list[str]:
    return [str(mistake) for mistake in catalogues.check(root)]


def test_the_template_is_the_same_on_every_machine(root: Path) -> None:
    assert catalogues.template_text(root).partition("\n\n")[2] == (
        "#: bot/web/templates/page.html\n"
        'msgid "Delegates"\nmsgstr ""\n\n'
        "#: bot/web/templates/page.html handlers/mine.py\n"
        "#, python-brace-format\n"
        'msgid "{n} bus"\nmsgid_plural "{n} buses"\nmsgstr[0] ""\nmsgstr[1] ""\n\n'
        "#. the number on the door\n"
        "#: handlers/mine.py\n"
        "#, python-brace-format\n"
        'msgid "Room {room}"\nmsgstr ""\n\n'
        "#: handlers/mine.py\n"
        'msgid "none"\nmsgstr ""\n'
    )
    assert catalogues.write_template(root).read_text(encoding="utf-8").count(str(root)) == 0


def test_a_new_language_needs_a_row_and_gets_a_header(root: Path) -> None:
    with pytest.raises(ContentError, match="not in the table"):
        catalogues.add(root, "jra")
    written = catalogues.add(root, "rad").read_text(encoding="utf-8")
    assert written.splitlines()[2:7] == [
        'msgid ""',
        'msgstr ""',
        '"Project-Id-Version: donghanh\\n"',
        '"Language: rad\\n"',
        f'"Plural-Forms: {ONE}\\n"',
    ]
    with pytest.raises(ContentError, match="exists already"):
        catalogues.add(root, "rad")


def test_a_tidy_project_has_no_mistakes(root: Path) -> None:
    complete(root)
    assert found(root) == []
    before = catalogue_path(root / "locales", "rad").read_bytes()
    catalogues.update(root)
    assert catalogue_path(root / "locales", "rad").read_bytes() == before


def test_update_restores_the_plural_header_and_keeps_the_rest(root: Path) -> None:
    complete(root)
    path = catalogue_path(root / "locales", "rad")
    by_hand = path.read_text(encoding="utf-8").replace(
        f'"Plural-Forms: {ONE}\\n"', '"Last-Translator: Một người\\n"'
    )
    path.write_text(by_hand, encoding="utf-8")
    assert found(root) == [
        "locales/rad/LC_MESSAGES/donghanh.po:1: Plural-Forms is not the table's. "
        "Run `donghanh i18n update`."
    ]
    catalogues.update(root)
    assert path.read_text(encoding="utf-8").count("Last-Translator: Một người") == 1
    assert found(root) == []


def test_a_changed_source_is_never_matched_to_an_old_sentence(root: Path) -> None:
    complete(root)
    translate(root, "rad", none="old words")
    code = (root / "handlers/mine.py").read_text(encoding="utf-8")
    (root / "handlers/mine.py").write_text(code.replace('"none"', '"none yet"'), encoding="utf-8")
    catalogues.update(root)
    written = catalogue_path(root / "locales", "rad").read_text(encoding="utf-8")
    assert written.count('msgid "none yet"\nmsgstr ""\n') == 1
    assert written.count('#~ msgid "none"\n#~ msgstr "old words"\n') == 1


def test_translators_see_the_vietnamese_and_hear_when_it_changed(root: Path) -> None:
    complete(root)
    translate(root, "rad", none="words", Room="Adŭ {room}")
    translate(root, "vi", none="Ban Tổ chức chưa công bố.")
    catalogues.update(root)
    path = catalogue_path(root / "locales", "rad")
    changed = read_catalogue(path, "rad").get("none")
    kept = read_catalogue(path, "rad").get("Room {room}")
    assert changed is not None
    assert kept is not None
    assert (changed.string, changed.fuzzy, kept.fuzzy) == ("words", True, False)
    assert changed.auto_comments == [
        "Tiếng Việt: Ban Tổ chức chưa công bố.",
        "Trước đây: chưa có",
    ]
    before = path.read_bytes()
    catalogues.update(root)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("Phòng", "fills in no names"),
        ("Phòng {room} {x}", "fills in room, x"),
        ("Phòng {room.x}", "{room.x} is not a plain name"),
        ("Phòng {room}? Tầng mấy?", "asks more than one question"),
        ("Phòng {room}, hỏi BTC", "says 'BTC'"),
        ("Phòng {room} ở TP.HCM", "says 'TP'"),
        ("Phòng {room}, xem link", "says 'link'"),
        ("Phòng {room}, xem QR", "says 'QR' alone"),
        ("Phòng {room} lúc 2h30", "a time delegates may misread"),
        ("Phòng {room} lúc 2:30 PM", "a time delegates may misread"),
        ("Phòng {room} khoẻ", "tone mark on the second vowel"),
        ("Vui lòng xem {room}, vui lòng hỏi", "says 'vui lòng' twice"),
        ("Phòng {room} e\u0323\u0302", "is not NFC"),
    ],
)
def test_a_bad_vietnamese_text_is_found(root: Path, text: str, mistake: str) -> None:
    complete(root)
    translate(root, "vi", Room=text)
    assert [m.count(mistake) for m in found(root)] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "Quét mã vuông (QR) ở phòng {room}",
        "Mở mạng không dây (Wi-Fi) ở phòng {room}, quý vị ạ",
        "Mọi người ở phòng {room}, 14 giờ 30, hóa đơn, hoàn thành, thủy",
    ],
)
def test_a_good_vietnamese_text_is_left_alone(root: Path, text: str) -> None:
    complete(root)
    translate(root, "vi", Room=text)
    assert found(root) == []


def test_check_tells_everything_at_once(root: Path) -> None:
    complete(root)
    translate(root, "vi", Delegates="")
    (root / "handlers/new.py").write_text(
        't(f"Hall {x}")\nN_("a" if x else "b")\nt("Why? Where? {a.b}")\n', encoding="utf-8"
    )
    (root / "locales/jra/LC_MESSAGES").mkdir(parents=True)
    (root / "locales/jra/LC_MESSAGES/donghanh.po").write_text("", encoding="utf-8")
    (root / "locales/rad/LC_MESSAGES/donghanh.mo").write_bytes(b"")
    assert [(m.file, m.what) for m in catalogues.check(root)] == [
        ("handlers/new.py", "A text is put together by Python."),
        ("handlers/new.py", "A text is put together by Python."),
        ("locales/donghanh.pot", "It is not what the code says."),
        ("handlers/new.py", "'Why? Where? {a.b}' asks more than one question."),
        ("handlers/new.py", "'Why? Where? {a.b}': {a.b} is not a plain name."),
        ("locales/jra/LC_MESSAGES/donghanh.po", "'jra' is not in the table."),
        ("locales/vi/LC_MESSAGES/donghanh.po", "'Delegates' has no Vietnamese."),
        ("locales/vi/LC_MESSAGES/donghanh.po", "'Why? Where? {a.b}' has no Vietnamese."),
        ("locales/rad/LC_MESSAGES/donghanh.mo", "Compiled catalogues are not used."),
    ]


def test_a_fuzzy_or_forgotten_text_is_found(root: Path) -> None:
    complete(root)
    path = catalogue_path(root / "locales", "vi")
    written = path.read_text(encoding="utf-8")
    fuzzy = written.replace('msgid "none"', '#, fuzzy\nmsgid "none"')
    path.write_text(f'{fuzzy}\nmsgid "gone"\nmsgstr "mất"\n', encoding="utf-8")
    assert [m.what for m in catalogues.check(root)] == [
        "'none' is marked fuzzy.",
        "'gone' is no longer said.",
    ]


def test_without_vietnamese_nothing_is_in_order(root: Path) -> None:
    catalogues.write_template(root)
    assert [m.what for m in catalogues.check(root)] == ["There is no Vietnamese catalogue."]


def test_the_command_exits_with_one_when_anything_is_wrong(root: Path) -> None:
    def run(*words: str) -> tuple[int, list[str]]:
        done = CliRunner().invoke(app, [*words, "--root", str(root)])
        return done.exit_code, done.output.splitlines()

    complete(root)
    assert run("check") == (0, ["The catalogues are in order."])
    translate(root, "vi", none="")
    assert run("check") == (1, found(root))
    assert run("extract") == (0, ["locales/donghanh.pot"])
    assert run("add", "en") == (0, ["locales/en/LC_MESSAGES/donghanh.po"])
    files = [f"locales/{code}/LC_MESSAGES/donghanh.po" for code in ("vi", "en", "rad")]
    assert run("update") == (0, ["locales/donghanh.pot", *files])


def test_the_shipped_catalogues_are_in_order() -> None:
    """The release gate: every chain ends in a Vietnamese text, and none of them misleads."""
    assert found(paths.resource("locales").parent) == []
