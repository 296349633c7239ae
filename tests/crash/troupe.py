"""A yard in; the studio of `scripted` on it, films that it obeys, and what became of them, out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gravix_core.model import Job
from tests.cli.command import ROOT
from tests.crash import scripted
from tests.crash.engines import Yard
from tests.media.processes import wait_until
from tests.web.workshop import studio_on


@dataclass(frozen=True)
class Player:
    """A `scripted` process."""

    process: subprocess.Popen[str]

    def cancel(self, job: Job) -> None:
        """In that very process."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{job.id}\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass(frozen=True)
class Troupe:
    """Films that are orders, on a yard."""

    yard: Yard

    @contextmanager
    def at_work(self, *, workers: int = 1) -> Iterator[Player]:
        with subprocess.Popen(
            [sys.executable, "-m", "tests.crash.scripted"],
            cwd=ROOT,
            env={**self.yard.environment, "GRAVIX_WORKERS": str(workers)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Player(process)
            finally:
                process.kill()

    @contextmanager
    def ready(self, *, workers: int = 1) -> Iterator[Player]:
        with self.at_work(workers=workers) as player:
            assert player.process.stdout is not None
            assert player.process.stdout.readline().strip() == scripted.READY
            yield player

    def add(self, name: str) -> Job:
        """Hand in a film of its own bytes under this name; its first job."""
        film = self.yard.folder / name
        shutil.copyfile(self.yard.film, film)
        with film.open("ab") as out:  # a box that players skip
            out.write((16).to_bytes(4, "big") + b"free" + os.urandom(8))
        with studio_on(self.yard.data) as studio:
            video = studio.intake.add(str(film), chunk_duration=3).video
            return studio.activity.jobs(video.id)[0].job

    def job(self, job: Job) -> Job:
        with studio_on(self.yard.data) as studio:
            assert job.video_id is not None
            jobs = [item.job for item in studio.activity.jobs(job.video_id)]
        return next(one for one in jobs if one.id == job.id)

    def cancel(self, job: Job) -> None:
        """As another process does."""
        with studio_on(self.yard.data) as studio:
            studio.activity.cancel_job(job.id)

    def runs(self, name: str) -> list[scripted.Run]:
        return [run for run in scripted.runs(self.yard.data) if run.film == name]

    def until(self, job: Job, status: str) -> Job:
        query = "SELECT status FROM jobs WHERE id = ?"
        wait_until(lambda: self.yard.rows(query, job.id) == [(status,)], f"{job.key} is {status}")
        return self.job(job)

    def until_begun(self, name: str) -> None:
        wait_until(lambda: bool(self.runs(name)), f"{name} is begun")


def troupe_in(folder: Path, film: Path) -> Troupe:
    yard = Yard(folder, film)
    yard.data.mkdir()
    return Troupe(yard)
