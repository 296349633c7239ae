"""What a reel shows and where faces are in, how well it is framed out.  Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.quality.faces import Looked
from benchmarks.quality.picture import Shown
from gravix_core.framing import Box, CropPath, Face, Fill
from gravix_core.model import PORTRAIT, Seconds, Size, Span

CORE = 0.6
"""The share of a face's width that has to be inside: eyes, nose and mouth."""
CANVAS = 1080
MOVING, JUMP = 5.0, 2500.0
"""Output pixels a second: slower than the first is still, faster than the second a jump."""
NEAR_CUT: Seconds = 0.1
NEAR_TURN: Seconds = 2.0
"""A jump so near to where the other one begins or ends to speak is a change of speaker."""


@dataclass(frozen=True, slots=True)
class FaceScore:
    """How the main face of a clip is kept."""

    samples: int
    inside: float
    """Share of the samples in which its core is shown."""
    centre: float
    """The same, had the middle been cropped."""
    static: float
    """The same, had the best window of each shot stood still."""
    larger: float
    """Median of the face's width in the reel over that in the source, as shares of the widths."""
    whole: float
    """Share of the samples that show the whole frame over its blurred copy."""
    smaller_than_crop: bool


def score_faces(
    faces: Sequence[Face], shown: Sequence[Shown | None], shots: Sequence[Span], *, frame: Size
) -> FaceScore | None:
    """Hold what is shown against where the face is; None when there is nothing to hold.

    Args:
        faces: Of one person, by time.
        shown: By time; each face is held against the nearest.
        shots: The takes of the source.
        frame: Size of the source.
    """
    pairs = [(face, nearest(shown, face.at)) for face in faces]
    known = [(face, look) for face, look in pairs if look is not None]
    if not known:
        return None
    window = min(1.0, float(PORTRAIT / frame.aspect))
    centres = [Box((1 - window) / 2, 0, window, 1)] * len(known)
    statics = [_static(face, faces, shots, window) for face, _ in known]
    return FaceScore(
        samples=len(known),
        inside=share(_any_holds(look.windows, face.box) for face, look in known),
        centre=share(holds(box, f.box) for box, (f, _) in zip(centres, known, strict=True)),
        static=share(holds(box, f.box) for box, (f, _) in zip(statics, known, strict=True)),
        larger=statistics.median(1 / look.windows[0].width for _, look in known),
        whole=share(look.fill is Fill.BLUR for _, look in known),
        smaller_than_crop=statistics.median(f.box.width for f, _ in known) <= window,
    )


def nearest(shown: Sequence[Shown | None], at: Seconds, within: Seconds = 0.06) -> Shown | None:
    near = [one for one in shown if one is not None and abs(one.at - at) <= within]
    return min(near, key=lambda one: abs(one.at - at), default=None)


def core(face: Box) -> Box:
    """The middle of a face, which has its features."""
    edge = (1 - CORE) / 2
    return Box(
        face.x + edge * face.width,
        face.y + edge * face.height,
        CORE * face.width,
        CORE * face.height,
    )


def holds(window: Box, face: Box, slack: float = 0.005) -> bool:
    """Whether the core of a face is inside."""
    part = core(face)
    return (
        window.x - slack <= part.x
        and part.right <= window.right + slack
        and window.y - slack <= part.y
        and part.bottom <= window.bottom + slack
    )


def _any_holds(windows: Iterable[Box], face: Box) -> bool:
    return any(holds(window, face) for window in windows)


def _static(face: Face, faces: Sequence[Face], shots: Sequence[Span], window: float) -> Box:
    """A full-height window at the middle of where the face is in this shot."""
    shot = next((s for s in shots if s.start <= face.at < s.end), None)
    there = [f for f in faces if shot is None or shot.start <= f.at < shot.end]
    middle = statistics.median(f.box.centre[0] for f in there)
    return Box(min(max(middle - window / 2, 0), 1 - window), 0, window, 1)


def share(found: Iterable[bool]) -> float:
    answers = list(found)
    return sum(answers) / len(answers) if answers else 0.0


@dataclass(frozen=True, slots=True)
class SpeakerScore:
    """Whether the one who speaks is seen, in shots of two."""

    samples: int
    right: float
    alone: float
    """Share of the samples that show the speaker and not the other one."""
    whole: float
    """Share that shows the whole frame over its blurred copy; never right."""


def score_speakers(
    looked: Sequence[Looked],
    shown: Sequence[Shown | None],
    speaker: Callable[[Seconds], int | None],
) -> SpeakerScore | None:
    """Hold what is shown against who speaks.

    Args:
        looked: The faces of both; the region is the person.
        shown: By time.
        speaker: Who speaks at a moment.
    """
    right, alone, whole = [], [], []
    for moment in sorted({one.at for one in looked}):
        who, look = speaker(moment), nearest(shown, moment)
        here = {one.region: one.face for one in looked if one.at == moment}
        if who is None or look is None or here.get(who) is None:
            continue
        seen = {
            person: face is not None and _any_holds(look.windows, face.box)
            for person, face in here.items()
        }
        whole.append(look.fill is Fill.BLUR)
        right.append(seen[who] and not whole[-1])
        alone.append(right[-1] and not any(seen[p] for p in seen if p != who))
    if not right:
        return None
    return SpeakerScore(len(right), share(right), share(alone), share(whole))


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

    @property
    def jumps_per_minute(self) -> float:
        return 60 * len(self.jumps) / self.seconds if self.seconds else 0.0


