"""Turns cells into the values of a record: as printed, composed, and never silently wrong.

Excel changes what people type: 0912… becomes 912…, 412 becomes 412.0, seat 12-07 becomes a day
in July. What can be put back is put back; what cannot is refused, so that the organiser mends it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

import phonenumbers

from bot.i18n import N_
from bot.roster.notes import Note, as_shown
from bot.roster.rows import ACTIVE, WITHDRAWN, Cell, OddCell
from bot.text import clean, fold

LONGEST = {"code": 40, "full_name": 100}  # visible characters; 120 for the rest
_LONGEST = 120
_EXACT = 10**15  # beyond this a spreadsheet no longer keeps every digit
_FORMULA_STARTS = ("=", "@", "+", "-", "\t", "\r")

_PLAIN = re.compile("[ -~À-ɏẠ-ỹ’–—…]*")  # nothing to clean but the spaces
_NOTHING = re.compile(r"[-–—_.…/\\*?\s]*")
_NOT_YET = frozenset(
    """chua co|chua xep|chua phan|chua bo tri|chua ro|khong co|chua cap nhat|dang cap nhat|
    cap nhat sau|bo sung sau|n/a|#n/a|tbd|tba|tbc|null|none|nil""".replace("\n    ", "").split("|")
)
_CODE = re.compile(r"\w[\w./-]*", re.UNICODE)
_LABELS = {
    "room": "phòng số|phòng|p\\.|room no\\.?|room",
    "bus": "xe số|xe ô tô số|xe|ô tô số|bus no\\.?|bus",
    "seat": "ghế số|ghế|seat no\\.?|seat",
    "table": "bàn ăn số|bàn số|bàn|table no\\.?|table",
    "group": "tổ thảo luận số|tổ thảo luận|tổ số|tổ|nhóm số|nhóm|group no\\.?|group",
}
_LABEL = {
    name: re.compile(rf"(?:{words})\s*(?=\d)", re.IGNORECASE) for name, words in _LABELS.items()
}
PLACED = frozenset(_LABELS) | {"hotel", "phone", "badge_place", "delegation"}

_STATUS = {
    ACTIVE: "active|tham du|co tham du|dang tham du|se tham du|chinh thuc|co mat|co|du|x|yes|"
    "confirmed|attending|da xac nhan|xac nhan|tham gia",
    WITHDRAWN: "withdrawn|rut|da rut|rut ten|xin rut|thoi tham du|da thoi tham du|"
    "thoi khong tham du|khong tham du|khong tham du nua|huy|huy tham du|cancelled|canceled|"
    "not attending|thoi tu cach|thoi tu cach dai bieu",
}
_COMFORT = {
    "text": "text|chu|chu viet|doc|doc chu|van ban|tin nhan chu|reading|read",
    "audio": "audio|nghe|am thanh|loi noi|giong noi|tieng noi|nghe loi noi|loi doc|voice|sound|"
    "listening|listen",
    "pictures": "pictures|picture|hinh|hinh anh|anh|tranh|tranh anh|tranh ve|images|image",
}


def _by_form(table: dict[str, str]) -> dict[str, str]:
    return {form: value for value, forms in table.items() for form in forms.split("|")}


_STATUS_OF, _COMFORT_OF = _by_form(_STATUS), _by_form(_COMFORT)


class CellError(Exception):
    """The cell cannot be imported; the note says why."""

    def __init__(self, text: str, **values: object) -> None:
        self.note = Note(text, as_shown(values))
        super().__init__(str(self.note))


def text_of(cell: Cell) -> str:
    """What the organiser sees in a cell, on one line. Raises CellError for an odd cell."""
    if isinstance(cell, str):
        return _one_line(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, OddCell):
        raise _odd(cell)
    return _number(cell)


@lru_cache(maxsize=65536)
def _one_line(text: str) -> str:
    is_plain = len(text) < 400 and _PLAIN.fullmatch(text)
    return " ".join((text if is_plain else clean(text, 400)).split())


def _odd(cell: OddCell) -> CellError:
    if cell.kind == "error":
        return CellError(N_("The formula here shows an error or was never calculated."))
    return CellError(
        N_(
            "Excel made a date or time of this ({shown}); set the column to Text and type it again."
        ),
        shown=cell.shown,
    )


def _number(value: int | float) -> str:
    """412.0 -> "412". A number too long to be exact is refused."""
    if not abs(value) < _EXACT:
        raise CellError(
            N_("Excel shortened this number; set the column to Text and type it again.")
        )
    return str(int(value)) if value == int(value) else f"{value:.10f}".rstrip("0")


