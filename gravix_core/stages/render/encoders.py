"""A wish and an ffmpeg in, the encoder that writes a reel's picture out.

Hardware encoders are listed by every full build of ffmpeg, whether the chip is there or not, and a
driver may open one and then hang or write something else than it was given.  So an encoder counts
as available once it has encoded a short clip with the arguments of a render, and what it wrote has
been decoded and compared.

The settings aim at the picture of `X264`, on the safe side.  They follow FFmpeg's
doc/encoders.texi and libavcodec (qsvenc.c, vaapi_encode.c, videotoolboxenc.c, amfenc_h264.c,
nvenc.c), read 2026-11-26; none was measured: docs/encoders.md says what was run.
"""

from __future__ import annotations

import logging
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from gravix_core.errors import (
    Cancelled,
    DiskFull,
    GravixError,
    MediaUnreadable,
    NotAccepted,
    SettingsError,
    ToolFailed,
)
from gravix_core.media.probe import FORMATS, probe, read_facts
from gravix_core.media.process import read_ffmpeg, run_ffmpeg
from gravix_core.model import Seconds, Size, Unwatched

log = logging.getLogger(__name__)

SIZE = Size(1080, 1920)
FPS = 30
FRAMES = 66
"""Of the trial: just over two seconds, so that a second group of pictures begins."""
BIT_RATE = 8_000_000
"""The cap of the trial: that of the longest reels, which no target may exceed."""
TRIAL: Seconds = 10.0
"""Longest trial.  A chip that works is done in one or two seconds."""
SMALL = Size(54, 96)
UNLIKE = 0.7
"""Largest mean difference to what was given, of 255, at `SMALL`.  Measured: x264 at CRF 22 0.05, at
CRF 45 0.45; one frame late 0.9, frozen 1.3, range mistaken 5, colours swapped 31, grey 55."""
_420 = frozenset({"yuv420p", "yuvj420p"})
_SPEAKER = re.compile(r"^(\[[^\]]*\]\s*)+")


@dataclass(frozen=True, slots=True)
class Encoder:
    """What one encoder adds to ffmpeg's arguments."""

    name: str
    """As GRAVIX_ENCODER names it."""
    label: str
    """As the operator reads it."""
    before: tuple[str, ...]
    """Words before the first ``-i``: the device."""
    codec: tuple[str, ...]
    """``-c:v`` and the quality.  `codec_words` adds what all have in common."""
    upload: str
    """Filters at the end of the picture's graph, such as ``format=nv12,hwupload``; may be empty."""

    @property
    def hardware(self) -> bool:
        return self.name != "x264"


X264 = Encoder(
    name="x264",
    label="x264 (software)",
    before=(),
    codec=(
        # Better than medium at crf 21 for a third of its CPU: benchmarks/results/encoder.md.  The
        # three are of the High profile, and cost little.
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20"),
        *("-x264-params", "8x8dct=1:cabac=1:no-deblock=0"),
        *("-profile:v", "high", "-pix_fmt", "yuv420p"),
    ),
    upload="",
)

_CLOSED = ("-profile:v", "high", "-flags", "+cgop")

