"""A finished reel in; how loud it is, and how far sound and picture are apart, out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.tool import FPS, ffmpeg, pictures, sound
from gravix_core.model import Seconds, Span

TARGET, ABOVE, BELOW = -14.0, 0.5, 2.0
"""LUFS, and how far from it a reel may be."""
PEAK = -1.5
MOST_GAIN = 25.0
LEFT_ALONE = -60.0
RATE = 48000


@dataclass(frozen=True, slots=True)
class Loud:
    """What ebur128 tells of some sound."""

    integrated: float
    """LUFS; -70 is silence."""
    peak: float
    """dBTP; -inf is silence."""


def loudness(file: Path, span: Span | None = None) -> Loud | None:
    """None where there is no sound."""
    seek = () if span is None else ("-ss", f"{span.start:.4f}", "-t", f"{span.duration:.4f}")
    said = (
        ffmpeg(
            *seek,
            "-i",
            file,
            "-vn",
            "-filter_complex",
            "[0:a:0]ebur128=peak=true",
            "-f",
            "null",
            "-",
        )
        if _has_sound(file)
        else ""
    )
    return read_loudness(said)


def _has_sound(file: Path) -> bool:
    return len(sound(file, rate=8000, span=Span(0, 3600))) > 0


def read_loudness(said: str) -> Loud | None:
    """Read the summary that ebur128 writes at its end."""
    tail = said[said.rfind("Summary:") :]
    integrated = re.search(r"I:\s+(-?[\d.]+|-?inf|nan) LUFS", tail)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", tail)
    if "Summary:" not in said or not integrated or not peak:
        return None
    return Loud(float(integrated[1]), float(peak[1]))


def is_right(reel: Loud, source: Loud | None) -> bool:
    """Whether a reel is as loud as it should be, seen what its source gave."""
    if reel.peak > PEAK:
        return False
    if source is None or source.integrated <= LEFT_ALONE:
        return reel.integrated <= LEFT_ALONE + 5
    if reel.integrated > TARGET + ABOVE:
        return False
    if reel.integrated >= TARGET - BELOW:
        return True
    gained = reel.integrated - source.integrated
    return MOST_GAIN - 3 <= gained <= MOST_GAIN + 1


def offsets(reel: Path) -> tuple[tuple[Seconds, Seconds], ...]:
    """When each flash comes, and by how much its beep is late."""
    light = np.array([float(p.mean()) for p in pictures(reel, every=1, width=32, height=56)])
    flashes = onsets(light, 128) / FPS
    heard = np.abs(sound(reel, rate=RATE))
    beeps = onsets(heard, 0.35 * float(heard.max()), apart=RATE) / RATE
    pairs = ((flash, beeps[np.argmin(np.abs(beeps - flash))]) for flash in flashes)
    return tuple((float(flash), float(beep - flash)) for flash, beep in pairs)


def onsets(signal: np.ndarray, limit: float, apart: int = 10) -> np.ndarray:
    """Where a signal comes to lie above a limit, having been below it for a while."""
    above = np.flatnonzero(signal > limit)
    if not len(above):
        return np.array([])
    first = np.concatenate(([True], np.diff(above) > apart))
    return above[first].astype(float)


def flash_clip(folder: Path, *, late: Seconds = 0.0) -> Path:
    """A film of 52 s with a flash and a beep at 1 s and 46.5 s, on a low hum.

    Args:
        folder: Where it is written.
        late: The sound begins so much after the picture.
    """
    file = folder / f"flash-{late:g}.mp4"
    if file.is_file():
        return file
    folder.mkdir(parents=True, exist_ok=True)
    times = (1.0, 46.5)
    on = "+".join(f"between(t,{t - 0.001:.3f},{t + 0.15:.3f})" for t in times)
    loud = "+".join(f"between(t,{t - late:.4f},{t - late + 0.2:.4f})" for t in times)
    picture = (
        f"color=0x202020:s=640x360:r=30:d=52,format=yuv420p,drawbox=c=white:t=fill:enable='{on}'"
    )
    tone = "sine=frequency=1000:sample_rate=48000:duration=52,asetnsamples=n=64"
    beep = f"{tone},volume='0.03+({loud})':eval=frame"
    ffmpeg(
        *("-f", "lavfi", "-i", picture, "-itsoffset", str(late), "-f", "lavfi", "-i", beep),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-ac", "2", file),
    )
    return file
