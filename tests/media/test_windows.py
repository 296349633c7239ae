"""What each frame of a reel shows of its source, along a crop path: told by coloured columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from gravix_core.framing import CropPath, Fill, Place, Stretch, Window
from gravix_core.media.probe import probe
from gravix_core.model import Size, Span
from gravix_core.stages.render.encode import RenderPlan
from gravix_core.stages.render.filtergraph import Canvas
from tests.media import seen
from tests.media.clips import Clips
from tests.media.renders import SMALL, make

pytestmark = pytest.mark.slow

TALL = 9 / 16 * 9 / 16
"""Share of a 16:9 frame's width that a window of full height has."""
GREYS = (40, 80, 120, 160, 200)
"""Light of five columns of a frame, from left to right."""
LATER = 20
"""How much lighter the columns are after the source's own cut."""
CUTS = {"columns.mp4": 61 / 30, "columns_25.mp4": 2.04, "columns_60.mp4": 121 / 60,
        "columns_film.mkv": 48 * 1001 / 24000, "columns.ts": 61 / 30 + 0.0213}  # fmt: skip
"""When the clips cut.  The last one starts with its sound, whose encoder primes."""


def crop(start: float, end: float, *xs: float) -> Stretch:
    """A crop of full height; its centre goes straight through `xs`."""
    step = (end - start) / max(1, len(xs) - 1)
    places = tuple(Place(start + step * n, x, 0.5) for n, x in enumerate(xs))
    return Stretch(Span(start, end), Fill.CROP, (Window(TALL, 1.0, places),))


def whole(start: float, end: float) -> Stretch:
    return Stretch(Span(start, end), Fill.BLUR, (Window(1, 1, (Place(start, 0.5, 0.5),)),))


def split(start: float, end: float, upper: float, lower: float) -> Stretch:
    windows = tuple(Window(2 * TALL, 1.0, (Place(start, x, 0.5),)) for x in (upper, lower))
    return Stretch(Span(start, end), Fill.SPLIT, windows)


def shown(
    source: Path, reel: Path, stretches: Sequence[Stretch], canvas: Canvas = SMALL
) -> seen.Bytes:
    """Every frame's light."""
    path = CropPath(tuple(stretches))
    make(RenderPlan(source, probe(source), path.span, canvas, path), reel)
    return seen.luma(reel)


def middles(frames: seen.Bytes, row: int = 240) -> list[int]:
    """Light in the middle of each frame."""
    patch = frames[:, row - 4 : row + 4, 131:139]
    return [round(float(one.mean())) for one in patch]


def near(found: Sequence[int], expected: Sequence[int]) -> list[int]:
    """Numbers of the frames that show something else."""
    assert len(found) == len(expected)
    return [n for n, (a, b) in enumerate(zip(found, expected, strict=True)) if abs(a - b) > 6]


@pytest.mark.parametrize("start", [0.0, 0.517])
@pytest.mark.parametrize("name", CUTS)
def test_no_frame_of_a_shot_shows_the_window_of_another(
    clips: Clips, reel: Path, name: str, start: float
) -> None:
    cut = CUTS[name]
    found = middles(shown(clips(name), reel, [crop(start, cut, 0.3), crop(cut, 3.9, 0.7)]))
    first = found.index(next(light for light in found if abs(light - GREYS[3] - LATER) < 6))
    expected = [GREYS[1]] * first + [GREYS[3] + LATER] * (len(found) - first)
    assert near(found, expected) == []
    assert first == pytest.approx((cut - start) * 30, abs=1)


@pytest.mark.parametrize("name", CUTS)
def test_no_frame_of_a_shot_is_filled_as_another(clips: Clips, reel: Path, name: str) -> None:
    """Across branches of the graph, too; the bottom of a fit is blurred and darker."""
    cut = CUTS[name]
    frames = shown(clips(name), reel, [whole(0.5, cut), crop(cut, 3.9, 0.5)])
    found, edge = middles(frames), middles(frames, row=470)
    first = next(n for n, light in enumerate(found) if light > GREYS[2] + LATER / 2)
    assert near(found[first:], [GREYS[2] + LATER] * (len(found) - first)) == []
    assert all(light < GREYS[2] - 10 for light in edge[:first])
    assert near(edge[first:], [GREYS[2] + LATER] * (len(found) - first)) == []
    assert len(found) == round(3.4 * 30)


def test_a_jump_inside_a_shot_comes_at_its_time(clips: Clips, reel: Path) -> None:
    stretches = [crop(0, 1, 0.1), crop(1, 1.5, 0.9), crop(1.5, 3.5, 0.5)]
    found = middles(shown(clips("columns.mp4"), reel, stretches))[:61]
    assert near(found, [GREYS[0]] * 30 + [GREYS[4]] * 15 + [GREYS[2]] * 16) == []


def test_all_fills_in_one_reel_follow_each_other(clips: Clips, reel: Path) -> None:
    stretches = [
        whole(0, 0.5),
        crop(0.5, 1, 0.9),
        split(1, 1.5, 0.3, 0.7),
        whole(1.5, 1.7),
        crop(1.7, 3.5, 0.1),
    ]
    frames = shown(clips("columns.mp4"), reel, stretches)
    upper = [GREYS[2]] * 15 + [GREYS[4]] * 15 + [GREYS[1]] * 15 + [GREYS[2]] * 6 + [GREYS[0]] * 9
    assert near(middles(frames[:15]), upper[:15]) == []
    assert near(middles(frames[15:30]), upper[15:30]) == []
    assert near(middles(frames[30:45], row=120), upper[30:45]) == []
    assert near(middles(frames[30:45], row=360), [GREYS[3]] * 15) == []
    assert near(middles(frames[45:60]), upper[45:]) == []


def test_a_window_moves_by_less_than_two_pixels_of_the_canvas(clips: Clips, reel: Path) -> None:
    """A pan of a tenth of the frame in 3 s: it must not stand and then jump by a source pixel."""
    frames = shown(clips("edge.mp4"), reel, [crop(0, 3, 0.45, 0.55)], Canvas(Size(540, 960), 30))
    bright = frames[:, 480].astype(float)
    edges = np.array([np.interp(128, np.sort(row), np.argsort(row)) for row in bright])
    steps = np.diff(edges)
    assert edges[0] - edges[-1] == pytest.approx(0.1 * 320 * 960 / 180, abs=3)
    assert np.abs(steps - steps.mean()).max() <= 1.6
    assert steps.max() <= 0.6


def test_baked_in_bars_are_left_out_of_a_fit(clips: Clips, reel: Path) -> None:
    """Window of the middle 60 %: the outer columns are not shown, nor in the blurred copy."""
    window = Window(0.6, 1.0, (Place(0, 0.5, 0.5),))
    frames = shown(clips("columns.mp4"), reel, [Stretch(Span(0, 3.5), Fill.BLUR, (window,))])
    row = frames[10, 240]
    assert [round(float(row[x - 3 : x + 3].mean())) for x in (45, 135, 225)] == pytest.approx(
        GREYS[1:4], abs=4
    )


def test_a_thin_line_parts_the_two_halves(clips: Clips, reel: Path) -> None:
    frames = shown(clips("columns.mp4"), reel, [split(0, 3.5, 0.7, 0.7)])
    column = frames[10, :, 135].astype(int)
    dark = np.flatnonzero(column < 60)
    assert set(dark) <= set(range(237, 243))
    assert 1 <= len(dark) <= 4
