"""Talks and clips in; how good their reels are out, as JSON, a table and contact sheets.

    python -m benchmarks.quality [--only cut,frame,…] [--runs 2] [--media DIR]

The talks are spoken by espeak-ng (`apt-get install espeak-ng`).  Clips with people are taken from
`--media` where that is there, else parts of the sample film stand in for them.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import time
from pathlib import Path
from typing import Any

from benchmarks.quality.bench import Bench, Part
from benchmarks.quality.parts import clips, cost, cut, encode, frame, long, rules, sound
from benchmarks.quality.results import Line, as_data, table, write
from sample.speech import SpeechError

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
PARTS: dict[str, Part] = {
    cut.NAME: cut.measure,
    frame.NAME: frame.measure,
    clips.NAME: clips.measure,
    encode.NAME: encode.measure,
    cost.NAME: cost.measure,
    long.NAME: long.measure,
    sound.NAME: sound.measure,  # last: these two are about the reels of all others
    rules.NAME: rules.measure,
}


def main() -> None:
    options = _options()
    bench = Bench(options.folder, options.media, options.runs)
    load, began = os.getloadavg()[0], time.monotonic()
    for name in ("houses", "sheets"):
        shutil.rmtree(bench.folder / name, ignore_errors=True)
    lines: list[Line] = []
    try:
        for name in options.only:
            lines += _told(name, bench)
    except SpeechError as error:
        raise SystemExit(f"{error}: the talks are spoken by espeak-ng.") from None
    document = _document(options, bench, lines, load=load, seconds=time.monotonic() - began)
    write(options.results, document)
    shutil.rmtree(bench.folder / "houses", ignore_errors=True)
    print(table(document))
    print(f"Contact sheets: {bench.folder / 'sheets'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how good the reels are.")
    parser.add_argument("--only", type=_parts, default=tuple(PARTS), help=", ".join(PARTS))
    parser.add_argument("--runs", type=int, default=2, help="of what is timed")
    parser.add_argument("--media", type=Path, default=ROOT.parent / "shared" / "media")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "quality")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def _parts(given: str) -> tuple[str, ...]:
    asked = given.split(",")
    if unknown := set(asked) - set(PARTS):
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}")
    return tuple(name for name in PARTS if name in asked)


def _told(name: str, bench: Bench) -> list[Line]:
    print(f"{name}:", flush=True)
    began, found = time.monotonic(), []
    for line in PARTS[name](bench):
        mark = {True: "", False: "  MISSED", None: ""}[line.kept]
        print(f"  {line.what}: {line.found}  ({line.expected or '-'}){mark}", flush=True)
        found.append(line)
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    return found


def _document(
    options: argparse.Namespace, bench: Bench, lines: list[Line], *, load: float, seconds: float
) -> dict[str, Any]:
    only = "" if options.only == tuple(PARTS) else f" --only {','.join(options.only)}"
    clips_there = "were there" if (options.media / "repos").is_dir() else "were not there"
    return {
        "command": f"python -m benchmarks.quality{only} --runs {options.runs}",
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "load": load},
        "minutes": seconds / 60,
        "notes": [
            f"Faces were looked for by {bench.detector.name}; what a reel shows was found by "
            f"laying its picture over its source's.  The shared clips {clips_there}."
        ],
        "lines": as_data(lines),
    }


if __name__ == "__main__":
    main()
