"""The names of subtitle styles in; sizes and colours out, as data.  Pure.

Sizes are pixels on a canvas 1080 wide; colours are ASS's, ``&HBBGGRR&``.
"""

from __future__ import annotations

from dataclasses import dataclass

from gravix_core.model import Seconds, Size
from gravix_core.stages.render.safe_zones import WIDTH
from gravix_core.styles import BOLD, BOXED, CLEAN

REFERENCE_WIDTH = 1080


@dataclass(frozen=True, slots=True)
class Look:
    em: float
    """Size of the letters."""
    pitch: float
    """From row to row, in ems."""
    colour: str = "&HFFFFFF&"
    edge: float = 0.0
    """Width of the dark line around letters."""
    soft: float = 0.0
    """How far that line fades out: edge and shadow in one, at two thirds of the price of both."""
    lit: str = ""
    """Colour of the word being said."""
    box: str = ""
    """Colour of the box behind each row."""
    clear: str = "&H00&"
    """How much is seen through the box."""
    pad: float = 0.0
    """Of the box, left and right."""
    corner: float = 0.0
    """Radius of the box's corners."""

    def room(self) -> float:
        """Width of a row, in ems: what the safe zone leaves."""
        free = WIDTH * REFERENCE_WIDTH - 2 * (self.pad or self.edge)
        return free / self.em

    def scale(self, canvas: Size) -> float:
        return canvas.width / REFERENCE_WIDTH


LOOKS = {
    CLEAN.name: Look(em=66, pitch=1.22, edge=6, soft=3.5),
    BOLD.name: Look(em=84, pitch=1.16, edge=8, soft=2, lit="&H14D7FF&"),
    BOXED.name: Look(em=58, pitch=1.46, box="&H141010&", clear="&H2E&", pad=28, corner=20),
}
HOOK = Look(em=60, pitch=1.42, colour="&H141414&", box="&HFFFFFF&", pad=32, corner=22)
"""Dark letters on white: nobody takes it for the subtitles."""
HOOK_ROWS = 3
HOOK_LASTS: Seconds = 3.0
