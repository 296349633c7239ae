"""The named render layouts, as data.  Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    label: str
    """What the operator reads."""
    hint: str
    """What it is good for, in a sentence."""


AUTO = Layout(
    "auto",
    "Automatic",
    "Decides shot by shot: follows the speaker, shows slides whole, splits for two.",
)
FOLLOW = Layout(
    "follow",
    "Follow the speaker",
    "Fills the screen and keeps the speaker in it.",
)
FIT = Layout(
    "fit",
    "Whole frame over its blurred copy",
    "Nothing is cut off: good for slides, screens and several people.",
)
CENTRE = Layout(
    "centre",
    "Cropped around the centre",
    "Fills the screen: good where one person stays in the middle.",
)
SPLIT = Layout(
    "split",
    "Two people, one above the other",
    "Good for talks of two who sit apart in one picture.",
)

LAYOUTS = {layout.name: layout for layout in (AUTO, FOLLOW, FIT, CENTRE, SPLIT)}
DEFAULT = AUTO
