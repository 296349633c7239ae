"""A finished reel in; which of Instagram's file rules it breaks out.

Read again here, apart from the product's own check.  Source of the rules: Graph API reference, IG
User Media, reels specifications, read 2026-11-22.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av

HEADER = 8
"""Bytes of a box's size and name; a size of 1 means that eight bytes more hold it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file is, as far as the rules ask."""

    brand: str
    boxes: tuple[str, ...]
    """At the top, in their order."""
    edit_list: bool
    seconds: float
    megabytes: float
    video: str
    pixels: str
    width: int
    height: int
    frames_per_second: float
    constant: bool
    video_rate: float
    """Mbit/s."""
    audio: str
    channels: int
    sample_rate: int


def broken_rules(facts: Facts) -> tuple[str, ...]:
    """A short word for each rule that is broken; none is best."""
    first = facts.boxes.index
    good = {
        "container is MP4": facts.brand in {"isom", "mp42", "mp41", "iso5", "iso6"},
        "moov stands in front": {"moov", "mdat"} <= set(facts.boxes)
        and first("moov") < first("mdat"),
        "no edit list": not facts.edit_list,
        "3 to 900 s": 2.999 <= facts.seconds <= 900.05,
        "300 MB or less": facts.megabytes <= 300,
        "H.264 or HEVC": facts.video in {"h264", "hevc"},
        "4:2:0": facts.pixels in {"yuv420p", "yuvj420p", "yuv420p10le"},
        "at most 1920 columns": facts.width <= 1920,
        "9:16": abs(facts.width / facts.height * 16 / 9 - 1) < 0.01,
        "23 to 60 frames a second": 22.95 <= facts.frames_per_second <= 60.05,
        "constant frame rate": facts.constant,
        "at most 25 Mbit/s": facts.video_rate <= 25,
        "AAC": facts.audio == "aac",
        "one channel or two": facts.channels in {1, 2},
        "at most 48 kHz": 0 < facts.sample_rate <= 48_000,
    }
    return tuple(rule for rule, kept in good.items() if not kept)


def read_facts(file: Path) -> Facts:
    """Open a file and look."""
    boxes = dict(top_boxes(file))
    with av.open(str(file)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        packets = [p for p in container.demux(video) if p.pts is not None and p.size]
        base = float(video.time_base or 0)
        stamps = sorted(packet.pts for packet in packets if packet.pts is not None)
        steps = {b - a for a, b in pairwise(stamps)}
        seconds = float(len(stamps) * (stamps[1] - stamps[0])) * base
        return Facts(
            brand=boxes["ftyp"][:4].decode("latin-1"),
            boxes=tuple(boxes),
            edit_list=b"elst" in boxes["moov"],
            seconds=seconds,
            megabytes=file.stat().st_size / 1e6,
            video=video.codec_context.name,
            pixels=str(video.codec_context.pix_fmt),
            width=video.codec_context.width,
            height=video.codec_context.height,
            frames_per_second=len(stamps) / seconds,
            constant=max(steps) - min(steps) <= 1,
            video_rate=8e-6 * sum(packet.size for packet in packets) / seconds,
            audio=audio.codec_context.name,
            channels=audio.codec_context.channels,
            sample_rate=audio.codec_context.sample_rate,
        )


def top_boxes(file: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of each box at the top; of the media data only the name."""
    with file.open("rb") as stream:
        while len(head := stream.read(HEADER)) == HEADER:
            size, name = struct.unpack(">I4s", head)
            used = HEADER
            if size == 1:
                size, used = struct.unpack(">Q", stream.read(8))[0], 2 * HEADER
            if name == b"mdat":
                yield "mdat", b""
                stream.seek(size - used, 1)
            else:
                yield name.decode("latin-1"), stream.read(size - used)
