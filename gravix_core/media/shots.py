"""Frames in, the moments at which the source cuts out.

Numbers were measured on the eighteen clips of tests and benchmarks with frames 96 pixels wide,
2026-11-26: the weakest of their hard cuts scores 19.8, the strongest frame that is none 9.0.  The
middle of a dissolve between calm pictures departs 0.05 of its change from a mixture, what only
moves 0.31 and more within half a second, 0.25 within a second.  A dissolve from or to a fast pan
is missed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gravix_core.media.frames import SMALL_WIDTH, Frame, Pixels, read_frames, usual_rate
from gravix_core.model import MediaInfo, Seconds, Span, Watch

HARD = 13.0
"""Mean difference between neighbouring frames, in codes of 255 over Y, Cr and Cb."""
STANDS_OUT = 3.0
"""So many times the mean of its neighbours."""
NEIGHBOURS = 6
APART: Seconds = 0.4
FLASH = 2
"""A picture that returns after so many frames has not been left."""
EARLY: Seconds = 1e-3
"""A frame that the source shows from exactly halfway on belongs to the new shot."""
SOFT = 14.0
"""Difference across a dissolve or a fade."""
SOFT_STEP: Seconds = 0.125
SOFT_WINDOWS = ((2, 0.25), (4, 0.18), (6, 0.15))
"""Half of a window through which soft transitions are sought, in steps; and how far, as a share of
the difference of its ends, its middle may be from their mixture."""
SOFT_APART: Seconds = 1.0
ALIKE = 0.7
"""Two pictures so much alike are one, under a light that changes."""

# ITU-R BT.601: Y, Cr, Cb of blue, green, red
_YCRCB = np.array(
    [[0.114, 0.587, 0.299], [-0.0813, -0.4187, 0.5], [0.5, -0.3313, -0.1687]], np.float32
).T

_Planes = NDArray[np.float32]
_Change = tuple[Seconds, float]
"""When, and how much."""


class ShotFinder:
    """Is fed frames in their order, and then tells where the source cuts.

    Holds about a second and a half of small frames, however much it is fed.
    """

    def __init__(self) -> None:
        self.score = 0.0
        """How much the last frame differs from the one before it, 0 .. 255."""
        self._times: list[Seconds] = []
        self._scores: list[float] = []
        self._returns: list[float] = []
        self._last: deque[_Planes] = deque(maxlen=FLASH + 1)
        self._steps: deque[tuple[Seconds, _Planes]] = deque(maxlen=2 * SOFT_WINDOWS[-1][0] + 1)
        self._soft: list[_Change] = []

    def feed(self, at: Seconds, pixels: Pixels) -> None:
        """Take the next frame; all of one size, best `SMALL_WIDTH` wide."""
        planes = pixels.astype(np.float32) @ _YCRCB
        self.score = _difference(planes, self._last[-1]) if self._last else 0.0
        full = len(self._last) == FLASH + 1
        self._returns.append(_difference(planes, self._last[0]) if full else 0.0)
        self._times.append(at)
        self._scores.append(self.score)
        self._last.append(planes)
        if not self._steps or at >= self._steps[-1][0] + SOFT_STEP - 1e-3:
            self._steps.append((at, planes))
            self._soft += islice(_mixtures(list(self._steps)), 1)

    def cuts(self) -> tuple[Seconds, ...]:
        """Hard cuts and the middles of soft ones: halfway between the frames that they part."""
        hard = tuple(self._hard())
        soft = [at for at in _peaks(self._soft) if all(abs(at - h) > SOFT_APART for h in hard)]
        return tuple(sorted((*hard, *soft)))

    def motion(self, span: Span) -> float:
        """How much moves within a span, as the mean difference of frames that are no cuts."""
        inside = [
            score
            for at, score in zip(self._times, self._scores, strict=True)
            if span.start < at < span.end and score <= HARD
        ]
        return sum(inside) / len(inside) if inside else 0.0

    def _hard(self) -> Iterator[Seconds]:
        last = -APART
        for n in range(FLASH + 1, len(self._scores) - FLASH):
            at = (self._times[n - 1] + self._times[n]) / 2 - EARLY
            around = self._scores[max(0, n - NEIGHBOURS) : n + NEIGHBOURS + 1]
            mean = (sum(around) - self._scores[n]) / max(1, len(around) - 1)
            stands_out = self._scores[n] >= STANDS_OUT * max(1.0, mean)
            stays = min(self._returns[n], self._returns[n + FLASH]) > HARD
            if self._scores[n] > HARD and stands_out and stays and at - last >= APART:
                last = at
                yield at


def cuts_in(frames: Iterable[Frame]) -> tuple[Seconds, ...]:
    """When the source cuts, by frames at an even rate, at least 10 a second.

    A shot of one or two frames belongs to its neighbour.  A dissolve or a fade counts as a cut at
    its middle; one through black as a single one.
    """
    finder = ShotFinder()
    for frame in frames:
        finder.feed(frame.at, frame.pixels)
    return finder.cuts()


def find_cuts(
    source: Path, info: MediaInfo, span: Span, *, ffmpeg: Path, watch: Watch
) -> tuple[Seconds, ...]:
    """As `cuts_in`, of a span of a source.

    Raises:
        ToolFailed, ToolMissing, Cancelled: As `read_ffmpeg`.
    """
    rate = usual_rate(info.picture)
    return cuts_in(
        read_frames(source, info, span, width=SMALL_WIDTH, fps=rate, ffmpeg=ffmpeg, watch=watch)
    )


def _difference(one: _Planes, other: _Planes) -> float:
    return float(np.abs(one - other).mean())


def _mixtures(steps: list[tuple[Seconds, _Planes]]) -> Iterator[_Change]:
    """The shortest window, ending with the last step, whose middle is a mixture of its ends.

    What moves is never that: it leaves its place in the middle frame as well.
    """
    for half, mixed in SOFT_WINDOWS:
        if len(steps) < 2 * half + 1:
            return
        (_, first), (at, middle), (_, last) = (steps[-1 - n * half] for n in (2, 1, 0))
        change = _difference(first, last)
        off = _difference(middle, (first + last) / np.float32(2))
        if change > SOFT and off < mixed * change and _likeness(first, last) < ALIKE:
            yield at, change


def _likeness(one: _Planes, other: _Planes) -> float:
    """How far the light of one is the other's made brighter or darker, up to 1."""
    a, b = (planes[..., 0] - planes[..., 0].mean() for planes in (one, other))
    both = float(np.sqrt((a * a).mean() * (b * b).mean()))
    return float((a * b).mean()) / both if both > 1 else 0.0


def _peaks(changes: list[_Change]) -> Iterator[Seconds]:
    """One moment for each run of windows that see the same transition."""
    run: list[_Change] = []
    for change in sorted(changes):
        if run and change[0] - run[-1][0] > SOFT_APART:
            yield _middle(run)
            run = []
        run.append(change)
    if run:
        yield _middle(run)


def _middle(run: list[_Change]) -> Seconds:
    return sum(at * change for at, change in run) / sum(change for _, change in run)
