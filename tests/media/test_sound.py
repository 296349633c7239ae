"""How loud a reel is, and that a reel without sound is silent."""

from __future__ import annotations

import numpy as np
import pytest

from gravix_core.stages.render.sound import MAX_GAIN, PRIMING, TARGET
from tests.media import seen
from tests.media.clips import Clips
from tests.media.renders import Renders

pytestmark = pytest.mark.slow

LEVELLED = ("loud.mp4", "quiet.mp4", "clipped.mp4", "bursts.mp4", "only_centre.mp4", "bunny")


@pytest.mark.parametrize(("name", "least", "most"), [("loud.mp4", -13, 0), ("quiet.mp4", -45, -33)])
def test_the_sources_are_too_loud_and_too_quiet(
    clips: Clips, name: str, least: float, most: float
) -> None:
    assert least <= seen.loudness(clips(name)) <= most


@pytest.mark.parametrize("name", LEVELLED)
def test_every_source_lands_at_minus_14_lufs(renders: Renders, name: str) -> None:
    assert TARGET - 2 <= seen.loudness(renders(name).file) <= TARGET + 0.5


@pytest.mark.parametrize("name", LEVELLED)
def test_no_true_peak_is_over_minus_1_5_db(renders: Renders, name: str) -> None:
    assert seen.true_peak(renders(name).file) <= -1.5


def test_what_is_very_quiet_is_raised_by_25_db_at_most(clips: Clips, renders: Renders) -> None:
    raised = seen.loudness(renders("faint.mp4").file) - seen.loudness(clips("faint.mp4"))
    assert raised == pytest.approx(MAX_GAIN, abs=0.8)


def test_what_is_below_minus_60_lufs_is_left_alone(clips: Clips, renders: Renders) -> None:
    before, after = (seen.loudest(file) for file in (clips("hush.mp4"), renders("hush.mp4").file))
    assert before - 6 < after < before + 1.5


def test_both_edges_are_without_a_click(renders: Renders) -> None:
    made = renders("plain.mp4", span=(0.1003, 3.2003))
    samples = np.abs(seen.sound(made.file))
    usual = samples.max()
    first = samples[PRIMING : PRIMING + 144].max()
    last = samples[round(3.1 * seen.RATE) - 144 : round(3.1 * seen.RATE)].max()
    assert first < 0.25 * usual
    assert last < 0.25 * usual
    assert samples[PRIMING + 2000 : PRIMING + 4000].max() > 0.8 * usual


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


def test_speech_in_the_centre_channel_is_heard_in_the_middle(renders: Renders) -> None:
    left, right = seen.sides(renders("only_centre.mp4").file)
    assert left == pytest.approx(right, abs=0.1)
    assert left > -20


def test_speech_is_not_drowned_by_the_channels_around_it(renders: Renders) -> None:
    """Tones of one strength: 1 kHz in the centre, 400 Hz behind; 3 dB apart at the most."""
    samples = seen.sound(renders("around.mp4").file)[24_000:72_000]
    strength = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    centre, behind = strength[990:1010].max(), strength[390:410].max()
    assert centre >= behind * 0.99


def test_one_channel_is_heard_on_both_sides(renders: Renders) -> None:
    left, right = seen.sides(renders("mono.mp4").file)
    assert left == pytest.approx(right, abs=0.1)
    assert left > -30
