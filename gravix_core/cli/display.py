"""The jobs of a video in, a progress display on a terminal, or plain lines in a file, out."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from gravix_core.model import Job, JobStatus, JobType

STAGES = {
    JobType.YT_DOWNLOAD: "download",
    JobType.VIDEO_CUTTING: "cut",
    JobType.REEL_CONVERSION: "convert",
    JobType.AI_METADATA: "describe",
}
_STEP = 10
"""Percent between two plain lines of one stage."""


def stage_progress(jobs: tuple[Job, ...]) -> dict[str, tuple[int, int, int]]:
    """Per stage that has begun: percent, jobs ended, jobs in all.  Pure."""
    found: dict[str, tuple[int, int, int]] = {}
    for job_type, name in STAGES.items():
        mine = [job for job in jobs if job.job_type is job_type]
        if mine:
            ended = [job.status not in {JobStatus.PENDING, JobStatus.PROCESSING} for job in mine]
            done = [100 if end else job.progress for job, end in zip(mine, ended, strict=True)]
            found[name] = (sum(done) // len(mine), sum(ended), len(mine))
    return found


class Display:
    """Bars where somebody watches, a line every ten percent where nobody does."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, int] = {}
        if stream.isatty():
            self._bars = Progress(
                TextColumn("{task.description:>9}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %  {task.fields[count]}"),
                TimeElapsedColumn(),
                console=Console(file=stream),
            )

    def __enter__(self) -> Self:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def show(self, jobs: tuple[Job, ...]) -> None:
        for name, (percent, ended, count) in stage_progress(jobs).items():
            if self._bars is not None:
                self._draw(self._bars, name, percent, f"{ended} of {count}" if count > 1 else "")
            else:
                self._say(name, percent, ended, count)

    def note(self, said: str) -> None:
        """Print a sentence on a line of its own."""
        if self._bars is not None:
            self._bars.console.print(said, markup=False, highlight=False, soft_wrap=True)
        else:
            print(said, file=self._stream, flush=True)

    def _draw(self, bars: Progress, name: str, percent: int, count: str) -> None:
        if name not in self._tasks:
            self._tasks[name] = bars.add_task(name, total=100, count=count)
        bars.update(self._tasks[name], completed=percent, count=count)

    def _say(self, name: str, percent: int, ended: int, count: int) -> None:
        step = percent // _STEP
        if step > self._said.get(name, -1):
            self._said[name] = step
            of = f" ({ended} of {count})" if count > 1 else ""
            print(f"{name}: {percent} %{of}", file=self._stream, flush=True)
