"""Times rendering one reel in several ways, in turn; writes JSON and a Markdown table.

    python -m benchmarks.render [--source FILE] [--seconds 20] [--runs 5]

CPU seconds are those of this process and its children, so whatever else the machine does
changes them little; wall seconds it changes a lot.  Quote ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.paths import WAYS, crop_path
from gravix_core.media.probe import probe
from gravix_core.model import Size, Span
from gravix_core.stages.render.encode import RenderPlan
from gravix_core.stages.render.filtergraph import Canvas

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample" / "gravix-sample.mp4"
RESULTS = Path(__file__).resolve().parent / "results"
LAYOUTS = ("fit", "centre")
"""Those that need nobody to look at the source first."""
CANVAS = Canvas(Size(1080, 1920), 30)
LABELS = {
    "ours": "Gravix: render, check, hash",
    "bare": "(a) one bare ffmpeg, same graph",
    "cut": "(b) cut to a file, then convert",
    "copy": "(b') the same, cut without encoding",
    "moviepy": "(c) MoviePy, same conversion",
}
EXPECTED = {"bare": ("at most", 1.15), "cut": ("at most", 1.0), "moviepy": ("at most", 0.5)}

Times = dict[str, float]


def main() -> None:
    options = _options()
    info = probe(options.source)
    span = Span(options.start, options.start + options.seconds)
    measured = {}
    for layout in LAYOUTS:
        path = crop_path(layout, span, frame=info.picture.size, canvas=CANVAS.size)
        plan = RenderPlan(options.source, info, span, CANVAS, path)
        measured[layout] = _measure(plan, layout, runs=options.runs)
    document = _document(options, measured)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "render.json").write_text(json.dumps(document, indent=2) + "\n")
    (RESULTS / "render.md").write_text(_table(document))
    print(_table(document))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time rendering.")
    parser.add_argument("--source", type=Path, default=SAMPLE)
    parser.add_argument("--start", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


def _measure(plan: RenderPlan, layout: str, *, runs: int) -> dict[str, list[Times]]:
    """All ways in turn, `runs` times, so that a slow spell of the machine hits them alike."""
    found: dict[str, list[Times]] = {name: [] for name in WAYS}
    for run in range(runs):
        for name, way in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                found[name].append(
                    _timed(lambda way=way, folder=folder: way(plan, Path(folder) / "reel.mp4"))
                )
            spent = found[name][-1]
            print(f"{layout} {run + 1}/{runs} {name}: {spent['cpu']:.1f} CPU s", flush=True)
    return found


def _timed(deed: Any) -> Times:
    cpu, wall = cpu_seconds(), time.perf_counter()
    deed()
    return {"cpu": cpu_seconds() - cpu, "wall": time.perf_counter() - wall}


def cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _document(
    options: argparse.Namespace, measured: Mapping[str, Mapping[str, Sequence[Times]]]
) -> dict[str, Any]:
    return {
        "command": "python -m benchmarks.render "
        f"--seconds {options.seconds:g} --runs {options.runs}",
        "machine": {"cores": os.cpu_count(), "system": platform.system()},
        "source": options.source.name,
        "seconds": options.seconds,
        "runs": options.runs,
        "layouts": {
            layout: {name: _summary(times, options.seconds) for name, times in ways.items()}
            for layout, ways in measured.items()
        },
        "ratios": {layout: _ratios(ways) for layout, ways in measured.items()},
    }


def _summary(times: Sequence[Times], seconds: float) -> dict[str, Any]:
    return {
        "cpu_per_second": statistics.median(t["cpu"] for t in times) / seconds,
        "wall_per_second": statistics.median(t["wall"] for t in times) / seconds,
        "cpu_runs": [round(t["cpu"], 2) for t in times],
        "wall_runs": [round(t["wall"], 2) for t in times],
    }


def _ratios(ways: Mapping[str, Sequence[Times]]) -> dict[str, float]:
    """Our CPU over theirs: the median of the ratios run by run."""
    return {
        name: statistics.median(
            mine["cpu"] / theirs["cpu"] for mine, theirs in zip(ways["ours"], times, strict=True)
        )
        for name, times in ways.items()
        if name != "ours"
    }


def _table(document: Mapping[str, Any]) -> str:
    cores, seconds = document["machine"]["cores"], document["seconds"]
    lines = [
        "# Rendering",
        "",
        f"`{document['command']}`, {cores} cores, {seconds:g} s of reel from {document['source']},"
        f" median of {document['runs']} interleaved runs.",
        "",
        "| layout | way | CPU s per reel s | wall s per reel s | ours / this, CPU | expected |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for layout, ways in document["layouts"].items():
        lines += [_row(layout, name, way, document["ratios"][layout]) for name, way in ways.items()]
    return "\n".join(lines) + "\n"


def _row(layout: str, name: str, way: Mapping[str, Any], ratios: Mapping[str, float]) -> str:
    ratio = f"{ratios[name]:.2f}" if name in ratios else ""
    word, limit = EXPECTED.get(name, ("", 0.0))
    missed = name in ratios and word and ratios[name] > limit
    expected = f"{word} {limit:g}{', **missed**' if missed else ''}" if word else ""
    return (
        f"| {layout} | {LABELS[name]} | {way['cpu_per_second']:.2f} | "
        f"{way['wall_per_second']:.2f} | {ratio} | {expected} |"
    )


if __name__ == "__main__":
    main()
