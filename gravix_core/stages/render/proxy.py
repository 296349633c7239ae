"""A source that browsers cannot play in, a small copy that they can out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from gravix_core.media.files import atomic
from gravix_core.media.probe import FORMATS
from gravix_core.media.process import run_ffmpeg
from gravix_core.media.reading import ONE_GRAPH
from gravix_core.model import MediaInfo, Picture, Seconds, Size, Watch
from gravix_core.stages.render.filtergraph import fit_size, scaled_small
from gravix_core.stages.render.sound import SAMPLE_RATE

SHORT_SIDE = 360
LONG_SIDE = 1920
KEY_FRAMES_EVERY: Seconds = 2.0
"""So that a click into the timeline shows its picture at once."""
USUAL_RATE = 30
SLOWEST = Fraction(10)
"""Frames per second of the copy of a source that has fewer, so that cuts stay at their times."""
NEAR_ZERO: Seconds = 0.05
"""A frame at most: so far a player may begin from where our own time begins."""

# At one crf superfast takes half the bytes of ultrafast and as much time, since half of that goes
# into decoding (30 s of 1080p: 7 s of CPU, tried 2026-11-23).
_VIDEO = (
    *("-c:v", "libx264", "-preset", "superfast", "-crf", "28"),
    *("-profile:v", "main", "-pix_fmt", "yuv420p"),
)
_AUDIO = ("-c:a", "aac", "-b:a", "96k", "-ar", str(SAMPLE_RATE), "-ac", "2")
_MUXER = ("-map_metadata", "-1", "-map_chapters", "-1", "-movflags", "+faststart", "-f", "mp4")

_MP4 = {"h264", "vp9", "av1"}, {"aac", "mp3", "opus", "flac"}
_WEBM = {"vp8", "vp9", "av1"}, {"opus", "vorbis"}
_8_BIT_420 = {"yuv420p", "yuvj420p"}


def browsers_play(info: MediaInfo) -> bool:
    """Whether browsers can be relied on to show this picture with this sound at our times.

    Sources: the tables of MP4 and WebM in MDN, "Media container formats", read 2026-11-23; and
    Chromium 156, given such files on that day and asked for frame after frame.  What that one
    played without being listed there (h264 in Matroska, 4:2:2, PCM), and pictures of 10 bits,
    are left to the proxy: other browsers were not tried.  So are files

    - that do not begin at 0: a player keeps their time stamps, and ours begin at the first;
    - with another stream before the one that was picked: a player may take the first.

    Interlaced pictures count as played.  Chromium shows them with combs, which a preview bears;
    a copy of all of the source would cost minutes for that alone.
    """
    pictures, sounds = _WEBM if _is_matroska(info) else _MP4
    known = _is_matroska(info) or "mp4" in info.container.split(",")
    picked = {info.picture.stream} | ({info.sound.stream} if info.sound else set())
    return (
        known
        and info.picture.codec in pictures
        and info.picture.pixel_format in _8_BIT_420
        and (info.sound is None or info.sound.codec in sounds)
        and abs(info.start) <= NEAR_ZERO
        and picked == set(range(len(picked)))
    )


def media_type(info: MediaInfo) -> str:
    """For HTTP, of a source that browsers play.

    A mov is called mp4: asked for video/quicktime, Chromium 156 says that it cannot play it,
    although it can (tried 2026-11-23).
    """
    return "video/webm" if _is_matroska(info) else "video/mp4"


def make_proxy(source: Path, info: MediaInfo, *, ffmpeg: Path, target: Path, watch: Watch) -> None:
    """Write a 360p mp4 of the whole source: its time 0 is ours, its length is the source's.

    A frame is shown at its own time, to within one frame; sound keeps step.  Nothing is scaled
    up.  The file appears whole or not at all.

    Raises:
        ToolFailed, ToolMissing, DiskFull, Cancelled: As `run_ffmpeg`.
    """
    frames = max(1, round(info.duration * proxy_rate(info.picture)))
    with atomic(target) as (draft,):
        argv = _arguments(source, info, ffmpeg=ffmpeg, draft=draft)
        run_ffmpeg(argv, frames=frames, watch=watch)


def proxy_rate(picture: Picture) -> Fraction:
    """The source's own rate, or an even part of it near `USUAL_RATE`, so that motion is even."""
    return max(SLOWEST, picture.rate / max(1, round(picture.rate / USUAL_RATE)))


def proxy_size(picture: Picture) -> Size:
    short = min(SHORT_SIDE, picture.size.width, picture.size.height)
    upright = picture.size.height > picture.size.width
    return fit_size(picture.size, Size(short, LONG_SIDE) if upright else Size(LONG_SIDE, short))


def _arguments(source: Path, info: MediaInfo, *, ffmpeg: Path, draft: Path) -> list[str]:
    rate = proxy_rate(info.picture)
    every = str(max(1, round(KEY_FRAMES_EVERY * rate)))
    sound = ("-map", "[a]", *_AUDIO) if info.sound else ()
    return [
        *(str(ffmpeg), "-y", "-loglevel", "warning"),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        *(*ONE_GRAPH, "-i", f"file:{source}"),
        *("-filter_complex", _graph(info, rate), "-map", "[v]", *sound),
        *(*_VIDEO, "-g", every, "-t", f"{info.duration:.6f}"),
        *(*_MUXER, f"file:{draft}"),
    ]


def _graph(info: MediaInfo, rate: Fraction) -> str:
    """Picture and sound from our time 0 on, whenever the source begins with either."""
    picture = info.picture
    small = scaled_small(picture, proxy_size(picture))
    video = f"[0:{picture.stream}]fps={rate}:start_time=0,{small}[v]"
    if info.sound is None:
        return video
    return f"{video};[0:{info.sound.stream}]aresample=async=1:first_pts=0[a]"


def _is_matroska(info: MediaInfo) -> bool:
    return "matroska" in info.container.split(",")
