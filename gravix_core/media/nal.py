"""A coded key frame in, whether it closes the group before it out.  Pure.

Source: ITU-T H.264 table 7-1 and H.265 table 7-1 (types of NAL units), read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Iterator

_LENGTH = 4
"""Bytes of a unit's length; every common muxer writes four."""
_START_CODE = b"\0\0\1"
_H264_SLICES = range(1, 6)
_H264_IDR = 5
_HEVC_SLICES = range(32)
_HEVC_IDR = frozenset({19, 20})


def is_idr(packet: bytes, codec: str) -> bool:
    """True when the frame is an instantaneous refresh, or when the codec has no other kind."""
    if codec not in {"h264", "hevc"}:
        return True
    for first in _unit_heads(packet):
        kind = first & 0x1F if codec == "h264" else first >> 1 & 0x3F
        if kind in (_H264_SLICES if codec == "h264" else _HEVC_SLICES):
            return kind == _H264_IDR if codec == "h264" else kind in _HEVC_IDR
    return True


def _unit_heads(packet: bytes) -> Iterator[int]:
    """First byte of each unit, of length-prefixed (mp4) or start-coded (mpeg) packets."""
    starts = _by_length(packet) or _by_start_code(packet)
    return (packet[start] for start in starts)


def _by_length(packet: bytes) -> list[int]:
    """Empty unless the lengths fill the packet exactly.

    A length of 256 to 511 looks like a start code, so this way has to be tried first.
    """
    starts, position = [], 0
    while position + _LENGTH < len(packet):
        starts.append(position + _LENGTH)
        position += _LENGTH + int.from_bytes(packet[position : position + _LENGTH], "big")
    return starts if position == len(packet) else []


def _by_start_code(packet: bytes) -> list[int]:
    starts, position = [], packet.find(_START_CODE)
    while 0 <= position < len(packet) - len(_START_CODE):
        starts.append(position + len(_START_CODE))
        position = packet.find(_START_CODE, position + len(_START_CODE))
    return starts
