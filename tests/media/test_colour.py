"""Known colours in, the same colours out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from tests.media import seen
from tests.media.clips import PATCHES, Clips
from tests.media.renders import FULL, SMALL, Renders

pytestmark = pytest.mark.slow

KNOWN = np.array([[c >> 16, c >> 8 & 255, c & 255] for c in PATCHES], float)
SDR = ("sd_tagged.mp4", "sd_untagged.mp4", "hd_tagged.mp4", "hd_untagged.mp4", "hd_as_601.mp4",
       "full_range.mp4", "rgb.mkv")  # fmt: skip
NEAR = 4.0
"""Code values of RGB; the wrong matrix is off by 20, the wrong range by 13."""


def bars(picture: seen.Floats, top: int = 164, bottom: int = 316) -> seen.Floats:
    """Mean colour of the middle of each of the four bars."""
    edges = np.linspace(top, bottom, 5)
    width = picture.shape[1]
    return np.array(
        [
            picture[int(a + 8) : int(b - 8), width // 3 : 2 * width // 3].mean(axis=(0, 1))
            for a, b in pairwise(edges)
        ]
    )


@pytest.mark.parametrize("name", SDR)
def test_colours_of_a_source_survive(renders: Renders, name: str) -> None:
    found = bars(seen.rgb_by_hand(renders(name).file))
    assert np.abs(found - KNOWN).max() <= NEAR, found


@pytest.mark.parametrize("name", ["sd_tagged.mp4", "hd_tagged.mp4"])
def test_colours_survive_a_crop(renders: Renders, name: str) -> None:
    found = bars(seen.rgb_by_hand(renders(name, "centre").file), 0, 480)
    assert np.abs(found - KNOWN).max() <= NEAR, found


def test_colours_survive_on_the_large_canvas(renders: Renders) -> None:
    made = renders("sd_tagged.mp4", canvas=FULL, span=(0, 3.0))
    assert np.abs(bars(seen.rgb_by_hand(made.file), 656, 1264) - KNOWN).max() <= NEAR


@pytest.mark.parametrize("name", ["pq.mp4", "hlg.mov"])
def test_hdr_is_as_bright_as_the_same_picture_in_sdr(renders: Renders, name: str) -> None:
    """The clips are graded from `bars.mp4`, with its white at 203 cd/m²."""
    hdr = seen.luma(renders(name, "centre").file).mean()
    sdr = seen.luma(renders("bars.mp4", "centre").file).mean()
    assert hdr - 16 == pytest.approx(sdr - 16, rel=0.08)


@pytest.mark.parametrize("name", ["pq.mp4", "hlg.mov"])
def test_hdr_keeps_its_hues(renders: Renders, name: str) -> None:
    found = bars(seen.rgb_by_hand(renders(name).file))
    assert [int(row.argmax()) for row in found[:3]] == [0, 1, 2]
    grey = found[3]
    assert grey.max() - grey.min() <= 8


@pytest.mark.parametrize("name", ["sd_tagged.mp4", "hd_untagged.mp4"])
def test_the_cover_has_the_colours_of_the_source(renders: Renders, name: str) -> None:
    with Image.open(renders(name).cover) as cover:
        found = bars(np.asarray(cover.convert("RGB")).astype(float))
    assert np.abs(found - KNOWN).max() <= NEAR, found


@pytest.mark.parametrize("canvas", [SMALL, FULL], ids=["small", "large"])
def test_the_cover_is_a_jpeg_as_large_as_the_reel(renders: Renders, canvas: object) -> None:
    large = canvas is FULL
    made = renders("corners.mp4", canvas=FULL, span=(0, 3.0)) if large else renders("corners.mp4")
    with Image.open(made.cover) as cover:
        assert (cover.format, cover.mode) == ("JPEG", "RGB")
        assert cover.size == ((1080, 1920) if large else (270, 480))


def test_the_cover_of_a_film_that_starts_black_is_not_black(renders: Renders) -> None:
    with Image.open(renders("black_start.mp4").cover) as cover:
        assert np.asarray(cover.convert("L"))[170:310].mean() > 50


def test_the_source_s_own_bars_are_what_this_file_says(clips: Clips) -> None:
    """Otherwise the tests above would prove nothing."""
    found = bars(seen.rgb_by_hand(clips("hd_tagged.mp4")), 0, 720)
    assert np.abs(found - KNOWN).max() <= 2
