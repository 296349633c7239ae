"""A file in, how loud its voices are and where they pause out."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gravix_core.errors import MediaUnreadable
from gravix_core.media.probe import FORMATS, seeks_loosely
from gravix_core.media.process import read_ffmpeg
from gravix_core.model import MediaInfo, Seconds, Span, Watch

RATE = 16_000
"""Samples per second that are listened to: voices have little above half of it."""
STEP: Seconds = 0.01
"""One level per step."""
QUIETEST = -100.0
"""dBFS; stands for digital silence."""
BAND = "highpass=f=150,highpass=f=150,lowpass=f=3800"
"""Where voices are: without the bass of music, rumble and hum."""

READERS = 2
LONG: Seconds = 600.0
"""From here on two listen at once, each to a half: one core decodes one sound."""

SHORTEST_PAUSE: Seconds = 0.15
SMOOTH = 5
"""Steps over which power is averaged: the beats of a voice are no pauses."""
FRINGE = 1
"""Steps that this takes from either end of a pause."""
AROUND: Seconds = 12.0
"""The levels of voice and background are those of so much before and after."""
EVERY: Seconds = 2.0
"""Between them they are interpolated."""
LOW, HIGH = 5, 90
"""Percentiles of the levels: what is there in the pauses, and what while somebody speaks."""
SHARE = 0.45
"""The threshold's place between the two."""
RANGE = 40.0
"""dB: whatever is so far under the voice is equally quiet."""
VOICE_RANGE = 15.0
"""dB that one voice may be softer than the loudest; what is below is no voice."""
DEEP_ENOUGH = 3.0
"""dB that a pause is under the voice, or it is none."""

_STEP_SAMPLES = round(RATE * STEP)
_SAMPLE_BYTES = 4
_BLOCK: Seconds = 10.0

_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """How loud the voices' band is, step by step."""

    start: Seconds
    """Of the first step."""
    values: _Floats
    """dBFS, `QUIETEST`..0; one per `STEP`."""

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.values) * STEP)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody speaks."""

    span: Span
    depth: float
    """dB that it is under the voices around it."""


def listen(
    source: Path, info: MediaInfo, *, ffmpeg: Path, watch: Watch, span: Span | None = None
) -> Levels:
    """Read the picked sound once, in little memory.

    Args:
        info: Of the source; it has sound.
        span: What to listen to; all of it by default.

    Returns:
        One level per step of the span, `QUIETEST` where the sound has not begun or has ended.

    Raises:
        MediaUnreadable: There is no sound.
        ToolFailed, ToolMissing, Cancelled: As `read_ffmpeg`.
    """
    if info.sound is None:
        raise MediaUnreadable(f"{source.name} holds no sound")
    span = span or Span(0.0, info.duration)
    stream, steps = info.sound.stream, max(1, round(span.duration / STEP))
    values = np.full(steps, QUIETEST, dtype=np.float32)
    done = [0] * READERS

    def read(part: int, first: int, last: int) -> None:
        start = span.start + first * STEP
        argv = _arguments(source, stream, Span(start, start + (last - first) * STEP), ffmpeg)
        for levels in _levels(argv, watch):
            at = first + done[part]
            done[part] += len(levels[: last - at])
            values[at : first + done[part]] = levels[: last - at]
            watch.progress(100 * sum(done) / steps)

    middle = steps // READERS
    if span.duration < LONG or seeks_loosely(info):
        read(0, 0, steps)
    else:
        with ThreadPoolExecutor(READERS, "listening") as readers:
            list(readers.map(read, range(READERS), (0, middle), (middle, steps)))
    return Levels(span.start, values)


def pauses(levels: Levels) -> tuple[Pause, ...]:
    """Find where nobody speaks, over silence, steady noise, or music softer than the voice.

    Returns:
        Pauses in order, apart from each other, each `SHORTEST_PAUSE` or longer.
    """
    smooth = _smoothed(levels.values)
    floor, voice = _floor_and_voice(smooth)
    quiet = smooth < floor + SHARE * (voice - floor)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False])).astype(np.int8)))
    found = []
    for begin, end in edges.reshape(-1, 2).tolist():
        depth = float(np.mean(voice[begin:end] - smooth[begin:end]))
        first, last = max(0, begin - FRINGE), min(len(quiet), end + FRINGE)
        if (last - first) * STEP >= SHORTEST_PAUSE and depth >= DEEP_ENOUGH:
            start = levels.start + first * STEP
            found.append(Pause(Span(start, start + (last - first) * STEP), depth))
    return tuple(found)


def _arguments(source: Path, stream: int, span: Span, ffmpeg: Path) -> list[str]:
    seek = ("-ss", f"{span.start:.6f}") if span.start > 0 else ()  # flv would seek to its end
    graph = (
        f"[0:{stream}]aresample=async=1:first_pts=0,aformat=channel_layouts=mono,"
        f"aresample={RATE},aformat=sample_fmts=flt,{BAND}[a]"
    )
    return [
        *(str(ffmpeg), "-loglevel", "error"),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        *(*seek, "-t", f"{span.duration:.6f}", "-i", f"file:{source}"),
        *("-filter_complex", graph, "-map", "[a]", "-f", "f32le", "pipe:1"),
    ]


def _levels(argv: list[str], watch: Watch) -> Iterator[_Floats]:
    block = round(_BLOCK * RATE) * _SAMPLE_BYTES
    for read in read_ffmpeg(argv, block=block, watch=watch):
        whole = len(read) // (_STEP_SAMPLES * _SAMPLE_BYTES) * _STEP_SAMPLES
        samples = np.frombuffer(read, dtype="<f4", count=whole).reshape(-1, _STEP_SAMPLES)
        power = np.mean(np.square(samples), axis=1)
        yield np.maximum(10 * np.log10(power + 1e-12), QUIETEST).astype(np.float32)


def _smoothed(values: _Floats) -> _Floats:
    """The mean of the power around each step, in dB again."""
    power = np.pad(10 ** (values.astype(np.float64) / 10), SMOOTH // 2, mode="edge")
    sums = np.concatenate(([0.0], np.cumsum(power)))
    means = (sums[SMOOTH:] - sums[:-SMOOTH]) / SMOOTH
    return (10 * np.log10(np.maximum(means, 1e-10))).astype(np.float32)


def _floor_and_voice(smooth: _Floats) -> tuple[_Floats, _Floats]:
    """Per step, the level of the background and of the voices around it."""
    reach, every = round(AROUND / STEP), round(EVERY / STEP)
    middles = np.arange(0, len(smooth), every)
    lows, highs = np.empty(len(middles)), np.empty(len(middles))
    for n, middle in enumerate(middles):
        window = smooth[max(0, middle - reach) : middle + reach]
        lows[n], highs[n] = np.percentile(window, (LOW, HIGH))
    highs = np.maximum(highs, np.percentile(highs, HIGH) - VOICE_RANGE)
    lows = np.maximum(lows, highs - RANGE)
    steps = np.arange(len(smooth))
    return (
        np.interp(steps, middles, lows).astype(np.float32),
        np.interp(steps, middles, highs).astype(np.float32),
    )
