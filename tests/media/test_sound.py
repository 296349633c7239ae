"""How loud a reel is, and that a reel without sound is silent."""

from __future__ import annotations

import pytest

from tests.media import seen
from tests.media.clips import Clips
from tests.media.renders import Renders

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("name", "least", "most"), [("loud.mp4", -13, 0), ("quiet.mp4", -45, -33)])
def test_the_sources_are_too_loud_and_too_quiet(
    clips: Clips, name: str, least: float, most: float
) -> None:
    assert least <= seen.loudness(clips(name)) <= most


@pytest.mark.parametrize("name", ["loud.mp4", "quiet.mp4"])
def test_loud_and_quiet_sources_land_at_minus_14_lufs(renders: Renders, name: str) -> None:
    assert seen.loudness(renders(name).file) == pytest.approx(-14, abs=1.5)


@pytest.mark.parametrize("name", ["loud.mp4", "quiet.mp4"])
def test_nothing_is_clipped(renders: Renders, name: str) -> None:
    assert seen.loudest(renders(name).file) <= -0.5


def test_digital_silence_stays_silent_and_is_accepted(renders: Renders) -> None:
    made = renders("silence.mp4")
    assert seen.loudest(made.file) < -80
    assert made.report.accepted


def test_a_film_without_sound_gets_a_silent_track(renders: Renders) -> None:
    made = renders("silent_film.mp4")
    assert seen.streams(made.file)["audio"]["codec_name"] == "aac"
    assert seen.loudest(made.file) < -80


def test_all_six_channels_are_heard(renders: Renders) -> None:
    assert seen.loudest(renders("six_channels.mp4").file) > -20


def test_one_channel_is_heard_on_both_sides(renders: Renders) -> None:
    left, right = seen.sides(renders("mono.mp4").file)
    assert left == pytest.approx(right, abs=0.1)
    assert left > -30
