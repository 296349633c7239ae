"""An mp4 file in, the order and kinds of its boxes out.

Source: ISO/IEC 14496-12, section 4.2 (box header), read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_PARENTS = frozenset({"moov", "trak", "edts"})


@dataclass(frozen=True, slots=True)
class BoxFacts:
    """How an mp4 or mov file is laid out; all empty for any other file."""

    brand: str
    """Major brand, such as ``isom`` or ``qt``."""
    order: tuple[str, ...]
    """Kinds of the boxes at the top, in order."""
    edit_lists: int

    @property
    def moov_first(self) -> bool:
        return "moov" in self.order and "mdat" not in self.order[: self.order.index("moov")]


def read_boxes(file: Path) -> BoxFacts:
    """Walk the top of the file and the tracks' heads; media data is skipped, not read."""
    order: list[str] = []
    brand, edits = "", 0
    with file.open("rb") as stream:
        size = file.stat().st_size
        for depth, kind, body in _walk(stream, 0, size, 0):
            if depth == 0:
                order.append(kind)
            if kind == "ftyp" and depth == 0:
                stream.seek(body)
                brand = stream.read(4).decode("ascii", "replace").strip()
            edits += kind == "elst"
    known = bool(brand)
    return BoxFacts(brand, tuple(order) if known else (), edits if known else 0)


def _walk(stream: BinaryIO, start: int, end: int, depth: int) -> Iterator[tuple[int, str, int]]:
    position = start
    while position + 8 <= end:
        stream.seek(position)
        head = stream.read(16)
        size, kind = int.from_bytes(head[:4], "big"), head[4:8].decode("latin-1")
        body = position + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), position + 16
        elif size == 0:
            size = end - position
        if size < body - position:
            return  # damaged: no box is smaller than its own head
        yield depth, kind, body
        if kind in _PARENTS:
            yield from _walk(stream, body, min(position + size, end), depth + 1)
        position += size