def value_of(field: str, cell: Cell) -> str:
    """The value of a plain field: without "Phòng" before 305, without "-" for nothing.

    Raises CellError when it is odd or longer than any name or number is.
    """
    shown = text_of(cell)
    if _NOTHING.fullmatch(shown) or (field in PLACED and fold(shown) in _NOT_YET):
        return ""
    if len(shown) > LONGEST.get(field, _LONGEST):
        raise CellError(N_("This is longer than {most} characters."), most=_LONGEST)
    if (label := _LABEL.get(field)) and (found := label.match(shown)):
        return shown[found.end() :]
    return shown


def is_like_formula(shown: str) -> bool:
    """Whether another program might run this text as a formula: "=1+1", "@SUM(A1)", "+cmd|"."""
    if not shown.startswith(_FORMULA_STARTS):
        return False
    return shown[0] in "=@" or not shown[1:2].isdigit()


def code_of(cell: Cell) -> str:
    """The delegate's code, in capitals, without spaces inside; leading zeros stay.

    Raises CellError when it is empty or does not look like a code.
    """
    shown = text_of(cell)
    joined = shown.replace(" ", "")
    has_digit = any(map(str.isdigit, joined))
    if not joined or _NOTHING.fullmatch(joined):
        raise CellError(N_("The delegate's code is missing."))
    if len(joined) > LONGEST["code"] or not _CODE.fullmatch(joined):
        raise CellError(N_("This does not look like a delegate's code."))
    if joined != shown and not has_digit:
        raise CellError(N_("This does not look like a delegate's code."))
    return joined.upper()


_SEPARATORS = re.compile(r"[\s.()\u2010-\u2015-]+")
_TWO_NUMBERS = re.compile(r"\s*(?:[/;,|\n]|\s-\s|hoặc|or)\s*", re.IGNORECASE)
# Mobile numbers of Viet Nam as libphonenumber 9 knows them; a test compares the two.
_MOBILE = re.compile(
    r"(?:\+?84|0084)?0?((?:5(?:2[238]|59)|89[6-9]|99[013-9])\d{6}|"
    r"(?:3\d|5[1689]|7[06-9]|8[1-8]|9[0-8])\d{7})"
)


def phone_of(cell: Cell) -> str:
    """A telephone number as E.164 ("+84912345678"), Vietnamese unless it says otherwise.

    Raises CellError for what is not a valid number. Of two numbers in one cell, the first.
    """
    shown = value_of("phone", cell).lstrip("'’`")
    if not shown:
        return ""
    return _phone(_TWO_NUMBERS.split(shown)[0])


def has_two_phones(cell: Cell) -> bool:
    """Whether a cell holds more than one number, of which only the first is kept."""
    return isinstance(cell, str) and len(_TWO_NUMBERS.split(cell.strip())) > 1


@lru_cache(maxsize=65536)
def _phone(shown: str) -> str:
    if found := _MOBILE.fullmatch(_SEPARATORS.sub("", shown)):
        return "+84" + found[1]
    for attempt in (shown, "0" + shown):
        try:
            number = phonenumbers.parse(attempt, "VN")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and not number.extension:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise CellError(N_("This is not a valid telephone number."))


def status_of(cell: Cell) -> str:
    """ "active", "withdrawn", or empty when the cell is. Raises CellError rather than guess."""
    shown = value_of("status", cell)
    if not shown:
        return ""
    if (status := _STATUS_OF.get(_key(shown))) is None:
        raise CellError(
            N_("The status “{shown}” is not known; write “tham dự” or “rút”."), shown=shown
        )
    return status


def comfort_of(cell: Cell) -> str | None:
    """ "text", "audio" or "pictures"; empty for nothing, None for a form not known."""
    shown = value_of("comfort", cell)
    return _COMFORT_OF.get(_key(shown)) if shown else ""


def language_of(cell: Cell, languages: Mapping[str, str]) -> str | None:
    """The language's key through a table from `language_table`; None for a name not in it."""
    shown = value_of("language", cell)
    if not shown:
        return ""
    key = _key(shown)
    return languages.get(key) or languages.get(key.removeprefix("tieng "))


def language_table(names: Mapping[str, str]) -> dict[str, str]:
    """A table for `language_of`, from names or keys as people write them ("Gia Rai" -> "jra").

    The keys themselves are names too.
    """
    return {_key(name).removeprefix("tieng "): key for name, key in names.items()} | {
        key: key for key in names.values()
    }


@lru_cache(maxsize=4096)
def _key(shown: str) -> str:
    return " ".join(re.sub(r"[^\w/]+", " ", fold(shown)).split())
