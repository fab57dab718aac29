"""Draw the sample places: one plain scene each, the sign as it hangs there, one arrow, a number.

A drawing helps a delegate who reads little find a door, so it stays plain: flat shapes, one person
on the way, one arrow. The sign is read from the place's own file, so picture and card never differ.

Run by maintainers; the PNG files are committed. Needs resvg-py and the Noto Sans fonts of the
system (Debian: fonts-noto-core); without them Vietnamese letters would be missing, so it stops.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import resvg_py

SAMPLE = Path(__file__).resolve().parents[1] / "content" / "sample"
FONT_FILES = [
    "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
]
WIDTH, HEIGHT = 640, 400
GROUND = 330  # the line people stand on, in pixels from the top
BLUE, NAVY, WALL, GLASS, DOOR = "#1f5fa8", "#12365f", "#f3e6cf", "#bcdcf0", "#8a5a34"
SKY, GRASS, ROAD, SKIN, GREEN = "#eaf5fb", "#cfe3c2", "#9aa3ab", "#d9a066", "#2f7d4f"
RED = "#c8202c"  # only ever the arrow


class Point(NamedTuple):
    """A place on the canvas, in pixels."""

    x: float
    y: float


class Scene(NamedTuple):
    """What is drawn behind, where the sign hangs (its middle), and what the arrow points at."""

    shapes: str
    sign: Point
    sign_width: int
    target: Point


def box(x: float, y: float, width: float, height: float, colour: str, more: str = "") -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}" {more}/>'


def outdoors() -> str:
    return box(0, 0, WIDTH, HEIGHT, SKY) + box(0, GROUND, WIDTH, HEIGHT - GROUND, GRASS)


def indoors() -> str:
    return box(0, 0, WIDTH, HEIGHT, "#fbf6ec") + box(0, GROUND, WIDTH, HEIGHT - GROUND, "#d9cdb8")


def glass_door(x: float, top: float, width: float) -> str:
    half, tall = width / 2, GROUND - top
    return (
        box(x - 6, top - 6, width + 12, tall + 6, NAVY)
        + box(x, top, half - 2, tall, GLASS)
        + box(x + half + 2, top, half - 2, tall, GLASS)
    )


def wooden_door(x: float, top: float, width: float, height: float) -> str:
    knob = f'<circle cx="{x + width - 16}" cy="{top + height * 0.55}" r="6" fill="#f2c14e"/>'
    return (
        box(x - 10, top - 10, width + 20, height + 10, "#5b3a20")
        + box(x, top, width, height, DOOR)
        + knob
    )


def hotel(colour: str) -> str:
    windows = "".join(
        box(250 + 56 * column, 128 + 44 * row, 34, 26, GLASS)
        for row in range(3)
        for column in range(6)
        if row < 2 or column not in (2, 3)
    )
    steps = box(362, GROUND - 8, 104, 8, ROAD)
    return outdoors() + box(225, 40, 360, 290, colour) + windows + steps + glass_door(374, 246, 80)


def hall() -> str:
    roof = f'<polygon points="180,130 400,30 620,130" fill="{BLUE}"/>'
    pillars = "".join(box(x, 190, 20, 140, "#ffffff") for x in (215, 285, 495, 565))
    front = box(195, 130, 410, 200, WALL)
    return outdoors() + front + roof + pillars + glass_door(350, 210, 100)


def gate() -> str:
    posts = "".join(
        box(x, 150, 44, 180, WALL) + box(x - 6, 138, 56, 14, NAVY) for x in (220, 420, 556)
    )
    bars = "".join(box(x, 210, 6, 120, NAVY) for x in range(276, 416, 20))
    centre = box(240, 60, 350, 90, WALL) + box(240, 50, 350, 14, NAVY)
    return outdoors() + centre + posts + bars + box(464, GROUND, 92, 70, "#e3dccb")


def room(colour: str = "#fbf6ec") -> Callable[[], str]:
    def draw() -> str:
        return (
            indoors()
            + box(0, 0, WIDTH, GROUND, colour)
            + box(0, GROUND - 12, WIDTH, 12, "#b9a888")
            + wooden_door(380, 150, 110, 180)
        )

    return draw


def dining() -> str:
    plate = box(536, 178, 88, 88, "#ffffff", f'rx="10" stroke="{ROAD}"')
    bowl = f'<path d="M550 222 h60 a30 30 0 0 1 -60 0 z" fill="{BLUE}"/>'
    sticks = "".join(
        f'<line x1="{x}" y1="190" x2="{x - 18}" y2="224" stroke="{DOOR}" stroke-width="5"/>'
        for x in (600, 612)
    )
    door = glass_door(350, 170, 130)
    return indoors() + box(0, GROUND - 12, WIDTH, 12, "#b9a888") + door + plate + sticks + bowl


def clinic() -> str:
    # Green: a red cross on white is a protected emblem.
    cross = box(566, 178, 20, 60, GREEN) + box(546, 198, 60, 20, GREEN)
    white = box(530, 162, 92, 92, "#ffffff", f'rx="10" stroke="{ROAD}"')
    return room("#eef6f4")() + white + cross


def bus(wall: str) -> str:
    yard = box(0, 30, WIDTH, 300, wall) + box(0, GROUND, WIDTH, HEIGHT - GROUND, ROAD)
    body = box(226, 176, 396, 156, BLUE, 'rx="18"') + box(226, 268, 396, 14, "#ffffff")
    windows = "".join(box(x, 196, 62, 50, GLASS) for x in (334, 404, 474, 544))
    leaves = box(253, 197, 27, 126, GLASS) + box(282, 197, 27, 126, GLASS)
    wheels = "".join(
        f'<circle cx="{x}" cy="336" r="26" fill="#333"/>'
        f'<circle cx="{x}" cy="336" r="10" fill="#ccc"/>'
        for x in (360, 550)
    )
    door = box(248, 192, 66, 136, "#ffffff") + leaves
    return outdoors() + yard + body + windows + door + wheels + box(176, 60, 8, 270, NAVY)


def stairs() -> str:
    return "".join(
        box(500 + 20 * step, 304 - 26 * step, WIDTH, 26 + 26 * step, "#cdbf9f")
        + box(500 + 20 * step, 304 - 26 * step, WIDTH, 5, "#ffffff")
        for step in range(7)
    )


def desk(behind: str = "") -> str:
    return (
        indoors()
        + box(0, GROUND - 12, WIDTH, 12, "#b9a888")
        + behind
        + person(Point(420, 282), BLUE)
        + box(340, 246, 200, 84, DOOR)
        + box(326, 234, 228, 16, "#5b3a20")
        + box(484, 216, 44, 18, "#ffffff", f'stroke="{ROAD}"')
    )


def bridge() -> str:
    screen = box(300, 110, 300, 140, NAVY, 'rx="6"') + box(310, 120, 280, 120, GLASS)
    speaker = f'<circle cx="450" cy="170" r="20" fill="{SKIN}"/>' + box(420, 192, 60, 48, NAVY)
    seats = "".join(
        box(x, 282, 46, 34, BLUE, 'rx="6"')
        + box(x + 4, 316, 6, 22, NAVY)
        + box(x + 36, 316, 6, 22, NAVY)
        for x in (330, 400, 470, 540)
    )
    return indoors() + screen + speaker + seats


def person(feet: Point, shirt: str = GREEN) -> str:
    """Somebody walking to the right, a badge on the chest; `feet` is the middle of the soles."""
    x, y = feet
    return (
        f'<g stroke="#333" stroke-width="9" stroke-linecap="round">'
        f'<line x1="{x}" y1="{y - 44}" x2="{x - 13}" y2="{y - 4}"/>'
        f'<line x1="{x}" y1="{y - 44}" x2="{x + 15}" y2="{y - 4}"/></g>'
        f'<line x1="{x}" y1="{y - 80}" x2="{x + 24}" y2="{y - 64}" stroke="{SKIN}" '
        f'stroke-width="8" stroke-linecap="round"/>'
        + box(x - 15, y - 92, 30, 52, shirt, 'rx="10"')
        + box(x - 1, y - 74, 11, 14, "#ffffff")
        + f'<circle cx="{x}" cy="{y - 108}" r="16" fill="{SKIN}"/>'
        f'<path d="M{x - 16} {y - 110} a16 16 0 0 1 32 0 z" fill="#2b2118"/>'
    )


def arrow(start: Point, end: Point, number: int) -> str:
    """One bold arrow bowing upward, its number in a disc at the tail."""
    bend = Point((start.x + end.x) / 2, min(start.y, end.y) - 30)
    return (
        '<defs><marker id="head" markerWidth="5" markerHeight="5" refX="2.2" refY="2" '
        f'orient="auto"><path d="M0 0 L4 2 L0 4 z" fill="{RED}"/></marker></defs>'
        f'<path d="M{start.x} {start.y} Q{bend.x} {bend.y} {end.x} {end.y}" fill="none" '
        f'stroke="{RED}" stroke-width="11" marker-end="url(#head)"/>'
        f'<circle cx="{start.x}" cy="{start.y}" r="30" fill="{RED}" stroke="#fff" '
        'stroke-width="4"/>'
        f'<text x="{start.x}" y="{start.y + 13}" font-size="36" fill="#ffffff" '
        f'font-weight="700" text-anchor="middle" font-family="Noto Sans">{number}</text>'
    )


def board(middle: Point, width: int, words: str) -> str:
    """The sign; long words are set smaller so that they always fit on it."""
    size = min(30.0, (width - 24) / (0.6 * len(words)))
    return box(middle.x - width / 2, middle.y - 26, width, 52, NAVY, 'rx="8" stroke="#fff"') + (
        f'<text x="{middle.x}" y="{middle.y + size * 0.36}" font-size="{size:.1f}" fill="#ffffff" '
        f'font-weight="700" text-anchor="middle" font-family="Noto Sans">{escape(words)}</text>'
    )


WALKER, TAIL = Point(150, GROUND + 26), Point(70, 210)


def _front(shapes: str, middle: float, high: float, width: int) -> Scene:
    return Scene(shapes, Point(middle, high), width, Point(middle - 66, 280))


SCENES: Mapping[str, Callable[[], Scene]] = {
    "hotel-pink": lambda: _front(hotel("#f4c9d0"), 405, 84, 330),
    "hotel-blue": lambda: _front(hotel("#c9d8f4"), 405, 84, 330),
    "hall": lambda: _front(hall(), 400, 160, 330),
    "gate": lambda: Scene(gate(), Point(415, 105), 300, Point(500, 290)),
    "room": lambda: _front(room()(), 435, 96, 330),
    "dining": lambda: _front(dining(), 415, 110, 340),
    "clinic": lambda: _front(clinic(), 435, 96, 300),
    "bus-pink": lambda: Scene(bus("#f4c9d0"), Point(320, 90), 440, Point(246, 262)),
    "bus-blue": lambda: Scene(bus("#c9d8f4"), Point(320, 90), 440, Point(246, 262)),
    "bus-yard": lambda: Scene(bus(WALL), Point(320, 90), 440, Point(246, 262)),
    "desk": lambda: Scene(desk(), Point(440, 80), 380, Point(330, 258)),
    "desk-stairs": lambda: Scene(desk(stairs()), Point(425, 60), 390, Point(330, 258)),
    "desk-door": lambda: Scene(
        desk(glass_door(548, 170, 74)), Point(440, 80), 380, Point(330, 258)
    ),
    "bridge": lambda: Scene(bridge(), Point(450, 64), 370, Point(318, 290)),
}

# The place, the scene, and the number of its one arrow.
DRAWINGS: tuple[tuple[str, str, int], ...] = (
    ("khach-san-sen-hong", "hotel-pink", 1),
    ("khach-san-song-xanh", "hotel-blue", 1),
    ("hoi-truong-lon", "hall", 1),
    ("cong-chinh", "gate", 1),
    ("nha-an", "dining", 1),
    ("nha-hang-sen-hong", "dining", 1),
    ("nha-hang-song-xanh", "dining", 2),
    ("phong-y-te", "clinic", 1),
    ("diem-don-sen-hong", "bus-pink", 1),
    ("diem-don-song-xanh", "bus-blue", 2),
    ("diem-don-hoi-nghi", "bus-yard", 3),
    ("ban-huong-dan-1", "desk", 1),
    ("ban-huong-dan-2", "desk", 2),
    ("ban-huong-dan-3", "desk", 3),
    ("ban-thiet-bi", "desk-stairs", 4),
    ("ban-phong-vien", "desk-door", 5),
    ("khu-don-tiep", "desk", 6),
    ("diem-cau-tay-bac", "bridge", 1),
    ("diem-cau-tay-nguyen", "bridge", 2),
    ("diem-cau-nam-bo", "bridge", 3),
    *((f"phong-hop-{number}", "room", number) for number in range(1, 17)),
)


def drawing(scene: Scene, sign: str, number: int) -> str:
    """The whole SVG of one place."""
    parts = (
        scene.shapes,
        board(scene.sign, scene.sign_width, sign),
        person(WALKER),
        arrow(TAIL, scene.target, number),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    )


def main() -> None:
    """Write every PNG into the sample's media folder and say how large the largest is."""
    missing = [name for name in FONT_FILES if not Path(name).is_file()]
    if missing:
        sys.exit(f"Fonts are missing: {', '.join(missing)} (Debian: fonts-noto-core).")
    sizes = []
    for slug, scene, number in DRAWINGS:
        place = tomllib.loads((SAMPLE / "places" / f"{slug}.toml").read_text(encoding="utf-8"))
        svg = drawing(SCENES[scene](), place["sign"], number)
        png = bytes(
            resvg_py.svg_to_bytes(svg_string=svg, font_files=FONT_FILES, skip_system_fonts=True)
        )
        (SAMPLE / "media" / place["picture"]).write_bytes(png)
        sizes.append(len(png))
    print(f"{len(sizes)} drawings, the largest {max(sizes)} bytes")


if __name__ == "__main__":
    main()
