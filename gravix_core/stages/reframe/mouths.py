"""Two neighbouring frames and a face in, how much its mouth moves by itself out.  Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gravix_core.framing import Box
from gravix_core.media.frames import Pixels

UPPER = (0.1, 0.05, 0.9, 0.55)
"""Left, top, right, bottom in the face's box: brow, eyes and nose, which move with the head."""
MOUTH = (0.2, 0.6, 0.8, 1.0)
SHIFTS = tuple((dx, dy) for dy in (0, -1, 1, -2, 2) for dx in (0, -1, 1, -2, 2))
"""Pixels by which a head may have moved; the still one first."""
HEAD_SHARE = 0.6
"""So much of what the upper face still differs by, the mouth differs by without talking."""

Light = NDArray[np.int16]


def light_of(pixels: Pixels) -> Light:
    """What `mouth_motion` compares."""
    return pixels[..., 1].astype(np.int16)


def mouth_motion(before: Light, after: Light, box: Box) -> float:
    """In codes of 255, from 0.  The head's own motion is found by the upper face and taken out."""
    upper = _area(box, UPPER, after.shape)
    shift, still = min(
        ((shift, _change(before, after, upper, shift)) for shift in SHIFTS),
        key=lambda pair: pair[1],
    )
    moved = _change(before, after, _area(box, MOUTH, after.shape), shift)
    return max(0.0, moved - HEAD_SHARE * still)


_Area = tuple[int, int, int, int]


def _area(box: Box, part: _Area | tuple[float, ...], shape: tuple[int, ...]) -> _Area:
    """Left, top, right, bottom in pixels, so far inside the frame that it can be shifted."""
    height, width = shape
    margin = 2
    left, right = (box.x + share * box.width for share in (part[0], part[2]))
    top, bottom = (box.y + share * box.height for share in (part[1], part[3]))
    return (
        min(width, max(margin, round(left * width))),
        min(height, max(margin, round(top * height))),
        max(0, min(width - margin, round(right * width))),
        max(0, min(height - margin, round(bottom * height))),
    )


def _change(before: Light, after: Light, area: _Area, shift: tuple[int, int]) -> float:
    left, top, right, bottom = area
    dx, dy = shift
    new = after[top:bottom, left:right]
    old = before[top + dy : bottom + dy, left + dx : right + dx]
    return float(np.abs(new - old).mean()) if new.size else 0.0