VIDEOTOOLBOX = Encoder(
    name="videotoolbox",
    label="VideoToolbox (Apple)",
    before=(),
    # 1..100, higher is better; refused on Intel Macs, which know no constant quality.
    codec=("-c:v", "h264_videotoolbox", "-q:v", "60", *_CLOSED, "-pix_fmt", "yuv420p"),
    upload="",
)
NVENC = Encoder(
    name="nvenc",
    label="NVENC (NVIDIA)",
    before=(),
    codec=(
        *("-c:v", "h264_nvenc", "-preset", "p4", "-tune", "hq"),
        *("-rc", "vbr", "-cq", "23", "-b:v", "0"),  # without 0, ffmpeg's default of 2 Mbit/s holds
        *(*_CLOSED, "-pix_fmt", "yuv420p"),
    ),
    upload="",
)
QSV = Encoder(
    name="qsv",
    label="Quick Sync (Intel)",
    before=(),
    # A quality, a rate and a cap that differ make QVBR; the rate is a target that it may exceed.
    codec=(
        *("-c:v", "h264_qsv", "-preset", "medium", "-global_quality", "23", "-b:v", "6M"),
        *(*_CLOSED, "-pix_fmt", "nv12"),
    ),
    upload="",
)
VAAPI = Encoder(
    name="vaapi",
    label="VA-API (Intel or AMD on Linux)",
    before=("-init_hw_device", "vaapi=gpu", "-filter_hw_device", "gpu"),
    # No mode is named, since drivers differ: QVBR where there is one, else ICQ, else CQP, and in
    # the last two the cap does not hold.
    codec=("-c:v", "h264_vaapi", "-global_quality", "23", "-b:v", "6M", *_CLOSED),
    upload="format=nv12,hwupload",
)
AMF = Encoder(
    name="amf",
    label="AMF (AMD)",
    before=(),
    codec=(
        *("-c:v", "h264_amf", "-usage", "transcoding", "-quality", "quality"),
        *("-rc", "qvbr", "-qvbr_quality_level", "23"),
        *(*_CLOSED, "-pix_fmt", "nv12"),
    ),
    upload="",
)

HARDWARE = {encoder.name: encoder for encoder in (VIDEOTOOLBOX, NVENC, QSV, VAAPI, AMF)}
AUTO = "auto"
WISHES = (X264.name, AUTO, *HARDWARE)
"""What GRAVIX_ENCODER may say."""
_TRIED = {"darwin": (VIDEOTOOLBOX,), "win32": (NVENC, QSV, AMF)}
_TRIED_ELSEWHERE = (NVENC, QSV, VAAPI, AMF)


def codec_words(encoder: Encoder, *, bit_rate: int, fps: int) -> tuple[str, ...]:
    """The words of the picture's codec: with the cap, the rate and a key frame every 2 s.

    Args:
        encoder: The one.
        bit_rate: The cap, in bits per second, of at least 6 Mbit/s.
        fps: Frames per second.
    """
    cap = ("-maxrate", str(bit_rate), "-bufsize", str(2 * bit_rate))
    return (*encoder.codec, *cap, "-r", str(fps), "-g", str(2 * fps))


def choose_encoder(
    wish: str, *, ffmpeg: Path, system: str = sys.platform, limit: Seconds = TRIAL
) -> Encoder:
    """The encoder that GRAVIX_ENCODER asks for.

    Args:
        wish: ``x264`` forbids hardware and tries nothing; ``auto`` takes the first hardware encoder
            of this system that passes its trial, else x264; a name forces that one.
        ffmpeg: The program.
        system: As `sys.platform` names it.
        limit: Longest trial of one encoder.

    Raises:
        SettingsError: No encoder has this name, or the forced one does not work here.
        ToolMissing: ffmpeg cannot be started.
    """
    if wish == X264.name:
        return X264
    if wish == AUTO:
        tried = _TRIED.get(system, _TRIED_ELSEWHERE)
        return next((one for one in tried if trial(one, ffmpeg, limit=limit) is None), X264)
    if wish not in HARDWARE:
        raise SettingsError(
            f"GRAVIX_ENCODER names no encoder: {wish!r}",
            hint=f"Set GRAVIX_ENCODER to one of {', '.join(WISHES)}.",
        )
    reason = trial(HARDWARE[wish], ffmpeg, limit=limit)
    if reason is not None:
        raise SettingsError(
            f"GRAVIX_ENCODER={wish} does not work here: {reason}",
            hint=f"Install the driver that {HARDWARE[wish].label} needs, point FFMPEG_PATH to an "
            "ffmpeg that has it, or set GRAVIX_ENCODER to x264 or auto.",
        )
    return HARDWARE[wish]


