"""The blocks of a file that comes from elsewhere in, the whole file out.

What has come lies in a part file, beside a note of what it is a part of, so that the next try
goes on from there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from gravix_core.errors import DiskFull, SourceError, SourceRefused, TooLarge
from gravix_core.media.files import room_watched
from gravix_core.model import Seconds, Watch

LEAST = 64 << 10
"""Bytes that must come within the time after which a server counts as stalled."""
MARGIN = 64 << 20
"""Bytes that stay free on the disk."""
UPLOAD = "Download the video yourself and upload the file instead."

_ROOM_EVERY = 32 << 20
_TOLD_EVERY = 1 << 20
_SNIFFED = 512
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg"}
    | {".flv", ".wmv", ".ogv", ".mxf"}
)
_SUFFIX_OF = {
    "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm", "video/mp2t": ".ts",
    "video/x-matroska": ".mkv", "video/x-msvideo": ".avi", "video/mpeg": ".mpg",
}  # fmt: skip
_NO_VIDEO = re.compile(r"(text|image|font|model|message)/|application/(.*(json|xml|mpegurl|pdf))")
_PLAYLIST = re.compile(rb"\s*(#EXTM3U|<MPD|<\?xml[^>]*>\s*<MPD)")
_TEXT = re.compile(rb"(\xef\xbb\xbf)?\s*(<[!?a-zA-Z]|[{\[]\s*[\"{\[])")

_SAID = {
    401: "the server gives this file only to people who are signed in",
    403: "the server does not give this file out",
    404: "there is no file at this address",
    410: "the file at this address is gone",
    429: "the server takes no more requests for a while",
}


class Broken(Exception):
    """Trying again may help."""


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer."""

    status: int
    headers: Mapping[str, str]
    """By names in any case of letters."""
    url: str
    """Where it came from in the end."""


class Line(Protocol):
    """One request: it hands out the head, then the bytes of the body, then None."""

    def next(self, watch: Watch, *, until: float) -> Head | bytes | None:
        """Wait for the next of them.

        Args:
            until: When to give up, by the monotonic clock.

        Raises:
            Cancelled: `watch` asked to stop.
            Broken: It took too long, or the connection broke.
            SourceRefused, SourceError: Trying again does not help.
        """
        ...

    def close(self) -> None:
        """Hang up, if that has not been done."""
        ...


@dataclass(frozen=True, slots=True)
class _Note:
    """Which file of the server's a part belongs to."""

    address: str
    """Hash of the link, which may hold a secret."""
    validator: str
    """What the server calls this state of the file; empty when it has no name."""
    total: int | None


