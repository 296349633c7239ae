"""Flash and beep of the source, heard and seen in the reel at one time."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gravix_core.model import Span
from tests.media import seen
from tests.media.clips import FLASH, RAMPS, Clips
from tests.media.renders import SMALL, Renders, make, plan_for

pytestmark = pytest.mark.slow

FRAME = 1 / 30
CLIPS = ("flash.mp4", "flash.mkv", "flash_25.mp4", "flash_offset.mkv", "flash.ts",
         "flash_late_sound.mkv", "flash_late_sound.mp4", "flash_late_picture.mkv")  # fmt: skip
SPANS = ((0, 3.1), (0.517, 3.7))
AHEAD = {"flash.ts": 0.0213}
"""Seconds by which the sound starts before the picture, since its encoder primes; time stamps
count from there."""


@lru_cache
def flash_of(reel: Path) -> float:
    """When the first bright picture is shown."""
    bright = seen.luma(reel)[:, 240, 135] > 128
    return seen.picture_times(reel)[int(bright.argmax())]


@lru_cache
def beep_of(reel: Path) -> float:
    """When the tone begins: the first millisecond with a tenth of the tone's strength."""
    samples = np.abs(seen.sound(reel))
    steps = samples[: len(samples) // 48 * 48].reshape(-1, 48).max(axis=1)
    return float((steps > steps.max() / 10).argmax()) / 1000


@pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span[0]}-{span[1]}")
@pytest.mark.parametrize("name", CLIPS)
def test_beep_and_flash_of_a_reel_are_within_a_frame(
    renders: Renders, name: str, span: tuple[float, float]
) -> None:
    reel = renders(name, span=span).file
    assert beep_of(reel) == pytest.approx(flash_of(reel), abs=FRAME)


@pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span[0]}-{span[1]}")
@pytest.mark.parametrize("name", CLIPS)
def test_the_beep_comes_when_the_span_says(
    renders: Renders, name: str, span: tuple[float, float]
) -> None:
    expected = FLASH - span[0] + AHEAD.get(name, 0)
    assert beep_of(renders(name, span=span).file) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span[0]}-{span[1]}")
@pytest.mark.parametrize("name", CLIPS)
def test_the_flash_comes_when_the_span_says(
    renders: Renders, name: str, span: tuple[float, float]
) -> None:
    expected = FLASH - span[0] + AHEAD.get(name, 0)
    slack = 1 / 25 if name == "flash_25.mp4" else FRAME
    assert flash_of(renders(name, span=span).file) == pytest.approx(expected, abs=slack)


@pytest.mark.parametrize("way", ["fit", "mixed"])
def test_flash_and_beep_stay_together_over_45_s(renders: Renders, way: str) -> None:
    reel = renders("flash_long.mp4", way, span=(0.3, 45.3)).file
    light = seen.luma(reel)[:, 220, 135] > 128  # not where a split has its line
    flashes = np.flatnonzero(light[1:] & ~light[:-1]) + 1
    samples = np.abs(seen.sound(reel))
    steps = samples[: len(samples) // 48 * 48].reshape(-1, 48).max(axis=1) > samples.max() / 10
    beeps = (
        np.flatnonzero(
            steps[100:] & ~np.lib.stride_tricks.sliding_window_view(steps, 100)[:-1].any(axis=1)
        )
        + 100
    )
    assert len(flashes) == len(beeps) == 4
    assert np.abs(flashes / 30 - beeps / 1000).max() <= FRAME


@pytest.mark.parametrize("start", [0, 3.7])
@pytest.mark.parametrize("ending", RAMPS)
def test_the_first_picture_of_a_reel_is_that_of_its_span(
    renders: Renders, ending: str, start: float
) -> None:
    """Whatever the container: many a seek lands behind the key frame that would be needed."""
    reel = renders(f"ramp.{ending}", "centre", span=(start, start + 3.1)).file
    shown = seen.luma(reel)[:, 240, 135].astype(int) - 16
    expected = round(start * 30) + np.arange(len(shown))
    assert np.abs(shown - expected).max() <= 3


def test_neighbouring_reels_share_no_frame_and_lose_none(clips: Clips, tmp_path: Path) -> None:
    edges = (0, 3.0, 6.2, 9.9)
    plans = [plan_for(clips("bikes"), span=span) for span in spans(edges)]
    frames = [make(plan, tmp_path / f"{n}.mp4").duration for n, plan in enumerate(plans)]
    assert sum(frames) == pytest.approx(9.9, abs=1 / SMALL.fps)


def spans(edges: tuple[float, ...]) -> list[Span]:
    return [Span(a, b) for a, b in pairwise(edges)]
