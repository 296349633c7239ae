"""What the browser sends in, whole files in a folder per batch out.

A batch is one video with its transcripts.  Its name is made by the page, and the files keep theirs
as far as every system takes them, since a transcript is found by the video's name.
"""

from __future__ import annotations

import errno
import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from gravix_core.errors import DiskFull, SourceRefused, TooLarge
from gravix_core.media.files import TEMPORARY, atomic, copy_file, free_bytes, room_watched, sweep
from gravix_core.model import Seconds, Watch

DAY: Seconds = 24 * 3600
MB = 1024 * 1024
LONGEST_STEM, LONGEST_SUFFIX = 180, 20
"""In bytes.  File systems take 255, and a draft's name is longer by some 25.  The stem is cut apart
from the suffix, so that a video and its transcript still have one name."""

_BATCH = re.compile(r"[0-9a-f]{32}")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
"""In the names of files on Windows."""
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that mean no file on Windows, whatever follows the dot."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_JOINERS = frozenset("\u200c\u200d")
"""Part of the spelling in Persian, Bengali and many emoji."""


class Incoming:
    """One file on its way in."""

    def __init__(self, to: BinaryIO, *, limit_bytes: int) -> None:
        self._to = to
        self._left = self._limit = limit_bytes

    @property
    def byte_size(self) -> int:
        """Of what has come so far."""
        return self._limit - self._left

    def write(self, block: bytes) -> None:
        """
        Raises:
            TooLarge: More has come than may.
            DiskFull, FileUnwritable: It cannot be written.
        """
        if len(block) > self._left:
            raise too_large(self._limit)
        with room_watched():
            self._to.write(block)
        self._left -= len(block)


class Inbox:
    """The folder of files that have been sent and not yet taken into the house.

    Args:
        folder: Made when the first file comes.
        limit_bytes: Largest file that is taken.
    """

    def __init__(self, folder: Path, *, limit_bytes: int) -> None:
        self.folder = folder.absolute()
        self.limit_bytes = limit_bytes

    @contextmanager
    def receive(self, batch: str, name: str, *, announced: int | None = None) -> Iterator[Incoming]:
        """Take one file; it appears when the block ends, under `safe_name` of its name.

        When the block raises, nothing is left of it, and a file of that name stays as it was.

        Args:
            batch: See `is_batch`.
            name: As the sender calls the file.
            announced: Its length in bytes, where that is known before.

        Raises:
            SourceRefused: `batch` is none.
            TooLarge: It is larger than `limit_bytes`; found before anything is written when it
                is announced.
            DiskFull, FileUnwritable: It cannot be written.
        """
        target = self._batch(batch) / safe_name(name)
        if announced is not None and announced > self.limit_bytes:
            raise too_large(self.limit_bytes)
        if announced is not None and announced > free_bytes(self.folder):
            raise DiskFull(f"there is no room for a file of {announced / MB:.0f} MB on the disk")
        try:
            with atomic(target) as (draft,), draft.open("wb") as to:
                yield Incoming(to, limit_bytes=self.limit_bytes)
        except BaseException:
            with suppress(OSError):
                target.parent.rmdir()  # only when it is empty
            raise

    def files(self, batch: str) -> tuple[Path, ...]:
        """The whole files of a batch, by name; none when there is no such batch."""
        try:
            found = sorted(self._batch(batch).iterdir())
        except OSError:
            return ()
        return tuple(file for file in found if file.suffix != TEMPORARY and file.is_file())

    def drop(self, batch: str) -> None:
        """Remove a batch; one that is not there is fine."""
        shutil.rmtree(self._batch(batch), ignore_errors=True)

    def batch_of(self, file: Path) -> str | None:
        """The batch that `file` is of, there or not; None for a file that lies elsewhere."""
        batch = file.parent
        return batch.name if batch.parent == self.folder and is_batch(batch.name) else None

    def sweep(
        self,
        wanted: Callable[[str], bool],
        *,
        alive: Callable[[int], bool],
        older_than: Seconds = DAY,
    ) -> None:
        """Remove batches that nothing has come to for a while, and what crashes have left.

        Args:
            wanted: Whether somebody still refers to a batch.
            alive: Whether a process with this id runs on this machine.
            older_than: A younger batch may still be on its way.
        """
        if not self.folder.is_dir():
            return
        sweep(self.folder, alive=alive)
        for folder in sorted(self.folder.iterdir()):
            old = is_batch(folder.name) and _age(folder) >= older_than
            if old and not wanted(folder.name):
                self.drop(folder.name)

    def _batch(self, batch: str) -> Path:
        if not is_batch(batch):
            raise SourceRefused(
                "this is not the name of an upload", hint="Reload the page and add the file again."
            )
        return self.folder / batch


def is_batch(text: str) -> bool:
    """32 digits of a hexadecimal number in lower case: never a path."""
    return _BATCH.fullmatch(text) is not None


def too_large(limit_bytes: int) -> TooLarge:
    return TooLarge(f"the file is larger than {limit_bytes / MB:.0f} MB")


def move_file(file: Path, target: Path, *, watch: Watch) -> None:
    """Rename; between two disks copy and remove.  `target` is whole or absent at any time.

    Raises:
        Cancelled, DiskFull, FileUnwritable: As `copy_file`; `file` is still there.
    """
    with room_watched():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            file.replace(target)
        except OSError as exc:
            if exc.errno != errno.EXDEV:
                raise
            copy_file(file, target, watch=watch)
            file.unlink()


def safe_name(name: str) -> str:
    """A file's name that every system takes: no path, no device, nothing hidden or invisible.

    Letters of every script stay, composed as one system writes them; 200 bytes at most in UTF-8.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(char for char in last if _is_visible(char))
    plain = _FORBIDDEN.sub("_", seen).strip().lstrip(".- ").rstrip(". ")
    suffix = PurePosixPath(plain).suffix
    if len(suffix.encode()) > LONGEST_SUFFIX:
        suffix = ""
    stem = plain.removesuffix(suffix)
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    cut = stem.encode()[:LONGEST_STEM].decode(errors="ignore").rstrip(". ")
    return f"{cut or 'video'}{suffix}"


def _age(folder: Path) -> Seconds:
    """Since a file last came to it or went; none of what is going just now."""
    with suppress(OSError):
        return time.time() - folder.stat().st_mtime
    return 0


def _is_visible(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in _INVISIBLE
