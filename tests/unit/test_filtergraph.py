"""What the filter graph asks for, from what the source is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gravix_core.framing import CropPath, Fill, Place, Stretch, Window
from gravix_core.model import MediaInfo, Picture, Size, Sound, Span, Transfer
from gravix_core.stages.render.filtergraph import Canvas, fit_size, video_graph
from gravix_core.stages.render.sound import CEILING, Loudness, audio_graph
from gravix_core.stages.render.stretches import NEAR, Clock, still_path

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


SPAN = Span(0, 9)
CLOCK = Clock(0, 30, 270)
QUIET = Loudness(integrated=-30, range=5, peak=-20, gain=16)


def graph(layout: str = "fit", path: CropPath | None = None, **changed: object) -> str:
    picture = replace(PICTURE, **changed)  # type: ignore[arg-type]
    still = still_path(layout, SPAN, frame=picture.size, canvas=CANVAS.size)
    info = replace(INFO, picture=picture)
    return video_graph(info, path or still, CANVAS, clock=CLOCK, covers=(9, 99))


def crop(start: float, end: float, *xs: float, width: float = 0.3164) -> Stretch:
    """A crop whose centre goes straight through `xs`."""
    step = (end - start) / max(1, len(xs) - 1)
    places = tuple(Place(start + step * n, x, 0.5) for n, x in enumerate(xs))
    return Stretch(Span(start, end), Fill.CROP, (Window(width, 1.0, places),))


def whole(start: float, end: float) -> Stretch:
    return Stretch(Span(start, end), Fill.BLUR, (Window(1, 1, (Place(start, 0.5, 0.5),)),))


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
    assume(abs(off - NEAR) > 1e-9)
    assert ("gblur" in graph(size=size, stored=size)) == (off > NEAR)


@pytest.mark.parametrize("layout", ["fit", "centre"])
def test_every_layout_gives_one_picture_and_one_cover(layout: str) -> None:
    found = graph(layout)
    assert found.count("[v]") == found.count("[cover]") == 1
    assert "setsar=1" in found


def test_centre_never_blurs() -> None:
    assert "gblur" not in graph("centre")


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
    assert audio_graph(replace(INFO, sound=sound), None, duration=9).startswith("[0:5]")


def test_without_sound_there_is_silence_of_the_same_length() -> None:
    silent = audio_graph(replace(INFO, sound=None), QUIET, duration=9)
    assert silent.startswith("anullsrc=r=48000:cl=stereo")
    assert "atrim=end=9.0" in silent
    assert "volume" not in silent


def test_only_peaks_that_would_be_too_high_are_held() -> None:
    assert "alimiter" not in audio_graph(INFO, QUIET, duration=9)
    held = audio_graph(INFO, replace(QUIET, peak=CEILING - 15), duration=9)
    assert "alimiter" in held
    assert "volume=16.00dB" in held


def test_neighbouring_crops_are_one_crop_that_jumps() -> None:
    found = graph(path=CropPath((crop(0, 3, 0.3), crop(3, 5, 0.6), crop(5, 9, 0.2))))
    assert "concat" not in found
    assert found.count("crop=") == found.count("scale=") - 1 == 1  # the cover is scaled too


def test_a_change_of_fill_is_a_branch_with_frames_of_its_own() -> None:
    found = graph(path=CropPath((whole(0, 3), crop(3, 5, 0.6), crop(5, 6, 0.2), whole(6, 9))))
    assert "concat=n=3" in found
    for part in ("start_frame=0:end_frame=90", "90:end_frame=180", "180:end_frame=270"):
        assert part in found


def test_a_still_window_is_cut_out_before_it_is_scaled() -> None:
    found = graph(path=CropPath((crop(0, 9, 0.3),)))
    assert found.index("crop=") < found.index("scale=")
    assert "exact=1" not in found


def test_a_moving_window_is_cut_again_to_a_pixel_of_the_canvas() -> None:
    found = graph(path=CropPath((crop(0, 9, 0.3, 0.7),)))
    assert found.index("crop=") < found.index("scale=") < found.index("crop=1080:1920")
    assert "exact=1" in found


def test_hundreds_of_places_nest_less_than_a_hundred_deep() -> None:
    xs = [0.5 + 0.2 * (-1) ** n for n in range(900)]
    found = graph(path=CropPath((crop(0, 9, *xs),)))
    deep = most = 0
    for letter in found:
        deep += {"(": 1, ")": -1}.get(letter, 0)
        most = max(most, deep)
    assert 5 < most < 20
