"""What an engine has left in; every broken promise, as a sentence, out."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gravix_core.media.files import hash_file
from gravix_core.media.process import ffmpeg_program
from tests.crash.engines import Yard


@dataclass(frozen=True)
class Entry:
    """A line of the journal that `points` writes."""

    pid: int
    what: str
    about: str


def entries(yard: Yard) -> tuple[Entry, ...]:
    text = yard.journal.read_text(encoding="utf-8") if yard.journal.exists() else ""
    return tuple(Entry(**json.loads(line)) for line in text.splitlines())


def deaths(yard: Yard) -> Counter[str]:
    """How often an engine has killed itself at each point."""
    return Counter(entry.about for entry in entries(yard) if entry.what == "died")


def complaints(yard: Yard, *, seconds: float) -> list[str]:
    """Of an engine that has ended its work on a film of so many seconds."""
    return [*_unfinished(yard), *_reels(yard, seconds), *_files(yard), *_twice(yard)]


def _unfinished(yard: Yard) -> Iterator[str]:
    for key, status, said in yard.rows("SELECT key, status, error_message FROM jobs"):
        if status != "completed":
            yield f"the job {key} is {status}: {said}"
    for video_id, status, said in yard.rows("SELECT id, status, error_message FROM videos"):
        if status != "completed" or said:
            yield f"the video {video_id} is {status}: {said}"
    if (found := yard.rows("PRAGMA integrity_check")) != [("ok",)]:
        yield f"the database is damaged: {found}"


def _reels(yard: Yard, seconds: float) -> Iterator[str]:
    spans = yard.rows("SELECT start_time, end_time FROM video_chunks ORDER BY chunk_index")
    edges = [0.0, *(end for _, end in spans)]
    if [start for start, _ in spans] != edges[:-1] or abs(edges[-1] - seconds) > 0.5:
        yield f"the chunks are no partition of {seconds:g} s: {spans}"
    columns = "id, file_path, cover_path, byte_size, sha256, title"
    reels = yard.rows(f"SELECT {columns} FROM reels ORDER BY id")
    if len(reels) != len(spans):
        yield f"{len(reels)} reels of {len(spans)} chunks"
    converted = Counter(yard.rows("SELECT args FROM jobs WHERE job_type = 'reel_conversion'"))
    if len(converted) != len(reels) or set(converted.values()) != {1}:
        yield f"the jobs are not one per reel: {converted}"
    for reel_id, file_path, cover_path, byte_size, sha256, title in reels:
        if not (file_path and cover_path and title):
            yield f"the reel {reel_id} is not finished"
            continue
        file = yard.data / "videos" / file_path
        if file.stat().st_size != byte_size or hash_file(file) != sha256:
            yield f"{file.name} is not as it was recorded"
        if said := unplayable(file):
            yield f"{file.name} does not play: {said}"


def unplayable(file: Path) -> str:
    """What ffmpeg says against a file when it plays it to its end; empty for a good one."""
    argv = [str(ffmpeg_program()), "-v", "error", "-xerror", "-i", str(file), "-f", "null", "-"]
    done = subprocess.run(argv, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    said = done.stderr.decode(errors="replace").strip()
    return said or (f"exit code {done.returncode}" if done.returncode else "")


def _files(yard: Yard) -> Iterator[str]:
    """Nothing lies among the videos but what belongs there; no draft lies anywhere."""
    folder = yard.data / "videos"
    expected = set()
    for video_id, source in yard.rows("SELECT id, download_path FROM videos"):
        expected |= {folder / str(source), folder / str(video_id) / "thumbnail.jpg"}
    for video_id, reel_id in yard.rows("SELECT video_id, id FROM reels"):
        stem = folder / str(video_id) / "reels"
        expected |= {stem / f"{reel_id}{ending}" for ending in (".mp4", ".jpg", ".sheet.jpg")}
    found = {file for file in folder.rglob("*") if not file.is_dir()} | set(yard.drafts())
    yield from (f"{file.relative_to(yard.data)} was left" for file in sorted(found - expected))
    yield from (f"{file.relative_to(yard.data)} is missing" for file in sorted(expected - found))


def _twice(yard: Yard) -> Iterator[str]:
    """A file that was written down as finished is never put in place again."""
    kept: set[str] = set()
    for entry in entries(yard):
        if entry.what == "kept":
            kept.add(entry.about)
        elif entry.what == "renamed" and entry.about in kept:
            yield f"{Path(entry.about).name} was finished, and made again"
