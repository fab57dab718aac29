"""How organisers write the names of the event's languages in a list."""

import re
from collections.abc import Iterable

from bot.i18n import Languages

# Spellings in everyday use beside the State list's; the keys are the table's own.
_ALSO = {
    "vi": ("Việt", "Kinh", "phổ thông", "Vietnamese"),
    "en": ("Anh", "English"),
    "km": ("Khmer", "Khơ Me", "Khơ-me"),
    "hmn": ("Mông", "H'Mông", "Hmông", "Hmong"),
    "tyz": ("Tày", "Tay"),
    "nut": ("Nùng",),
    "blt": ("Thái", "Thái Đen", "Tai Dam"),
    "mtq": ("Mường",),
    "ium": ("Dao",),
    "jra": ("Gia Rai", "Gia-rai", "Gia Lai", "Jrai", "Jarai", "J'rai"),
    "rad": ("Ê Đê", "Ê-đê", "Êđê", "Ede", "Rade", "Rhade"),
    "bdq": ("Ba Na", "Ba-na", "Bahnar", "Bana"),
}
_ASIDE = re.compile(r"\([^)]*\)")


def names_of(languages: Languages, codes: Iterable[str]) -> dict[str, str]:
    """Every way to write each language of the event, to its key: for `language_table`.

    Where two languages share a name (two spellings of Mông), the event's first one has it.
    """
    names: dict[str, str] = {}
    for code in codes:
        language = languages.get(code)
        known = (language.own_name, language.vietnamese_name) if language else ()
        plain = (_ASIDE.sub("", name).strip() for name in known)
        for name in (code, *known, *plain, *_ALSO.get(code.partition("@")[0], ())):
            if name:
                names.setdefault(name, code)
    return names
