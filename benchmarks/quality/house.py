"""A film in, its reels out, through the front door as the command line goes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from gravix_core.framing import CropPath
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import (
    Job,
    JobStatus,
    JobType,
    MediaInfo,
    Reel,
    Size,
    Span,
    Unwatched,
)
from gravix_core.settings import Settings
from gravix_core.stages.reframe.crop_path import plan_crop_path
from gravix_core.stages.reframe.focus import look
from gravix_core.studio import Outcome, Studio

CANVAS = Size(1080, 1920)


@dataclass(frozen=True, slots=True)
class Made:
    """One reel of a film that the product has made."""

    source: Path
    reel: Reel
    layout: str

    @property
    def file(self) -> Path:
        assert self.reel.rendered is not None, "only finished reels are given"
        return self.reel.rendered.file

    @property
    def span(self) -> Span:
        return self.reel.span

    @property
    def name(self) -> str:
        return f"{self.source.stem} {self.reel.index + 1}"


@contextmanager
def house(folder: Path, **environment: str) -> Iterator[Studio]:
    """A studio in a fresh folder of its own, with some settings from the environment."""
    shutil.rmtree(folder, ignore_errors=True)
    with surroundings(environment):
        studio = Studio.open(Settings.load(data_dir=folder, env_file=None))
    try:
        yield studio
    finally:
        studio.close()


@contextmanager
def surroundings(environment: Mapping[str, str]) -> Iterator[None]:
    """Variables that are there for a while."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def make(studio: Studio, source: Path, *, layout: str | None = None) -> tuple[Made, ...]:
    """All reels of a film, by index; what failed is told and left out."""
    outcome = studio.process(str(source), layout=layout, on_change=_nobody)
    for job in outcome.failures:
        print(f"  {source.name}: {job.error_message}", flush=True)
    return tuple(Made(source, reel, outcome.video.layout) for reel in outcome.made)


def cut_only(studio: Studio, source: Path) -> tuple[Reel, ...]:
    """The reels of a film as they are planned; none of them is made."""
    return _until(studio, source, lambda jobs: _done(jobs, JobType.VIDEO_CUTTING) > 0).reels


def _until(studio: Studio, source: Path, there: Callable[[tuple[Job, ...]], bool]) -> Outcome:
    closing = Event()

    def told(jobs: tuple[Job, ...]) -> None:
        if there(jobs):
            closing.set()

    return studio.process(str(source), on_change=told, closing=closing)


def _done(jobs: tuple[Job, ...], kind: JobType) -> int:
    return sum(job.job_type is kind and job.status is JobStatus.COMPLETED for job in jobs)


def _nobody(jobs: tuple[Job, ...]) -> None:
    """Nobody looks."""


def crop_path(studio: Studio, made: Made) -> tuple[CropPath, MediaInfo]:
    """The plan by which a reel was made; it is made again, since the reel does not carry it."""
    with studio.store.read() as tx:
        video, info = tx.videos.get(made.reel.video_id), tx.videos.info(made.reel.video_id)
    assert info is not None, "a reel's source is known"
    assert video.file is not None, "a reel's source is in the house"
    ffmpeg = ffmpeg_program(studio.settings.ffmpeg_path)
    seen = look(video.file, info, made.span, ffmpeg=ffmpeg, watch=Unwatched())
    path = plan_crop_path(
        seen,
        made.span,
        layout=made.layout,
        position=None,
        frame=info.picture.size,
        canvas=CANVAS,
    )
    return path, info
