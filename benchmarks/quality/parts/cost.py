"""A talk in, lines on what its reels cost and how soon the first one is there out."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from benchmarks.quality.bench import Bench
from benchmarks.quality.cost import Run, run
from benchmarks.quality.results import Line, at_most, shown
from benchmarks.quality.script import INTERVIEW
from benchmarks.quality.talks import Talk, write_json3
from benchmarks.quality.tool import ffmpeg

NAME = "cost"
SECONDS = 61.6
"""Of the interview: a shot of two, one of one, a shot of two, one of one."""
HALF, AIM = 0.5, 0.4
SURE_AFTER = 2.0
"""Seconds that the first reel may take beyond twice its bare encode."""


def measure(bench: Bench) -> Iterator[Line]:
    talk = short_talk(bench)
    write_json3(talk)
    runs = []
    for number in range(bench.runs):
        began = time.monotonic()
        one, made = run(talk.file, bench.house("cost"))
        runs.append(one)
        if number == bench.runs - 1:
            bench.made += made
        print(f"  run {number + 1}: {time.monotonic() - began:.0f} s", flush=True)
    yield from _of_runs(runs)


def short_talk(bench: Bench) -> Talk:
    whole = bench.talks.interview("interview", len(INTERVIEW), still=0.15)
    target = bench.folder / "talks" / "minute.mp4"
    ffmpeg("-i", whole.file, "-t", str(SECONDS), "-c", "copy", target)
    return whole.part(0, SECONDS, target)


def _of_runs(runs: list[Run]) -> Iterator[Line]:
    seconds = runs[0].seconds
    medium = [one.ours.cpu / one.medium.cpu for one in runs]
    own = [one.ours.cpu / one.own_settings.cpu for one in runs]
    data = {"runs": [round(ratio, 3) for ratio in medium]}
    what = f"CPU of all of it / of x264 medium CRF 21 in one bare pass, {seconds:.0f} s of reel"
    yield at_most(NAME, f"{what}; aim {AIM}", statistics.median(medium), HALF, **data)
    what = "CPU of all of it / of bare ffmpeg at our own settings"
    yield shown(NAME, what, statistics.median(own), runs=[round(ratio, 3) for ratio in own])
    for label, spent in (
        ("all of it", [one.ours.cpu for one in runs]),
        ("x264 medium CRF 21, bare", [one.medium.cpu for one in runs]),
        ("our own settings, bare", [one.own_settings.cpu for one in runs]),
    ):
        yield shown(NAME, f"CPU s per reel s, {label}", statistics.median(spent) / seconds)
    firsts = [one.first_after for one in runs]
    limit = statistics.median(2 * one.first_bare + SURE_AFTER for one in runs)
    what = "s to the first reel, transcript at hand, source of a minute; 2 x its bare encode + 2 s"
    yield at_most(NAME, what, statistics.median(firsts), round(limit, 1), runs=firsts)
