"""What every reel is from outside, by the word of an independent prober."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gravix_core.media.probe import probe
from gravix_core.model import RenderedReel, Size, Span
from gravix_core.stages.render.encode import fingerprint
from gravix_core.stages.render.filtergraph import Canvas
from tests.media import seen
from tests.media.clips import ODD, Clips
from tests.media.renders import FULL, WAYS, Renders, make, plan_for

pytestmark = pytest.mark.slow

MADE = [(name, way) for name in (*ODD, "bunny") for way in WAYS]
PICTURE = {
    "codec_name": "h264",
    "profile": "High",
    "pix_fmt": "yuv420p",
    "width": 270,
    "height": 480,
    "sample_aspect_ratio": "1:1",
    "r_frame_rate": "30/1",
    "avg_frame_rate": "30/1",
    "field_order": "progressive",
    "color_range": "tv",
    "color_space": "bt709",
    "color_transfer": "bt709",
    "color_primaries": "bt709",
}
SOUND = {"codec_name": "aac", "profile": "LC", "sample_rate": "48000", "channels": 2,
         "channel_layout": "stereo"}  # fmt: skip


@pytest.fixture(scope="module", params=MADE, ids=lambda way: f"{way[0]}-{way[1]}")
def made(request: pytest.FixtureRequest, renders: Renders) -> RenderedReel:
    name, layout = request.param
    return renders(name, layout)


def found_of(stream: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {key: stream.get(key) for key in wanted}


def test_picture_is_progressive_bt709_h264_in_square_pixels(made: RenderedReel) -> None:
    assert found_of(seen.streams(made.file)["video"], PICTURE) == PICTURE


def test_sound_is_stereo_aac_at_48_khz(made: RenderedReel) -> None:
    assert found_of(seen.streams(made.file)["audio"], SOUND) == SOUND


def test_the_only_streams_are_one_picture_and_one_sound(made: RenderedReel) -> None:
    kinds = [one["codec_type"] for one in seen.streams(made.file)["all"]["streams"]]
    assert kinds == ["video", "audio"]


def test_pictures_start_at_zero_and_keep_the_rate(made: RenderedReel) -> None:
    times = seen.picture_times(made.file)
    assert times[0] == 0
    assert np.allclose(np.diff(times), 1 / 30, atol=1e-4)


def test_sound_and_picture_start_and_end_together(made: RenderedReel) -> None:
    found = seen.streams(made.file)
    picture, sound = found["video"], found["audio"]
    assert float(picture["start_time"]) == float(sound["start_time"]) == 0
    assert float(sound["duration"]) == pytest.approx(float(picture["duration"]), abs=0.05)
    assert float(sound["duration"]) >= float(picture["duration"]) - 1e-3


def test_no_rotation_is_left_for_the_player(made: RenderedReel) -> None:
    picture = seen.streams(made.file)["video"]
    assert "side_data_list" not in picture
    assert "rotate" not in picture.get("tags", {})


def test_the_index_comes_first_and_holds_no_edit_list(made: RenderedReel) -> None:
    data = made.file.read_bytes()
    index, media = data.find(b"moov"), data.find(b"mdat")
    assert 0 < index < media
    assert b"elst" not in data[:media]


def test_instagram_would_take_it_without_a_warning(made: RenderedReel) -> None:
    shaped = [rule for rule in made.report.rules if rule.level != "pass"]
    assert shaped == []


@pytest.mark.parametrize(("name", "layout"), MADE)
def test_a_reel_lasts_as_long_as_its_span_to_within_a_frame(
    clips: Clips, renders: Renders, name: str, layout: str
) -> None:
    made = seen.streams(renders(name, layout).file)["video"]
    assert float(made["duration"]) == pytest.approx(probe(clips(name)).duration, abs=1 / 30)


@pytest.mark.parametrize("span", [(0, 3.0), (0.5, 3.6), (1.234567, 4.9), (2.2, 5.28)])
def test_a_span_inside_the_source_gives_just_that(
    renders: Renders, span: tuple[float, float]
) -> None:
    made = seen.streams(renders("bunny", span=span).file)
    wanted = round((span[1] - span[0]) * 30)
    assert int(made["video"]["nb_frames"]) == wanted


@pytest.mark.parametrize(
    ("name", "layout"), [("bunny", "fit"), ("bunny", "centre"), ("turned right.mov", "fit")]
)
def test_the_product_s_own_canvas_is_1080x1920(renders: Renders, name: str, layout: str) -> None:
    made = renders(name, layout, canvas=FULL, span=(0, 3.0))
    found = seen.streams(made.file)["video"]
    assert found_of(found, PICTURE) == {**PICTURE, "width": 1080, "height": 1920}
    assert made.report.accepted


@pytest.mark.parametrize("fps", [23, 24, 25, 50, 60])
def test_every_rate_that_the_settings_allow_is_kept(clips: Clips, reel: Path, fps: int) -> None:
    make(plan_for(clips("variable.mp4"), canvas=Canvas(Size(180, 320), fps)), reel)
    assert Fraction(seen.streams(reel)["video"]["avg_frame_rate"]) == fps
    assert np.allclose(np.diff(seen.picture_times(reel)), 1 / fps, atol=1e-4)


def test_key_frames_come_at_least_every_two_seconds(renders: Renders) -> None:
    found = seen.keyframe_times(renders("bunny").file)
    assert max(np.diff([*found, 5.28])) <= 2.01


def test_one_wish_has_one_fingerprint_and_another_span_or_layout_another(clips: Clips) -> None:
    info, span = probe(clips("plain.mp4")), Span(0, 3)

    def mark(source: str = "a", played: Span = span, layout: str = "fit") -> str:
        return fingerprint(source, info, played, FULL, wishes={"layout": layout})

    assert mark() == mark()
    assert len({mark(), mark("b"), mark(played=Span(0, 3.1)), mark(layout="centre")}) == 4


def test_the_result_says_what_is_on_disk(renders: Renders) -> None:
    made = renders("plain.mp4")
    assert made.byte_size == made.file.stat().st_size
    assert made.cover.is_file()
    assert made.duration == pytest.approx(3.4)
