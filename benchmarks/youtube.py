"""Times imports from a stand-in of YouTube, by a process of its own and in ours; writes a table.

    python -m benchmarks.youtube [--runs 5] [--megabytes 1024]

Both ways run the same code of yt-dlp in a fresh Python.  The stand-in makes its bytes and their
TLS on the same cores, so the speed is not that of a real connection.  Reads /proc: Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gravix_core.media.files import hash_file
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Seconds, Unwatched
from gravix_core.stages.source.links import canonical
from gravix_core.stages.source.youtube import YouTube
from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
MB = 1024 * 1024
SMALL, LARGE = "smallsmall0", "largelarge0"
FLAT = 60.0
"""MB by which our own memory may grow, from the issue."""
PROGRAM = "ytdlp.py"
LOOK_EVERY: Seconds = 0.05


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that was measured some times."""

    what: str
    unit: str
    runs: tuple[float, ...]
    promise: float | None = None
    """The median is at most so much."""


def main() -> None:
    options = _options()
    if options.one:
        print(json.dumps(_one(**json.loads(options.one))))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, youtube_stand_in(Path(folder) / "site") as site:
        site.add(Scenario(SMALL))
        site.add(Scenario(LARGE, size=options.megabytes * MB))
        _run(site, Path(folder) / "warm", LARGE, "own")  # the films are made when first asked for
        measures = tuple(_measures(site, Path(folder), options))
        if site.refused:
            raise SystemExit(f"somebody else was asked: {site.refused}")
    document = _document(options, measures, load=load)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "youtube.json").write_text(json.dumps(document, indent=2) + "\n")
    (RESULTS / "youtube.md").write_text(_table(document))
    print(_table(document))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time imports from YouTube.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=1024, help="of the large video")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measures(
    site: YouTubeSimulator, folder: Path, options: argparse.Namespace
) -> Iterator[Measure]:
    names = {"own": "a process of its own", "inside": "yt-dlp in ours"}
    for way, name in names.items():
        found = [_run(site, folder / f"{way}{n}", SMALL, way) for n in range(options.runs)]
        yield _told(f"probe, {name}", "s", [one["probe"] for one in found])
        yield _told(f"fetch of a short video, {name}", "s", [one["fetch"] for one in found])
        yield _told(f"our memory for both, {name}", "MB", [one["grew"] for one in found])
    yield _told("start of the program, until yt-dlp is there", "s", list(_starts(options.runs)))
    for way, name in names.items():
        found = [
            _run(site, folder / f"{way}-large{n}", LARGE, way) for n in range(min(3, options.runs))
        ]
        size, promise = f"{options.megabytes} MB", FLAT if way == "own" else None
        yield _told(f"fetch of {size}, {name}", "s", [one["fetch"] for one in found])
        grown = [one["grew"] for one in found]
        yield _told(f"our memory for {size}, {name}", "MB", grown, promise=promise)
        if way == "own":
            theirs = [one["program"] for one in found]
            yield _told(f"most memory of that process for {size}", "MB", theirs)


def _told(what: str, unit: str, runs: Sequence[float], *, promise: float | None = None) -> Measure:
    print(f"{what}: {statistics.median(runs):.2f} {unit}", flush=True)
    return Measure(what, unit, tuple(runs), promise)


def _starts(runs: int) -> Iterator[Seconds]:
    for _ in range(runs):
        began = time.monotonic()
        subprocess.run([sys.executable, "-P", "-c", "import yt_dlp"], check=True)
        yield time.monotonic() - began


def _run(site: YouTubeSimulator, folder: Path, video: str, way: str) -> dict[str, float]:
    """Probe and fetch a video in a fresh process; see `_one`."""
    wish = json.dumps({"folder": str(folder), "video": video, "way": way})
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.youtube", "--one", wish],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **site.environment()},
    )
    most = _Most()
    said, _ = process.communicate()
    program = most.end()
    if process.returncode:
        raise SystemExit(f"the import by {way} failed")
    shutil.rmtree(folder)
    return {**json.loads(said), "program": program}


