"""A data directory in; a real dashboard that works on it, and films for it, out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gravix_core.jobs import queue
from gravix_core.model import Job, JobStatus, JobType, Video
from gravix_core.settings import Settings
from gravix_core.studio import Studio
from tests.media.processes import with_word
from tests.web.servers import ROOT, Server, free_port, healthy, house, wait_until

SERVE = str(ROOT / "scripts" / "serve.py")
SLOW = {
    "GRAVIX_WORKERS": "1",
    "CHUNK_DURATION": "4",
    "REEL_WIDTH": "720",
    "REEL_HEIGHT": "1280",
}
"""One reel after the other, each long enough to be hit in the middle."""
BARE, MAKE_RUN = "streamlit run", "make run"
RENDERED_WITHIN = 240.0


@contextmanager
def at_work(data: Path, *, how: str = BARE, **more: str) -> Iterator[Server]:
    """A dashboard, started in one of the two ways."""
    port = free_port()
    env = house(data, API_PORT=str(port), **{**SLOW, **more})
    bare = ["-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    command = bare if how == BARE else [SERVE]
    log = data.parent / f"dashboard-{port}.log"
    with healthy(command, port=port, cwd=ROOT, env=env, log=log) as server:
        yield server


@contextmanager
def studio_on(data: Path) -> Iterator[Studio]:
    """Another process's view of the same data directory; it does no work."""
    studio = Studio.open(Settings.load(data_dir=data, env_file=None))
    try:
        yield studio
    finally:
        studio.close()


def hand_in(data: Path, film: Path) -> Video:
    """As the command line does it beside a dashboard."""
    with studio_on(data) as studio:
        chunk_duration = float(SLOW["CHUNK_DURATION"])
        return studio.intake.add(str(film), chunk_duration=chunk_duration).video


def jobs_of(data: Path, video: Video) -> tuple[Job, ...]:
    with studio_on(data) as studio, studio.store.read() as tx:
        return queue.of_video(tx, video.id)


def reels(data: Path) -> list[Path]:
    return sorted((data / "videos").glob("*/reels/*.mp4"))


def drafts(data: Path) -> list[Path]:
    return sorted(data.rglob("*.tmp"))


def renders(data: Path) -> set[int]:
    """Ids of the processes that make a reel in there."""
    return with_word(f"{data}/videos")


def until_second_reel(data: Path) -> None:
    """Wait until one reel is whole and ffmpeg is at work on the next."""
    wait_until(
        lambda: len(reels(data)) >= 1 and bool(drafts(data)) and bool(renders(data)),
        "a second reel begun",
        within=RENDERED_WITHIN,
    )


def until_done(data: Path, video: Video) -> None:
    def ended() -> bool:
        jobs = jobs_of(data, video)
        kinds = {job.job_type for job in jobs}
        return JobType.REEL_CONVERSION in kinds and all(
            job.status is JobStatus.COMPLETED for job in jobs
        )

    wait_until(ended, "every job is done", within=RENDERED_WITHIN)