def trial(encoder: Encoder, ffmpeg: Path, *, limit: Seconds = TRIAL) -> str | None:
    """Encode a short clip and look at the result.

    No process and no file is left, whatever the program does.

    Args:
        encoder: The one to try.
        ffmpeg: The program.
        limit: Longest time for encoding, and for looking.

    Returns:
        None when it works, else the reason why not.

    Raises:
        ToolMissing: The program cannot be started.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="gravix-trial-") as folder:
            file = Path(folder) / "trial.mp4"
            _encode(encoder, ffmpeg, file, limit)
            reason = _look_at_stream(file) or _look_at_frames(ffmpeg, file, limit)
    except Cancelled:
        reason = f"it took more than {limit:g} s"
    except ToolFailed as exc:
        reason = _first_line(exc.details) or str(exc)
    except (MediaUnreadable, DiskFull) as exc:
        reason = str(exc)
    log.info("%s: %s", encoder.label, reason or "works")
    return reason


def is_encoder_fault(error: GravixError, encoder: Encoder) -> bool:
    """Whether a render that failed is worth repeating, once, with `X264`.

    ffmpeg's words do not tell a chip that gave up from a source that is damaged, and a driver that
    hangs says nothing.  So every failure of ffmpeg counts while hardware was at work, and so does a
    reel that breaks a rule: some drivers do not hold the cap.
    """
    return encoder.hardware and isinstance(error, ToolFailed | NotAccepted)


class _Deadline(Unwatched):
    """Asks to stop when the time is up."""

    def __init__(self, limit: Seconds) -> None:
        self._until = time.monotonic() + limit

    def should_stop(self) -> bool:
        return time.monotonic() > self._until


def _source() -> tuple[str, ...]:
    length = FRAMES / FPS
    return (
        "-f",
        "lavfi",
        "-i",
        f"testsrc2=size={SIZE}:rate={FPS}:duration={length},format=yuv420p",
    )


def _encode(encoder: Encoder, ffmpeg: Path, file: Path, limit: Seconds) -> None:
    graph = f"[0:v]{encoder.upload or 'null'}[v]"
    argv = [
        *(str(ffmpeg), "-y", "-loglevel", "error"),
        *(*encoder.before, *_source()),
        *("-filter_complex", graph, "-map", "[v]", "-frames:v", str(FRAMES)),
        *codec_words(encoder, bit_rate=BIT_RATE, fps=FPS),
        *("-f", "mp4", f"file:{file}"),
    ]
    run_ffmpeg(argv, frames=FRAMES, watch=_Deadline(limit), stalled=limit)


def _look_at_stream(file: Path) -> str | None:
    picture, facts = probe(file).picture, read_facts(file)
    if picture.codec != "h264" or picture.pixel_format not in _420:
        return f"it wrote {picture.codec} in {picture.pixel_format}"
    if (picture.size, facts.frames) != (SIZE, FRAMES):
        return f"it wrote {facts.frames} frames of {picture.size}, not {FRAMES} of {SIZE}"
    return None if facts.closed_gops else "it wrote open groups of pictures"


def _look_at_frames(ffmpeg: Path, file: Path, limit: Seconds) -> str | None:
    """Decode all of it and compare it, small, with what was encoded."""
    small = f"scale={SMALL.width}:{SMALL.height}:flags=area,format=yuv420p,settb=1/{FPS},setpts=N"
    argv = [
        *(str(ffmpeg), "-loglevel", "error", "-xerror", "-err_detect", "explode"),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", f"file:{file}"),
        *_source(),
        "-filter_complex",
        f"[0:v]{small}[a];[1:v]{small}[b];[a][b]blend=all_mode=difference:shortest=1[d]",
        *("-map", "[d]", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"),
    ]
    block = SMALL.width * SMALL.height * 3 // 2
    watch = _Deadline(limit)
    apart = [sum(d) / block for d in read_ffmpeg(argv, block=block, watch=watch, stalled=limit)]
    if len(apart) != FRAMES:
        return f"of {FRAMES} frames that it wrote, {len(apart)} can be decoded"
    return None if max(apart) < UNLIKE else "it wrote another picture than it was given"


def _first_line(said: str) -> str:
    """The cause, which ffmpeg tells first, without the part that says it."""
    lines = [_SPEAKER.sub("", line).strip() for line in said.splitlines()]
    return next((line for line in lines if line), "")
