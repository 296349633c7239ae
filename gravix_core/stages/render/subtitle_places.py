"""Lines of subtitles and a crop path in; at which height each is shown out.  Pure.

A place is kept as long as it covers no face: a new one is taken at cuts and jumps alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from gravix_core.framing import Box, CropPath, Fill, Stretch, on_canvas
from gravix_core.model import Seconds, Size, Span
from gravix_core.stages.render.safe_zones import BOTTOM, LOWEST, SIDE, TOP, WIDTH

COVERED = 0.04
"""Share of a face that may be covered before another place is sought: a chin's edge."""
FOREHEAD = 0.2
"""Share of a face's box that may always be covered: words there hide neither eyes nor mouth."""
SHORTEST: Seconds = 0.2
"""Part of a line that has a place of its own."""
_GAP = 0.012
"""Between a picture and the words below it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a block of rows stands, in shares of the canvas."""

    at: float
    hold: float
    """Which part of the block is there: 0 its top, 0.5 its middle, 1 its bottom."""

    def top(self, height: float) -> float:
        return self.at - self.hold * height


LOW = Spot(BOTTOM, 1.0)
UNDER = Spot(LOWEST, 1.0)
HIGH = Spot(TOP, 0.0)
SEAM = Spot(0.5, 0.5)
"""Between two halves."""


def parted(span: Span, crop_path: CropPath | None) -> tuple[Span, ...]:
    """When a line is shown, in parts of which each lies in one way of filling the canvas.

    A place that is right between two halves may be a face's where one fills the canvas.
    """
    stretches = crop_path.stretches if crop_path else ()
    edges = [span.start]
    for before, after in pairwise(stretches):
        at = after.span.start
        if before.fill is not after.fill and edges[-1] + SHORTEST <= at <= span.end - SHORTEST:
            edges.append(at)
    return tuple(Span(a, b) for a, b in pairwise([*edges, span.end]))


def spots(
    shown: Sequence[Span],
    *,
    height: float,
    crop_path: CropPath | None,
    frame: Size,
    canvas: Size,
    hook: tuple[Seconds, float] = (0.0, 0.0),
) -> tuple[Spot, ...]:
    """One spot for each line.

    Args:
        shown: When each line is on screen, in the source's time.
        height: Of a block of two rows, in shares of the canvas.
        crop_path: What fills the canvas; without one all lines stand low.
        frame: The source's, as shown.
        canvas: The reel's.
        hook: Until when it is shown, in the source's time, and down to which height.
    """
    if crop_path is None:
        return (LOW,) * len(shown)
    found: list[Spot] = []
    for stretch, lines in groupby(shown, key=lambda span: crop_path.stretch(_middle(span))):
        spans = tuple(lines)
        during = Span(spans[0].start, spans[-1].end)
        choices = _choices(stretch, height, frame=frame, canvas=canvas)
        if during.start < hook[0]:
            choices = _below(hook[1], choices, height)
        faces = tuple(_faces(crop_path, stretch, during, frame=frame, canvas=canvas))
        found += [_best(choices, faces, height, found[-1:])] * len(spans)
    return tuple(found)


def _below(hook: float, choices: Sequence[Spot], height: float) -> tuple[Spot, ...]:
    """The same, but that which the hook has taken moves below it."""
    moved = (spot if spot.top(height) > hook else Spot(hook + _GAP, 0.0) for spot in choices)
    return tuple(dict.fromkeys(moved))


def _best(
    choices: Sequence[Spot], faces: Sequence[Box], height: float, last: Sequence[Spot]
) -> Spot:
    """The last one again if it will do, else the first that does, else the least bad."""
    known = [spot for spot in last if spot in choices]
    costs = {spot: _covered(spot, faces, height) for spot in (*known, *choices)}
    return next(
        (spot for spot, cost in costs.items() if cost <= COVERED), min(costs, key=costs.__getitem__)
    )


def _choices(stretch: Stretch, height: float, *, frame: Size, canvas: Size) -> tuple[Spot, ...]:
    if stretch.fill is Fill.SPLIT:
        return SEAM, LOW, UNDER, HIGH
    if stretch.fill is Fill.CROP:
        return LOW, UNDER, HIGH
    window = stretch.windows[0].box(stretch.span.start)
    picture = on_canvas(window, stretch.span.start, stretch, frame=frame, canvas=canvas)
    below = Spot((picture.bottom if picture else BOTTOM) + _GAP, 0.0)
    above = Spot((picture.y if picture else TOP) - _GAP, 1.0)
    free = [below] * (below.top(height) + height <= LOWEST) + [above] * (above.top(height) >= TOP)
    return (*free, LOW, UNDER, HIGH)


def _faces(
    crop_path: CropPath, stretch: Stretch, during: Span, *, frame: Size, canvas: Size
) -> Iterator[Box]:
    for face in crop_path.faces:
        if during.start <= face.at < during.end and crop_path.stretch(face.at) is stretch:
            box = on_canvas(face.box, face.at, stretch, frame=frame, canvas=canvas)
            if box is not None:
                yield box


def _covered(spot: Spot, faces: Sequence[Box], height: float) -> float:
    """Mean share of the faces, from the brows down, that a block of full width would cover."""
    top = spot.top(height)
    shares = []
    for face in faces:
        brows = face.y + FOREHEAD * face.height
        down = min(face.bottom, top + height) - max(brows, top)
        across = min(face.right, SIDE + WIDTH) - max(face.x, SIDE)
        area = face.width * (face.bottom - brows)
        shares.append(max(0.0, down) * max(0.0, across) / area if area > 0 else 0.0)
    return sum(shares) / len(shares) if shares else 0.0


def _middle(span: Span) -> float:
    return (span.start + span.end) / 2
