"""Arguments in; what the command line said and did out, as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FAST = {"REEL_WIDTH": "270", "REEL_HEIGHT": "480", "CHUNK_DURATION": "3"}
"""Small reels, and more than one of a clip of a few seconds."""
OURS = (
    "API_", "DEBUG", "DATABASE_URL", "FACEBOOK_", "GRAPH_", "GEMINI_", "GOOGLE_", "REDIS_",
    "VIDEOS_", "CHUNK_", "REEL_", "FFMPEG_", "FFPROBE_", "YT_", "ALLOWED_", "LOG_", "GRAVIX_",
)  # fmt: skip
LONGEST = 240.0


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def complaint(self) -> list[str]:
        """Stderr without the progress."""
        stages = ("download:", "cut:", "convert:", "describe:")
        return [line for line in self.err.splitlines() if not line.startswith(stages)]


@dataclass(frozen=True)
class House:
    """A data directory, and the command line that works in it."""

    data: Path
    cwd: Path

    @property
    def videos(self) -> Path:
        return self.data / "videos"

    def reels(self) -> list[Path]:
        return sorted(self.videos.glob("*/reels/*.mp4"))

    def drafts(self) -> list[Path]:
        return sorted(self.data.rglob("*.tmp"))

    def run(
        self, *words: str | Path, data: bool = True, env: Mapping[str, str] | None = None
    ) -> Said:
        process = self.start(*words, data=data, env=env)
        out, err = process.communicate(timeout=LONGEST)
        return Said(process.returncode, out, err)

    def start(
        self, *words: str | Path, data: bool = True, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        where = ("--data-dir", str(self.data)) if data else ()
        return subprocess.Popen(
            [sys.executable, "-m", "gravix_core", *map(str, words), *where],
            cwd=self.cwd,
            env=environment(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """That of the tests without Gravix's own variables, so that no .env or shell leaks in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **FAST, **more}


def end(process: subprocess.Popen[str], number: signal.Signals) -> Said:
    """Send one process a signal and wait for its end."""
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    return Said(process.returncode, out, err)
