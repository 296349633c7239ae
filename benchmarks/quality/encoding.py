"""Stands in for ffmpeg: does what it is told, and then the same with other encoders.

    FFMPEG_PATH=<the program that `stand_in` writes>

So the product's own command, with its crop path, subtitles and loudness, is run again without
loss, and by x264 medium at CRF 21, while the files that it names are still there.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.quality.tool import ffmpeg
from gravix_core.media.process import ffmpeg_program

WHERE, REAL = "GRAVIX_BENCH_VARIANTS", "GRAVIX_BENCH_FFMPEG"
LOSSLESS = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "yuv420p")
MEDIUM = ("-c:v", "libx264", "-preset", "medium", "-crf", "21", "-pix_fmt", "yuv420p")
OURS_ALONE = frozenset(
    (
        *("-c:v", "-preset", "-tune", "-crf", "-qp", "-profile:v", "-level", "-pix_fmt"),
        *("-maxrate", "-bufsize", "-x264-params", "-x264opts", "-refs", "-bf", "-aq-mode"),
    )
)
"""What decides how the picture is encoded, each with one word after it."""


def is_render(argv: Sequence[str]) -> bool:
    """Whether a command makes a reel."""
    return "+faststart" in " ".join(argv) and "-c:v" in argv and "filter_complex" in " ".join(argv)


def with_encoder(argv: Sequence[str], encoder: Sequence[str], reel: Path) -> list[str]:
    """The same command with another encoder and another file for the reel; no cover.

    The reel is the first output of a command.
    """
    begin = argv.index("-c:v")
    end = next(n for n in range(begin, len(argv)) if argv[n].startswith("file:"))
    kept, n = list(argv[:begin]), begin
    while n < end:
        if argv[n] in OURS_ALONE:
            n += 2
            continue
        kept.append(argv[n])
        n += 1
    rest = argv[end + 1 :]
    drains = [word for label in _labels(rest) for word in ("-map", label, "-f", "null", "-")]
    return [*kept, *encoder, str(reel), *drains]


def _labels(words: Sequence[str]) -> list[str]:
    """Outputs of the graph that other files took; something has to take them."""
    pairs = pairwise(words)
    return [after for before, after in pairs if before == "-map" and after.startswith("[")]


def stand_in(folder: Path) -> Path:
    """Write the program that stands in for ffmpeg; it keeps the variants beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "ffmpeg"
    root = Path(__file__).resolve().parents[2]
    program.write_text(
        f"#!/bin/sh\n{WHERE}='{folder}' {REAL}='{ffmpeg_program()}' PYTHONPATH='{root}' \\\n"
        f"exec '{sys.executable}' -m benchmarks.quality.encoding \"$@\"\n"
    )
    program.chmod(0o755)
    return program


def main(argv: Sequence[str]) -> int:
    real = os.environ[REAL]
    code = subprocess.run([real, *argv], check=False).returncode
    if code == 0 and is_render(argv):
        folder = Path(os.environ[WHERE])
        mark = f"{time.time_ns()}"
        for name, encoder in (("lossless", LOSSLESS), ("medium", MEDIUM)):
            words = with_encoder(argv, encoder, folder / f"{mark}-{name}.mp4")
            done = subprocess.run([real, *words], check=False, capture_output=True)
            if done.returncode:
                (folder / f"{mark}-{name}.log").write_bytes(done.stderr)
    return code


def vmaf(reel: Path, reference: Path, *, every: int = 5) -> float:
    """How like a reference a reel looks, 0..100, by the model vmaf_v0.6.1."""
    graph = f"[0:v][1:v]libvmaf=n_threads=2:n_subsample={every}"
    said = ffmpeg("-i", reel, "-i", reference, "-lavfi", graph, "-f", "null", "-")
    score = re.search(r"VMAF score: ([\d.]+)", said)
    return float(score[1]) if score else 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
