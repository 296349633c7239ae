"""A span of a source in, a file that holds just that, without any loss, out."""

from __future__ import annotations

from pathlib import Path

from gravix_core.media.files import atomic
from gravix_core.media.probe import FORMATS, key_frame_before, seeks_loosely
from gravix_core.media.process import run_ffmpeg
from gravix_core.model import MediaInfo, Seconds, Span, Watch

SAFETY: Seconds = 1.0
"""So much before a key frame a loose seek aims, not to land behind it."""

_MP4 = (
    {"h264", "hevc", "av1", "vp9", "mpeg4"},
    {"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"},
)
_WEBM = {"vp8", "vp9", "av1"}, {"opus", "vorbis"}
_MUXERS = {
    ".mp4": ("-movflags", "+faststart", "-f", "mp4"),
    ".mov": ("-movflags", "+faststart", "-f", "mov"),
    ".webm": ("-f", "webm"),
    ".mkv": ("-f", "matroska"),
}


def copy_ending(info: MediaInfo) -> str:
    """The ending, with its dot, of the files that `copy_span` makes of a source."""
    if _holds(_MP4, info):
        return ".mp4"
    if _holds(_WEBM, info):
        return ".webm"
    return ".mov" if "mov" in info.container.split(",") else ".mkv"


def copy_span(
    source: Path, info: MediaInfo, span: Span, *, ffmpeg: Path, target: Path, watch: Watch
) -> None:
    """Copy a stretch of picture and sound as it is: nothing is encoded again.

    A copy can only begin at a key frame, and begins at the last one at or before the span.  An
    mp4 or mov says where the span starts in it, and players start there; of a webm or mkv they
    show all, so a few seconds more.  It may end a few frames late.

    Args:
        target: Appears whole or not at all; its ending is that of `copy_ending`.

    Raises:
        MediaUnreadable: The source is damaged.
        ToolFailed, ToolMissing, DiskFull, Cancelled: As `run_ffmpeg`.
    """
    begin, zero = _begin_and_zero(source, info, span.start)
    seek = ("-ss", f"{begin:.6f}") if begin > 0 else ()  # flv seeks to its end when asked for 0
    length = span.end - zero
    with atomic(target) as (draft,):
        run_ffmpeg(
            [
                *(str(ffmpeg), "-y", "-loglevel", "warning"),
                *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
                *(*seek, "-itsoffset", f"{begin - zero:.6f}"),
                *("-fflags", "+genpts", "-i", f"file:{source}", *_streams(info)),
                *("-copypriorss", str(int(_hides_lead(info))), "-t", f"{length:.6f}"),
                *("-map_metadata", "-1", "-map_chapters", "-1"),
                *(*_MUXERS[copy_ending(info)], f"file:{draft}"),
            ],
            frames=max(1, round(length * info.picture.rate)),
            watch=watch,
        )


def _holds(container: tuple[set[str], set[str]], info: MediaInfo) -> bool:
    pictures, sounds = container
    return info.picture.codec in pictures and (info.sound is None or info.sound.codec in sounds)


def _hides_lead(info: MediaInfo) -> bool:
    return copy_ending(info) in {".mp4", ".mov"}


def _begin_and_zero(source: Path, info: MediaInfo, start: Seconds) -> tuple[Seconds, Seconds]:
    """Where to seek to, and what will be time 0 of the copy."""
    if _hides_lead(info) and not seeks_loosely(info):
        return start, start  # FFmpeg finds the key frame by itself
    key = key_frame_before(source, info, start)
    return max(0.0, key - SAFETY), start if _hides_lead(info) else key


def _streams(info: MediaInfo) -> tuple[str, ...]:
    sound = ("-map", f"0:{info.sound.stream}") if info.sound else ()
    apple = ("-tag:v", "hvc1") if info.picture.codec == "hevc" else ()
    return ("-map", f"0:{info.picture.stream}", *sound, "-c", "copy", *apple)
