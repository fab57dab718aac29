"""The delegates' cards on A4: eight a page, to be cut apart, one pile for each delegation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import groupby

import segno
from fpdf import FPDF

from bot.paper.fonts import LATIN, lend, shape, take_back
from bot.text import alphabetical, graphemes, nfc

# Millimetres. Eight cards of 95 x 66 fill an A4 sheet but for margins that any printer can keep.
WIDTH, HEIGHT = 95.0, 66.0
COLUMNS, ROWS = 2, 4
LEFT, TOP = 10.0, 14.0
PAD = 5.0
QR = 30.0
MARK = 3.0
BESIDE_QR = WIDTH - 3 * PAD - QR
INSIDE = WIDTH - 2 * PAD
PAGE = 210.0, 297.0
BLACK, GREY = 0, 90


@dataclass(frozen=True, slots=True)
class Card:
    """One person's card. `code` is what she may type: two groups of four."""

    name: str
    delegation: str
    link: str
    code: str


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on every card, translated: the event, what to do, whom to call.

    `alone` heads the pile of those without a delegation. `made` is the document's date, aware.
    """

    event: str
    scan: str
    type: str
    help: str
    alone: str
    made: datetime


def ordered(cards: Sequence[Card]) -> list[Card]:
    """By delegation, then by name; those without a delegation last."""

    def place(card: Card) -> tuple[object, ...]:
        return not card.delegation, alphabetical(card.delegation), alphabetical(card.name)

    return sorted(cards, key=place)


def draw(cards: Sequence[Card], words: Words, drawn: Callable[[int], None]) -> bytes:
    """A PDF of the cards in the order given. `drawn` is told how many are done, card by card."""
    paper = _Paper(words)
    pages = list(_pages(cards))
    done = 0
    for number, (delegation, part, parts, shown) in enumerate(pages, 1):
        paper.begin(delegation or words.alone, (part, parts), (number, len(pages)))
        for place, card in enumerate(shown):
            paper.card(card, place)
            done += 1
            drawn(done)
    return paper.finished()


def _pages(cards: Sequence[Card]) -> Iterator[tuple[str, int, int, list[Card]]]:
    """(delegation, page of its pile, pages of its pile, cards): a pile is handed to its head."""
    most = COLUMNS * ROWS
    for delegation, hers in groupby(cards, key=lambda card: card.delegation):
        pile = list(hers)
        sheets = [pile[first : first + most] for first in range(0, len(pile), most)]
        for part, sheet in enumerate(sheets, 1):
            yield delegation, part, len(sheets), sheet


class _Paper:
    """Draws one document."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._fitted: dict[tuple[str, float, float, str], tuple[str, float]] = {}
        self._pdf = pdf = FPDF(format="A4")
        pdf.set_auto_page_break(False)
        pdf.set_title(words.event)
        pdf.set_creation_date(words.made)
        pdf.set_line_width(0.15)
        lend(pdf)

    def finished(self) -> bytes:
        """The document's bytes."""
        drawn = bytes(self._pdf.output())
        take_back(self._pdf)
        return drawn

    def begin(self, delegation: str, pile: tuple[int, int], all_of_it: tuple[int, int]) -> None:
        """A new page: marks to cut along, whose pile it is, which page of it and of everything."""
        self._pdf.add_page()
        self._marks()
        below = TOP + ROWS * HEIGHT + 6
        piled = f"{delegation}  ·  {pile[0]}/{pile[1]}"
        self._line(piled, LEFT, below, 150, 8, colour=GREY)
        self._line(f"{all_of_it[0]}/{all_of_it[1]}", LEFT + 150, below, 40, 8, colour=GREY, to="R")

    def card(self, card: Card, place: int) -> None:
        """One card; `place` counts from the left, then down."""
        row, column = divmod(place, COLUMNS)
        x, y = LEFT + column * WIDTH + PAD, TOP + row * HEIGHT + PAD
        self._line(self._words.event, x, y, INSIDE, 9, colour=GREY)
        self._block(card.name, x, y + 8, 18, style="B", most=3)
        self._block(card.delegation, x, y + 29.5, 10, most=2)
        self._qr(card.link, x + INSIDE - QR, y + 7.5)
        self._line(self._words.scan, x, y + 41, INSIDE, 9)
        self._line(self._words.type, x, y + 46, INSIDE, 9)
        self._line(card.code, x, y + 51, 34, 15, style="B")
        self._line(self._words.help, x + 34, y + 51.5, INSIDE - 34, 10, to="R")

    def _line(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        size: float,
        *,
        style: str = "",
        colour: int = BLACK,
        to: str = "L",
    ) -> None:
        """One line, smaller when it would not fit, cut when even small letters do not."""
        pdf, asked = self._pdf, (text, width, size, style)
        if asked not in self._fitted:  # most lines stand on every card; measuring them is slow
            self._fitted[asked] = self._fit(*asked)
        shown, fits = self._fitted[asked]
        pdf.set_text_color(colour)
        shape(pdf, shown)
        pdf.set_font(LATIN, style, fits)
        pdf.set_xy(x, y)
        pdf.cell(width, size * 0.5, shown, align=to)

    def _fit(self, text: str, width: float, size: float, style: str) -> tuple[str, float]:
        """What is shown of a line, and how large."""
        pdf, text = self._pdf, nfc(text)
        shape(pdf, text)
        pdf.set_font(LATIN, style, size)
        while pdf.get_string_width(text) > width - 2 and size > 6:
            size -= 0.5
            pdf.set_font(LATIN, style, size)
        while pdf.get_string_width(text) > width - 2 and len(text) > 2:
            text = "".join(graphemes(text.removesuffix("…"))[:-1]) + "…"
        return text, size

    def _block(
        self, text: str, x: float, y: float, size: float, *, most: int, style: str = ""
    ) -> None:
        """At most so many lines beside the square code, in letters as large as that allows."""
        pdf, text = self._pdf, nfc(text)
        pdf.set_text_color(BLACK)
        shape(pdf, text)
        while True:
            pdf.set_font(LATIN, style, size)
            lines = self._broken(text, size)
            if len(lines) <= most or size <= 7:
                break
            size -= 1
        for number, line in enumerate(lines[:most]):
            cut = line + "…" if number == most - 1 < len(lines) - 1 else line
            pdf.set_xy(x, y + number * size * 0.43)
            pdf.cell(BESIDE_QR, size * 0.43, cut)

    def _broken(self, text: str, size: float) -> list[str]:
        """The text in lines; a line too many when a single word is wider than the space."""
        pdf, lines = self._pdf, [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if pdf.get_string_width(longer) <= BESIDE_QR - 2 or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        too_wide = size > 7 and any(pdf.get_string_width(one) > BESIDE_QR - 2 for one in lines)
        return [*lines, *[""] * (9 if too_wide else 0)]

    def _qr(self, link: str, x: float, y: float) -> None:
        """The link as a square code, with the quiet margin it needs inside its own space."""
        made = segno.make_qr(link, error="m", boost_error=False)
        picture = BytesIO()
        made.save(picture, kind="png", scale=6, border=2)
        self._pdf.image(picture, x, y, QR, QR)

    def _marks(self) -> None:
        """Short lines where a knife begins and where cards meet, never across a card."""
        pdf = self._pdf
        pdf.set_draw_color(120)
        across = [LEFT + column * WIDTH for column in range(COLUMNS + 1)]
        down = [TOP + row * HEIGHT for row in range(ROWS + 1)]
        for x in across:
            for y in down:
                pdf.line(x - MARK, y, x + MARK, y)
                pdf.line(x, y - MARK, x, y + MARK)
