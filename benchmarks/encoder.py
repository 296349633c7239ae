"""Renders reels with several encoder settings; prints CPU, size and VMAF against a lossless one.

    python -m benchmarks.encoder [--source FILE ...] [--seconds 8] [--start 0] [--runs 1]

The lossless reel is made along the same crop path by the same graph, so the score is that of the
encoder alone.  CPU is of the whole command: decoding, cropping, sound and cover are in it.  All
settings are run in turn on each clip and way; only ratios to x264 medium CRF 21 are quoted.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.paths import crop_path
from benchmarks.render import CANVAS, RESULTS, SAMPLE, cpu_seconds
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Span
from gravix_core.stages.render.encode import RenderPlan, ffmpeg_arguments, texts_beside
from gravix_core.stages.render.encoders import X264, Encoder

HIGH = "8x8dct=1:cabac=1"
"""What ultrafast lacks of the High profile."""
SMOOTH = f"{HIGH}:no-deblock=0"
CANDIDATES = (
    ("medium", "21", ""),
    ("superfast", "22", ""),
    ("superfast", "21", ""),
    ("ultrafast", "20", HIGH),
    ("ultrafast", "20", SMOOTH),
    ("ultrafast", "20", f"{SMOOTH}:aq-mode=1"),
)
BASE = CANDIDATES[0]
WAYS = ("centre", "follow")


def main() -> None:
    options = _options()
    sources = options.source or [SAMPLE]
    measured = [
        found
        for source in sources
        for way in WAYS
        for _ in range(options.runs)
        for found in _all_of(_plan(source, way, options))
    ]
    rows = [_row(setting, measured) for setting in CANDIDATES]
    command = (
        f"python -m benchmarks.encoder --seconds {options.seconds:g} --start {options.start:g}"
    )
    names = [source.name for source in sources]
    document = {"command": command, "sources": names, "ways": WAYS, "settings": rows}
    (RESULTS / "encoder.json").write_text(json.dumps(document, indent=2) + "\n")
    (RESULTS / "encoder.md").write_text(_table(document))
    print(_table(document))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare encoder settings.")
    parser.add_argument("--source", type=Path, nargs="*")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--start", type=float, default=0)
    parser.add_argument("--runs", type=int, default=1)
    return parser.parse_args()


def _plan(source: Path, way: str, options: argparse.Namespace) -> RenderPlan:
    info = probe(source)
    span = Span(options.start, min(info.duration, options.start + options.seconds))
    path = crop_path(way, span, frame=info.picture.size, canvas=CANVAS.size)
    return RenderPlan(source, info, span, CANVAS, path)


def _all_of(plan: RenderPlan) -> list[dict[str, Any]]:
    """Every setting once, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        reference, reel = Path(folder) / "reference.mp4", Path(folder) / "reel.mp4"
        lossless = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0")
        _encode(plan, lossless, reference)
        found: list[dict[str, Any]] = []
        for setting in CANDIDATES:
            spent = _encode(plan, codec(*setting), reel)
            found.append(
                {
                    "setting": setting,
                    "cpu": spent / plan.duration,
                    "mbit": 8e-6 * reel.stat().st_size / plan.duration,
                    "vmaf": _vmaf(reel, reference),
                }
            )
            print(plan.source.name, found[-1], flush=True)
        for one in found:
            one["ratio"] = one["cpu"] / found[0]["cpu"]
            one["ahead"] = one["vmaf"] - found[0]["vmaf"]
        return found


def codec(preset: str, crf: str, params: str) -> tuple[str, ...]:
    more = ("-x264-params", params) if params else ()
    return (
        *("-c:v", "libx264", "-preset", preset, "-crf", crf, *more),
        *("-profile:v", "high", "-pix_fmt", "yuv420p"),
    )


def _encode(plan: RenderPlan, words: tuple[str, ...], reel: Path) -> float:
    """CPU seconds."""
    plan = replace(plan, encoder=Encoder("x264", "", (), words, ""))
    argv = ffmpeg_arguments(plan, ffmpeg_program(), reel=reel, cover=reel.with_suffix(".jpg"))
    before = cpu_seconds()
    with texts_beside(plan, reel):
        subprocess.run(argv, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return cpu_seconds() - before


def _vmaf(reel: Path, reference: Path) -> float:
    argv = [str(ffmpeg_program()), "-i", str(reel), "-i", str(reference)]
    argv += ["-lavfi", "libvmaf=n_threads=2:n_subsample=5", "-f", "null", "-"]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stderr
    score = re.search(r"VMAF score: ([\d.]+)", said)
    return float(score[1]) if score else 0.0


def _row(setting: Sequence[str], measured: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    mine = [one for one in measured if one["setting"] == setting]
    return {
        "preset": setting[0],
        "crf": setting[1],
        "params": setting[2],
        "cpu_ratio": round(statistics.median(one["ratio"] for one in mine), 2),
        "megabits_per_second": round(statistics.median(one["mbit"] for one in mine), 1),
        "vmaf": round(statistics.median(one["vmaf"] for one in mine), 1),
        "vmaf_ahead_worst": round(min(one["ahead"] for one in mine), 1),
        "ours": codec(*setting) == X264.codec,
    }


def _table(document: Mapping[str, Any]) -> str:
    lines = [
        "# Encoder settings",
        "",
        f"`{document['command']}`; {', '.join(document['sources'])}; the ways"
        f" {' and '.join(document['ways'])}. The bold line is what Gravix uses. CPU is that of the"
        " whole ffmpeg command over the one of medium CRF 21; VMAF is against -qp 0 along the same"
        " crop path.",
        "",
        "| preset | CRF | x264-params | CPU to medium 21 | Mbit/s | VMAF, median"
        " | VMAF over medium 21, worst clip |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    cells = ("preset", "crf", "params", "cpu_ratio", "megabits_per_second", "vmaf",
             "vmaf_ahead_worst")  # fmt: skip
    for row in document["settings"]:
        mark = "**" if row["ours"] else ""
        lines.append(
            "| " + " | ".join(f"{mark}{row[c]}{mark}" if row[c] != "" else "" for c in cells) + " |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
