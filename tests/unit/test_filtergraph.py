"""What the filter graph asks for, from what the source is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.layouts import CENTRE, FIT, LAYOUTS, Layout
from gravix_core.model import MediaInfo, Picture, Size, Sound, Transfer
from gravix_core.stages.render.filtergraph import (
    NEAR,
    Canvas,
    audio_graph,
    fit_size,
    video_graph,
)

calm = settings(deadline=None)
"""A busy machine is no failure."""

CANVAS = Canvas(Size(1080, 1920), 30)
PICTURE = Picture(
    stream=0,
    codec="h264",
    size=Size(1280, 720),
    stored=Size(1280, 720),
    rotation=0,
    rate=Fraction(30),
    pixel_format="yuv420p",
    transfer=Transfer.SDR,
    matrix="bt709",
    interlaced=False,
)
SOUND = Sound(stream=1, codec="aac", rate=48000, channels=2, layout="stereo")
INFO = MediaInfo("mov", 9.0, 0.0, PICTURE, SOUND, 1)
sides = st.integers(2, 8000)


def graph(layout: Layout = FIT, **changed: object) -> str:
    picture = replace(PICTURE, **changed)  # type: ignore[arg-type]
    return video_graph(replace(INFO, picture=picture), layout, CANVAS, duration=9, covers=9)


@calm
@given(width=sides, height=sides)
def test_the_whole_frame_fits_on_even_pixels(width: int, height: int) -> None:
    inner = fit_size(Size(width, height), CANVAS.size)
    assert 2 <= inner.width <= 1080
    assert 2 <= inner.height <= 1920
    assert (inner.width % 2, inner.height % 2) == (0, 0)


@calm
@given(width=st.integers(200, 8000), height=st.integers(200, 8000))
def test_the_whole_frame_keeps_its_shape_to_a_pixel(width: int, height: int) -> None:
    inner = fit_size(Size(width, height), CANVAS.size)
    exact = min(1080 / width, 1920 / height)
    assert inner.width == pytest.approx(width * exact, abs=2)
    assert inner.height == pytest.approx(height * exact, abs=2)


@calm
@given(share=st.floats(-0.2, 0.2))
def test_only_a_source_near_9_16_goes_without_a_blurred_copy(share: float) -> None:
    height = 3200
    size = Size(round(1800 * (1 + share)), height)
    off = abs(float(size.aspect / CANVAS.size.aspect) - 1)
    assert ("gblur" in graph(size=size, stored=size)) == (off > NEAR)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_gives_one_picture_and_one_cover(layout: Layout) -> None:
    found = graph(layout)
    assert found.count("[v]") == found.count("[cover]") == 1
    assert "setsar=1" in found


def test_centre_never_blurs() -> None:
    assert "gblur" not in graph(CENTRE)


def test_each_frame_of_a_fast_source_is_dropped_before_it_is_scaled() -> None:
    fast = graph(rate=Fraction(60))
    assert fast.index("fps=30") < fast.index("scale=")
    slow = graph(rate=Fraction(25))
    assert slow.index("fps=30") > slow.index("scale=")


def test_only_interlaced_video_is_made_progressive() -> None:
    assert "bwdif" in graph(interlaced=True)
    assert "bwdif" not in graph()


@pytest.mark.parametrize(
    ("transfer", "name"), [(Transfer.PQ, "smpte2084"), (Transfer.HLG, "arib-std-b67")]
)
def test_only_hdr_is_tone_mapped_from_its_own_transfer(transfer: Transfer, name: str) -> None:
    found = graph(transfer=transfer)
    assert f"tin={name}" in found
    assert "tonemap" in found
    assert "tonemap" not in graph()


@pytest.mark.parametrize(("height", "matrix"), [(719, "bt601"), (720, "bt709"), (2160, "bt709")])
def test_an_untagged_source_has_the_matrix_of_its_size(height: int, matrix: str) -> None:
    found = graph(matrix="unknown", stored=Size(100, height))
    assert f"in_color_matrix={matrix}" in found


def test_a_tagged_or_rgb_source_needs_no_guess() -> None:
    assert "in_color_matrix" not in graph(matrix="smpte170m")
    assert "in_color_matrix" not in graph(matrix="unknown", pixel_format="gbrp")


def test_the_streams_that_were_picked_are_the_ones_that_are_read() -> None:
    sound = replace(SOUND, stream=5)
    assert graph(stream=3).startswith("[0:3]")
    assert audio_graph(replace(INFO, sound=sound), duration=9).startswith("[0:5]")


def test_without_sound_there_is_silence_of_the_same_length() -> None:
    silent = audio_graph(replace(INFO, sound=None), duration=9)
    assert silent.startswith("anullsrc=r=48000:cl=stereo")
    assert "atrim=end=9.0" in silent
    assert "loudnorm" not in silent
