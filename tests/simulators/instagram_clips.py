"""A description in, a tiny mp4 out: true boxes around media that nobody can play.  Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass

SCALE = 1000


@dataclass(frozen=True, slots=True)
class Clip:
    """What a reel of the rules looks like; each member may break one."""

    seconds: float = 5.0
    picture: bytes = b"avc1"
    size: tuple[int, int] = (1080, 1920)
    rate: int = 30
    sound: bytes | None = b"mp4a"
    object_type: int = 0x40
    """Of the sound in esds: AAC."""
    channels: int = 2
    sound_rate: int = 48000
    moov_first: bool = True
    edit_list: bool = False
    media: int = 2000
    """Bytes of media; two clips that differ in it differ as files."""


def make_clip(clip: Clip | None = None) -> bytes:
    it = clip or Clip()
    tracks = _track(it, b"vide", _picture(it), round(it.seconds * it.rate))
    if it.sound:
        tracks += _track(it, b"soun", _sound(it, it.sound), round(it.seconds * 50))
    moov = _box(b"moov", _header(b"mvhd", it.seconds, 80) + tracks)
    mdat = _box(b"mdat", bytes(at % 251 for at in range(it.media)))
    body = moov + mdat if it.moov_first else mdat + moov
    return _box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isomiso2avc1mp41") + body


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _header(kind: bytes, seconds: float, rest: int) -> bytes:
    body = struct.pack(">IIIII", 0, 0, 0, SCALE, round(seconds * SCALE))
    return _box(kind, body + bytes(rest))


def _track(clip: Clip, handler: bytes, sample: bytes, samples: int) -> bytes:
    table = _box(b"stsd", struct.pack(">II", 0, 1) + sample)
    table += _box(b"stts", struct.pack(">IIII", 0, 1, samples, SCALE // 50))
    media = _header(b"mdhd", clip.seconds, 4)
    media += _box(b"hdlr", bytes(8) + handler + bytes(13))
    media += _box(b"minf", _box(b"stbl", table))
    edits = _box(b"edts", _box(b"elst", bytes(8))) if clip.edit_list else b""
    return _box(b"trak", _box(b"tkhd", bytes(84)) + edits + _box(b"mdia", media))


def _picture(clip: Clip) -> bytes:
    return _box(clip.picture, bytes(24) + struct.pack(">HH", *clip.size) + bytes(50))


def _sound(clip: Clip, kind: bytes) -> bytes:
    config = b"\x04\x80\x80\x80\x0d" + bytes([clip.object_type]) + bytes(12)
    esds = _box(b"esds", bytes(4) + b"\x03\x80\x80\x80\x17" + bytes(3) + config)
    shape = struct.pack(">HHII", clip.channels, 16, 0, clip.sound_rate << 16)
    return _box(kind, bytes(16) + shape + esds)
