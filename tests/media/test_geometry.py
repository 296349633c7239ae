"""Where in the reel each part of the source stands, by its coloured corners."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gravix_core.model import Size
from gravix_core.stages.render.filtergraph import Canvas
from tests.media import seen
from tests.media.clips import CORNERS, Clips
from tests.media.renders import FULL, SMALL, Renders, make, plan_for

pytestmark = pytest.mark.slow

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""

ORDER = ("red", "green", "blue", "yellow")
FITS: dict[str, tuple[Box, tuple[str, ...]]] = {
    "corners.mp4": ((0, 164, 270, 316), ORDER),
    "anamorphic.mp4": ((0, 164, 270, 316), ORDER),
    "wide.mp4": ((0, 182, 270, 298), ORDER),
    "narrow.mp4": ((32, 0, 238, 480), ORDER),
    "vertical.mp4": ((0, 0, 270, 480), ORDER),
    "near_vertical.mp4": ((0, 0, 270, 480), ORDER),
    "turned right.mov": ((0, 0, 270, 480), ("blue", "red", "yellow", "green")),
    "turned left.mp4": ((0, 0, 270, 480), ("green", "yellow", "red", "blue")),
    "upside down.mp4": ((0, 164, 270, 316), ("yellow", "blue", "green", "red")),
}
"""Where the whole frame stands in a canvas of 270x480, and its corners as a player shows them."""


def colour_at(picture: seen.Bytes, column: int, row: int) -> str:
    """The nearest of the corners' colours, white and grey; a small patch decides."""
    patch = picture[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].reshape(-1, 3)
    known = {**CORNERS, "white": 0xFFFFFF, "grey": 0x606060, "black": 0}
    rgb = {name: [code >> 16, code >> 8 & 255, code & 255] for name, code in known.items()}
    mean = patch.mean(axis=0)
    return min(rgb, key=lambda name: float(np.abs(mean - rgb[name]).sum()))


def corners_of(picture: seen.Bytes, box: Box, inset: int = 5) -> tuple[str, ...]:
    left, top, right, bottom = box
    places = [
        (column, row)
        for row in (top + inset, bottom - 1 - inset)
        for column in (left + inset, right - 1 - inset)
    ]
    return tuple(colour_at(picture, *place) for place in places)


@pytest.mark.parametrize("name", FITS)
def test_fit_shows_the_whole_frame_upright_and_in_the_middle(renders: Renders, name: str) -> None:
    box, corners = FITS[name]
    picture = seen.frame(renders(name).file)
    assert corners_of(picture, box) == corners
    assert colour_at(picture, 135, 240) == "white"


@pytest.mark.parametrize("name", ["corners.mp4", "wide.mp4"])
def test_fit_cuts_nothing_off_and_adds_no_edge(renders: Renders, name: str) -> None:
    (_, top, _, bottom), _ = FITS[name]
    reds = seen.frame(renders(name).file)[:, 5, 0].astype(int)
    blues = seen.frame(renders(name).file)[:, 5, 2].astype(int)
    assert reds[top + 2] > 190 > reds[top - 3]
    assert blues[bottom - 3] > 190 > blues[bottom + 2]


@pytest.mark.parametrize(
    ("name", "shape"),
    [("corners.mp4", 1), ("wide.mp4", 1), ("narrow.mp4", 1), ("anamorphic.mp4", 4 / 3)],
)
def test_the_square_in_the_middle_keeps_its_shape(
    renders: Renders, name: str, shape: float
) -> None:
    white = seen.frame(renders(name).file).min(axis=2) > 200
    width, height = int(white.any(axis=0).sum()), int(white.any(axis=1).sum())
    assert width == pytest.approx(height * shape, abs=2)


def test_behind_the_frame_lies_its_own_soft_and_darker_copy(renders: Renders) -> None:
    picture = seen.frame(renders("bunny").file).astype(int)
    behind, front = picture[:150], picture[170:310]
    assert 10 < behind.mean() < front.mean()
    assert np.abs(np.diff(behind, axis=1)).mean() * 3 < np.abs(np.diff(front, axis=1)).mean()


@pytest.mark.parametrize("name", ["corners.mp4", "anamorphic.mp4", "wide.mp4", "upside down.mp4"])
def test_centre_shows_the_middle_in_full_height(renders: Renders, name: str) -> None:
    picture = seen.frame(renders(name, "centre").file)
    white = np.argwhere(picture.min(axis=2) > 200)
    (top, left), (bottom, right) = white.min(axis=0), white.max(axis=0)
    assert abs(left + right - 269) <= 4
    assert abs(top + bottom - 479) <= 4
    assert bottom - top == pytest.approx(480 / 6, abs=3)  # a sixth of the height, as drawn


def test_centre_of_a_narrow_source_keeps_its_full_width(renders: Renders) -> None:
    picture = seen.frame(renders("narrow.mp4", "centre").file)
    white = picture.min(axis=2) > 200
    assert int(white.any(axis=0).sum()) == pytest.approx(270 / 6, abs=3)


@pytest.mark.parametrize("layout", ["fit", "centre"])
@pytest.mark.parametrize("name", ["vertical.mp4", "near_vertical.mp4", "turned right.mov"])
def test_a_source_near_9_16_is_only_scaled(renders: Renders, name: str, layout: str) -> None:
    picture = seen.frame(renders(name, layout).file)
    assert corners_of(picture, FITS[name][0]) == FITS[name][1]


def test_all_is_in_its_place_on_the_large_canvas(renders: Renders) -> None:
    picture = seen.frame(renders("corners.mp4", canvas=FULL, span=(0, 3.0)).file)
    assert corners_of(picture, (0, 656, 1080, 1264), inset=12) == ORDER


@pytest.mark.parametrize("canvas", [Size(480, 480), Size(640, 360), Size(360, 450)])
def test_another_canvas_is_filled_too(clips: Clips, reel: Path, canvas: Size) -> None:
    make(plan_for(clips("corners.mp4"), canvas=Canvas(canvas, SMALL.fps)), reel)
    picture = seen.frame(reel)
    height = min(canvas.height, round(canvas.width * 9 / 16))
    top = (canvas.height - height) // 2
    assert corners_of(picture, (0, top, canvas.width, top + height)) == ORDER
