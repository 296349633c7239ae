"""Which encoder writes a reel's picture, and in which words ffmpeg is asked for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoder:
    """What one encoder adds to ffmpeg's arguments.

    Rate cap, key frames and frame rate (``-maxrate -bufsize -g -r``) are the same for all and
    are added by the renderer.
    """

    name: str
    """As GRAVIX_ENCODER names it."""
    label: str
    """As the operator reads it."""
    before: tuple[str, ...]
    """Words before the first ``-i``: the device."""
    codec: tuple[str, ...]
    """``-c:v`` and the quality."""
    upload: str
    """Filters at the end of the picture's graph, such as ``format=nv12,hwupload``; may be empty."""


X264 = Encoder(
    name="x264",
    label="x264 (software)",
    before=(),
    codec=(
        # Better than veryfast at crf 20 for two thirds of its CPU: benchmarks/results/encoder.md.
        *("-c:v", "libx264", "-preset", "superfast", "-crf", "22"),
        *("-profile:v", "high", "-pix_fmt", "yuv420p"),
    ),
    upload="",
)
