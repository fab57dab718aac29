"""The PDF of cards: rendered as a printer would, its square codes read as a phone would."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from bot.paper import Card, Words, draw, draw_apart, ordered, unprintable

WORDS = Words(
    event="Đại hội Mẫu Đồng Hành 2027",
    scan="Mời đại biểu quét mã vuông (QR) bằng điện thoại.",
    type="Hoặc mở https://donghanh.example.vn và gõ mã này:",
    help="Bàn hướng dẫn: 0900 000 100",
    alone="Không thuộc đoàn nào",
    made=datetime(2027, 1, 18, tzinfo=UTC),
)
NAMES = (
    "Nguyễn Thị Bích Phượng",
    "Rơ Châm H'Lăn",
    "Ksor H’Ƀlŏm Siu Bơ̆k",
    "ស៊ឹម សុខា",
    "Nguyễn Phan Trần Hoàng Bảo Ngọc Quỳnh Anh Thư Phương",
)


def card(number: int, delegation: str = "Đoàn Gia Lai") -> Card:
    link = f"https://donghanh.example.vn/c/AbCdEfGhIjKl{number:010d}"
    return Card(NAMES[number % len(NAMES)], delegation, link, f"7KQ2-{number:04d}")


def silent(_: int) -> None:
    pass


def rendered(pdf: bytes, tmp_path: Path) -> list[np.ndarray]:
    """Each page as grey points."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not here (Debian: poppler-utils)")
    (tmp_path / "cards.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "150", "-gray", f"{tmp_path}/cards.pdf", f"{tmp_path}/page"]
    subprocess.run(command, check=True)
    return [_grey(path) for path in sorted(tmp_path.glob("page*.pgm"))]


def _grey(path: Path) -> np.ndarray:
    kind, size, most, points = path.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    assert (kind, most) == (b"P5", b"255")
    return np.frombuffer(points, np.uint8).reshape(height, width)


def test_every_square_code_is_read_from_the_paper(tmp_path: Path) -> None:
    cards = ordered([*map(card, range(9)), card(9, "Đoàn An Giang"), card(10, "")])
    pages = rendered(draw(cards, WORDS, silent), tmp_path)
    read = [sorted(code.text for code in zxingcpp.read_barcodes(page)) for page in pages]
    links = [one.link for one in cards]
    assert read == [[links[0]], sorted(links[1:9]), [links[9]], [links[10]]]


def test_nothing_is_printed_where_cards_are_cut_or_printers_do_not_reach(tmp_path: Path) -> None:
    (page,) = rendered(draw([card(number) for number in range(8)], WORDS, silent), tmp_path)
    points = 150 / 25.4
    down = [int(14 * points) - 6 + int(66 * points * row) for row in range(1, 4)]
    blank = [page[y, int(20 * points) : int(95 * points)] for y in down]
    edges = [page[:, : int(5 * points)], page[:, -int(5 * points) :], page[: int(9 * points)]]
    assert [int(part.min()) for part in (*blank, *edges)] == [255] * 6


def test_piles_are_ordered_and_those_without_a_delegation_come_last() -> None:
    cards = [
        Card("Lò Văn Tâm", "Đoàn 10", "", ""),
        Card("Ân", "Đoàn 2", "", ""),
        Card("An", "", "", ""),
        Card("Ăn", "Đoàn 2", "", ""),
        Card("Đan", "Đoàn 2", "", ""),
        Card("Dân", "Đoàn 2", "", ""),
    ]
    assert [one.name for one in ordered(cards)] == ["Ăn", "Ân", "Dân", "Đan", "Lò Văn Tâm", "An"]


def test_the_letters_of_the_country_can_be_printed() -> None:
    letters = "".join(NAMES) + "ĂÂĐÊÔƠƯƀĬŎĔČÑ ĭŏĕčñƆƐ ខ្មែរ ០១២"
    assert unprintable(letters) == ""
    assert unprintable("Lò ꪀ") == "ꪀ"


async def test_drawing_apart_says_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []

    async def progress(done: int, total: int) -> None:
        told.append((done, total))

    cards = [card(number) for number in range(3)]
    assert (await draw_apart(cards, WORDS, progress))[:5] == b"%PDF-"
    assert told[-1] == (3, 3)
    assert told == sorted(told)
