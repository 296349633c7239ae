"""A source and a span in; how loud it is, and the filter graph of a reel's sound, out.

Two passes: the first one measures, so that the second may change all of the sound by one gain and
a talk keeps its own loud and quiet.  Only peaks that would be too high are held down.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

from gravix_core.media.process import read_ffmpeg
from gravix_core.media.reading import lead_of, opened
from gravix_core.model import MediaInfo, Seconds, Span, Watch

TARGET = -14.0
"""LUFS.  Instagram names no target; -14 is what players of short video level to."""
CEILING = -3.0
"""dBTP before encoding.  AAC adds 0.5 dB to speech and music held there, more to bare noise."""
MAX_GAIN = 25.0
"""dB.  More would lift the noise of a room to the loudness of speech."""
SILENT = -60.0
"""LUFS.  What is quieter is no programme, and is left alone."""
_HELD = 1.0
"""dB: where peaks are held by more, the loudness is measured again behind the limiter."""
_TRIES = 3

SAMPLE_RATE = 48000
PRIMING = 1024
"""Samples that FFmpeg's AAC encoder starts with (libavcodec/aacenc.c, initial_padding)."""
FADE_IN: Seconds = 0.03
FADE_OUT: Seconds = 0.06
_OVERSAMPLED = 192_000
"""Peaks between samples are seen at four times the rate (ITU-R BS.1770-4, annex 2)."""
_TOLD = re.compile(r"^lavfi\.r128\.(I|LRA|true_peak)=(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Loudness:
    """Of a span, as it would be heard in a reel (EBU R 128)."""

    integrated: float
    """LUFS; -70 for silence."""
    range: float
    """LU."""
    peak: float
    """dBTP."""
    gain: float
    """dB that bring it to `TARGET`, as far as that is wise."""

    @property
    def limited(self) -> bool:
        """Whether the gain alone would leave peaks over `CEILING`."""
        return self.peak + self.gain > CEILING


def measure(
    source: Path, info: MediaInfo, span: Span, *, ffmpeg: Path, watch: Watch
) -> Loudness | None:
    """Decode the sound of a span, and no picture, once; again where its peaks must be held.

    Returns:
        None when there is no sound.

    Raises:
        ToolFailed, ToolMissing, Cancelled: As `read_ffmpeg`.
    """
    if info.sound is None:
        return None
    found = _heard(source, info, span, "", ffmpeg=ffmpeg, watch=watch)
    if found.integrated < SILENT:
        return found
    wanted = replace(found, gain=min(MAX_GAIN, TARGET - found.integrated))
    if wanted.peak + wanted.gain <= CEILING + _HELD:
        return wanted
    for _ in range(_TRIES):
        held = _heard(source, info, span, _levelled(wanted), ffmpeg=ffmpeg, watch=watch)
        lacking = TARGET - held.integrated
        if lacking < _HELD / 2:
            break
        wanted = replace(wanted, gain=min(MAX_GAIN, wanted.gain + lacking))
    return wanted


def audio_graph(
    info: MediaInfo, loudness: Loudness | None, *, duration: Seconds, lead: Seconds = 0.0
) -> str:
    """The graph of the sound, with the output ``[a]``: as long as the picture, never shorter.

    The encoder puts `PRIMING` samples of silence in front.  Only an edit list could tell a player
    to skip them, and Instagram wants none; so as many samples are left out at the start, and
    everything after them sounds at its time.

    Args:
        loudness: As measured; None leaves the sound as loud as it is.
        duration: Of the reel.
        lead: So much is decoded before the reel begins, and left out.
    """
    tail = (
        f"aresample={SAMPLE_RATE},apad,atrim=end={duration:.6f},"
        f"atrim=start_sample={PRIMING},asetpts=PTS-STARTPTS[a]"
    )
    if info.sound is None:
        return f"anullsrc=r={SAMPLE_RATE}:cl=stereo,{tail}"
    level = _levelled(loudness) if loudness else ""
    return f"{_decoded(info, lead)},{level}{_faded(duration)},{tail}"


def _decoded(info: MediaInfo, lead: Seconds) -> str:
    """In time from the first sample on, and in stereo: speech in the centre stays in the middle."""
    stream = info.sound.stream if info.sound else 0
    begin = f",atrim=start={lead:.6f},asetpts=PTS-STARTPTS" if lead else ""
    return (
        f"[0:{stream}]aresample=async=1:first_pts=0{begin},"
        f"aformat=sample_fmts=fltp:channel_layouts=stereo,aresample={SAMPLE_RATE}"
    )


def _levelled(loudness: Loudness) -> str:
    """Each filter with its comma."""
    gain = f"volume={loudness.gain:.2f}dB,"
    if not loudness.limited:
        return gain
    return (
        f"{gain}aresample={_OVERSAMPLED},alimiter=limit={10 ** (CEILING / 20):.4f}"
        f":attack=5:release=80:level=0:latency=1,aresample={SAMPLE_RATE},"
    )


def _faded(duration: Seconds) -> str:
    """The edges of a span lie where they lie in a wave: without this, each is a click."""
    begin = PRIMING / SAMPLE_RATE
    end = max(begin, duration - FADE_OUT)
    return f"afade=t=in:st={begin:.6f}:d={FADE_IN},afade=t=out:st={end:.6f}:d={FADE_OUT}"


def _heard(
    source: Path, info: MediaInfo, span: Span, level: str, *, ffmpeg: Path, watch: Watch
) -> Loudness:
    """What R 128 says of the span behind some filters; without a gain."""
    lead = lead_of(info, span)
    graph = (
        f"{_decoded(info, lead)},{level}atrim=end={span.duration:.6f},"
        r"ebur128=metadata=1:peak=true,ametadata=mode=print:file=pipe\\:1[o]"
    )
    argv = [
        *(str(ffmpeg), "-loglevel", "warning", *opened(source, span, lead)),
        *("-filter_complex", graph, "-map", "[o]", "-f", "null", "-"),
    ]
    told: dict[str, str] = {}
    rest = ""
    for block in read_ffmpeg(argv, block=1 << 16, watch=watch):
        lines, _, rest = (rest + block.decode("ascii", "replace")).rpartition("\n")
        told.update(_TOLD.findall(lines))
    return Loudness(
        integrated=float(told.get("I", "-70")),
        range=float(told.get("LRA", "0")),
        peak=_decibels(float(told.get("true_peak", "0"))),
        gain=0.0,
    )


def _decibels(linear: float) -> float:
    return max(-120.0, 20 * math.log10(linear)) if linear > 0 else -120.0
