"""A span of a source in, small frames of it out, each with its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gravix_core.media.probe import FORMATS
from gravix_core.media.process import read_ffmpeg
from gravix_core.media.reading import ONE_GRAPH, lead_of
from gravix_core.model import MediaInfo, Picture, Seconds, Size, Span, Watch

Pixels = NDArray[np.uint8]
"""Height x width x 3: blue, green, red."""

SMALL_WIDTH = 96
"""Of the copies that shots are told apart by."""


@dataclass(frozen=True, slots=True)
class Frame:
    at: Seconds
    """In source time."""
    pixels: Pixels
    """As shown: turned upright, in square pixels."""


@dataclass(frozen=True, slots=True)
class FramePair:
    """One frame at two sizes."""

    at: Seconds
    pixels: Pixels
    small: Pixels
    """`SMALL_WIDTH` wide."""


def read_frames(
    source: Path,
    info: MediaInfo,
    span: Span,
    *,
    width: int,
    fps: Fraction,
    ffmpeg: Path,
    watch: Watch,
) -> Iterator[Frame]:
    """Decode a span once and give its frames at an even rate, holding one at a time.

    Frame n is the last one that the source shows before ``span.start + (n + 1/2) / fps``, so that
    halfway between two frames lies between what they show, whatever the source's rate is.  There
    are fewer than the span is long for where the source ends early.

    Raises:
        ToolFailed, ToolMissing, Cancelled: As `read_ffmpeg`.
    """
    size = shown_at(info.picture.size, width)
    graph = f"{_head(info, span, fps)},{_scaled(size)}[o]"
    argv = _arguments(source, info, span, ffmpeg=ffmpeg, graph=graph)
    for number, pixels in enumerate(_pictures(argv, size, watch)):
        yield Frame(span.start + float(number / fps), pixels)


def read_pairs(
    source: Path,
    info: MediaInfo,
    span: Span,
    *,
    width: int,
    fps: Fraction,
    ffmpeg: Path,
    watch: Watch,
) -> Iterator[FramePair]:
    """As `read_frames`, with a very small copy of each frame beside it from the same decoding.

    Args:
        width: At least `SMALL_WIDTH`.
    """
    size = shown_at(info.picture.size, width)
    small = shown_at(info.picture.size, SMALL_WIDTH)
    graph = (
        f"{_head(info, span, fps)},{_scaled(size)},split[a][b];"
        f"[b]{_scaled(small)},pad={size.width}:{small.height}[c];[a][c]vstack[o]"
    )
    argv = _arguments(source, info, span, ffmpeg=ffmpeg, graph=graph)
    both = Size(size.width, size.height + small.height)
    for number, pixels in enumerate(_pictures(argv, both, watch)):
        yield FramePair(
            span.start + float(number / fps),
            pixels[: size.height],
            pixels[size.height :, : small.width],
        )


def shown_at(size: Size, width: int) -> Size:
    """`size` scaled to a width."""
    return Size(width, max(1, round(size.height * width / size.width)))


def _arguments(source: Path, info: MediaInfo, span: Span, *, ffmpeg: Path, graph: str) -> list[str]:
    lead = lead_of(info, span)
    seek = span.start - lead
    return [
        *(str(ffmpeg), "-loglevel", "warning"),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        # Four fifths of the CPU (h264, 1080p, tried 2026-11-26); blocks do not show at this size.
        *("-skip_loop_filter", "all"),
        *(("-ss", f"{seek:.6f}") if seek > 0 else ()),  # flv seeks to its end when asked for 0
        *("-t", f"{lead + span.duration:.6f}"),
        *(*ONE_GRAPH, "-i", f"file:{source}"),
        *("-filter_complex", graph, "-map", "[o]"),
        *("-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"),
    ]


def _head(info: MediaInfo, span: Span, fps: Fraction) -> str:
    """The picked stream from the span's start on, at an even rate; of interlaced frames a field."""
    picture, lead = info.picture, lead_of(info, span)
    # Rounded to the grid of the span's start, wherever decoding began.
    late = f"setpts=PTS-{lead:.6f}/TB," if lead else ""
    field = ",field" if picture.interlaced else ""
    return f"[0:{picture.stream}]{late}fps={fps}:start_time=0{field}"


def _scaled(size: Size) -> str:
    return f"scale={size.width}:{size.height}:flags=area,setsar=1,format=bgr24"


def _pictures(argv: list[str], size: Size, watch: Watch) -> Iterator[Pixels]:
    shape = size.height, size.width, 3
    block = size.height * size.width * 3
    for read in read_ffmpeg(argv, block=block, watch=watch):
        if len(read) == block:
            yield np.frombuffer(read, np.uint8).reshape(shape)


def usual_rate(picture: Picture) -> Fraction:
    """The source's own rate, at most 30: what a reel shows of it."""
    return min(picture.rate, Fraction(30))
