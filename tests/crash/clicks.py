"""A program: many threads that all ask for all reels of a video, at the same moment.

``python -m tests.crash.clicks <video id> <threads>`` on the data directory of its environment.
It says `READY`, waits for a line, and says how many reels each click has asked for.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from gravix_core.settings import Settings
from gravix_core.studio import Studio

READY = "ready"


def click(studio: Studio, video_id: int, threads: int) -> list[int]:
    """How many reels each of so many simultaneous clicks has asked for."""
    start = threading.Barrier(threads)

    def one(_: int) -> int:
        start.wait()
        return studio.editing.render_all(video_id)

    with ThreadPoolExecutor(threads) as clickers:
        return list(clickers.map(one, range(threads)))


def main() -> None:
    studio = Studio.open(Settings.load(env_file=None))
    print(READY, flush=True)
    sys.stdin.readline()
    print(json.dumps(click(studio, int(sys.argv[1]), int(sys.argv[2]))), flush=True)
    studio.close()


if __name__ == "__main__":
    main()
