"""A crop path in, runs of reel frames that are filled in one way out.  Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from gravix_core.framing import WHOLE, Box, CropPath, Fill, Place, Stretch, Window
from gravix_core.model import Seconds, Size, Span

NEAR = 0.03
"""A picture whose aspect differs by less than this share from the canvas's is only scaled; what
sticks out, at most 3 %, is cut."""

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Track:
    """One window of a run: of one size, with its left and top edge from frame to frame."""

    width: float
    height: float
    edges: tuple[tuple[int, float, float], ...]
    """Frame of the reel, left, top: each holds until the next one."""
    moving: bool
    """True when it moves inside a stretch, so that its steps can be seen."""


@dataclass(frozen=True, slots=True)
class Run:
    """Frames ``[first, end)`` of a reel, of one fill and with windows of one size."""

    first: int
    end: int
    fill: Fill
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """How a reel's frames are counted."""

    start: Seconds
    """Of the reel, in the source."""
    fps: int
    frames: int
    lead: Seconds = 0.0
    """So much is decoded before the reel begins."""

    @property
    def skipped(self) -> int:
        """Frames of the lead; FFmpeg's trim rounds as this does."""
        return _nearest(self.lead * self.fps)

    def frame(self, at: Seconds) -> int:
        """The first frame that shows what the source shows from `at` on.

        A frame of the source goes to the nearest frame of the reel, so a cut does too: the first
        picture of a shot may be shown up to half a frame early, and its window with it.
        """
        frame = _nearest((at - self.start + self.lead) * self.fps) - self.skipped
        return min(self.frames, max(0, frame))

    def at(self, frame: int) -> Seconds:
        """When in the source a frame of the reel is."""
        return self.start + frame / self.fps


def still_path(layout: str, span: Span, *, frame: Size, canvas: Size) -> CropPath:
    """The path that needs nobody to look: ``centre`` is cropped, all others are shown whole."""
    near = abs(frame.aspect / canvas.aspect - 1) <= NEAR
    if layout != "centre" and not near:
        window = Window(WHOLE.width, WHOLE.height, (Place(span.start, 0.5, 0.5),))
        return CropPath((Stretch(span, Fill.BLUR, (window,)),))
    box = largest(WHOLE, canvas.aspect / frame.aspect)
    window = Window(box.width, box.height, (Place(span.start, *box.centre),))
    return CropPath((Stretch(span, Fill.CROP, (window,)),))


def largest(inside: Box, aspect: Fraction | float) -> Box:
    """The largest box of an aspect in the middle of another; both in fractions of one frame."""
    share = float(aspect) / (inside.width / inside.height)
    width = inside.width * min(1.0, share)
    height = inside.height / max(1.0, share)
    x, y = inside.centre
    return Box(x - width / 2, y - height / 2, width, height)


def runs_of(path: CropPath, clock: Clock, *, frame: Size, canvas: Size) -> tuple[Run, ...]:
    """Neighbouring stretches that one crop can serve, together; those without a frame left out.

    Args:
        frame: The source's, as shown.
        canvas: The reel's.
    """
    found: list[list[tuple[int, int, Stretch]]] = []
    for first, end, given in _counted(path, clock):
        stretch = _shaped(given, frame.aspect, canvas.aspect)
        if found and _alike(found[-1][-1][2], stretch):
            found[-1].append((first, end, stretch))
        else:
            found.append([(first, end, stretch)])
    return tuple(_run(parts, clock) for parts in found)


def _counted(path: CropPath, clock: Clock) -> Iterator[tuple[int, int, Stretch]]:
    starts = [0, *(clock.frame(one.span.start) for one in path.stretches[1:]), clock.frames]
    for (first, end), stretch in zip(pairwise(starts), path.stretches, strict=True):
        if first < end:
            yield first, end, stretch


def _shaped(stretch: Stretch, frame: Fraction, canvas: Fraction) -> Stretch:
    """A blurred fit whose window has nearly the canvas's shape is a crop."""
    if stretch.fill is not Fill.BLUR:
        return stretch
    window = stretch.windows[0]
    wanted = float(canvas / frame)
    if abs(window.width / window.height / wanted - 1) > NEAR:
        return stretch
    box = largest(window.box(stretch.span.start), wanted)
    still = Window(box.width, box.height, (Place(stretch.span.start, *box.centre),))
    return Stretch(stretch.span, Fill.CROP, (still,))


def _alike(one: Stretch, other: Stretch) -> bool:
    if one.fill is not other.fill:
        return False
    return all(
        abs(a.width - b.width) < _SAME and abs(a.height - b.height) < _SAME
        for a, b in zip(one.windows, other.windows, strict=True)
    )


def _run(parts: list[tuple[int, int, Stretch]], clock: Clock) -> Run:
    stretch = parts[0][2]
    tracks = tuple(
        Track(
            window.width,
            window.height,
            tuple(_edges(parts, number, clock)),
            any(not part.windows[number].still for _, _, part in parts),
        )
        for number, window in enumerate(stretch.windows)
    )
    return Run(parts[0][0], parts[-1][1], stretch.fill, tracks)


def _edges(
    parts: list[tuple[int, int, Stretch]], number: int, clock: Clock
) -> Iterator[tuple[int, float, float]]:
    for first, end, stretch in parts:
        window = stretch.windows[number]
        for frame in range(first, first + 1 if window.still else end):
            box = window.box(clock.at(frame))
            yield frame, box.x, box.y


def _nearest(value: float) -> int:
    """As FFmpeg rounds times: halves go up.  What floats lose must not cross the half."""
    return math.floor(value + 0.5 + 1e-4)
