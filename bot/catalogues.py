"""The maintainers' side of translation: collect the texts, keep the files in step, find mistakes.

Babel does the collecting and the merging. Around it stands what Babel gets wrong for languages it
does not know: the plural header, the {names}, and matching an old sentence to a new one in a
language nobody on the team can read.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.errors import ContentError, Mistake
from bot.i18n.catalogue import catalogue_path, field_mistakes, names_in, read_catalogue
from bot.i18n.languages import LAST, SOURCE, TABLE, Language, Languages
from bot.text import nfc

TEMPLATE = Path("locales/donghanh.pot")
SOURCES = ("bot", "handlers")

_TEMPLATE_OPTIONS = {
    "**/templates/**": {
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
        "silent": "false",
    }
}
# `t.count` in Python, `ngettext` in a template: there a dotted name is not seen.
_KEYWORDS = {"_": None, "t": None, "N_": None, "count": (1, 2), "ngettext": (1, 2)}
_COMMENT_TAG = "Translators:"
_BESIDE, _BEFORE = "Tiếng Việt:", "Trước đây:"

_TEMPLATE_HEADER = """\
# What Đồng Hành says. Written by `donghanh i18n extract`; do not edit.
msgid ""
msgstr ""
"Project-Id-Version: donghanh\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
_HEADER = """\
# What Đồng Hành says: {language.vietnamese_name}.
# How to translate, and who may sign it: docs/languages.md.
msgid ""
msgstr ""
"Project-Id-Version: donghanh\\n"
"Language: {language.code}\\n"
"Plural-Forms: {language.plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def _from_python(
    source: BinaryIO, keywords: Collection[str], *_: object, **__: object
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """The texts of one module, for Babel, whose own reader stumbles over `b"".count(b"")`."""
    lines = source.read().decode().splitlines()
    calls = [node for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        texts = tuple(_literal(argument) for argument in call.args[:2])
        if _called(call) in keywords and texts and texts[0]:
            yield call.lineno, _called(call), texts, _comments_above(lines, call.lineno)


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _literal(node: ast.expr) -> str | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else None


def _comments_above(lines: list[str], line: int) -> list[str]:
    """The comment block right above a line, from the words "Translators:" on."""
    block: list[str] = []
    for above in reversed(lines[: line - 1]):
        if not above.lstrip().startswith("#"):
            break
        block.insert(0, above.strip().lstrip("# "))
    tagged = [n for n, comment in enumerate(block) if comment.startswith(_COMMENT_TAG)]
    return block[tagged[0] :] if tagged else []


_METHODS: Any = (
    ("**/static/**", "ignore"),
    ("**.py", _from_python),
    ("**/templates/**", "jinja2"),
)


def extract(root: Path) -> Catalog:
    """Every text of the code and the templates, in the order of the files, with file names only."""
    template = Catalog()
    for folder in SOURCES:
        for name, _, message, comments, _ in extract_from_dir(
            root / folder,
            _METHODS,
            _TEMPLATE_OPTIONS,
            keywords=_KEYWORDS,
            comment_tags=(_COMMENT_TAG,),
            strip_comment_tags=True,
        ):
            place = (f"{folder}/{name}", 0)  # a line number would change with every edit
            template.add(message, locations=[place], auto_comments=comments)
    for collected in template:
        collected.locations.sort()
    return template


def template_text(root: Path) -> str:
    """The template as it should stand in the repository: the same bytes on every machine."""
    return f"{_TEMPLATE_HEADER}\n{_body(extract(root))}"


def _body(catalogue: Catalog) -> str:
    written = BytesIO()
    write_po(
        written,
        catalogue,
        width=0,
        omit_header=True,
        sort_by_file=True,
        include_lineno=False,
        include_previous=True,
    )
    return written.getvalue().decode().rstrip("\n") + "\n"


def write_template(root: Path) -> Path:
    """Writes the template anew and returns where it stands."""
    path = root / TEMPLATE
    path.write_text(template_text(root), encoding="utf-8", newline="\n")
    return path


def add(root: Path, code: str) -> Path:
    """Opens an empty catalogue for a language of the table; ContentError when that cannot be."""
    languages = Languages.load(root / "locales" / TABLE)
    if code not in languages:
        what, cure = f"{code!r} is not in the table.", f"Add [{code}] to it first."
        raise ContentError(Mistake(f"locales/{TABLE}", 1, what, cure))
    path = catalogue_path(root / "locales", code)
    if path.exists():
        name = path.relative_to(root).as_posix()
        raise ContentError(Mistake(name, 1, "It exists already.", "Run `donghanh i18n update`."))
    path.parent.mkdir(parents=True, exist_ok=True)
    header = _HEADER.format(language=languages[code])
    path.write_text(header, encoding="utf-8", newline="\n")
    return path


def update(root: Path) -> list[Path]:
    """Brings the template and every catalogue up to date with the code; translations stay.

    A changed source is a new message; the old pair stays below as obsolete. Other languages get
    the Vietnamese beside each message, and where it changed, their text is marked fuzzy.
    """
    languages = Languages.load(root / "locales" / TABLE)
    template, changed = extract(root), [write_template(root)]
    vietnamese: dict[str, str] = {}
    for code in sorted(languages, key=(LAST,).count, reverse=True):
        path = catalogue_path(root / "locales", code)
        if not path.exists():
            continue
        head, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
        head = with_plural_forms(head, languages[code])
        catalogue = read_po(BytesIO(f"{head}\n\n{rest}".encode()), abort_invalid=True)
        notes = {_key(message): message.auto_comments for message in catalogue}
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        if code == LAST:
            vietnamese = {_key(m): _shown(m) for m in catalogue if m.id and not m.fuzzy}
        elif code != SOURCE:
            for message in catalogue:
                _put_beside(message, vietnamese.get(_key(message), ""), notes.get(_key(message)))
        path.write_text(f"{head}\n\n{_body(catalogue)}", encoding="utf-8", newline="\n")
        changed.append(path)
    return changed


def with_plural_forms(head: str, language: Language) -> str:
    """The header of a catalogue with the plural line of our table.

    Babel drops the line for locales it does not know, and a catalogue without it silently answers
    in the source language.
    """
    line = f'"Plural-Forms: {language.plural_forms}\\n"'
    if '\n"Plural-Forms:' in head:
        return re.sub(r'(?m)^"Plural-Forms:.*$', lambda _: line, head).rstrip("\n")
    return f"{head.rstrip()}\n{line}"


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _shown(message: Message) -> str:
    if isinstance(message.string, str):
        return message.string
    return " / ".join(filter(None, message.string or ()))


def _put_beside(message: Message, vietnamese: str, notes: list[str] | None) -> None:
    """Shows a translator the Vietnamese; when it changed, the translation waits for review."""
    if not vietnamese:
        return
    was, _, earlier = " ".join(notes or ()).partition(_BESIDE)[2].partition(_BEFORE)
    message.auto_comments.append(f"{_BESIDE} {vietnamese}")
    if was and "".join(was.split()) != "".join(vietnamese.split()) and _shown(message):
        message.flags.add("fuzzy")
        earlier = was
    if earlier and message.fuzzy:
        message.auto_comments.append(f"{_BEFORE} {earlier.strip()}")


def check(root: Path) -> list[Mistake]:
    """Everything wrong with the texts and their translations, in the order of the files."""
    try:
        languages = Languages.load(root / "locales" / TABLE)
    except ContentError as error:
        return list(error.mistakes)
    template = extract(root)
    mistakes = [*_call_mistakes(root), *_template_mistakes(root, template)]
    for path in sorted((root / "locales").glob("*/LC_MESSAGES/*.po")):
        mistakes += _file_mistakes(root, path, template, languages)
    if not catalogue_path(root / "locales", LAST).exists():
        what, cure = "There is no Vietnamese catalogue.", f"Run `donghanh i18n add {LAST}`."
        mistakes.append(Mistake(f"locales/{TABLE}", 1, what, cure))
    for path in sorted((root / "locales").rglob("*.mo")):
        name = path.relative_to(root).as_posix()
        mistakes.append(Mistake(name, 1, "Compiled catalogues are not used.", "Delete it."))
    return mistakes


def _call_mistakes(root: Path) -> Iterator[Mistake]:
    """Texts put together by Python, which no translator would ever see whole."""
    made = (ast.JoinedStr, ast.IfExp, ast.BinOp)
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and node.args):
                    continue
                if _called(node) in ("t", "N_", "_") and isinstance(node.args[0], made):
                    what = "A text is put together by Python."
                    cure = "Write one whole string with {names}, and choose between whole calls."
                    yield Mistake(path.relative_to(root).as_posix(), node.lineno, what, cure)


def _template_mistakes(root: Path, template: Catalog) -> Iterator[Mistake]:
    path = root / TEMPLATE
    said = f"{_TEMPLATE_HEADER}\n{_body(template)}"
    if not path.exists() or path.read_text(encoding="utf-8") != said:
        stale = "It is not what the code says."
        yield Mistake(TEMPLATE.as_posix(), 1, stale, "Run `donghanh i18n update`.")
    for message in template:
        for source in (message.id,) if isinstance(message.id, str) else message.id:
            for what, cure in _wording_mistakes(source, SOURCE):
                yield Mistake(message.locations[0][0], 1, f"{source!r} {what}", cure)
            try:
                names_in(source)
            except ValueError as error:
                what, cure = f"{source!r}: {error}.", "Use plain {names}."
                yield Mistake(message.locations[0][0], 1, what, cure)


def _file_mistakes(
    root: Path, path: Path, template: Catalog, languages: Mapping[str, Language]
) -> Iterator[Mistake]:
    name, code = path.relative_to(root).as_posix(), path.parent.parent.name
    if code not in languages:
        yield Mistake(name, 1, f"{code!r} is not in the table.", f"Add it to locales/{TABLE}.")
        return
    try:
        catalogue = read_catalogue(path, name)
    except ContentError as error:
        yield from error.mistakes
        return
    if catalogue.plural_forms != languages[code].plural_forms:
        what, cure = "Plural-Forms is not the table's.", "Run `donghanh i18n update`."
        yield Mistake(name, 1, what, cure)
    for message in catalogue:
        if message.id:
            yield from _message_mistakes(message, name, code, template)
    if code == LAST:
        yield from _missing(catalogue, template, name)


def _message_mistakes(
    message: Message, name: str, code: str, template: Catalog
) -> Iterator[Mistake]:
    line = message.lineno or 1
    if message.id not in template:
        what = f"{_key(message)!r} is no longer said."
        yield Mistake(name, line, what, "Run `donghanh i18n update`.")
    if message.fuzzy and code in (LAST, SOURCE):
        what = f"{_key(message)!r} is marked fuzzy."
        yield Mistake(name, line, what, "Look at the text, then remove the mark.")
    yield from field_mistakes(message, name)
    texts = (message.string,) if isinstance(message.string, str) else message.string or ()
    for text in texts:
        for what, cure in _wording_mistakes(text, code):
            yield Mistake(name, line, f"{text!r} {what}", cure)


def _missing(catalogue: Catalog, template: Catalog, name: str) -> Iterator[Mistake]:
    for message in template:
        found = catalogue.get(_key(message))
        texts = found.string if found else ""
        if message.id and not (all(texts) if isinstance(texts, tuple) else texts):
            line = found.lineno if found and found.lineno else 1
            what = f"{_key(message)!r} has no Vietnamese."
            yield Mistake(name, line, what, "Translate it: every chain of languages ends here.")


# What a delegate should not have to read, and what to write instead.
_INSTEAD = {
    "TP": "Thành phố",
    "BTC": "Ban Tổ chức",
    "ĐB": "đại biểu",
    "SĐT": "số điện thoại",
    "vv": "the whole list",
    "v.v": "the whole list",
    "check-in": "điểm danh vào hội trường",
    "check in": "điểm danh vào hội trường",
    "book": "đặt",
    "form": "phiếu",
    "link": "đường dẫn",
    "app": "ứng dụng",
    "group": "nhóm",
    "admin": "Ban Tổ chức",
    "user": "đại biểu",
    "token": "mã",
    "bot": "Trợ lý Đồng Hành",
    "lỗi hệ thống": "what happened and what to do",
    "có lẽ": "Ban Tổ chức chưa công bố",
    "tiếng dân tộc": "the name of the language",
    "dân tộc ít người": "the name of the people",
}
_FORBIDDEN = re.compile(
    r"(?<!\w)(?:" + "|".join(map(re.escape, _INSTEAD)) + r")(?!\w)", re.IGNORECASE
)
_PLAIN_INSTEAD = {word.casefold(): instead for word, instead in _INSTEAD.items()}
_AS_WRITTEN = re.compile(r"\{\w+\}|`[^`]*`")  # a place to fill, or a word of a file or a command
_BARE_QR = re.compile(r"(?<!mã vuông \()\bQR\b")
_CLOCK = re.compile(r"\b\d{1,2}\s?h(?:\d{2})?\b|\b[AP]M\b")
_NEW_TONES = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)


def _wording_mistakes(text: str, code: str) -> Iterator[tuple[str, str]]:
    """The style rules a program can judge, each with its cure."""
    if sum(map(text.count, "?？")) > 1:
        yield "asks more than one question.", "Ask one; say the rest in the next message."
    if code != LAST:
        return
    if text != nfc(text):
        yield "is not NFC.", "Save it with composed letters."
    plain = _AS_WRITTEN.sub("…", nfc(text))
    for word in _FORBIDDEN.findall(plain):
        yield f"says {word!r}.", f"Write: {_PLAIN_INSTEAD[word.casefold()]}."
    if _BARE_QR.search(plain):
        yield "says 'QR' alone.", "Write: mã vuông (QR)."
    if _CLOCK.search(plain):
        yield "has a time delegates may misread.", "Write 14:30 or 14 giờ 30."
    if _NEW_TONES.search(plain):
        yield "puts a tone mark on the second vowel.", "Write hòa, khỏe, thủy."
    if plain.casefold().count("vui lòng") > 1:
        yield "says 'vui lòng' twice.", "Once is polite enough."
