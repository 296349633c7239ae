"""A source in, one small JPEG of it on disk out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from gravix_core.errors import ToolFailed
from gravix_core.media.files import atomic
from gravix_core.media.probe import FORMATS
from gravix_core.media.process import run_ffmpeg
from gravix_core.model import MediaInfo, Seconds, Size, Watch
from gravix_core.stages.render.cover import (
    candidate,
    candidate_pattern,
    count_different,
    drop_candidates,
    pick_cover,
)
from gravix_core.stages.render.filtergraph import AS_JPEG, fit_size, scaled_small

BOX = Size(480, 1440)
"""Only a picture that is more than three times as high as wide is narrower than 480 px."""
MAX_BYTES = 60_000
QUALITY = 4
WORSE = (8, 16, 31)
"""Quantisers, in turn, for a picture that is too large; the last one is the coarsest there is."""

CANDIDATES = 5
NEXT_KEY_FRAME: Seconds = 15.0
"""So far, at most, a seek lands from the key frame that is taken."""
BEGINNING: Seconds = 12.0
"""So much is decoded of a source with hardly any key frame."""
STALLED: Seconds = 30.0


def make_thumbnail(
    source: Path, info: MediaInfo, *, ffmpeg: Path, target: Path, watch: Watch
) -> None:
    """Choose a frame of the first half that shows something, and write it 480 px wide.

    Only key frames are decoded, so that a film of hours takes no longer than one of minutes; a
    damaged place is passed over.  The file appears whole or not at all, and stays under
    `MAX_BYTES` unless it is nothing but noise.

    Args:
        watch: Asked whether to stop; told no progress, since all is soon done.

    Raises:
        ToolFailed: No frame can be decoded.
        ToolMissing, DiskFull, Cancelled: As `run_ffmpeg`.
    """
    quiet = _Quiet(watch)
    with atomic(target) as (draft,):
        try:
            for number in range(1, CANDIDATES + 1):
                at = info.duration / 2 * number / CANDIDATES
                _try([str(ffmpeg), *_key_frame(source, info, at, candidate(draft, number))], quiet)
            if count_different(draft) < 2:
                _try([str(ffmpeg), *_beginning(source, info, draft)], quiet)
            pick_cover(draft)
            for quantiser in WORSE:
                if draft.stat().st_size > MAX_BYTES:
                    smaller = candidate(draft, 1)
                    argv = [str(ffmpeg), *_again(draft, quantiser, smaller)]
                    run_ffmpeg(argv, frames=1, watch=quiet, stalled=STALLED)
                    smaller.replace(draft)
        finally:
            drop_candidates(draft)


class _Quiet:
    """Passes on the wish to stop, and no progress."""

    def __init__(self, watch: Watch) -> None:
        self.should_stop = watch.should_stop

    def progress(self, percent: float) -> None:
        pass


def _try(argv: Sequence[str], watch: Watch) -> None:
    with suppress(ToolFailed):
        run_ffmpeg(argv, frames=1, watch=watch, stalled=STALLED)


def _key_frame(source: Path, info: MediaInfo, at: Seconds, file: Path) -> list[str]:
    """The key frame at or near `at`."""
    given = ("-skip_frame", "nokey", "-noaccurate_seek", "-ss", f"{at:.6f}")
    return [
        *_opened(source, *given, "-t", f"{NEXT_KEY_FRAME:g}"),
        *("-filter_complex", f"{_graph(info)}[o]", "-map", "[o]", "-frames:v", "1"),
        *(*_jpeg(QUALITY), "-f", "mjpeg", f"file:{file}"),
    ]


def _beginning(source: Path, info: MediaInfo, draft: Path) -> list[str]:
    """Frames spread over the beginning, whether they are key frames or not."""
    span = min(BEGINNING, info.duration / 2)
    return [
        *_opened(source, "-t", f"{span:.6f}"),
        *("-filter_complex", f"{_graph(info)},fps={CANDIDATES / span:.6f}[o]", "-map", "[o]"),
        *(*_jpeg(QUALITY), "-f", "image2", f"file:{candidate_pattern(draft)}"),
    ]


def _again(draft: Path, quantiser: int, file: Path) -> list[str]:
    """The same picture with less of its detail."""
    given = ("-y", "-loglevel", "warning", "-protocol_whitelist", "file", "-f", "mjpeg")
    return [*given, "-i", f"file:{draft}", *_jpeg(quantiser), "-f", "mjpeg", f"file:{file}"]


def _opened(source: Path, *given: str) -> tuple[str, ...]:
    limits = ("-protocol_whitelist", "file", "-format_whitelist", FORMATS)
    return ("-y", "-loglevel", "warning", *limits, *given, "-i", f"file:{source}")


def _graph(info: MediaInfo) -> str:
    picture = info.picture
    return f"[0:{picture.stream}]{scaled_small(picture, fit_size(picture.size, BOX))},{AS_JPEG}"


def _jpeg(quantiser: int) -> tuple[str, ...]:
    """Without the name of the encoder, let alone what a camera wrote."""
    plain = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")
    return (*plain, "-c:v", "mjpeg", "-q:v", str(quantiser))
