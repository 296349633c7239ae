"""An mp4 file in, what Instagram has against it out.  Reads boxes alone, never media."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

BAD_FORMAT = 2207026
TOO_LARGE = 2207082

SHORTEST, LONGEST = 3.0, 15 * 60.0
SLOWEST, FASTEST = 23.0, 60.0
WIDEST = 1920
SHARPEST_SOUND = 48000
PICTURES = (b"avc1", b"avc3", b"hvc1", b"hev1")
AAC = 0x40
"""The object type in esds."""
ROUNDING = 0.05
"""Frames of a rate, and seconds, that a muxer's rounding may cost."""


class Refused(Exception):
    """The file breaks the rules for reels; the subcode says which kind of rule."""

    def __init__(self, why: str, subcode: int = BAD_FORMAT) -> None:
        super().__init__(why)
        self.subcode = subcode


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    start: int
    """Of what it holds, in the file."""
    end: int


def boxes(file: IO[bytes], start: int, end: int) -> Iterator[Box]:
    """The boxes that lie side by side in a stretch of the file.

    Raises:
        Refused: One of them does not end where it says.
    """
    while start < end:
        file.seek(start)
        head = file.read(min(16, end - start))
        if len(head) < 8:
            raise Refused("bytes that are no box")
        size, kind, body = int.from_bytes(head[:4]), head[4:8], start + 8
        if size == 1 and len(head) == 16:
            size, body = int.from_bytes(head[8:16]), start + 16
        stop = end if size == 0 else start + size
        if stop < body or stop > end:
            raise Refused(f"the box {kind.decode('latin-1')!r} does not end where it says")
        yield Box(kind, body, stop)
        start = stop


def inspect(file: IO[bytes], *, limit: int, edit_lists: bool = True) -> float:
    """Hold a whole file to the rules for reels.

    Returns:
        Its length in seconds.

    Raises:
        Refused: It breaks one.
    """
    size = file.seek(0, 2)
    if size > limit:
        raise Refused(f"{size} bytes, and {limit} is the most", TOO_LARGE)
    top = list(boxes(file, 0, size))
    kinds = [box.kind for box in top]
    if not top or kinds[0] != b"ftyp":
        raise Refused("it does not begin with ftyp")
    if b"moov" not in kinds or b"mdat" not in kinds:
        raise Refused("moov or mdat is missing")
    if kinds.index(b"moov") > kinds.index(b"mdat"):
        raise Refused("moov lies behind mdat")
    return _Movie(file, top[kinds.index(b"moov")]).check(edit_lists=edit_lists)


class _Movie:
    """The moov box of a file."""

    def __init__(self, file: IO[bytes], moov: Box) -> None:
        self._file, self._moov = file, moov

    def check(self, *, edit_lists: bool) -> float:
        seconds = self._seconds(self._find(self._moov, b"mvhd"))
        if not SHORTEST - ROUNDING <= seconds <= LONGEST + ROUNDING:
            raise Refused(f"{seconds:.2f} s long")
        tracks = [box for box in self._inside(self._moov) if box.kind == b"trak"]
        pictures = [track for track in tracks if self._handler(track) == b"vide"]
        if not pictures:
            raise Refused("no picture")
        for track in pictures:
            self._check_picture(track)
        for track in tracks:
            if self._handler(track) == b"soun":
                self._check_sound(track)
            if not edit_lists and any(box.kind == b"edts" for box in self._inside(track)):
                raise Refused("an edit list")
        return seconds

    def _inside(self, box: Box, skip: int = 0) -> Iterator[Box]:
        yield from boxes(self._file, box.start + skip, box.end)

    def _find(self, box: Box, *path: bytes) -> Box:
        for kind in path:
            found = next((inner for inner in self._inside(box) if inner.kind == kind), None)
            if found is None:
                raise Refused(f"the box {kind.decode()} is missing")
            box = found
        return box

    def _read(self, box: Box, offset: int, form: str) -> tuple[int, ...]:
        """Numbers of a box.

        Raises:
            Refused: It is shorter.
        """
        size = struct.calcsize(form)
        if box.start + offset + size > box.end:
            raise Refused(f"the box {box.kind.decode('latin-1')} is too short")
        self._file.seek(box.start + offset)
        return struct.unpack(form, self._file.read(size))

    def _seconds(self, header: Box) -> float:
        """The length that mvhd or mdhd tells."""
        (version,) = self._read(header, 0, ">B")
        scale, length = self._read(header, 20, ">IQ") if version else self._read(header, 12, ">II")
        return length / scale if scale else 0.0

    def _handler(self, track: Box) -> bytes:
        (kind,) = self._read(self._find(track, b"mdia", b"hdlr"), 8, ">I")
        return kind.to_bytes(4)

    def _sample(self, track: Box) -> Box:
        """The first description of the track's samples."""
        table = self._find(track, b"mdia", b"minf", b"stbl", b"stsd")
        found = next(self._inside(table, 8), None)
        if found is None:
            raise Refused("no sample description")
        return found

    def _check_picture(self, track: Box) -> None:
        sample = self._sample(track)
        if sample.kind not in PICTURES:
            raise Refused(f"the picture is {sample.kind.decode('latin-1')}")
        width, height = self._read(sample, 24, ">HH")
        if not 0 < width <= WIDEST or not 0.01 <= width / max(height, 1) <= 10:
            raise Refused(f"the picture is {width}x{height}")
        rate = self._frames(track) / (self._seconds(self._find(track, b"mdia", b"mdhd")) or 1)
        if not SLOWEST - ROUNDING <= rate <= FASTEST + ROUNDING:
            raise Refused(f"{rate:.2f} frames a second")

    def _frames(self, track: Box) -> int:
        table = self._find(track, b"mdia", b"minf", b"stbl", b"stts")
        (runs,) = self._read(table, 4, ">I")
        if table.start + 8 + 8 * runs > table.end:
            raise Refused("the box stts is too short")
        return sum(self._read(table, 8 + 8 * run, ">I")[0] for run in range(runs))

    def _check_sound(self, track: Box) -> None:
        sample = self._sample(track)
        if sample.kind != b"mp4a" or self._object_type(sample) != AAC:
            raise Refused("the sound is not AAC")
        channels, _, _, rate = self._read(sample, 16, ">HHII")
        if not 1 <= channels <= 2 or rate >> 16 > SHARPEST_SOUND:
            raise Refused(f"{channels} channels of {rate >> 16} Hz")

    def _object_type(self, sample: Box) -> int:
        (version,) = self._read(sample, 8, ">H")
        within = list(self._inside(sample, 44 if version == 1 else 28))  # version 1: QuickTime's
        within += [box for wave in within if wave.kind == b"wave" for box in self._inside(wave)]
        esds = next((box for box in within if box.kind == b"esds"), None)
        if esds is None:
            raise Refused("the sound is not described")
        self._file.seek(esds.start + 4)
        return _object_type(self._file.read(esds.end - esds.start - 4))


def _object_type(esds: bytes) -> int:
    """What DecoderConfigDescriptor of an MPEG-4 descriptor says; 0 when there is none."""
    at = 0
    while at + 2 < len(esds):
        tag, at = esds[at], at + 1
        while at < len(esds) and esds[at] & 0x80:  # lengths in groups of seven bits
            at += 1
        at += 1
        if tag == 4:
            return esds[at] if at < len(esds) else 0
        at += 3 if tag == 3 else 0  # ES_Descriptor: id and flags, then what it holds
    return 0