def score_path(
    path: CropPath,
    *,
    frame: Size,
    cuts: Sequence[Seconds],
    turns: Sequence[Seconds] = (),
    rate: int = 30,
) -> MotionScore:
    """Walk along a crop path, frame by frame.

    Args:
        path: Of one reel.
        frame: Size of the source.
        cuts: Where the source itself cuts.
        turns: Where somebody else begins to speak.
        rate: Frames a second.
    """
    span = path.span
    times = [span.start + n / rate for n in range(int(span.duration * rate))]
    places = [(at, path.stretch(at)) for at in times]
    jumps, changes, moving, steps = [], 0, 0, 0
    for (before, first), (at, second) in pairwise(places):
        if first is second:
            speed = max(
                _speed(a, b, frame, rate)
                for a, b in ((window.box(before), window.box(at)) for window in first.windows)
            )
            steps += 1
            moving += speed > MOVING
            if speed <= JUMP:
                continue
        elif _is_near(at, cuts, NEAR_CUT) or _same(first.windows, second.windows, at):
            continue
        if _is_near(at, turns, NEAR_TURN):
            changes += 1
        else:
            jumps.append(at)
    return MotionScore(span.duration, tuple(jumps), changes, moving / steps if steps else 0.0)


def _same(before: Sequence[object], after: Sequence[object], at: Seconds) -> bool:
    """Whether a new stretch shows what the one before has shown."""
    boxes = [[w.box(at) for w in windows] for windows in (before, after)]  # type: ignore[attr-defined]
    return len(boxes[0]) == len(boxes[1]) and all(
        abs(a.x - b.x) + abs(a.y - b.y) + abs(a.width - b.width) < 0.004
        for a, b in zip(*boxes, strict=True)
    )


def _speed(before: Box, after: Box, frame: Size, rate: float) -> float:
    """Output pixels a second."""
    across = abs(after.centre[0] - before.centre[0]) * frame.width
    down = abs(after.centre[1] - before.centre[1]) * frame.height
    return math.hypot(across, down) * rate * CANVAS / (after.width * frame.width)


def _is_near(at: Seconds, moments: Sequence[Seconds], within: Seconds) -> bool:
    return any(abs(at - one) <= within for one in moments)


def score_seen(
    shown: Sequence[Shown | None],
    *,
    frame: Size,
    cuts: Sequence[Seconds],
    turns: Sequence[Seconds] = (),
    rate: float = 10.0,
) -> MotionScore:
    """As `score_path`, from what the finished reel shows; it sees coarser steps.

    A window counts as moving when it keeps on in one direction over half a second, so that the
    noise of looking does not.
    """
    known = [one for one in shown if one is not None]
    jumps, changes = [], 0
    for first, second in pairwise(known):
        if second.at - first.at > 2.5 / rate or _is_near(second.at, cuts, 1.5 / rate):
            continue
        if first.fill is second.fill and _gap(first, second) * rate * frame.width < _far(frame):
            continue
        if _is_near(second.at, turns, NEAR_TURN):
            changes += 1
        else:
            jumps.append(second.at)
    seconds = len(shown) / rate
    return MotionScore(seconds, tuple(jumps), changes, _drifting(known, frame, rate, cuts))


def _gap(first: Shown, second: Shown) -> float:
    pairs = zip(first.windows, second.windows, strict=True)
    return max(abs(a.centre[0] - b.centre[0]) + abs(a.centre[1] - b.centre[1]) for a, b in pairs)


def _far(frame: Size) -> float:
    """`JUMP` in pixels of the source a second, for a window of full height."""
    return JUMP * frame.height * float(PORTRAIT) / CANVAS


def _drifting(known: Sequence[Shown], frame: Size, rate: float, cuts: Sequence[Seconds]) -> float:
    reach = max(1, round(rate / 2))
    answers = []
    for first, second in zip(known, known[reach:], strict=False):
        steady = abs(second.at - first.at - reach / rate) < 0.5 / rate
        if not steady or any(first.at < cut <= second.at for cut in cuts):
            continue
        calm = first.fill is not second.fill or first.fill is Fill.BLUR
        answers.append(not calm and _speed_of(first, second, frame) > 4 * MOVING)
    return share(answers)


def _speed_of(first: Shown, second: Shown, frame: Size) -> float:
    lasts = second.at - first.at
    return max(
        _speed(a, b, frame, 1 / lasts) for a, b in zip(first.windows, second.windows, strict=True)
    )
