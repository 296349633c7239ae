"""A file in; what an independent program finds in it out, as numbers and arrays."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from gravix_core.media.process import ffmpeg_program

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

RATE = 48_000
_709 = (0.2126, 0.0722)
"""Shares of red and blue in BT.709's light."""


def streams(file: Path) -> dict[str, Any]:
    """By kind, what ffprobe says of the stream; under "format" of the whole file."""
    words = ("-show_streams", "-show_format", "-show_chapters")
    found = _ffprobe(file, *words)
    by_kind = {one["codec_type"]: one for one in found["streams"]}
    return {**by_kind, "format": found["format"], "chapters": found["chapters"], "all": found}


def picture_times(file: Path) -> list[float]:
    """Presentation time of each picture, in order."""
    packets = _ffprobe(file, "-select_streams", "v", "-show_entries", "packet=pts_time")["packets"]
    return sorted(float(packet["pts_time"]) for packet in packets)


def keyframe_times(file: Path) -> list[float]:
    found = _ffprobe(file, "-select_streams", "v", "-show_entries", "packet=pts_time,flags")
    return [float(one["pts_time"]) for one in found["packets"] if "K" in one["flags"]]


def packet_sizes(file: Path) -> list[int]:
    """Bytes of each packet of the picture, as they lie in the file."""
    found = _ffprobe(file, "-select_streams", "v", "-show_entries", "packet=size")["packets"]
    return [int(packet["size"]) for packet in found]


def frame(file: Path, at: float = 1.0) -> Bytes:
    """One picture as rows, columns and RGB."""
    width, height = size_of(file)
    return _raw(file, at, "rgb24").reshape(height, width, 3)


def luma(file: Path) -> Bytes:
    """Every picture's code values of light: pictures, rows, columns."""
    width, height = size_of(file)
    said = _ffmpeg("-i", f"file:{file}", "-fps_mode", "passthrough", "-f", "rawvideo", "-vf",
                   "extractplanes=y", "pipe:1")  # fmt: skip
    return np.frombuffer(said, np.uint8).reshape(-1, height, width)


def rgb_by_hand(file: Path, at: float = 1.0) -> Floats:
    """One picture in RGB, reckoned here by BT.709 in limited range, whatever its tags say."""
    width, height = size_of(file)
    raw = _raw(file, at, "yuv420p").astype(np.float64)
    quarter = (width // 2) * (height // 2)
    y = (raw[: width * height].reshape(height, width) - 16) / 219
    chroma = raw[width * height :].reshape(2, height // 2, width // 2)[:, :, :]
    assert chroma[0].size == quarter
    cb, cr = ((np.kron(one, np.ones((2, 2))) - 128) / 224 for one in chroma)
    return _to_rgb(y, cb, cr)


def _to_rgb(y: Floats, cb: Floats, cr: Floats) -> Floats:
    red, blue = _709
    r, b = y + 2 * (1 - red) * cr, y + 2 * (1 - blue) * cb
    g = (y - red * r - blue * b) / (1 - red - blue)
    return np.asarray(np.stack([r, g, b], axis=-1) * 255)


def sound(file: Path) -> Floats:
    """Samples at 48 kHz from time 0 on, both channels as one."""
    said = _ffmpeg("-i", f"file:{file}", "-map", "0:a", "-ac", "1", "-ar", str(RATE), "-f", "f32le",
                   "pipe:1")  # fmt: skip
    return np.frombuffer(said, np.float32).astype(np.float64)


def loudness(file: Path) -> float:
    """Integrated, in LUFS (EBU R 128)."""
    said = _said(file, "-map", "0:a", "-af", "ebur128", "-f", "null", "-")
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", said)[-1])


def loudest(file: Path) -> float:
    """Peak, in dBFS."""
    said = _said(file, "-map", "0:a", "-af", "volumedetect", "-f", "null", "-")
    return float(re.findall(r"max_volume: (-?[\d.]+) dB", said)[-1])


def true_peak(file: Path) -> float:
    """The highest of the wave, between samples too, in dBTP (BS.1770)."""
    said = _said(file, "-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-")
    return float(re.findall(r"Peak:\s+(-?[\d.inf]+) dBFS", said)[-1])


def sides(file: Path) -> tuple[float, float]:
    """Mean of the left and of the right channel, in dBFS."""
    said = _said(file, "-map", "0:a", "-af", "astats=measure_overall=none", "-f", "null", "-")
    left, right = re.findall(r"RMS level dB: (-?[\d.inf]+)", said)
    return float(left), float(right)


def size_of(file: Path) -> tuple[int, int]:
    found = streams(file)["video"]
    return int(found["width"]), int(found["height"])


def _raw(file: Path, at: float, form: str) -> Bytes:
    said = _ffmpeg("-ss", f"{at}", "-i", f"file:{file}", "-frames:v", "1", "-pix_fmt", form,
                   "-sws_flags", "accurate_rnd+full_chroma_int", "-f", "rawvideo",
                   "pipe:1")  # fmt: skip
    return np.frombuffer(said, np.uint8)


def _ffprobe(file: Path, *words: str) -> dict[str, Any]:
    return _asked(file, file.stat().st_mtime_ns, *words)


@lru_cache(maxsize=512)
def _asked(file: Path, _changed: int, *words: str) -> dict[str, Any]:
    argv = [_ffprobe_program(), "-v", "error", "-of", "json", *words, f"file:{file}"]
    done = subprocess.run(argv, capture_output=True, check=True, timeout=60)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _ffprobe_program() -> str:
    found = shutil.which("ffprobe")
    if found is None and os.environ.get("CI"):
        pytest.fail("ffprobe is not installed, and CI leaves nothing out")
    if found is None:
        pytest.skip("ffprobe is not installed: `apt install ffmpeg`")
    return found


def _ffmpeg(*words: str) -> bytes:
    argv = [_other_ffmpeg(), "-nostdin", "-v", "error", *words]
    return subprocess.run(argv, capture_output=True, check=True, timeout=120).stdout


def _said(file: Path, *words: str) -> str:
    argv = [_other_ffmpeg(), "-nostdin", "-hide_banner", "-i", f"file:{file}", *words]
    done = subprocess.run(argv, capture_output=True, check=True, timeout=120)
    return done.stderr.decode()


def _other_ffmpeg() -> str:
    """The system's, so that writer and reader differ; else the product's."""
    return shutil.which("ffmpeg") or str(ffmpeg_program())
