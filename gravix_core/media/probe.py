"""A file in, what it holds out.  The only file that imports PyAV."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from gravix_core.errors import MediaUnreadable
from gravix_core.media.nal import is_idr
from gravix_core.model import MediaInfo, Picture, Seconds, Size, Sound, Transfer

FORMATS = "mov,matroska,mpegts,mpeg,avi,flv,asf,ogg,mxf,dv,nut,wtv,wav,mp3,flac,aac"
"""Containers that are opened; those of sound alone, so that the refusal can say what they are.
Play lists (hls, concat, dash) are not among them: they would make the library open whatever
files or addresses they name."""

OPEN_OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}

CUT_OFF: Seconds = 1.0
"""A file that ends so much before the end that it announces has lost its tail."""

KEY_FRAMES_APART: Seconds = 12.0
"""Longest distance that is expected; x264 puts one every 250 frames."""

_SEEKS_LOOSELY = frozenset({"mpegts", "mpeg", "flv"})
_TAIL: Seconds = 3.0
_FRAMES_LOOKED_AT = 5
# AVColorTransferCharacteristic and AVColorSpace, libavutil/pixfmt.h
_TRANSFERS = {16: Transfer.PQ, 18: Transfer.HLG}
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What only reading every packet tells."""

    video_bit_rate: float
    """Bits per second."""
    audio_bit_rate: float
    closed_gops: bool
    """Every key frame is one that nothing after it looks behind."""
    constant_rate: bool
    """All frames are equally long, to within a tick."""
    frames: int


def probe(file: Path) -> MediaInfo:
    """Read a file's headers, decode its first frames and look at its end.

    With several streams it picks as ffmpeg does: the default one, of those the largest
    picture and the most channels.  Attached pictures (cover art) are no video.

    Raises:
        MediaUnreadable: The file is absent, damaged, cut off, or holds no picture.
    """
    with _opened(file) as container:
        stream = _pick_picture(container, file)
        frames = _first_frames(container, stream, file)
        start = (container.start_time or 0) / av.time_base
        return MediaInfo(
            container=container.format.name,
            duration=_end_of_picture(container, stream, file) - start,
            start=start,
            picture=_picture(stream, frames),
            sound=_sound(container),
            byte_size=file.stat().st_size,
        )


def seeks_loosely(info: MediaInfo) -> bool:
    """Whether FFmpeg seeks to any frame in this container, not to the key frame before it, so
    that what comes before the next key frame cannot be decoded.

    Measured with FFmpeg 9.0.2 on 2026-11-22.
    """
    return not _SEEKS_LOOSELY.isdisjoint(info.container.split(","))


def key_frame_before(file: Path, info: MediaInfo, at: Seconds) -> Seconds:
    """When the last key frame at or before `at` is shown; 0 where there is none.

    Raises:
        MediaUnreadable: As `probe`.
    """
    with _opened(file) as container:
        stream = next(one for one in container.streams.video if one.index == info.picture.stream)
        for lead in (KEY_FRAMES_APART, 5 * KEY_FRAMES_APART, at):
            container.seek(int(max(0.0, at - lead + info.start) * av.time_base))
            found = _last_key_frame(container, stream, at + info.start)
            if found is not None:
                return max(0.0, found - info.start)
    return 0.0


def read_facts(file: Path) -> StreamFacts:
    """Read every packet of the picked streams.

    Raises:
        MediaUnreadable: As `probe`.
    """
    with _opened(file) as container:
        video = _pick_picture(container, file)
        audio = container.streams.best("audio")
        sizes = {stream.index: 0 for stream in (video, audio) if stream}
        times: list[int] = []
        closed = True
        for packet in _packets(container, [s for s in (video, audio) if s]):
            sizes[packet.stream.index] += packet.size
            if packet.stream.index == video.index and packet.pts is not None:
                times.append(packet.pts)
                if packet.is_keyframe:
                    closed &= is_idr(bytes(packet), video.codec_context.name)
        steps = {b - a for a, b in itertools.pairwise(sorted(times))}
        length = float((max(times) - min(times) + max(steps)) * _base(video)) if steps else 0.0
        heard = sizes[audio.index] if audio else 0
        return StreamFacts(
            video_bit_rate=8 * sizes[video.index] / length if length else 0.0,
            audio_bit_rate=8 * heard / length if length else 0.0,
            closed_gops=closed,
            constant_rate=not steps or max(steps) - min(steps) <= 1,
            frames=len(times),
        )


@contextmanager
def _opened(file: Path) -> Iterator[InputContainer]:
    if not file.is_file():
        raise MediaUnreadable(f"{file.name} is not a file")
    if file.stat().st_size == 0:
        raise MediaUnreadable(f"{file.name} is empty", hint="Get the file again: it holds nothing.")
    try:
        # "file:" keeps a name with a colon from being read as a protocol.
        with av.open(f"file:{file}", options=OPEN_OPTIONS) as container:
            yield container
    except av.FFmpegError as exc:
        raise MediaUnreadable(f"{file.name} cannot be read as a video") from exc
    except OSError as exc:
        raise MediaUnreadable(f"{file.name} cannot be read: {exc.strerror}") from exc


def _pick_picture(container: InputContainer, file: Path) -> VideoStream:
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        what = "sound but no picture" if container.streams.audio else "no picture"
        raise MediaUnreadable(f"{file.name} holds {what}", hint="Give a file with a video in it.")
    return max(streams, key=_rank_picture)