class Part:
    """A file that is not whole yet, and the note of what it is a part of."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._note = file.with_name(f"{file.name}.json")

    def size(self) -> int:
        return self.file.stat().st_size if self.file.is_file() else 0

    def note(self, address: str) -> _Note | None:
        """None when there is nothing that a download of `address` may go on from."""
        try:
            note = _Note(**json.loads(self._note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return note if note.address == address and note.validator and self.size() else None

    def begin(self, note: _Note) -> None:
        with room_watched():
            self.drop()
            self._note.write_text(json.dumps(asdict(note)), encoding="utf-8")

    def drop(self) -> None:
        self.file.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def become(self, target: Path) -> Path:
        with room_watched():
            with self.file.open("rb+") as stream:
                os.fsync(stream.fileno())
            self.file.replace(target)
            self._note.unlink(missing_ok=True)
        return target


class Bring:
    """One download, in one or several tries.

    Args:
        dial: Asks for the file with these headers.
        address: Where it lies; only its hash is kept.
        room: Free bytes where a folder is.
        stalled: How long a server may send nothing worth mentioning.
    """

    def __init__(
        self,
        dial: Callable[[Mapping[str, str]], Line],
        part: Part,
        *,
        address: str,
        limit_bytes: int,
        watch: Watch,
        room: Callable[[Path], int],
        stalled: Seconds,
    ) -> None:
        self._dial, self._part, self._limit = dial, part, limit_bytes
        self._watch, self._room, self._stalled = watch, room, stalled
        self._address = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()

    def once(self) -> Path:
        """Go on from the part, if it belongs to the same file, or begin.

        The part stays when this raises, save for a SourceRefused.

        Returns:
            The whole file: ``source`` beside the part, with its own ending.

        Raises:
            Broken: Trying again may help.
            Cancelled, DiskFull, TooLarge, SourceRefused, SourceError: It does not.
        """
        note = self._part.note(self._address)
        line = self._dial(_resume(note, self._part.size()))
        try:
            head = line.next(self._watch, until=time.monotonic() + self._stalled)
            if not isinstance(head, Head):
                raise Broken("the server sent no answer")
            total = self._opened(head, note)
            blocks = self._blocks(line)
            self._write(blocks if head.status == 206 else _sniffed(blocks), total)
        except SourceRefused:
            self._part.drop()
            raise
        finally:
            line.close()
        return self._part.become(self._part.file.with_name(f"source{_suffix(head)}"))

    def _opened(self, head: Head, note: _Note | None) -> int | None:
        """Check the headers and make the part ready for what follows.

        Returns:
            Bytes of the whole file, where the server says so.
        """
        self._check_status(head.status)
        length = head.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else None
        if head.status == 206:
            return self._continued(head, note)
        _check_type(head.headers)
        self._check_size(total)
        self._check_room(total or 0)
        self._part.begin(_Note(self._address, _validator(head.headers), total))
        return total

    def _check_status(self, status: int) -> None:
        if status in {200, 206}:
            return
        if status == 416:
            self._part.drop()
            raise Broken("the file on the server has changed")
        if status >= 500:
            raise Broken("the server failed")
        said = _SAID.get(status, f"the server did not give the file (HTTP {status})")
        raise SourceError(said, hint=f"Check that the link plays in your browser. {UPLOAD}")

    def _continued(self, head: Head, note: _Note | None) -> int | None:
        span = _RANGE.fullmatch(head.headers.get("Content-Range", ""))
        total = int(span[2]) if span and span[2] != "*" else None
        have = self._part.size()
        if not (note and span and int(span[1]) == have and total == note.total):
            self._part.drop()
            raise Broken("the file on the server has changed")
        self._check_room((total or have) - have)
        return total

    def _blocks(self, line: Line) -> Iterator[bytes]:
        """What comes, until the end; a server that drips is as good as one that is silent."""
        until, owed = time.monotonic() + self._stalled, LEAST
        while isinstance(block := line.next(self._watch, until=until), bytes):
            owed -= len(block)
            if owed <= 0:
                until, owed = time.monotonic() + self._stalled, LEAST
            elif time.monotonic() > until:
                raise Broken("the server sends too slowly")
            yield block

    def _write(self, blocks: Iterator[bytes], total: int | None) -> None:
        have = looked = told = self._part.size()
        with room_watched(), self._part.file.open("ab") as stream:
            for block in blocks:
                self._check_size(have + len(block))
                stream.write(block)
                have += len(block)
                if have - looked >= _ROOM_EVERY:
                    looked = have
                    self._check_room((total or have) - have)
                if total and (have == total or have - told >= _TOLD_EVERY):
                    told = have
                    self._watch.progress(min(100.0, 100 * have / total))
        if have == 0 or (total is not None and have != total):
            raise Broken("the server sent only a part of the file")

    def _check_size(self, size: int | None) -> None:
        if size is not None and size > self._limit:
            raise TooLarge(
                f"the file is larger than {self._limit / 1e6:,.0f} MB",
                hint=f"Set GRAVIX_MAX_DOWNLOAD_BYTES higher and start Gravix again. {UPLOAD}",
            )

    def _check_room(self, needed: int) -> None:
        if self._room(self._part.file.parent) < needed + MARGIN:
            raise DiskFull(f"{(needed + MARGIN) / 1e6:.1f} MB are needed and there is less room")


def _resume(note: _Note | None, have: int) -> dict[str, str]:
    return {"Range": f"bytes={have}-", "If-Range": note.validator} if note else {}


def _sniffed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same, once the first bytes have been looked at."""
    first = b""
    for block in blocks:
        first += block
        if len(first) >= _SNIFFED:
            break
    _check_start(first)
    yield first
    yield from blocks


def _check_type(headers: Mapping[str, str]) -> None:
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise SourceRefused("the server sends this file compressed only", hint=UPLOAD)
    if _NO_VIDEO.match(kind) or "mpegurl" in kind:
        raise _no_video("a page or a picture" if "mpegurl" not in kind else "a play list")


def _check_start(first: bytes) -> None:
    if _PLAYLIST.match(first):
        raise _no_video("a play list")
    if _TEXT.match(first):
        raise _no_video("a page")


def _no_video(what: str) -> SourceRefused:
    return SourceRefused(
        f"there is no video file at this address, but {what}",
        hint=f"Give the link of the file itself, which often ends in .mp4. {UPLOAD}",
    )


def _validator(headers: Mapping[str, str]) -> str:
    """The strong ETag, or the time of the last change.  Source: RFC 9110, 13.1.5."""
    tag = str(headers.get("ETag", ""))
    return tag if tag.startswith('"') else str(headers.get("Last-Modified", ""))


def _suffix(head: Head) -> str:
    suffix = PurePosixPath(urlsplit(head.url or "").path).suffix.lower()
    kind = head.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return suffix if suffix in _SUFFIXES else _SUFFIX_OF.get(kind, ".video")
