"""Words for ffmpeg in; what it said or wrote out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Span

Gray = NDArray[np.uint8]
FPS = 30


def ffmpeg(*words: str | Path) -> str:
    """Run it to its end and return what it said; a failure ends the benchmark with its words."""
    argv = [str(ffmpeg_program()), "-y", "-nostdin", "-hide_banner", *map(str, words)]
    done = subprocess.run(argv, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        raise SystemExit(f"ffmpeg failed: {' '.join(argv)}\n{said[-2000:]}")
    return said


def pictures(
    file: Path, *, every: int, width: int, height: int, span: Span | None = None, rgb: bool = False
) -> Iterator[Gray]:
    """Frames of a file, evenly, scaled; the first one is that at the start of the span.

    Args:
        file: Any video; the first picture that is not a cover is taken.
        every: One of so many, at 30 a second; ffmpeg's own lower rates are off by half a step.
        width: Of what is given.
        height: As `width`.
        span: In seconds from the first time stamp; None is all of it.
        rgb: Give colours, rows x columns x 3, in place of rows x columns of grey.
    """
    seek = [] if span is None else ["-ss", f"{span.start:.4f}", "-t", f"{span.duration:.4f}"]
    form = "rgb24" if rgb else "gray"
    argv = [str(ffmpeg_program()), "-nostdin", "-loglevel", "error", *seek, "-i", str(file)]
    few = f"fps={FPS}:start_time=0,framestep={every},scale={width}:{height}:flags=area"
    argv += ["-map", "0:V:0", "-vf", few]
    argv += ["-pix_fmt", form, "-f", "rawvideo", "-"]
    shape = (height, width, 3) if rgb else (height, width)
    size = int(np.prod(shape))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        while len(block := process.stdout.read(size)) == size:
            yield np.frombuffer(block, np.uint8).reshape(shape)


def sound(file: Path, *, rate: int = 48000, span: Span | None = None) -> NDArray[np.float32]:
    """The sound of a file as one channel; empty where it has none."""
    seek = [] if span is None else ["-ss", f"{span.start:.4f}", "-t", f"{span.duration:.4f}"]
    argv = [str(ffmpeg_program()), "-nostdin", "-loglevel", "error", *seek, "-i", str(file)]
    argv += ["-map", "0:a:0?", "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"]
    done = subprocess.run(argv, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return np.frombuffer(done.stdout, np.float32)
