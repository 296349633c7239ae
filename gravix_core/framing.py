"""How a frame of the source comes to fill a reel: boxes, crop windows, crop paths.  Pure.

Everything is a fraction of the source's frame as shown (after rotation, in square pixels), with
the origin at the top left: a plan made on small frames holds for large ones.  Times are those of
the source, as everywhere.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from gravix_core.model import Seconds, Size, Span


class Fill(StrEnum):
    """How a stretch of the source fills the canvas."""

    BLUR = "blur"
    """One window, whole, over its own blurred copy."""
    CROP = "crop"
    """One window of the canvas's shape."""
    SPLIT = "split"
    """Two windows, each of the shape of half a canvas, one above the other."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a frame, in fractions of its width and height."""

    x: float
    """Left edge."""
    y: float
    """Top edge."""
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the centre of a crop window is at one moment."""

    at: Seconds
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Window:
    """A crop window over time: of one size, its centre moving straight from place to place.

    It stands still before the first place and after the last one; with one place, always.  It
    never leaves the frame.
    """

    width: float
    height: float
    places: tuple[Place, ...]
    """By time, at least one."""

    @property
    def still(self) -> bool:
        return len(self.places) == 1

    def box(self, at: Seconds) -> Box:
        """The part of the frame that it shows at a moment."""
        x, y = self._centre(at)
        return Box(x - self.width / 2, y - self.height / 2, self.width, self.height)

    def _centre(self, at: Seconds) -> tuple[float, float]:
        after = bisect_right(self.places, at, key=lambda place: place.at)
        if after == 0 or after == len(self.places):
            place = self.places[0 if after == 0 else -1]
            return place.x, place.y
        left, right = self.places[after - 1], self.places[after]
        share = (at - left.at) / (right.at - left.at)
        return left.x + (right.x - left.x) * share, left.y + (right.y - left.y) * share


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a reel that is filled in one way; a new one begins at each cut and jump."""

    span: Span
    fill: Fill
    windows: tuple[Window, ...]
    """One; two where the fill is `SPLIT`, the upper one first.  That of `BLUR` stands still."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face at one moment."""

    at: Seconds
    box: Box


@dataclass(frozen=True, slots=True)
class CropPath:
    """What is kept of the source's frames over a whole reel."""

    stretches: tuple[Stretch, ...]
    """By time; they partition the reel's span."""
    faces: tuple[Face, ...] = ()
    """The faces that count, sampled a few times a second; by time."""
    shots: tuple[Seconds, ...] = ()
    """Where the source itself cuts, inside the span."""
    motion: float | None = None
    """How much moves in the picture, 0 (a still) .. 1; None when nobody has looked."""

    @property
    def span(self) -> Span:
        return Span(self.stretches[0].span.start, self.stretches[-1].span.end)

    def stretch(self, at: Seconds) -> Stretch:
        """The one that is shown at a moment of the span."""
        after = bisect_right(self.stretches, at, key=lambda stretch: stretch.span.start)
        return self.stretches[max(0, after - 1)]


def on_canvas(box: Box, at: Seconds, stretch: Stretch, *, frame: Size, canvas: Size) -> Box | None:
    """Where a part of the source's frame comes to lie on the canvas.

    Args:
        box: In fractions of the frame.
        at: When.
        stretch: How the canvas is filled then.
        frame: The source's, as shown.
        canvas: The reel's.

    Returns:
        In fractions of the canvas; may stick out of it.  None when its centre is not shown.
    """
    halves = len(stretch.windows)
    for number, window in enumerate(stretch.windows):
        shown = window.box(at)
        x, y = box.centre
        if not (shown.x <= x < shown.right and shown.y <= y < shown.bottom):
            continue
        target = _target(shown, number, halves, stretch.fill, frame=frame, canvas=canvas)
        across, down = target.width / shown.width, target.height / shown.height
        return Box(
            target.x + (box.x - shown.x) * across,
            target.y + (box.y - shown.y) * down,
            box.width * across,
            box.height * down,
        )
    return None


def _target(shown: Box, number: int, halves: int, fill: Fill, *, frame: Size, canvas: Size) -> Box:
    """The part of the canvas that a window fills."""
    if fill is not Fill.BLUR:
        return Box(0.0, number / halves, 1.0, 1.0 / halves)
    width, height = shown.width * frame.width, shown.height * frame.height
    scale = min(canvas.width / width, canvas.height / height)
    across, down = width * scale / canvas.width, height * scale / canvas.height
    return Box((1 - across) / 2, (1 - down) / 2, across, down)
