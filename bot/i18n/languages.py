"""The table of languages: how each is named, falls back, counts and writes a date.

Babel knows almost none of our languages, and guesses wrongly about some, so one table of ours
(`locales/languages.toml`) decides. Nothing is guessed from the code of a language.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from gettext import c2py
from pathlib import Path

from babel import Locale, UnknownLocaleError

from bot.errors import ContentError, Mistake

SOURCE = "en"  # the language of the strings in the code
LAST = "vi"  # the end of every chain; its catalogue is complete before any release
TABLE = "languages.toml"

_CODE = re.compile(r"[a-z]{2,3}(@[a-z]+)?")
_PLURAL_FORMS = re.compile(r"nplurals=([1-6]); plural=([^;]+);")


@dataclass(frozen=True, slots=True)
class Language:
    """One row of the table; `docs/languages.md` gives the meaning of each column."""

    code: str
    own_name: str
    vietnamese_name: str
    button: str
    iso: tuple[str, ...]
    chain: tuple[str, ...]
    formats: str
    plural_forms: str
    audio: tuple[str, ...]
    has_audio: bool
    draft: bool

    @property
    def has_text(self) -> bool:
        """True when reviewers signed the words, so that a delegate may be shown them."""
        return not self.draft

    @property
    def forms(self) -> int:
        """How many plural forms the language has in our catalogues."""
        return int(self.plural_forms.removeprefix("nplurals=").partition(";")[0])

    def form(self, n: int) -> int:
        """Which plural form `n` things take."""
        return c2py(self.plural_forms.partition("plural=")[2].rstrip(";"))(n)


class Languages(Mapping[str, Language]):
    """The table of languages, by code, in the order of the file."""

    def __init__(self, languages: Iterable[Language]) -> None:
        self._by_code = {language.code: language for language in languages}

    def __getitem__(self, code: str) -> Language:
        return self._by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    @classmethod
    def load(cls, path: Path) -> "Languages":
        """Reads the table. ContentError names every wrong row at once."""
        written = path.read_text(encoding="utf-8")
        try:
            rows = tomllib.loads(written)
        except tomllib.TOMLDecodeError as error:
            raise ContentError(Mistake(path.name, 1, f"{error}.", "Mend the TOML.")) from error
        mistakes = [
            Mistake(path.name, _line_of(code, written), f"[{code}] {what}", cure)
            for code, row in rows.items()
            for what, cure in _row_mistakes(code, row, rows)
        ]
        if LAST not in rows:
            mistakes.append(Mistake(path.name, 1, f"[{LAST}] is missing.", "Add its table."))
        if mistakes:
            raise ContentError(*mistakes)
        return cls(_language(code, row) for code, row in rows.items())


def _line_of(code: str, written: str) -> int:
    lines = written.splitlines()
    heads = (f"[{code}]", f'["{code}"]')
    return next((n for n, line in enumerate(lines, 1) if line.strip() in heads), 1)


def _language(code: str, row: Mapping[str, object]) -> Language:
    values = {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}
    return Language(code=code, **values)  # type: ignore[arg-type]  # _row_mistakes looked


_ROW = {
    **dict.fromkeys(("own_name", "vietnamese_name", "button", "formats", "plural_forms"), str),
    **dict.fromkeys(("iso", "chain", "audio"), list),
    **dict.fromkeys(("has_audio", "draft"), bool),
}


def _row_mistakes(code: str, row: object, rows: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if not _CODE.fullmatch(code):
        yield "is no code we can use.", "Write three letters, and after @ the spelling if needed."
    if not isinstance(row, dict):
        yield "is not a table.", "Start a table with the code in square brackets."
        return
    wrong = {n for n, kind in _ROW.items() if not isinstance(row.get(n), kind)}
    for name in sorted(wrong | row.keys() - _ROW.keys()):
        yield f"has {name} missing, misspelt or of the wrong kind.", "Compare it with [vi]."
    if wrong:
        return
    chain, audio = row["chain"], row["audio"]
    if chain[:1] != [code] or chain[-1:] != [LAST]:
        yield f"has the chain {chain}.", f"Begin with {code} and end with {LAST}."
    if SOURCE in chain and code != SOURCE:
        yield f"would fall back to {SOURCE}.", "Leave it out: only its readers may meet English."
    for other in sorted({str(c) for c in (*chain, *audio)} - rows.keys()):
        yield f"falls back to {other}, which has no table.", "Add its table or leave it out."
    if not _has_weekdays(row["formats"]):
        yield f"has no dates for formats {row['formats']!r}.", "Use a locale CLDR knows, or vi."
    if not _is_plural(row["plural_forms"]):
        yield "has plural_forms we cannot read.", 'Write "nplurals=1; plural=0;".'


def _has_weekdays(locale: str) -> bool:
    """CLDR has stubs (blt, hnj) that print English or unreadable days; they count as unknown."""
    try:
        monday = Locale.parse(locale).days["format"]["wide"][0]
    except (UnknownLocaleError, ValueError):
        return False
    return monday != "Mon" and not locale.startswith("hnj")


def _is_plural(forms: str) -> bool:
    found = _PLURAL_FORMS.fullmatch(forms)
    try:
        return found is not None and c2py(found[2])(1) in range(int(found[1]))
    except (ValueError, ZeroDivisionError):
        return False
