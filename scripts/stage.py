"""An empty data directory in; one with films in every state, for pictures of the pages, out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from sqlalchemy import update

from gravix_core.handlers import settle
from gravix_core.jobs import queue
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Job, JobStatus, JobType, Reel, ReviewStatus, Seconds, Video
from gravix_core.settings import Settings
from gravix_core.store.tables import JobRow
from gravix_core.studio import Studio

SAMPLE = Path(__file__).resolve().parent.parent / "sample" / "gravix-sample.mp4"
CHUNK: Seconds = 12
FAR = datetime(2099, 1, 1, tzinfo=UTC)
PROGRESS = 63
EDITED = 3
"""The index of the reel that the picture of the Edit page shows."""


@dataclass(frozen=True, slots=True)
class Film:
    """A piece of the sample under a name of its own, made into reels to some point."""

    name: str
    start: Seconds
    reels: int
    """How many are made before it stops."""
    then: Callable[[Studio, Video], None]


def stage(data: Path) -> int:
    """Fill a data directory: one video ready, others failed, cancelled, at work and waiting.

    What is at work looks as if another machine had it in hand, so that it stays so.

    Returns:
        The id of a reel that is worth editing.
    """
    settings = Settings.load(data_dir=data, env_file=None)
    fixed = {"chunk_duration": CHUNK, "gravix_workers": 1, "gravix_folder_dir": data / "folder"}
    beside = {"gravix_renders": 2}  # one of them is for what looks as if it was at work elsewhere
    studio = Studio.open(settings.model_copy(update=fixed | beside))
    try:
        for film in FILMS:
            film.then(studio, _make(studio, film, data / "films"))
        reels = studio.process(str(SAMPLE), on_change=_unheard).reels
        look_at(studio, reels)
        return reels[EDITED].id
    finally:
        studio.close()


def _make(studio: Studio, film: Film, folder: Path) -> Video:
    folder.mkdir(exist_ok=True)
    file = folder / f"{film.name}.mp4"
    span = ["-ss", f"{film.start:g}", "-t", f"{5 * CHUNK:g}"]
    argv = [str(ffmpeg_program()), "-v", "error", *span, "-i", str(SAMPLE), "-c", "copy", str(file)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    enough = Event()

    def look(jobs: tuple[Job, ...]) -> None:
        done = [job.job_type for job in jobs if job.status is JobStatus.COMPLETED]
        is_cut = JobType.VIDEO_CUTTING in done
        if is_cut and done.count(JobType.REEL_CONVERSION) >= film.reels:
            enough.set()

    return studio.process(str(file), on_change=look, closing=enough).video


def look_at(studio: Studio, reels: tuple[Reel, ...]) -> None:
    """Approve the first two and put one into the folder, reject the third."""
    verdicts = (ReviewStatus.APPROVED, ReviewStatus.APPROVED, ReviewStatus.REJECTED)
    for reel, verdict in zip(reels, verdicts, strict=False):
        studio.review.decide(reel.id, verdict, seen=reel.version)
    studio.review.put_into_folder(reels[0].id, seen=reels[0].version)


def leave(studio: Studio, video: Video) -> None:
    """What is left to do waits, and is not due before long."""
    with studio.store.begin() as tx:
        mine = JobRow.video_id == video.id
        waits = update(JobRow).where(mine, JobRow.status == JobStatus.PENDING)
        tx.session.execute(waits.values(run_after=FAR))


def hold(studio: Studio, video: Video) -> None:
    """One of its renders is at work, the others wait."""
    now = datetime.now(UTC)
    with studio.store.begin() as tx:
        job = queue.claim(tx, "elsewhere/1", now=now, video_id=video.id)
        if job is None:
            raise SystemExit(f"{video.title} has nothing left to do")
        queue.set_progress(tx, job, PROGRESS, now=now)
        settle(tx, job)
        tx.session.execute(update(JobRow).where(JobRow.id == job.id).values(lease_until=FAR))
    leave(studio, video)


def spoil(studio: Studio, video: Video) -> None:
    """Damage the source, and go on with it: what is left fails."""
    if video.file is None:
        raise SystemExit(f"{video.title} has not been brought in")
    video.file.write_bytes(b"no film at all")
    studio.activity.retry(video.id)
    studio.jobs.run_video(video.id, workers=1, on_change=_unheard)


def cancel(studio: Studio, video: Video) -> None:
    studio.activity.cancel(video.id)


def _unheard(_: tuple[Job, ...]) -> None:
    pass


FILMS = (
    Film("Street scenes", 10, 2, cancel),
    Film("Earth at night", 0, 3, spoil),
    Film("Cartoons explained", 30, 0, leave),
    Film("How short films keep people watching", 20, 2, hold),
)
