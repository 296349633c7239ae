"""A crop path, or what a reel shows, in; how calm it is out.  Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.quality.picture import RATE, Shown
from gravix_core.framing import Box, CropPath, Fill, Stretch
from gravix_core.model import PORTRAIT, Seconds, Size, Span

CANVAS = 1080
MOVING, JUMP = 5.0, 2500.0
"""Output pixels a second: slower than the first is still, faster than the second a jump."""
NEAR_CUT: Seconds = 0.1
NEAR_TURN: Seconds = 2.0
"""A jump so near to where somebody else begins to speak is a change of speaker."""
SEEN_MOVING = 4 * MOVING
"""Looking at the picture of a reel is too coarse for less."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What a source does while a reel plays it."""

    frame: Size
    cuts: Sequence[Seconds] = ()
    """Where it cuts."""
    turns: Sequence[Seconds] = ()
    """Where somebody else begins to speak."""
    still: Sequence[Span] | None = None
    """Where frames that move count; None is everywhere."""

    def counts(self, at: Seconds) -> bool:
        return self.still is None or any(span.start <= at < span.end for span in self.still)


@dataclass(frozen=True, slots=True)
class MotionScore:
    """How calm the picture is."""

    seconds: Seconds
    jumps: tuple[Seconds, ...]
    """Inside shots, changes of speaker not counted."""
    changes: int
    """Of the speaker that is shown."""
    moving: float
    """Share of the frames in which the window moves."""


def score_path(path: CropPath, takes: Takes, *, rate: int = 30) -> MotionScore:
    """Walk along a crop path, frame by frame."""
    span = path.span
    times = [span.start + n / rate for n in range(int(span.duration * rate))]
    steps = [_Step(path.stretch(a), path.stretch(b), a, b) for a, b in pairwise(times)]
    inside = [step for step in steps if takes.counts(step.at) and step.is_steady]
    jumps = [step.at for step in steps if step.is_jump(takes)]
    moving = sum(step.speed(takes.frame) > MOVING for step in inside)
    return _score(span.duration, jumps, takes, moving / len(inside) if inside else 0.0)


def _score(seconds: Seconds, jumps: list[Seconds], takes: Takes, moving: float) -> MotionScore:
    wild = tuple(at for at in jumps if not is_near(at, takes.turns, NEAR_TURN))
    return MotionScore(seconds, wild, len(jumps) - len(wild), moving)


@dataclass(frozen=True, slots=True)
class _Step:
    """From one frame to the next."""

    before: Stretch
    after: Stretch
    start: Seconds
    at: Seconds

    @property
    def is_steady(self) -> bool:
        return self.before is self.after

    def speed(self, frame: Size) -> float:
        pairs = [(window.box(self.start), window.box(self.at)) for window in self.after.windows]
        return max(speed(a, b, frame) for a, b in pairs) / (self.at - self.start)

    def is_jump(self, takes: Takes) -> bool:
        if self.is_steady:
            return self.speed(takes.frame) > JUMP
        return not (self._is_same or is_near(self.at, takes.cuts, NEAR_CUT))

    @property
    def _is_same(self) -> bool:
        """Whether the new stretch shows what the one before has shown."""
        boxes = [[w.box(self.at) for w in one.windows] for one in (self.before, self.after)]
        return len(boxes[0]) == len(boxes[1]) and all(
            abs(a.x - b.x) + abs(a.y - b.y) + abs(a.width - b.width) < 0.004
            for a, b in zip(*boxes, strict=True)
        )


def score_seen(shown: Sequence[Shown | None], takes: Takes, *, rate: float = RATE) -> MotionScore:
    """As `score_path`, from what the finished reel shows; it sees coarser steps.

    A window counts as moving when it has gone on over half a second, so that the noise of
    looking does not.
    """
    known = [one for one in shown if one is not None]
    jumps = [
        second.at
        for first, second in pairwise(known)
        if second.at - first.at < 2.5 / rate
        and not is_near(second.at, takes.cuts, 1.5 / rate)
        and (first.fill is not second.fill or _is_far(first, second, takes.frame))
    ]
    counted = [one for one in known if takes.counts(one.at)]
    return _score(len(shown) / rate, jumps, takes, _drifting(counted, takes, rate))


def _is_far(first: Shown, second: Shown, frame: Size) -> bool:
    """Further than a window of full height may go in that time, and than looking errs."""
    window = frame.height * float(PORTRAIT) / frame.width
    limit = JUMP / CANVAS * window * (second.at - first.at)
    pairs = zip(first.windows, second.windows, strict=True)
    return any(abs(a.centre[0] - b.centre[0]) > limit for a, b in pairs)


def _drifting(known: Sequence[Shown], takes: Takes, rate: float) -> float:
    reach = max(1, round(rate / 2))
    answers = []
    for first, second in zip(known, known[reach:], strict=False):
        lasts = second.at - first.at
        cut = any(first.at < one <= second.at for one in takes.cuts)
        if cut or lasts > (reach + 0.5) / rate or first.fill is not second.fill:
            continue
        pairs = zip(first.windows, second.windows, strict=True)
        fastest = max(speed(a, b, takes.frame) for a, b in pairs) / lasts
        answers.append(first.fill is not Fill.BLUR and SEEN_MOVING < fastest < JUMP)
    return sum(answers) / len(answers) if answers else 0.0


def speed(before: Box, after: Box, frame: Size) -> float:
    """How far a window has gone, in pixels of the reel."""
    across = abs(after.centre[0] - before.centre[0]) * frame.width
    down = abs(after.centre[1] - before.centre[1]) * frame.height
    return math.hypot(across, down) * CANVAS / (after.width * frame.width)


def is_near(at: Seconds, moments: Sequence[Seconds], within: Seconds) -> bool:
    return any(abs(at - one) <= within for one in moments)
