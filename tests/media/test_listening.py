"""Levels of a film's sound, at the times of the film."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from gravix_core.errors import Cancelled, MediaUnreadable, ToolFailed
from gravix_core.media import sound
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.media.sound import QUIETEST, STEP, Levels, listen
from gravix_core.model import Span
from tests.media.clips import FLASH, Clips
from tests.media.renders import Listener

pytestmark = pytest.mark.slow

BEEPS = ("flash.mp4", "flash.mkv", "flash_25.mp4", "flash_offset.mkv", "flash.ts",
         "flash_late_sound.mkv", "flash_late_sound.mp4", "flash_late_picture.mkv")  # fmt: skip
AHEAD = {"flash.ts": 0.0213}
"""As in test_sync.py: the sound starts before the picture."""


def heard(file: Path, span: Span | None = None, watch: Listener | None = None) -> Levels:
    watch = watch or Listener()
    return listen(file, probe(file), ffmpeg=ffmpeg_program(), watch=watch, span=span)


def beep_of(levels: Levels) -> float:
    return levels.start + float((levels.values > -40).argmax()) * STEP


@pytest.mark.parametrize("span", [None, Span(0.517, 3.7)], ids=["all", "part"])
@pytest.mark.parametrize("name", BEEPS)
def test_a_beep_is_heard_when_it_is_in_the_film(clips: Clips, name: str, span: Span | None) -> None:
    expected = FLASH + AHEAD.get(name, 0)
    assert beep_of(heard(clips(name), span)) == pytest.approx(expected, abs=0.025)


def test_levels_cover_the_whole_film_though_its_sound_ends_early(clips: Clips) -> None:
    levels = heard(clips("short_sound.mp4"))
    assert len(levels.values) * STEP == pytest.approx(3.4, abs=0.05)
    assert levels.values[200:].max() == QUIETEST


def test_levels_end_with_the_film_though_its_sound_goes_on(clips: Clips) -> None:
    assert len(heard(clips("long_sound.mp4")).values) * STEP == pytest.approx(3.4, abs=0.05)


def test_silence_is_the_quietest(clips: Clips) -> None:
    assert heard(clips("silence.mp4")).values.max() < -90


@pytest.mark.parametrize("name", ["six_channels.mp4", "mono.mp4", "12:30 a take.mp4", "bunny"])
def test_all_kinds_of_sound_are_heard(clips: Clips, name: str) -> None:
    values = heard(clips(name)).values
    assert np.isfinite(values).all()
    assert values.max() > -60


def test_an_hour_is_heard_in_little_memory_and_tells_its_progress(clips: Clips) -> None:
    watch = Listener()
    tracemalloc.start()
    levels = heard(clips("hour.mp4"), watch=watch)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(levels.values) == pytest.approx(360_400, abs=200)
    assert peak < 20_000_000
    assert watch.heard == sorted(watch.heard)
    assert watch.heard[-1] == pytest.approx(100, abs=1)


def test_listening_stops_when_it_is_told_to(clips: Clips) -> None:
    with pytest.raises(Cancelled):
        heard(clips("hour.mp4"), watch=Listener(stop_after=1))


def test_a_film_without_sound_is_refused(clips: Clips) -> None:
    with pytest.raises(MediaUnreadable, match="no sound"):
        heard(clips("silent_film.mp4"))


def test_a_file_that_is_gone_fails_as_ffmpeg_does(clips: Clips, tmp_path: Path) -> None:
    info = probe(clips("plain.mp4"))
    with pytest.raises(ToolFailed):
        listen(tmp_path / "gone.mp4", info, ffmpeg=ffmpeg_program(), watch=Listener())


@pytest.mark.parametrize("name", [*BEEPS, "six_channels.mp4", "bunny"])
def test_two_who_listen_to_a_half_each_hear_what_one_hears(
    clips: Clips, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = heard(clips(name))
    monkeypatch.setattr(sound, "LONG", 1.0)
    halves = heard(clips(name))
    apart = np.abs(whole.values - halves.values) > 1.0
    seam = len(apart) // 2
    apart[seam - 3 : seam + 3] = False
    assert not apart.any()
