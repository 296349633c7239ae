"""A program: the real studio at work, with a source that does what the name of a film says.

``python -m tests.crash.scripted``, on the data directory of its environment.  A film whose name
begins with ``die`` ends the process, ``drag`` does so once another is at work beside it, or when
nobody comes, ``slow`` takes a while, ``hold`` is never there, ``later`` comes at the second try,
`WAIT` seconds later, ``fail`` is refused, anything else comes at once.  Each try is a line in
``runs.jsonl`` there.
A line on stdin is the id of a job to be cancelled in this process; it ends with its stdin.
"""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gravix_core.errors import Cancelled, SourceRefused, YouTubeError
from gravix_core.model import SourceFile, Watch
from gravix_core.settings import Settings
from gravix_core.stages.source.upload import UploadSource
from gravix_core.store.store import Store
from gravix_core.studio import Studio

RUNS, READY = "runs.jsonl", "ready"
DIED = 9
WAIT = 4.0
ALONE = 1.5
"""Seconds after which nobody comes any more."""


class Scripted:
    """A source of files whose names are orders."""

    name = "scripted"

    def __init__(self, folder: Path) -> None:
        self._runs = folder / RUNS
        self._files = UploadSource()
        self._others = threading.Event()

    def takes(self, given: str) -> bool:
        return True

    def look(self, given: str, *, watch: Watch) -> SourceFile:
        return self._files.look(given, watch=watch)

    def fetch(self, given: str, *, folder: Path, watch: Watch) -> SourceFile:
        tries = self._tries(given)
        order = Path(given).name.partition("-")[0]
        if order == "die":
            os._exit(DIED)
        if order == "drag":
            self._others.wait(ALONE)
            os._exit(DIED)
        if order == "slow":
            self._others.set()
            _hold(watch, ALONE)
        if order == "hold":
            _hold(watch)
        if order == "later" and tries == 1:
            raise YouTubeError("not yet", kind="wait", retry_after=WAIT)
        if order == "fail":
            raise SourceRefused("it is no film")
        return self._files.fetch(given, folder=folder, watch=watch)

    def _tries(self, given: str) -> int:
        line = json.dumps({"film": Path(given).name, "at": time.time()})
        with self._runs.open("a", encoding="utf-8") as out:
            out.write(f"{line}\n")
        return len([run for run in runs(self._runs.parent) if run.film == Path(given).name])


@dataclass(frozen=True)
class Run:
    """A try to bring a film in, and when it began."""

    film: str
    at: float


def runs(folder: Path) -> list[Run]:
    file = folder / RUNS
    lines: list[dict[str, Any]] = []
    if file.exists():
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Run(**line) for line in lines]


def _hold(watch: Watch, seconds: float = math.inf) -> None:
    patience = time.monotonic() + seconds
    while time.monotonic() < patience:
        if watch.should_stop():
            raise Cancelled("told to stop")
        time.sleep(0.02)


def main() -> None:
    settings = Settings.load(env_file=None)
    store = Store.open(settings.database_url.get_secret_value(), settings.videos_dir)
    studio = Studio(settings, store, sources=(Scripted(settings.gravix_data_dir),))
    studio.start()
    print(READY, flush=True)
    for line in sys.stdin:
        studio.activity.cancel_job(int(line))
    studio.close()


if __name__ == "__main__":
    main()
