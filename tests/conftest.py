"""What every folder of tests uses."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gravix_core.media.process import ffmpeg_program

OURS = ("GRAVIX_", "GEMINI_", "GOOGLE_", "FACEBOOK_", "REDIS_", "API_")
NAMED = ("DATABASE_URL", "VIDEOS_DIR", "CHUNK_DURATION", "REEL_WIDTH", "REEL_HEIGHT", "FFMPEG_PATH")

Film = Callable[..., Path]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the person who runs the tests decides what they see."""
    for name in os.environ:
        if name.startswith(OURS) or name in NAMED:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Makes a film of a moving test picture with a tone: ``film(seconds=7, size="320x180")``."""

    def make(*, seconds: float, size: str = "320x180", name: str = "talk.mp4") -> Path:
        folder = tmp_path_factory.mktemp("film")
        file = folder / name
        sources = [f"testsrc2=s={size}:r=25:d={seconds}", f"sine=f=330:r=48000:d={seconds}"]
        inputs = [word for source in sources for word in ("-f", "lavfi", "-i", source)]
        argv = [str(ffmpeg_program()), "-v", "error", *inputs, "-pix_fmt", "yuv420p", str(file)]
        subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
        return file

    return make
