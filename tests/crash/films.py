"""A length in; a film of it, made once per run, out."""

from __future__ import annotations

import subprocess
from pathlib import Path

from gravix_core.media.process import ffmpeg_program

RATE = 12
"""Frames per second: as few as make a film."""


def make_film(file: Path, *, seconds: float) -> Path:
    """A moving test picture, and a tone that rests for half a second of every three."""
    tone = "sine=f=330:r=48000"
    quiet = "volume=0:enable='gt(mod(t,3),2.5)'"
    argv = [
        *(str(ffmpeg_program()), "-v", "error", "-y"),
        *("-f", "lavfi", "-i", f"testsrc2=s=320x180:r={RATE}:d={seconds}"),
        *("-f", "lavfi", "-i", f"{tone}:d={seconds},{quiet}"),
        *("-pix_fmt", "yuv420p", "-preset", "ultrafast", "-g", str(RATE)),
        str(file),
    ]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    return file
