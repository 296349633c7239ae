"""A film of three hours in, lines on its first reel and on memory out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.quality.bench import Bench
from benchmarks.quality.cost import Long, bare, long_run, looped
from benchmarks.quality.parts.cost import SECONDS, SURE_AFTER, short_talk
from benchmarks.quality.results import Line, at_most, shown
from benchmarks.quality.talks import Talk, write_json3
from benchmarks.quality.tool import ffmpeg
from gravix_core.media.probe import probe

NAME = "long"
HOURS = 3
REELS = 2
"""So many are made before it is stopped."""
MB = 1e6
MOST_MEMORY = 600


def measure(bench: Bench) -> Iterator[Line]:
    minute = short_talk(bench)
    times = round(HOURS * 3600 / SECONDS)
    target = bench.folder / "long" / "three-hours.mp4"
    target.parent.mkdir(parents=True, exist_ok=True)
    film = looped(minute.file, target, times)
    transcript = write_json3(_repeated(minute, film, times))
    yield from _lines(long_run(film, bench.folder, reels=REELS), film, label="transcript at hand")
    transcript.unlink()
    heard = _pass_over_sound(film)
    yield shown(NAME, "s that one bare pass over the sound takes", heard)
    done = long_run(film, bench.folder, reels=REELS)
    yield from _lines(done, film, label="no transcript", more=heard)


def _lines(done: Long, film: Path, *, label: str, more: float = 0.0) -> Iterator[Line]:
    target = film.with_name("bare.mp4")
    spent = bare(film, done.first_span, target, medium=False)
    target.unlink()
    limit = round(2 * spent.wall + SURE_AFTER + more, 1)
    passes = " + one pass over the sound" if more else ""
    what = f"s to the first reel of {HOURS} h, {label}; 2 x its bare encode + 2 s{passes}"
    yield at_most(NAME, what, done.times.first_after, limit, bare=spent.wall)
    alone, resident = done.peak_main / MB, done.peak_resident / MB
    what = (
        f"MB at once, all processes, {HOURS} h of 1080p, {label}; the main one alone {alone:.0f},"
        f" shared pages counted in each {resident:.0f}"
    )
    yield at_most(NAME, what, done.peak / MB, MOST_MEMORY)


def _repeated(talk: Talk, film: Path, times: int) -> Talk:
    length = probe(film).duration / times
    sentences = [sentence.moved(n * length) for n in range(times) for sentence in talk.sentences]
    return replace(talk, file=film, sentences=tuple(sentences), pauses=(), shots=())


def _pass_over_sound(film: Path) -> float:
    began = time.monotonic()
    ffmpeg("-i", film, "-vn", "-ac", "1", "-ar", "16000", "-f", "null", "-")
    return time.monotonic() - began