class _Most:
    """Watches how much memory the program takes at most, as the kernel counts it."""

    def __init__(self) -> None:
        self._most, self._done = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> float:
        """MB."""
        self._done.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._done.wait(LOOK_EVERY):
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError, StopIteration):
                    words = (process / "cmdline").read_text().split("\0")
                    if len(words) > 2 and words[2].endswith(PROGRAM):
                        self._most = max(self._most, _peak_of(process))


def _peak_of(process: Path) -> float:
    lines = (process / "status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


# In the process that is measured


def _one(*, folder: str, video: str, way: str) -> dict[str, float]:
    """Seconds of a probe and of a fetch, and MB by which this process has grown at most."""
    before = _peak()
    deeds = {"own": _by_program, "inside": _inside}[way]
    began = time.monotonic()
    fetch = deeds(Path(folder), video)
    probed = time.monotonic()
    fetch()
    ended = time.monotonic()
    return {"probe": probed - began, "fetch": ended - probed, "grew": _peak() - before}


def _by_program(folder: Path, video: str) -> Any:
    youtube = YouTube(
        ffmpeg=ffmpeg_program, cache=folder / "cache", max_duration=1e6, max_bytes=10**12
    )
    told = youtube.probe(video, watch=Unwatched(), picture=folder / "picture.jpg")
    return lambda: youtube.fetch(told, folder=folder, watch=Unwatched())


def _inside(folder: Path, video: str) -> Any:
    """The same requests to the same code, without the other process."""
    folder.mkdir(parents=True)
    common = {
        "url": canonical(video),
        "ffmpeg": str(ffmpeg_program()),
        "cache": str(folder / "cache"),
        "cookie_file": None,
        "browser": None,
        "answer": 20,
        "beside": 20,
    }
    info = _asked({**common, "do": "probe", "picture": str(folder / "picture.jpg")})["info"]
    tracks = info["automatic_captions"]["en-orig"]
    captions = [one["url"] for one in tracks if one["ext"] == "json3"]
    wish = {**common, "do": "fetch", "info": info, "folder": str(folder), "captions": captions}
    return lambda: _looked_at(Path(_asked(wish)["file"]))


def _looked_at(file: Path) -> None:
    """As the other way does."""
    probe(file)
    hash_file(file)


def _asked(request: Mapping[str, Any]) -> dict[str, Any]:
    from gravix_core.stages.source.ytdlp import Program  # noqa: PLC0415  its cost is measured

    lines: list[dict[str, Any]] = []
    Program(request, lambda line: lines.append(json.loads(line))).run()
    result: dict[str, Any] = lines[-1]["result"]
    return result


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# The table


def _document(
    options: argparse.Namespace, measures: Sequence[Measure], *, load: float
) -> dict[str, Any]:
    return {
        "command": f"python -m benchmarks.youtube --runs {options.runs}"
        f" --megabytes {options.megabytes}",
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "load": load},
        "measures": [_summary(measure) for measure in measures],
    }


def _summary(measure: Measure) -> dict[str, Any]:
    median = statistics.median(measure.runs)
    return {
        "what": measure.what,
        "unit": measure.unit,
        "n": len(measure.runs),
        "min": round(min(measure.runs), 3),
        "median": round(median, 3),
        "max": round(max(measure.runs), 3),
        "promise": measure.promise,
        "kept": None if measure.promise is None else median <= measure.promise,
    }


def _table(document: Mapping[str, Any]) -> str:
    lines = [
        "# Imports from YouTube",
        "",
        f"`{document['command']}`, {document['machine']['cores']} cores,"
        f" load {document['machine']['load']:.1f} before it began.",
        "",
        "| what | min | median | max | n | unit | promised |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *map(_row, document["measures"])]) + "\n"


def _row(one: Mapping[str, Any]) -> str:
    promised = "" if one["promise"] is None else f"at most {one['promise']:g}"
    missed = ", **missed**" if one["kept"] is False else ""
    return (
        f"| {one['what']} | {one['min']:.2f} | {one['median']:.2f} | {one['max']:.2f} | {one['n']}"
        f" | {one['unit']} | {promised}{missed} |"
    )


if __name__ == "__main__":
    main()
