"""Renders one reel with several encoder settings; prints CPU, size and VMAF against a lossless one.

    python -m benchmarks.encoder [--source FILE] [--seconds 10] [--layout centre]

The lossless reel is made by the same graph, so the score is that of the encoder alone.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.render import CANVAS, RESULTS, SAMPLE, cpu_seconds
from gravix_core.layouts import LAYOUTS
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Span
from gravix_core.stages.render.encode import VIDEO_CODEC, RenderPlan, ffmpeg_arguments

CANDIDATES = (
    ("veryfast", 20),
    ("veryfast", 22),
    ("superfast", 20),
    ("superfast", 22),
    ("superfast", 23),
    ("ultrafast", 21),
    ("faster", 21),
)
LOSSLESS = ("ultrafast", 0)


def main() -> None:
    options = _options()
    span = Span(5, 5 + options.seconds)
    plan = RenderPlan(options.source, probe(options.source), span, LAYOUTS[options.layout], CANVAS)
    with tempfile.TemporaryDirectory() as folder:
        reference = Path(folder) / "reference.mp4"
        _encode(plan, reference, *LOSSLESS)
        rows = [_measured(plan, Path(folder), reference, *one) for one in CANDIDATES]
    command = f"python -m benchmarks.encoder --seconds {options.seconds:g}"
    document = {"command": command, "layout": options.layout, "settings": rows}
    (RESULTS / "encoder.json").write_text(json.dumps(document, indent=2) + "\n")
    (RESULTS / "encoder.md").write_text(_table(command, rows))
    print(_table(command, rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare encoder settings.")
    parser.add_argument("--source", type=Path, default=SAMPLE)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--layout", choices=sorted(LAYOUTS), default="centre")
    return parser.parse_args()


def _measured(
    plan: RenderPlan, folder: Path, reference: Path, preset: str, crf: int
) -> dict[str, Any]:
    reel = folder / "reel.mp4"
    before = cpu_seconds()
    _encode(plan, reel, preset, crf)
    spent = cpu_seconds() - before
    return {
        "preset": preset,
        "crf": crf,
        "cpu_per_second": round(spent / plan.duration, 2),
        "megabits_per_second": round(8e-6 * reel.stat().st_size / plan.duration, 2),
        "vmaf": _vmaf(reel, reference),
        "ours": (preset, str(crf)) == (_setting("-preset"), _setting("-crf")),
    }


def _setting(name: str) -> str:
    return VIDEO_CODEC[VIDEO_CODEC.index(name) + 1]


def _encode(plan: RenderPlan, reel: Path, preset: str, crf: int) -> None:
    argv = ffmpeg_arguments(plan, ffmpeg_program(), reel=reel, cover=reel.with_suffix(".jpg"))
    argv[argv.index("-preset") + 1] = preset
    argv[argv.index("-crf") + 1] = str(crf)
    if (preset, crf) == LOSSLESS:
        for name in ("-maxrate", "-bufsize", "-profile:v"):
            del argv[argv.index(name) : argv.index(name) + 2]
    subprocess.run(argv, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def _vmaf(reel: Path, reference: Path) -> float:
    argv = [str(ffmpeg_program()), "-i", str(reel), "-i", str(reference)]
    argv += ["-lavfi", "libvmaf=n_threads=2:n_subsample=5", "-f", "null", "-"]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stderr
    score = re.search(r"VMAF score: ([\d.]+)", said)
    return round(float(score[1]), 1) if score else 0.0


def _table(command: str, rows: Sequence[dict[str, Any]]) -> str:
    lines = [
        "# Encoder settings",
        "",
        f"`{command}`; the bold line is what Gravix uses.",
        "",
        "| preset | CRF | CPU s per reel s | Mbit/s | VMAF |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        mark = "**" if row["ours"] else ""
        cells = ("preset", "crf", "cpu_per_second", "megabits_per_second", "vmaf")
        lines.append("| " + " | ".join(f"{mark}{row[cell]}{mark}" for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
