"""A film in; what its reels cost, and how soon the first one is there, out."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.quality.house import Made, house, make
from benchmarks.quality.tool import ffmpeg
from benchmarks.quality.watch import MemoryWatch
from gravix_core.model import JobStatus, JobType, Seconds, Span
from gravix_core.stages.render.encoders import X264, codec_words

ROOT = Path(__file__).resolve().parents[2]
MEDIUM = ("-c:v", "libx264", "-preset", "medium", "-crf", "21", "-pix_fmt", "yuv420p", "-r", "30")
BIT_RATE, FPS = 12_000_000, 30
LOOK_EVERY: Seconds = 0.2
PATIENCE: Seconds = 900


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds."""

    cpu: float
    wall: float


def cpu_seconds() -> float:
    """Of this process and its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def bare(source: Path, span: Span, target: Path, *, medium: bool) -> Spent:
    """One bare ffmpeg: the middle of the frame, scaled, and the sound as it is."""
    words = MEDIUM if medium else codec_words(X264, bit_rate=BIT_RATE, fps=FPS)
    before, began = cpu_seconds(), time.monotonic()
    ffmpeg(
        *("-loglevel", "error", "-ss", f"{span.start:.3f}", "-t", f"{span.duration:.3f}"),
        *("-i", str(source), "-vf", "crop=ih*9/16:ih,scale=1080:1920,setsar=1,fps=30", *words),
        *("-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"),
        *("-movflags", "+faststart"),
        target,
    )
    return Spent(cpu_seconds() - before, time.monotonic() - began)


@dataclass(frozen=True, slots=True)
class Run:
    """One film, once by the product and once by each bare command, in turn."""

    seconds: Seconds
    """Of all reels together."""
    ours: Spent
    medium: Spent
    own_settings: Spent
    first_after: Seconds
    """From the source in the house to the first playable reel."""
    first_bare: Seconds
    """What the first reel takes one bare ffmpeg at our own settings."""


def run(source: Path, folder: Path) -> tuple[Run, tuple[Made, ...]]:
    """Make the reels of a film in a fresh house, then the same spans by bare commands."""
    with house(folder / "house") as studio:
        before, began = cpu_seconds(), time.monotonic()
        made = make(studio, source)
        ours = Spent(cpu_seconds() - before, time.monotonic() - began)
        times = Times.of(folder / "house" / "gravix.db")
    target = folder / "bare.mp4"
    medium = [bare(source, one.span, target, medium=True) for one in made]
    own = [bare(source, one.span, target, medium=False) for one in made]
    first = next(n for n, one in enumerate(made) if one.reel.id == times.first_reel)
    target.unlink()
    done = Run(
        seconds=sum(one.span.duration for one in made),
        ours=ours,
        medium=_sum(medium),
        own_settings=_sum(own),
        first_after=times.first_after,
        first_bare=own[first].wall,
    )
    return done, made


def _sum(spent: Sequence[Spent]) -> Spent:
    return Spent(sum(one.cpu for one in spent), sum(one.wall for one in spent))


@dataclass(frozen=True, slots=True)
class Times:
    """When what was done, as the jobs tell."""

    first_after: Seconds
    first_reel: int
    finished: int
    """Reels that are there."""

    @classmethod
    def of(cls, database: Path) -> Times:
        """Read a database, of this process or another."""
        asked = "select job_type, completed_at, args from jobs where status = ?"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            rows = connection.execute(asked, (JobStatus.COMPLETED,)).fetchall()
        there = [_moment(at) for kind, at, _ in rows if kind == JobType.YT_DOWNLOAD]
        reels = [(_moment(at), args) for kind, at, args in rows if kind == JobType.REEL_CONVERSION]
        if not there or not reels:
            return cls(0.0, 0, len(reels))
        first, args = min(reels)
        number = int("".join(filter(str.isdigit, args)))
        return cls((first - there[0]).total_seconds(), number, len(reels))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Long:
    """What the first reels of a long film took."""

    times: Times
    first_span: Span
    peak: int
    peak_main: int
    peak_resident: int
    """Bytes, as `MemoryWatch` counts them."""


def long_run(source: Path, folder: Path, *, reels: int) -> Long:
    """Make the first reels of a film by the command line, in a process of its own, and stop."""
    data = folder / "long-house"
    subprocess.run(["rm", "-rf", str(data)], check=True)
    argv = [sys.executable, "-m", "gravix_core", "process", str(source), "--data-dir", str(data)]
    with subprocess.Popen(
        argv, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        watch = MemoryWatch(process.pid)
        times = _wait(process, data / "gravix.db", reels)
        watch.stop()
        process.send_signal(signal.SIGINT)
        process.wait()
    span = _span(data / "gravix.db", times.first_reel)
    subprocess.run(["rm", "-rf", str(data)], check=True)
    return Long(times, span, watch.peak, watch.peak_main, watch.peak_resident)


def _wait(process: subprocess.Popen[bytes], database: Path, reels: int) -> Times:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        time.sleep(LOOK_EVERY)
        if database.is_file():
            try:
                times = Times.of(database)
            except sqlite3.OperationalError:  # it is being made
                continue
            if times.finished >= reels:
                return times
    raise SystemExit(f"no {reels} reels were made of the long film in {PATIENCE:g} s")


def _span(database: Path, reel: int) -> Span:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        asked = "select reel_start, reel_end from reels where id = ?"
        start, end = connection.execute(asked, (reel,)).fetchone()
    return Span(start, end)


def looped(source: Path, target: Path, times: int) -> Path:
    """A film many times over, without encoding it again, and smaller than the original."""
    small = target.with_name("loop.mp4")
    if not target.is_file():
        ffmpeg(
            *("-i", source, "-c:v", "libx264", "-preset", "veryfast", "-crf", "30", "-g", "60"),
            *("-bf", "0", "-c:a", "aac", "-b:a", "96k", str(small)),
        )
        ffmpeg("-stream_loop", str(times - 1), "-i", small, "-c", "copy", target)
    return target
