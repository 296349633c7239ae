"""The folders of the house in, what they take of the disk out."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from gravix_core.media.files import free_bytes
from gravix_core.model import Seconds
from gravix_core.views import DiskUse

FRESH: Seconds = 10
"""A count is good for so long: every file is asked for its size, some 0.1 s for 20,000."""
MADE_AGAIN = ("thumbnail", "proxy", "chunks")
"""How the names in a video's folder begin that are neither its source nor its reels."""


class Disk:
    """The desk that counts bytes.

    Args:
        videos: Holds a folder per video.
        uploads: Where the browser's files come in.
        database: File of a SQLite database; None for a database that lies elsewhere.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        videos: Path,
        uploads: Path,
        *,
        database: Path | None,
        clock: Callable[[], Seconds] = time.monotonic,
    ) -> None:
        self._videos = videos
        self._uploads = uploads
        self._database = database
        self._clock = clock
        self._counting = threading.Lock()
        self._last: tuple[Seconds, DiskUse] | None = None

    def use(self) -> DiskUse:
        """At most `FRESH` old; what is written or removed meanwhile may be in it or not."""
        with self._counting:
            now = self._clock()
            if self._last is None or now - self._last[0] >= FRESH:
                self._last = (now, self._count())
            return self._last[1]

    def _count(self) -> DiskUse:
        kinds = {"sources": 0, "reels": 0, "previews": 0}
        for folder in _entries(self._videos):
            for entry in _entries(folder) if folder.is_dir(follow_symlinks=False) else ():
                kinds[_kind(entry.name)] += _bytes(entry)
        return DiskUse(
            **kinds,
            uploads=sum(map(_bytes, _entries(self._uploads))),
            database=sum(map(_bytes, self._files_of_database())),
            free=free_bytes(self._videos),
        )

    def _files_of_database(self) -> Iterator[os.DirEntry[str]]:
        """Itself, what SQLite keeps beside it, and the copies from before migrations."""
        if self._database is not None:
            name = self._database.name
            yield from (e for e in _entries(self._database.parent) if e.name.startswith(name))


def _kind(name: str) -> str:
    if name == "reels":
        return "reels"
    return "previews" if name.startswith(MADE_AGAIN) else "sources"


def _bytes(entry: os.DirEntry[str]) -> int:
    """Of a file, or of all files in a folder; what is gone meanwhile has none."""
    try:
        if entry.is_dir(follow_symlinks=False):
            return sum(map(_bytes, _entries(entry)))
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def _entries(folder: Path | os.DirEntry[str]) -> Iterator[os.DirEntry[str]]:
    """None where there is no folder."""
    try:
        with os.scandir(folder) as found:
            yield from found
    except OSError:
        return
