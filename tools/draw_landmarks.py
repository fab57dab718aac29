"""Draw the landmarks of the sample: what somebody who is lost may see in front of her.

Each is one thing that looks like no other, with its sign, one person who comes to it and one arrow.
There is no number on it: on the screen the number says what to press.

Run by maintainers as `python -m tools.draw_landmarks`; needs what `tools/draw_places.py` needs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import resvg_py

from tools.draw_places import (
    BLUE,
    DOOR,
    FONT_FILES,
    GLASS,
    GREEN,
    GROUND,
    HEIGHT,
    NAVY,
    RED,
    ROAD,
    SAMPLE,
    WALL,
    WIDTH,
    Point,
    board,
    box,
    outdoors,
    person,
)

BARK, LEAF, WATER, BRONZE, PINK = "#6f4a2b", "#3f8f4f", "#8cc7e6", "#a9772f", "#e58fb0"
SIGN = Point(430, 366)


def disc(x: float, y: float, radius: float, colour: str, more: str = "") -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" {more}/>'


def shape(points: str, colour: str, more: str = "") -> str:
    return f'<polygon points="{points}" fill="{colour}" {more}/>'


def curve(path: str, colour: str, width: float) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def banyan() -> str:
    """A wide old tree with roots that hang from its branches."""
    crown = "".join(
        disc(x, y, radius, LEAF)
        for x, y, radius in (
            (250, 130, 70), (330, 90, 80), (430, 80, 85), (530, 110, 75), (590, 150, 50)
        )
    )  # fmt: skip
    roots = "".join(
        curve(f"M{x} 150 Q{x - 6} 240 {x + 4} {GROUND}", BARK, 7) for x in (300, 340, 500, 545)
    )
    trunk = shape("385,130 465,130 480,240 520,334 330,334 370,240", BARK)
    return roots + trunk + crown


def clock_tower() -> str:
    """A tall tower with a round clock under a pointed roof."""
    hands = "".join(
        f'<line x1="430" y1="118" x2="{x}" y2="{y}" stroke="{NAVY}" stroke-width="8"/>'
        for x, y in ((430, 86), (454, 130))
    )
    return (
        box(375, 60, 110, 270, WALL, f'stroke="{NAVY}" stroke-width="4"')
        + shape("360,62 430,8 500,62", BLUE)
        + disc(430, 118, 46, "#ffffff", f'stroke="{NAVY}" stroke-width="7"')
        + hands
        + box(415, 200, 30, 44, GLASS)
        + box(408, 276, 44, 54, DOOR)
    )


def fountain() -> str:
    """Water that rises and falls into a round basin."""
    jets = "".join(
        curve(f"M430 220 Q{430 + 0.55 * reach} {top} {430 + reach} 286", WATER, 12)
        for reach, top in ((-130, 60), (-70, 30), (70, 30), (130, 60))
    )
    basin = (
        f'<ellipse cx="430" cy="306" rx="190" ry="30" fill="{ROAD}"/>'
        f'<ellipse cx="430" cy="300" rx="172" ry="22" fill="{WATER}"/>'
    )
    spout = box(418, 190, 24, 110, ROAD) + disc(430, 190, 20, ROAD)
    return curve("M430 190 L430 70", WATER, 14) + basin + spout + jets


def stilt_house() -> str:
    """A wooden house on posts, with a high roof and a ladder."""
    posts = "".join(box(x, 236, 14, 96, BARK) for x in (290, 375, 470, 556))
    ladder = "".join(
        f'<line x1="{x}" y1="236" x2="{x - 46}" y2="332" stroke="{DOOR}" stroke-width="8"/>'
        for x in (420, 460)
    ) + "".join(box(402 - 9 * step, 252 + 20 * step, 48, 7, DOOR) for step in range(4))
    walls = box(272, 158, 316, 80, DOOR) + box(410, 172, 46, 66, "#4b2e18")
    windows = box(310, 178, 52, 34, "#f6e3b4") + box(500, 178, 52, 34, "#f6e3b4")
    return posts + walls + windows + ladder + shape("238,162 320,42 540,42 622,162", "#c0964b")


def drum() -> str:
    """A bronze drum on a stone stand, a star in the middle of its face."""
    spikes = "".join(
        f'<line x1="430" y1="126" x2="430" y2="92" stroke="#f2d58a" stroke-width="8" '
        f'transform="rotate({turn} 430 126)"/>'
        for turn in range(0, 360, 45)
    )
    face = (
        disc(430, 126, 104, BRONZE)
        + disc(430, 126, 84, "#c8974a")
        + disc(430, 126, 62, BRONZE)
        + disc(430, 126, 44, "#c8974a")
        + spikes
        + disc(430, 126, 14, "#f2d58a")
    )
    stand = box(350, 236, 160, 96, ROAD) + box(330, 226, 200, 18, "#7d868e")
    return stand + face


def bridge() -> str:
    """A small wooden bridge that bows over a pond with lotus flowers."""
    pond = f'<ellipse cx="430" cy="300" rx="200" ry="46" fill="{WATER}"/>'
    flowers = "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="34" ry="9" fill="{GREEN}"/>'
        + shape(f"{x - 20},{y - 6} {x},{y - 46} {x + 20},{y - 6}", PINK)
        + shape(f"{x - 30},{y - 28} {x},{y - 2} {x + 30},{y - 28} {x},{y - 14}", PINK)
        for x, y in ((330, 312), (430, 326), (540, 310))
    )
    deck = curve("M236 268 Q430 90 624 268", DOOR, 26)
    rail = curve("M236 210 Q430 32 624 210", DOOR, 9)
    posts = "".join(
        f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + 58}" stroke="{DOOR}" stroke-width="9"/>'
        for x, y in (
            (260, 190), (320, 148), (380, 126), (430, 121), (480, 126), (540, 148), (600, 190)
        )
    )  # fmt: skip
    return pond + flowers + deck + rail + posts


def flower_shop() -> str:
    """A shop with a striped roof and buckets of flowers."""
    stripes = "".join(
        box(268 + 36 * n, 110, 36, 60, PINK if n % 2 else "#ffffff") for n in range(9)
    )
    buckets = "".join(
        box(x, 286, 46, 46, BLUE)
        + "".join(
            curve(f"M{x + 23} 286 L{x + 23 + lean} 250", GREEN, 5)
            + disc(x + 23 + lean, 246, 13, colour)
            for lean, colour in ((-18, PINK), (0, "#f2c14e"), (18, "#d6453d"))
        )
        for x in (278, 340, 478, 540)
    )
    return (
        box(280, 60, 300, 272, "#fff7ea", f'stroke="{ROAD}" stroke-width="4"')
        + box(404, 190, 56, 142, GLASS)
        + stripes
        + disc(430, 84, 20, PINK)
        + disc(430, 84, 8, "#f2c14e")
        + buckets
    )


def landing() -> str:
    """A wooden landing at a river, a boat with a blue roof."""
    river = box(200, 236, WIDTH - 200, 94, WATER) + "".join(
        curve(f"M{x} {y} q14 -10 28 0 q14 10 28 0", "#ffffff", 4)
        for x, y in ((230, 306), (330, 318), (560, 306), (470, 320))
    )
    boat = (
        shape("330,236 610,236 570,290 370,290", "#a53a2f")
        + box(400, 176, 150, 60, "#fff7ea")
        + box(384, 160, 182, 18, BLUE)
        + "".join(box(x, 190, 34, 28, GLASS) for x in (412, 458, 504))
        + box(470, 70, 7, 92, NAVY)
        + shape("477,74 530,92 477,110", "#f2c14e")
    )
    pier = box(190, 262, 150, 16, DOOR) + "".join(
        box(x, 262, 12, 70, BARK) for x in (214, 270, 320)
    )
    return river + boat + pier


def guard_post() -> str:
    """A small cabin at the gate with a bar across the way, somebody in green beside it."""
    bar = "".join(box(470 + 34 * n, 236, 34, 18, "#f2c14e" if n % 2 else NAVY) for n in range(5))
    return (
        box(300, 120, 150, 212, WALL, f'stroke="{NAVY}" stroke-width="4"')
        + shape("280,124 375,70 470,124", NAVY)
        + box(322, 150, 106, 76, GLASS)
        + box(350, 246, 50, 86, DOOR)
        + box(458, 226, 14, 106, NAVY)
        + bar
        + person(Point(560, 330), GREEN)
    )


def pointer() -> str:
    """The one arrow, without a number."""
    return (
        '<defs><marker id="head" markerWidth="5" markerHeight="5" refX="2.2" refY="2" '
        f'orient="auto"><path d="M0 0 L4 2 L0 4 z" fill="{RED}"/></marker></defs>'
        f'<line x1="46" y1="200" x2="170" y2="200" stroke="{RED}" stroke-width="13" '
        'marker-end="url(#head)"/>'
    )


DRAWINGS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("cay-da", banyan),
    ("thap-dong-ho", clock_tower),
    ("dai-phun-nuoc", fountain),
    ("nha-san", stilt_house),
    ("trong-dong", drum),
    ("cau-go", bridge),
    ("cua-hang-hoa", flower_shop),
    ("ben-thuyen", landing),
    ("chot-an-ninh", guard_post),
)


def drawing(shapes: str, sign: str) -> str:
    """The whole SVG of one landmark."""
    parts = (
        outdoors(),
        shapes,
        board(SIGN, 330, sign),
        person(Point(110, GROUND + 30)),
        pointer(),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    )


def main() -> None:
    """Write every PNG into the sample's media folder and say how large the largest is."""
    sizes = []
    for slug, draw in DRAWINGS:
        place = tomllib.loads((SAMPLE / "places" / f"{slug}.toml").read_text(encoding="utf-8"))
        svg = drawing(draw(), place["sign"])
        png = bytes(
            resvg_py.svg_to_bytes(svg_string=svg, font_files=FONT_FILES, skip_system_fonts=True)
        )
        (SAMPLE / "media" / place["picture"]).write_bytes(png)
        sizes.append(len(png))
    print(f"{len(sizes)} drawings, the largest {max(sizes)} bytes")


if __name__ == "__main__":
    main()
