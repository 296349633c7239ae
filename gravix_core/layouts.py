"""The named render layouts, as data.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fill(StrEnum):
    """How a frame that is not 9:16 comes to fill the canvas."""

    BLUR = "blur"
    """The whole frame, over its own blurred copy."""
    CROP = "crop"
    """The largest 9:16 window of the frame."""


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    fill: Fill
    label: str
    """What the operator reads."""
    hint: str
    """What it is good for, in a sentence."""


FIT = Layout(
    "fit",
    Fill.BLUR,
    "Whole frame over its blurred copy",
    "Nothing is cut off: good for slides, screens and several people.",
)
CENTRE = Layout(
    "centre",
    Fill.CROP,
    "Cropped around the centre",
    "Fills the screen: good where one person stays in the middle.",
)

LAYOUTS = {layout.name: layout for layout in (FIT, CENTRE)}
DEFAULT = FIT
