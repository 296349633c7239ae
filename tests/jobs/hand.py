"""A process that asks for jobs or works on them: `python -m tests.jobs.hand <database> <deed>`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from gravix_core.handlers import limits, settle
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Context, Handler, Runner
from gravix_core.media.process import ffmpeg_program, is_alive, run_ffmpeg
from gravix_core.model import JobType, NewJob
from gravix_core.store.store import Store

THREADS = 16
KEY = "video/1/wanted"


def main() -> None:
    file, deed = Path(sys.argv[1]), sys.argv[2]
    store = Store.open(f"sqlite:///{file}", file.parent / "videos")
    try:
        {"ask": _ask, "work": _work, "stand": _stand}[deed](store, file)
    finally:
        store.close()


def _ask(store: Store, _file: Path) -> None:
    """Ask for one key in all threads at the same moment, once somebody says a line."""
    together = threading.Barrier(THREADS + 1)

    def ask() -> None:
        together.wait()
        with store.begin() as tx:
            new = NewJob(JobType.REEL_CONVERSION, KEY, 1)
            queue.enqueue(tx, new, now=datetime.now(UTC))

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    together.wait()
    for thread in threads:
        thread.join()


def _work(store: Store, file: Path) -> None:
    """Work until nothing of the video is open; each job says when it begins and ends."""
    said = os.open(file.with_name("said"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def handler(ctx: Context) -> None:
        os.write(said, b"+")
        ctx.stop.wait(0.03)
        os.write(said, b"-")

    print("ready", flush=True)
    sys.stdin.readline()
    _runner(store, handler).run_video(1, workers=3, on_change=lambda jobs: None)


def _stand(store: Store, file: Path) -> None:
    """Render something endless, named after the folder, until SIGTERM or SIGINT."""
    told = list[int]()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: told.append(got))

    def handler(ctx: Context) -> None:
        endless = ("-re", "-f", "lavfi", "-i", "testsrc=size=64x64:rate=10")
        argv = [str(ffmpeg_program()), *endless, "-metadata", f"title={file.parent}"]
        run_ffmpeg([*argv, "-f", "null", "-"], frames=10**6, watch=ctx)

    jobs = _runner(store, handler)
    jobs.start(2)
    print("ready", flush=True)
    while not told:  # an event's lock must not be asked for in a handler
        time.sleep(0.02)
    jobs.stop()


def _runner(store: Store, handler: Handler) -> Runner:
    return Runner(
        store,
        dict.fromkeys(JobType, handler),
        settle=settle,
        alive=is_alive,
        limits=limits(renders=1),
    )


if __name__ == "__main__":
    main()
