"""A number in, a slide or a screen as a talk shows one out: text, code, a bar chart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1920, 1080)
PAPER, INK, ACCENT = "#f6f5f0", "#22303c", "#c4532d"
POINTS = (
    "Flutter needs no rhythm of the wind",
    "A thin plate tilts, and the wind tilts it more",
    "68 km/h were enough in 1940",
    "A deeper deck, open to the air, stands still",
    "Ask early, before the concrete is poured",
)
CODE = """def is_safe(deck, wind):
    # the question that nobody asked
    force = 0.0
    for tilt in range(-5, 6):
        lift = deck.lift(tilt, wind.speed)
        force += lift * tilt
        if force > deck.stiffness(tilt):
            return False
    return True

print(is_safe(Deck(1940), Wind(68)))
print(is_safe(Deck(1950), Wind(68)))"""
BARS = (("1938", 0.2), ("1940", 0.95), ("1944", 0.5), ("1950", 0.08), ("2007", 0.05))


def draw_slides(folder: Path) -> tuple[Path, ...]:
    """Write the slides as PNG files: text, code, chart."""
    made = []
    for name, draw in (("text", _text), ("code", _code), ("chart", _chart)):
        file = folder / f"slide-{name}.png"
        picture = Image.new("RGB", SIZE, "#1d2430" if name == "code" else PAPER)
        draw(ImageDraw.Draw(picture))
        picture.save(file)
        made.append(file)
    return tuple(made)


Draw = Callable[[ImageDraw.ImageDraw], None]


def _text(on: ImageDraw.ImageDraw) -> None:
    on.text((140, 110), "Why bridges sing", fill=INK, font=_font(92))
    on.rectangle((140, 240, 1780, 246), fill=ACCENT)
    for row, point in enumerate(POINTS):
        top = 310 + 130 * row
        on.ellipse((150, top + 18, 176, top + 44), fill=ACCENT)
        on.text((220, top), point, fill=INK, font=_font(54))


def _code(on: ImageDraw.ImageDraw) -> None:
    on.rectangle((0, 0, 1920, 64), fill="#2d3648")
    on.text((40, 12), "bridge.py", fill="#dfe6f0", font=_font(34))
    for row, line in enumerate(CODE.splitlines()):
        top = 110 + 72 * row
        on.text((40, top), f"{row + 1:>2}", fill="#66728a", font=_font(40))
        indent = len(line) - len(line.lstrip())
        colour = "#8fa3c4" if "#" in line else "#e8ecf3"
        on.text((130 + 24 * indent, top), line.strip(), fill=colour, font=_font(44))


def _chart(on: ImageDraw.ImageDraw) -> None:
    on.text((140, 70), "How far the deck moved (m)", fill=INK, font=_font(72))
    on.line((180, 940, 1780, 940), fill=INK, width=5)
    on.line((180, 220, 180, 940), fill=INK, width=5)
    for number, (year, height) in enumerate(BARS):
        left = 260 + 310 * number
        on.rectangle((left, 940 - 680 * height, left + 190, 938), fill=ACCENT)
        on.text((left + 30, 960), year, fill=INK, font=_font(52))
        on.text((left + 30, 870 - 680 * height), f"{9 * height:.1f}", fill=INK, font=_font(46))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
