"""A folder in; a data directory of many videos and reels, whose files play, out.

Rows are written past the store, since it takes them one by one; files are links to one clip.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from gravix_core.media.files import cover_file, reel_file, source_file, thumbnail_file
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import (
    AcceptReport,
    JobStatus,
    JobType,
    ReviewStatus,
    RuleLevel,
    RuleResult,
    ScorePart,
    VideoStatus,
)
from gravix_core.store import documents
from gravix_core.store.engine import parse, pooled
from gravix_core.store.store import Store
from gravix_core.store.tables import Base, ChunkRow, JobRow, LogRow, ReelRow, VideoRow

CHUNK = 35.0
CLIP_SECONDS = 6
CLIP_BITS = 12_000_000
"""Per second: a clip of some 9 MB, so that a server that keeps it in memory is found out."""
DAY_ONE = datetime(2026, 1, 1, 12, tzinfo=UTC)
CAPTION = "The arch carries the load down to the ground. " * 8
RULES = AcceptReport((RuleResult("length", RuleLevel.PASS, "35.0 s", "3 to 900 s"),) * 12)
PARTS = (ScorePart("Speech", 90, 60, "Somebody speaks most of the time."),) * 4
STATES = (ReviewStatus.TO_REVIEW, ReviewStatus.TO_REVIEW, ReviewStatus.APPROVED)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Amount:
    videos: int
    reels: int
    """Of each video."""


def fill(data: Path, amount: Amount) -> str:
    """Make a data directory; its database's address."""
    url = f"sqlite:///{(data / 'gravix.db').as_posix()}"
    Store.open(url, data / "videos").close()
    _write_rows(url, amount)
    _write_files(data, amount)
    return url


def _write_rows(url: str, amount: Amount) -> None:
    engine = pooled(parse(url))
    written: tuple[tuple[type[Base], Iterator[Row]], ...] = (
        (VideoRow, _videos(amount)),
        (ChunkRow, _chunks(amount)),
        (ReelRow, _reels(amount)),
        (JobRow, _jobs(amount)),
        (LogRow, _logs(amount)),
    )
    with engine.begin() as connection:
        for kind, rows in written:
            table = kind.__table__
            assert isinstance(table, Table)
            connection.execute(insert(table), list(rows))
    engine.dispose()


def _write_files(data: Path, amount: Amount) -> None:
    clip, still = _clip(data / "clip")
    videos = data / "videos"
    for video in range(1, amount.videos + 1):
        reel_file(videos, video, 0).parent.mkdir(parents=True)
        os.link(clip, source_file(videos, video, ".mp4"))
        os.link(still, thumbnail_file(videos, video))
        for reel in _reel_ids(video, amount):
            os.link(clip, reel_file(videos, video, reel))
            os.link(still, cover_file(videos, video, reel))


def _clip(folder: Path) -> tuple[Path, Path]:
    """A film with noise, so that its bits are needed, and a picture of it."""
    folder.mkdir()
    film, still = folder / "clip.mp4", folder / "clip.jpg"
    picture = f"testsrc2=s=540x960:r=30:d={CLIP_SECONDS},noise=alls=60:allf=t"
    sound = f"sine=f=330:r=48000:d={CLIP_SECONDS}"
    codec = f"-c:v libx264 -preset ultrafast -b:v {CLIP_BITS} -pix_fmt yuv420p -c:a aac"
    argv = [str(ffmpeg_program()), "-v", "error", "-f", "lavfi", "-i", picture]
    argv += ["-f", "lavfi", "-i", sound, *codec.split(), "-movflags", "+faststart", str(film)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    small = "-frames:v 1 -vf scale=270:-2"
    argv = [str(ffmpeg_program()), "-v", "error", "-i", str(film), *small.split(), str(still)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    return film, still


def _reel_ids(video: int, amount: Amount) -> range:
    """A reel and its chunk have the same id."""
    first = (video - 1) * amount.reels + 1
    return range(first, first + amount.reels)


def _videos(amount: Amount) -> Iterator[Row]:
    for video in range(1, amount.videos + 1):
        at = DAY_ONE + timedelta(hours=video)
        yield {
            "id": video,
            "title": f"Talk {video}: how a bridge is built",
            "description": "",
            "source_name": f"talk-{video}.mp4",
            "source_sha256": f"{video:064x}",
            "layout": "fit",
            "chunk_duration": CHUNK,
            "duration": CHUNK * amount.reels,
            "download_path": f"{video}/source.mp4",
            "status": VideoStatus.COMPLETED,
            "created_at": at,
            "updated_at": at,
        }


def _chunks(amount: Amount) -> Iterator[Row]:
    for video in range(1, amount.videos + 1):
        for index, chunk in enumerate(_reel_ids(video, amount)):
            yield {
                "id": chunk,
                "video_id": video,
                "chunk_index": index,
                "start_time": CHUNK * index,
                "end_time": CHUNK * (index + 1),
                "duration": CHUNK,
                "created_at": DAY_ONE,
            }


def _reels(amount: Amount) -> Iterator[Row]:
    parts, report = documents.parts_document(PARTS), documents.report_document(RULES)
    for video in range(1, amount.videos + 1):
        for index, reel in enumerate(_reel_ids(video, amount)):
            yield {
                "id": reel,
                "video_id": video,
                "chunk_id": reel,
                "chunk_index": index,
                "reel_start": CHUNK * index,
                "reel_end": CHUNK * (index + 1),
                "title": f"How a bridge is built, part {index + 1}",
                "caption": CAPTION,
                "hashtags": [f"#bridges{n}" for n in range(12)],
                "topics": ["bridges", "building"],
                "quality_score": 40 + reel % 60,
                "score_parts": parts,
                "written_by": "basic",
                "text_version": 1,
                "file_path": f"{video}/reels/{reel}.mp4",
                "cover_path": f"{video}/reels/{reel}.jpg",
                "duration": CHUNK,
                "byte_size": CLIP_BITS,
                "sha256": f"{reel:064x}"[::-1],
                "plan": "plan",
                "accept_report": report,
                "review_status": STATES[reel % len(STATES)],
                "created_at": DAY_ONE,
                "updated_at": DAY_ONE,
            }


def _jobs(amount: Amount) -> Iterator[Row]:
    for video in range(1, amount.videos + 1):
        keys = [(JobType.YT_DOWNLOAD, "download"), (JobType.VIDEO_CUTTING, "cut")]
        keys += [(JobType.AI_METADATA, f"describe/{n}") for n in range(0, amount.reels, 10)]
        for kind, key in keys:
            yield _job(video, kind, f"video/{video}/{key}", {"video_id": video})
        for reel in _reel_ids(video, amount):
            key, args = f"reel/{reel}/convert", {"reel_id": reel}
            yield _job(video, JobType.REEL_CONVERSION, key, args)


def _job(video: int, kind: JobType, key: str, args: Row) -> Row:
    at = DAY_ONE + timedelta(hours=video)
    return {
        "job_type": kind,
        "key": key,
        "video_id": video,
        "status": JobStatus.COMPLETED,
        "progress": 100,
        "attempts": 1,
        "args": args,
        "started_at": at,
        "completed_at": at,
        "created_at": at,
        "updated_at": at,
    }


def _logs(amount: Amount) -> Iterator[Row]:
    for video in range(1, amount.videos + 1):
        for message in ("Taken in.", "Cut into chunks.", "All reels are ready."):
            yield {"video_id": video, "message": message, "created_at": DAY_ONE}
