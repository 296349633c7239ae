"""Samples of a shot in, whether it shows a screen, a slide or a page out.  Pure.

Such a picture is drawn and written: most of it is flat to the last bit, and much of the rest is
strokes, which are thin.  A photograph has edges, but they lie far apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gravix_core.framing import Box
from gravix_core.media.frames import Pixels

# Five drawn screens (a slide, one with a gradient, code, two pages of text) had flat shares from
# .53 on, with strokes from .028 on and both together from .77 on; twenty frames of photographs and
# films had strokes up to .019, save for a skyscraper at night (.035, together .53).  480 pixels
# wide, 2026-11-26.
DRAWN_SHARE = 0.62
STROKE_SHARE = 0.024
FLAT = 1
"""Codes of 255 from one pixel to the next that are no edge."""
SHARP = 30
THIN = 4
"""Pixels from one edge of a stroke to the other."""
STILL = 1.5
"""Mean difference of neighbouring frames, in codes of 255."""
SMALL_FACE = 0.1
"""Of the frame's width: one in a corner or on a slide."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How much a frame looks as if it had been drawn, as shares of its pixels."""

    flat: float
    strokes: float

    @property
    def likely(self) -> bool:
        return self.flat + self.strokes >= DRAWN_SHARE and self.strokes >= STROKE_SHARE


def how_drawn(pixels: Pixels, faces: tuple[Box, ...]) -> Drawn:
    """Judge a frame by what is not a face or near one."""
    light = pixels[..., 1].astype(np.int16)
    across, down = np.diff(light, axis=1)[1:], np.diff(light, axis=0)[:, 1:]
    counts = np.ones(across.shape, bool)
    for box in faces:
        counts[_around(box, counts.shape)] = False
    if not counts.any():
        return Drawn(0.0, 0.0)
    flat = (np.abs(across) <= FLAT) & (np.abs(down) <= FLAT)
    return Drawn(float(flat[counts].mean()), float(_strokes(across)[counts].mean()))


def is_screen(drawn: tuple[Drawn, ...], motion: float, faces: tuple[float, ...]) -> bool:
    """Whether a shot is one.

    Args:
        drawn: Its samples.
        motion: Mean difference of its neighbouring frames, in codes of 255.
        faces: Widths of the faces in it, as shares of the frame's.
    """
    if not drawn or motion > STILL or max(faces, default=0.0) > SMALL_FACE:
        return False
    return 2 * sum(one.likely for one in drawn) > len(drawn)


def _strokes(across: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where one sharp edge is followed by its opposite."""
    sign = np.where(np.abs(across) > SHARP, np.sign(across), 0)
    found = np.zeros(across.shape, bool)
    for far in range(1, THIN + 1):
        found[:, :-far] |= sign[:, far:] * sign[:, :-far] < 0
    return found


def _around(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """A head and shoulders."""
    height, width = shape
    top, bottom = box.y - 0.6 * box.height, box.y + 3 * box.height
    left, right = box.x - box.width, box.right + box.width
    return (
        slice(max(0, int(top * height)), max(0, int(bottom * height))),
        slice(max(0, int(left * width)), max(0, int(right * width))),
    )
