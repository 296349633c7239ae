"""A source and a finished reel in; which part of each frame the reel shows out.

Found by laying the reel's picture over the source's, so nothing that the product says of itself
is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.quality.tool import FPS, Gray, pictures
from gravix_core.framing import WHOLE, Box, Fill
from gravix_core.media.probe import probe
from gravix_core.model import Seconds, Size, Span

EVERY = 3
"""One frame of so many is looked at."""
RATE = FPS / EVERY
WIDTH = 320
REEL = Size(135, 240)
HEIGHTS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.42, 0.35)
"""Of a window, in shares of the frame's height."""
SURE = 0.6
"""A picture that fits worse is not known: a cross-fade, or all of one colour."""
AT_ONCE, AGAIN = 0.985, 0.95
"""What fits so well is not looked for further; the second is for what was shown just before."""
FLAT = 4.0
BONUS = 0.03
"""What a crop or the whole frame has ahead of a split, whose halves fit into any crop."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reel shows at one moment."""

    at: Seconds
    """Of the source."""
    fill: Fill
    windows: tuple[Box, ...]
    """Parts of the source's frame; of a split the upper one first."""
    score: float


def what_is_shown(source: Path, reel: Path, span: Span) -> Iterator[Shown | None]:
    """Look at a reel beside its source, `RATE` times a second; None where it is not known.

    Args:
        source: The film.
        reel: The finished reel.
        span: What the reel plays of the film.
    """
    size = probe(source).picture.size
    height = round(WIDTH * size.height / size.width)
    before = list(pictures(source, every=EVERY, width=WIDTH, height=height, span=span))
    after = pictures(reel, every=EVERY, width=REEL.width, height=REEL.height)
    content = content_box(before)
    last: Shown | None = None
    for number, (frame, picture) in enumerate(zip(before, after, strict=False)):
        last = lay_over(frame, picture, span.start + number / RATE, content=content, last=last)
        yield last


def content_box(frames: Sequence[Gray]) -> Box:
    """The frame without black bars that are there all the time."""
    if not frames:
        return WHOLE
    brightest = np.maximum.reduce(frames[:: max(1, len(frames) // 20)])
    height, width = brightest.shape
    columns, rows = np.flatnonzero(brightest.max(0) > 40), np.flatnonzero(brightest.max(1) > 40)
    if not len(columns) or not len(rows):
        return WHOLE
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    if right - left > 0.98 * width and bottom - top > 0.98 * height:
        return WHOLE
    return Box(
        float(left / width),
        float(top / height),
        float((right - left) / width),
        float((bottom - top) / height),
    )


def lay_over(
    frame: Gray,
    picture: Gray,
    at: Seconds,
    *,
    content: Box = WHOLE,
    last: Shown | None = None,
) -> Shown | None:
    """Find the picture of a reel in a frame of its source; both grey.

    Args:
        frame: Of the source.
        picture: Of the reel.
        at: When, in the source.
        content: The frame without black bars.
        last: What was shown just before; a window of that size is tried first.
    """
    if float(frame.std()) < FLAT or float(picture.std()) < FLAT:
        return None
    heights = {content.height, *HEIGHTS}
    if last is not None and (again := _as_before(frame, picture, at, last)).score > AGAIN:
        return again
    found = [_whole(frame, picture, at, box) for box in dict.fromkeys((WHOLE, content))]
    if (whole := max(found, key=lambda one: one.score)).score > AT_ONCE:
        return whole
    found.append(_crop(frame, picture, at, heights))
    best = max(found, key=lambda one: one.score)
    if best.score < 0.95:
        split = _split(frame, picture, at, heights)
        best = max(best, split, key=lambda o: o.score + (0 if o.fill is Fill.SPLIT else BONUS))
    return best if best.score >= SURE else None


def _as_before(frame: Gray, picture: Gray, at: Seconds, last: Shown) -> Shown:
    """As if windows of the same size were shown as just before."""
    if last.fill is Fill.BLUR:
        return _whole(frame, picture, at, last.windows[0])
    tall = picture.shape[0] // len(last.windows)
    parts = [picture[n * tall : (n + 1) * tall] for n in range(len(last.windows))]
    found = [
        _best(frame, part, {window.height})
        for part, window in zip(parts, last.windows, strict=True)
    ]
    return Shown(at, last.fill, tuple(box for box, _ in found), min(score for _, score in found))


def _whole(frame: Gray, picture: Gray, at: Seconds, content: Box) -> Shown:
    """As if the reel showed all of `content` over a blurred copy."""
    part = _cut(frame, content)
    tall = min(picture.shape[0], round(picture.shape[1] * part.shape[0] / part.shape[1]))
    top = (picture.shape[0] - tall) // 2
    strip = cv2.resize(picture[top : top + tall], part.shape[::-1], interpolation=cv2.INTER_AREA)
    score = float(cv2.matchTemplate(part, strip, cv2.TM_CCOEFF_NORMED)[0, 0])
    return Shown(at, Fill.BLUR, (content,), score if np.isfinite(score) else 0.0)


def _crop(frame: Gray, picture: Gray, at: Seconds, heights: set[float]) -> Shown:
    box, score = _search(frame, picture, heights)
    return Shown(at, Fill.CROP, (box,), score)


def _split(frame: Gray, picture: Gray, at: Seconds, heights: set[float]) -> Shown:
    half = picture.shape[0] // 2
    pairs = [_search(frame, part, heights) for part in (picture[:half], picture[half:])]
    return Shown(at, Fill.SPLIT, tuple(box for box, _ in pairs), min(score for _, score in pairs))


def _search(frame: Gray, picture: Gray, heights: set[float]) -> tuple[Box, float]:
    """The window that looks most like a picture, of any size that may be."""
    best, score = _best(frame, picture, heights)
    finer = {best.height * factor for factor in (0.94, 0.97, 1.03, 1.06)}
    box, better = _best(frame, picture, {one for one in finer if one <= 1})
    return (box, better) if better > score + 0.005 else (best, score)


def _best(frame: Gray, picture: Gray, heights: set[float]) -> tuple[Box, float]:
    best, score = WHOLE, -1.0
    for share in heights:
        tall = round(frame.shape[0] * share)
        wide = round(tall * picture.shape[1] / picture.shape[0])
        if not (8 <= wide <= frame.shape[1] and tall <= frame.shape[0]):
            continue
        patch = cv2.resize(picture, (wide, tall), interpolation=cv2.INTER_AREA)
        fits = cv2.matchTemplate(frame, patch, cv2.TM_CCOEFF_NORMED)
        fits[~np.isfinite(fits)] = -1
        _, top, _, (x, y) = cv2.minMaxLoc(fits)
        if top > score:
            x_fine, y_fine = x + _between(fits[y], x), y + _between(fits[:, x], y)
            height, width = frame.shape
            best = Box(x_fine / width, y_fine / height, wide / width, tall / height)
            score = float(top)
    return best, score


def _between(row: np.ndarray, at: int) -> float:
    """Where between its neighbours the top of a row is, by a parabola."""
    if not 0 < at < len(row) - 1:
        return 0.0
    left, middle, right = (float(one) for one in row[at - 1 : at + 2])
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else max(-0.5, min(0.5, 0.5 * (left - right) / bend))


def _cut(frame: Gray, box: Box) -> Gray:
    height, width = frame.shape
    rows = slice(round(box.y * height), round(box.bottom * height))
    return np.ascontiguousarray(frame[rows, round(box.x * width) : round(box.right * width)])
