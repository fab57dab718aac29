"""Finds text typed in an old Vietnamese font, or opened in the wrong encoding, and puts it right.

Half of the provinces' older lists were typed in .VnTime or VNI fonts. Converting them by hand costs
a day; converting good text by mistake ruins names. So a column is converted only when its words
become Vietnamese syllables, and a file that is plainly broken but not recognised is refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.i18n import N_
from bot.roster.headers import is_heading
from bot.roster.legacy_tables import ENCODINGS, western
from bot.roster.notes import Note, RosterRefused, listed, note
from bot.roster.rows import Cell, Sheet
from bot.roster.syllable_shape import is_syllable

_CONFIDENT = 0.85  # share of broken words that must become syllables; names of peoples do not
_ENOUGH = 3  # different broken words before a column may decide for itself
_PURE = 10  # broken texts for each good one, from which a column is all of the old kind
_BEYOND_REPAIR = 0.2  # share of words broken and unexplained from which a file is refused

_WORD = re.compile("[^ \t\r\n!-@\\[-`{-~]+")  # U+00A0 is a letter's half in broken UTF-8
_VIETNAMESE = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý"
# Western characters no Vietnamese or Tây Nguyên word has; Ñ is a letter of Ê Đê, and quotes,
# dashes and the degree sign stand beside words in good text.
_FINE = _VIETNAMESE + "Ññ\u00a0°«»“”‘’–—…•"
_STRANGE = "".join(shown for shown in western(bytes(range(0x80, 0x100))) if shown not in _FINE)
_FOREIGN = re.compile(f"[{re.escape(_STRANGE)}\ufffdμ]|[a-zà-ý][À-Ý]|\\w[«»]\\w")
_LETTERS = re.compile(r"[^\W\d_]+")
_NOT_A_LETTER = re.compile("\\w[\x80-\x9f¡-¿×÷€-™\ufffd]\\w")
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]|\b[^\W\d_]+\?[^\W\d_]*\b")


@dataclass(frozen=True, slots=True)
class _Column:
    """The different texts of one column, and what they tell about its encoding."""

    texts: frozenset[str]
    foreign: frozenset[str]  # words that cannot be good Unicode Vietnamese
    words: int  # different words with a letter beyond ASCII

    @classmethod
    def of(cls, texts: Iterable[str]) -> "_Column":
        beyond = frozenset(text for text in texts if not text.isascii())
        words = {word for text in beyond for word in _words(text)}
        return cls(beyond, frozenset(filter(_FOREIGN.search, words)), len(words))

    def encoding(self, least: int = _ENOUGH) -> str | None:
        """The encoding that turns the foreign words into syllables, if one does so clearly."""
        if len(self.foreign) < least:
            return None
        share = {name: self._share(name) for name in ENCODINGS}
        best = max(share, key=lambda name: share[name])
        return best if share[best] >= _CONFIDENT else None

    def _share(self, encoding: str) -> float:
        good = sum(_becomes_syllables(word, encoding) for word in self.foreign)
        return good / len(self.foreign)

    def is_beyond_repair(self) -> bool:
        hard = sum(bool(_NOT_A_LETTER.search(word)) for word in self.foreign)
        return hard >= _ENOUGH and hard >= _BEYOND_REPAIR * self.words


def _words(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text) if not word.isascii())


def _becomes_syllables(word: str, encoding: str) -> bool:
    read = ENCODINGS[encoding](word)
    return read is not None and all(map(is_syllable, _LETTERS.findall(read)))


def decode_old(raw: bytes) -> tuple[str, str]:
    """The text of a file that is not Unicode, and the name of its encoding.

    Raises RosterRefused when no known encoding makes Vietnamese of it.
    """
    shown = western(raw)
    encoding = _Column.of(shown.splitlines()).encoding(least=1) or _by_plain_words(shown)
    if encoding is None:
        raise RosterRefused(
            N_(
                "The text of this file is in an encoding the program does not know; save it again "
                "as “CSV UTF-8” or as .xlsx in a Unicode font."
            )
        )
    return "\n".join(_converted(line, encoding) for line in shown.split("\n")), encoding


def _by_plain_words(shown: str) -> str | None:
    """For a file with no impossible word: the one encoding in which every word is a syllable."""
    words = set(_words(shown))
    good = [name for name in ENCODINGS if all(_becomes_syllables(word, name) for word in words)]
    return good[0] if len(good) == 1 else None


def _converted(text: str, encoding: str) -> str:
    if text.isascii():
        return text
    read = ENCODINGS[encoding](text)
    if read is not None:
        return read
    pieces = (ENCODINGS[encoding](piece) or piece for piece in re.split(r"(\s+)", text))
    return "".join(pieces)


def restored(sheet: Sheet) -> Sheet:
    """The sheet with old-font columns turned into Unicode, and a note for each.

    Raises RosterRefused when accents were lost ("Nguy?n") or the encoding is not recognised.
    """
    width = max(map(len, sheet.rows), default=0)
    columns = [_Column.of(_texts(sheet, index)) for index in range(width)]
    _refuse_lost_accents(sheet)
    whole = _Column.of(text for column in columns for text in column.texts).encoding()
    found: dict[int, dict[str, str]] = {}
    notes: list[Note] = []
    for index, column in enumerate(columns):
        if column.foreign:
            encoding = column.encoding() or _borrowed(column, whole)
            changes, said = _column_changes(sheet, index, column, encoding)
            found[index] = changes
            notes += said
    if not found:
        return sheet
    rows = tuple(_replaced(row, found) for row in sheet.rows)
    return Sheet(sheet.name, rows, (*sheet.notes, *notes))


def _texts(sheet: Sheet, index: int) -> set[str]:
    cells = (row[index] for row in sheet.rows if index < len(row))
    return {cell for cell in cells if isinstance(cell, str)}


def _borrowed(column: _Column, whole: str | None) -> str | None:
    """A column with few words follows the rest of the file if its words allow it."""
    if whole is None:
        return None
    is_pure = all(ENCODINGS[whole](text) is not None for text in column.texts)
    becomes = all(_becomes_syllables(word, whole) for word in column.foreign)
    return whole if is_pure or becomes else None


def _column_changes(
    sheet: Sheet, index: int, column: _Column, encoding: str | None
) -> tuple[dict[str, str], list[Note]]:
    if encoding is None:
        return {}, [_unexplained(sheet, index, column)]
    texts = {text for text in column.texts if not is_heading(text)}
    broken = {text for text in texts if _is_broken(text, encoding)}
    unicode = {text for text in texts if ENCODINGS[encoding](text) is None}
    is_mixed = len(unicode) * _PURE > len(broken)
    chosen = broken if is_mixed else texts - unicode
    notes = [
        note(
            N_(
                "Column {column} was typed in an old font ({encoding}) and has been converted to "
                "Unicode; look at a few names."
            ),
            column=_heading(sheet, index),
            encoding=encoding,
        )
    ]
    if is_mixed:
        notes += _doubtful(sheet, index, texts - chosen, encoding)
    return {text: _converted(text, encoding) for text in chosen}, notes


def _is_broken(text: str, encoding: str) -> bool:
    """Whether a text is clearly of the old kind: no syllables as it stands, all of them after."""
    words = list(_words(text))
    return not all(map(is_syllable, words)) and all(
        _becomes_syllables(word, encoding) for word in words
    )


def _doubtful(sheet: Sheet, index: int, texts: Iterable[str], encoding: str) -> list[Note]:
    """Cells of a mixed column that read well both ways, or still have a foreign word."""
    unsure = {
        text
        for text in texts
        if any(map(_FOREIGN.search, _words(text)))
        or all(_becomes_syllables(word, encoding) for word in _words(text))
    }
    where = _where(sheet, index, unsure)
    if not where:
        return []
    said = N_("Column {column} mixes Unicode and an old font; check the letters in {cells}.")
    return [note(said, column=_heading(sheet, index), cells=listed(where))]


def _unexplained(sheet: Sheet, index: int, column: _Column) -> Note:
    if column.is_beyond_repair():
        raise RosterRefused(
            N_(
                "Column {column} is in an old font the program does not "
                "know; convert it to Unicode "
                "(for example with UniKey) and save the file again."
            ),
            column=_heading(sheet, index),
        )
    broken = {text for text in column.texts if any(map(_FOREIGN.search, _words(text)))}
    return note(
        N_("Unusual letters, kept as they are: {cells}. Check them."),
        cells=listed(_where(sheet, index, broken)),
    )


def _where(sheet: Sheet, index: int, texts: set[str]) -> list[str]:
    return [
        sheet.address(number, index)
        for number, row in enumerate(sheet.rows)
        if index < len(row) and row[index] in texts
    ]


def _heading(sheet: Sheet, index: int) -> str:
    return sheet.address(0, index).partition("!")[2].rstrip("1")


def _replaced(row: tuple[Cell, ...], found: dict[int, dict[str, str]]) -> tuple[Cell, ...]:
    cells = list(row)
    for index, changes in found.items():
        if index < len(cells) and isinstance(was := cells[index], str):
            cells[index] = changes.get(was, was)
    return tuple(cells)


def _refuse_lost_accents(sheet: Sheet) -> None:
    """Excel's plain "CSV" writes a question mark for every letter with an accent it cannot keep."""
    words = [cell for row in sheet.rows for cell in row if isinstance(cell, str) and "?" in cell]
    lost = sum(bool(_LOST.search(cell)) for cell in words)
    if lost >= _ENOUGH and lost >= _BEYOND_REPAIR * len(sheet.rows):
        raise RosterRefused(
            N_(
                "The accents of this file are lost (letters became “?”); "
                "open the original in Excel "
                "and save it as “CSV UTF-8” or .xlsx."
            )
        )


def has_text(cells: Sequence[Cell]) -> bool:
    """Whether any cell of a row holds something."""
    return any(cell not in (None, "") for cell in cells)
