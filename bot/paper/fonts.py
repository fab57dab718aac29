"""The letters we can print: Noto Sans for every Latin alphabet of the country, and Khmer.

The fonts lie beside this file, so that a card looks the same on every machine.
"""

import re
from functools import cache
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

LATIN, KHMER = "NotoSans", "NotoSansKhmer"
_FOLDER = Path(__file__).parent / "fonts"
_STYLES = {"": "Regular", "B": "Bold"}
_PLAIN = re.compile("[\u0020-\u024f\u1e00-\u1eff\u2010-\u2026]*")


def lend(pdf: FPDF) -> None:
    """Give a document our fonts."""
    for family in (LATIN, KHMER):
        for style, name in _STYLES.items():
            pdf.add_font(family, style, _FOLDER / f"{family}-{name}.ttf")
    pdf.set_fallback_fonts([KHMER], exact_match=True)


def take_back(pdf: FPDF) -> None:
    """Close the font files of a finished document."""
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()


def shape(pdf: FPDF, text: str) -> None:
    """Set letters and marks as their script asks, where a text needs it: that costs ten times."""
    pdf.set_text_shaping(not _is_plain(text))


@cache
def _is_plain(text: str) -> bool:
    """Composed Latin letters and punctuation: they stand beside each other and nothing joins."""
    return _PLAIN.fullmatch(text) is not None


def unprintable(text: str) -> str:
    """The letters of a text that no font of ours holds; empty when all of it can be printed."""
    return "".join(sorted({one for one in text if ord(one) not in _known() and one.isprintable()}))


@cache
def _known() -> frozenset[int]:
    """Every character that both weights of some font hold."""
    pdf = FPDF()
    lend(pdf)
    fonts = [(key, font) for key, font in pdf.fonts.items() if isinstance(font, TTFFont)]
    held = {key: frozenset(font.cmap) for key, font in fonts}
    take_back(pdf)
    families = [family.lower() for family in (LATIN, KHMER)]
    return frozenset().union(*(held[one] & held[f"{one}B"] for one in families))
