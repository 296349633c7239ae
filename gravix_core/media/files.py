"""Where media lie and how they get there: whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gravix_core.errors import Cancelled, DiskFull, FileUnwritable, SourceRefused
from gravix_core.model import Watch

TEMPORARY = ".tmp"
_DRAFT = re.compile(r"\.(?P<pid>\d+)-[0-9a-f]{8}\.tmp$")
"""The end of the names that `_draft` makes."""
_BLOCK = 4 << 20


def source_file(videos: Path, video_id: int, suffix: str) -> Path:
    """Where the source of a video lies; `suffix` with its dot."""
    return videos / str(video_id) / f"source{suffix}"


def reel_file(videos: Path, video_id: int, reel_id: int) -> Path:
    return videos / str(video_id) / "reels" / f"{reel_id}.mp4"


def cover_file(videos: Path, video_id: int, reel_id: int) -> Path:
    return videos / str(video_id) / "reels" / f"{reel_id}.jpg"


def sheet_file(videos: Path, video_id: int, reel_id: int) -> Path:
    """Where the nine pictures lie, side by side, of which one becomes a reel's cover."""
    return videos / str(video_id) / "reels" / f"{reel_id}.sheet.jpg"


def thumbnail_file(videos: Path, video_id: int) -> Path:
    return videos / str(video_id) / "thumbnail.jpg"


def proxy_file(videos: Path, video_id: int) -> Path:
    return videos / str(video_id) / "proxy.mp4"


def chunk_file(videos: Path, video_id: int, chunk_id: int, suffix: str) -> Path:
    """Where a copy of a chunk lies; `suffix` with its dot."""
    return videos / str(video_id) / "chunks" / f"{chunk_id}{suffix}"


def hash_file(file: Path, *, watch: Watch | None = None) -> str:
    """SHA-256 of the bytes, in hex.

    Raises:
        Cancelled: `watch` asked to stop.
        FileUnwritable: It cannot be read.
    """
    digest = hashlib.sha256()
    with room_watched(), file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            if watch is not None and watch.should_stop():
                raise Cancelled(f"stopped while {file.name} was read")
    return digest.hexdigest()


@contextmanager
def room_watched() -> Iterator[None]:
    """Turn "no space left" into a DiskFull, and what else the system refuses into ours."""
    try:
        yield
    except OSError as exc:
        if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull("the disk is full") from exc
        raise FileUnwritable(f"a file cannot be read or written: {exc.strerror}") from exc


@contextmanager
def atomic(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """Give a temporary name per target; on success each is flushed and renamed, in order.

    When the block raises, the temporary files are removed and the targets are as they were.
    Only when a later rename fails may an earlier target be new already.

    Raises:
        DiskFull: No room.
        FileUnwritable: The system refused for another reason.
    """
    drafts = tuple(_draft(target) for target in targets)
    try:
        with room_watched():
            for target in targets:
                target.parent.mkdir(parents=True, exist_ok=True)
            yield drafts
            for draft in drafts:
                _flush(draft)
            for draft, target in zip(drafts, targets, strict=True):
                draft.replace(target)
            for folder in {target.parent for target in targets}:
                _flush_folder(folder)
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def copy_file(source: Path, target: Path, *, watch: Watch) -> str:
    """Copy bytes, never the file's owner or mode; the target is whole or absent.

    Returns:
        SHA-256 of what was written, in hex.

    Raises:
        Cancelled: `watch` asked to stop.
        DiskFull: No room.
        SourceRefused: The source changed its size meanwhile.
    """
    with room_watched():
        size = source.stat().st_size
        _check_room(target, size)
    digest = hashlib.sha256()
    with atomic(target) as (draft,), source.open("rb") as from_, draft.open("wb") as to:
        done = 0
        while block := from_.read(_BLOCK):
            to.write(block)
            digest.update(block)
            done += len(block)
            if watch.should_stop():
                raise Cancelled(f"stopped while {source.name} was copied")
            watch.progress(100 * min(1.0, done / max(size, 1)))
        if done != size:
            raise SourceRefused(
                f"{source.name} was still being written",
                hint="Wait until the recording or download has ended, then try again.",
            )
    return digest.hexdigest()


def sweep(folder: Path, *, alive: Callable[[int], bool]) -> None:
    """Remove the temporary files, in `folder` and below, of processes that are gone.

    Args:
        alive: Whether a process with this id runs on this machine.
    """
    for file in folder.rglob(f"*{TEMPORARY}"):
        writer = _DRAFT.search(file.name)
        if writer is not None and not alive(int(writer["pid"])):
            file.unlink(missing_ok=True)


def free_bytes(folder: Path) -> int:
    """Free space where `folder` is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _check_room(target: Path, size: int) -> None:
    if free_bytes(target.parent) < size:
        raise DiskFull(f"{size / 1e6:.1f} MB are needed and there is less room on the disk")


def _draft(target: Path) -> Path:
    """Beside the target, since only within one disk is a rename atomic."""
    return target.with_name(f"{target.name}.{os.getpid()}-{os.urandom(4).hex()}{TEMPORARY}")


def _flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # folders cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
