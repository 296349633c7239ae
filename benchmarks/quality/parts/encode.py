"""Stretches of the talks in, lines on how much of the picture the encoder leaves out."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.quality.bench import Bench
from benchmarks.quality.encoding import stand_in, vmaf
from benchmarks.quality.house import house, make
from benchmarks.quality.results import Line, at_least, shown
from benchmarks.quality.script import INTERVIEW, LECTURE
from benchmarks.quality.talks import Talk, write_json3
from benchmarks.quality.tool import ffmpeg

NAME = "encoder"
PIECES = (("lecture", 32.0), ("lecture", 65.0), ("interview", 46.0))
"""Talk and second at which a piece begins."""
SECONDS = 12


def measure(bench: Bench) -> Iterator[Line]:
    talks = {
        "lecture": bench.talks.lecture("lecture", len(LECTURE)),
        "interview": bench.talks.interview("interview", len(INTERVIEW), still=0.15),
    }
    ours, mediums = [], []
    for number, (name, start) in enumerate(PIECES):
        piece = _piece(talks[name], start, bench.folder / "pieces" / f"{name}-{number}.mp4")
        folder = bench.house(f"encoder-{number}")
        program = stand_in(bench.folder / "stand-in" / str(number))
        for old in program.parent.glob("*-*.*"):
            old.unlink()
        with house(folder, FFMPEG_PATH=str(program)) as studio:
            for made in make(studio, piece):
                bench.made.append(made)
                lossless, medium = _variants(program.parent)
                ours.append(vmaf(made.file, lossless))
                mediums.append(vmaf(medium, lossless))
                sizes = [8e-6 * f.stat().st_size / made.span.duration for f in (made.file, medium)]
                what = f"VMAF, {name} from {start:g} s; medium {mediums[-1]:.1f}"
                told = f"{ours[-1]:.1f}, {sizes[0]:.1f} Mbit/s against {sizes[1]:.1f}"
                yield shown(NAME, what, told)
    mean, other = statistics.mean(ours), statistics.mean(mediums)
    what = "VMAF against the same command at -qp 0, mean; x264 medium CRF 21 in the same run"
    yield at_least(NAME, f"{what}: {other:.2f}", mean, round(other, 2), runs=[ours, mediums])


def _variants(folder: Path) -> tuple[Path, Path]:
    found = [sorted(folder.glob(f"*-{name}.mp4")) for name in ("lossless", "medium")]
    if not all(found):
        said = "\n".join(log.read_text()[-1500:] for log in folder.glob("*.log"))
        raise SystemExit(f"the product's command could not be run again:\n{said}")
    return found[0][-1], found[1][-1]


def _piece(talk: Talk, start: float, target: Path) -> Path:
    """A short film with a transcript, so that there are subtitles."""
    target.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg(
        *("-ss", str(start), "-i", talk.file, "-t", str(SECONDS), "-c:v", "libx264"),
        *("-preset", "ultrafast", "-crf", "12", "-c:a", "aac", target),
    )
    write_json3(talk.part(start, SECONDS, target))
    return target
