"""Samples of a span in, the part of the frame that is not baked-in black bars out.  Pure.

Only what is black in all samples can be a bar, and only where the picture beside it begins along
a whole straight line: a dark scene has no such line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gravix_core.framing import WHOLE, Box
from gravix_core.media.frames import Pixels

BLACK = 12
"""Brightest code of 255 of a bar, with what compression leaves in it."""
LIT = 24
LINES = 0.5
"""So much of the two lines beside the bars, together, is lit at some time."""
ALONE = 0.9
"""At least so much of it where the bar has no other of its size opposite."""
STEP, STEADY = 4, 0.8
"""So many lines on, hardly more is lit: a bar ends at once, a round thing in the dark does not."""
THINNEST = 0.012
"""Of the frame's side; less is not worth a crop."""
THICKEST = 0.42
EVEN = 0.02
"""The two bars of a pair are of one size, to within this share of the frame's side."""
BLURRED = 0.8
"""A line so much darker than the next one is half a bar."""


class BarFinder:
    """Is fed samples, and then tells where the picture is."""

    def __init__(self) -> None:
        self._brightest: NDArray[np.uint8] | None = None

    def feed(self, pixels: Pixels) -> None:
        light = pixels.max(axis=2)
        if self._brightest is None:
            self._brightest = light
        else:
            self._brightest = np.maximum(self._brightest, light)

    def picture(self) -> Box:
        """The frame without its bars, in fractions of it; all of it when it has none."""
        if self._brightest is None:
            return WHOLE
        left, right = _bars(self._brightest.T)
        top, bottom = _bars(self._brightest)
        return Box(left, top, 1 - left - right, 1 - top - bottom)


def _bars(light: NDArray[np.uint8]) -> tuple[float, float]:
    """How thick the bars above and below are, as shares of the height."""
    (above, lit_above), (below, lit_below) = _bar(light), _bar(light[::-1])
    even = above > 0 and below > 0 and abs(above - below) <= EVEN
    if even and lit_above + lit_below >= LINES:
        return above, below
    return above if lit_above >= ALONE else 0.0, below if lit_below >= ALONE else 0.0


def _bar(light: NDArray[np.uint8]) -> tuple[float, float]:
    """How thick what is dark is, 0 for nothing; and how much of the line where it ends is lit, 0
    where it does not end in a line."""
    rows = len(light)
    # A twentieth may be lit: a station's mark, or noise.
    dark = int(np.argmax(np.percentile(light, 95, axis=1) > BLACK))
    if not THINNEST * rows <= dark <= THICKEST * rows:
        return 0.0, 0.0
    lit, later = (float((light[dark + on] > LIT).mean()) for on in (1, STEP))
    mixed = float(light[dark].mean()) < BLURRED * float(light[dark + 1].mean())
    return (dark + mixed) / rows, lit if lit >= STEADY * later else 0.0