def _rank_picture(stream: VideoStream) -> tuple[bool, int, int]:
    default = bool(stream.disposition & Disposition.default)
    return default, stream.width * stream.height, -stream.index


def _first_frames(
    container: InputContainer, stream: VideoStream, file: Path
) -> tuple[VideoFrame, ...]:
    frames: list[VideoFrame] = []
    try:
        for frame in container.decode(stream):
            frames.append(frame)
            if len(frames) == _FRAMES_LOOKED_AT:
                break
    except av.FFmpegError:
        pass  # what was decoded before counts
    if not frames:
        raise MediaUnreadable(f"{file.name} holds no picture that can be decoded")
    return tuple(frames)


def _picture(stream: VideoStream, frames: tuple[VideoFrame, ...]) -> Picture:
    first = frames[0]
    rotation = -first.rotation % 360  # the library counts against the clock
    stored = Size(first.width, first.height)
    return Picture(
        stream=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        size=_shown(stored, stream.sample_aspect_ratio, rotation),
        stored=stored,
        rotation=rotation,
        rate=Fraction(stream.average_rate or stream.guessed_rate or 30),
        pixel_format=first.format.name,
        transfer=_TRANSFERS.get(int(first.color_trc), Transfer.SDR),
        matrix=_MATRICES.get(int(first.colorspace), "unknown"),
        interlaced=any(frame.interlaced_frame for frame in frames),
    )


def _shown(stored: Size, sar: Fraction | None, rotation: int) -> Size:
    """Square pixels: the side that is too short grows, so no detail is lost."""
    shape = Fraction(sar) if sar else Fraction(1)
    width = round(stored.width * max(shape, Fraction(1)))
    height = round(stored.height / min(shape, Fraction(1)))
    return Size(height, width) if rotation % 180 else Size(width, height)


def _sound(container: InputContainer) -> Sound | None:
    streams = [s for s in container.streams.audio if s.codec_context is not None and s.rate]
    if not streams:
        return None
    best = max(
        streams,
        key=lambda s: (bool(s.disposition & Disposition.default), s.channels, -s.index),
    )
    codec = best.codec_context.codec.canonical_name
    return Sound(best.index, codec, best.rate, best.channels, best.layout.name)


def _end_of_picture(container: InputContainer, stream: VideoStream, file: Path) -> Seconds:
    """When the last frame ends, by its packets; the header is only asked where to look."""
    announced = _announced_end(container, stream)
    if announced is None:
        container.seek(0)
        ends = _ends(container, [stream])
        if stream.index not in ends:
            raise MediaUnreadable(f"{file.name} holds no picture that can be decoded")
        return ends[stream.index]
    ends = _tail(container, stream, announced)
    if stream.index in ends and ends[stream.index] > announced - CUT_OFF:
        return min(ends[stream.index], announced) if stream.duration else ends[stream.index]
    if max(ends.values(), default=0.0) > announced - CUT_OFF:
        container.seek(0)  # the sound goes on after the picture
        return _ends(container, [stream])[stream.index]
    raise MediaUnreadable(
        f"{file.name} is cut off: it announces {announced:.1f} s and ends before that",
        hint="Copy or download the file again; this copy has lost its end.",
    )


def _announced_end(container: InputContainer, stream: VideoStream) -> Seconds | None:
    if stream.duration:
        return float(((stream.start_time or 0) + stream.duration) * _base(stream))
    if container.duration:
        # Matroska's length counts from 0, wherever the time stamps start.
        start = 0 if "matroska" in container.format.name else container.start_time or 0
        return (start + container.duration) / av.time_base
    return None


def _tail(container: InputContainer, stream: VideoStream, end: Seconds) -> dict[int, Seconds]:
    try:
        container.seek(max(0, int((end - _TAIL) / _base(stream))), stream=stream)
    except av.FFmpegError:
        container.seek(0)
    timed = [s for s in container.streams if s.type in {"video", "audio"}]
    return _ends(container, timed)


def _ends(container: InputContainer, streams: list[Stream]) -> dict[int, Seconds]:
    """Per stream, when its last packet ends."""
    ends: dict[int, Seconds] = {}
    try:
        for packet in _packets(container, streams):
            if packet.pts is not None:
                end = float((packet.pts + (packet.duration or 0)) * _base(packet.stream))
                ends[packet.stream.index] = max(end, ends.get(packet.stream.index, 0.0))
    except av.FFmpegError:
        pass  # a damaged tail shows in how far it got
    return ends


def _last_key_frame(
    container: InputContainer, stream: VideoStream, until: Seconds
) -> Seconds | None:
    """From where the container stands; in the file's own time."""
    found = None
    for packet in _packets(container, [stream]):
        if packet.dts is not None and packet.dts * _base(stream) > until:
            break
        if packet.is_keyframe and packet.pts is not None:
            shown = float(packet.pts * _base(stream))
            found = shown if shown <= until else found
    return found


def _packets(container: InputContainer, streams: list[Stream]) -> Iterator[Packet[Stream]]:
    """Without the empty ones at the end, whose stream the library leaves undefined."""
    return (packet for packet in container.demux(streams) if packet.size)


def _base(stream: Stream) -> Fraction:
    return stream.time_base or Fraction(1, av.time_base)
