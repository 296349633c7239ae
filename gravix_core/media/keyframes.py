"""A span of a source in, a few small pictures of it out, each a JPEG of some kB."""

from __future__ import annotations

from pathlib import Path

from gravix_core.errors import ToolFailed
from gravix_core.media.probe import FORMATS
from gravix_core.media.process import read_ffmpeg
from gravix_core.media.reading import ONE_GRAPH
from gravix_core.model import MediaInfo, Seconds, Span, Watch

LONG_SIDE = 512
"""Pixels: more tells a model nothing at its low resolution."""
QUALITY = 8
"""ffmpeg's quantiser: about 20 kB."""
MAX_BYTES = 400_000
STALLED: Seconds = 30.0
PLACES = {1: (0.5,), 2: (0.25, 0.75)}
"""Shares of the span, by the number of pictures."""


def keyframes(
    source: Path, info: MediaInfo, span: Span, *, count: int, ffmpeg: Path, watch: Watch
) -> tuple[bytes, ...]:
    """Up to two pictures; fewer where the source shows none there.

    Args:
        count: 0, 1 or 2.

    Raises:
        ToolMissing, Cancelled: As `read_ffmpeg`.
    """
    places = [span.start + share * span.duration for share in PLACES.get(count, ())]
    found = (_picture(source, info, at, ffmpeg, watch) for at in places)
    return tuple(picture for picture in found if picture)


def _picture(source: Path, info: MediaInfo, at: Seconds, ffmpeg: Path, watch: Watch) -> bytes:
    """Empty where nothing can be decoded."""
    try:
        blocks = read_ffmpeg(
            [str(ffmpeg), *_arguments(source, info, at)],
            block=MAX_BYTES,
            watch=watch,
            stalled=STALLED,
        )
        return next(iter(list(blocks)), b"")
    except ToolFailed:
        return b""


def _arguments(source: Path, info: MediaInfo, at: Seconds) -> tuple[str, ...]:
    field = "field," if info.picture.interlaced else ""
    fit = f"scale=w='min({LONG_SIDE},iw)':h='min({LONG_SIDE},ih)'"
    graph = (
        f"[0:{info.picture.stream}]{field}{fit}:force_original_aspect_ratio=decrease,"
        "setsar=1,scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p[o]"
    )
    plain = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")
    return (
        *("-loglevel", "error", "-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        *(("-ss", f"{at:.6f}") if at > 0 else ()),
        *(*ONE_GRAPH, "-i", f"file:{source}"),
        *("-filter_complex", graph, "-map", "[o]", "-frames:v", "1", *plain),
        *("-c:v", "mjpeg", "-q:v", str(QUALITY), "-f", "mjpeg", "pipe:1"),
    )
