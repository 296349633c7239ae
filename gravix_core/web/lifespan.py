"""The server's start and end in, one working studio in between out.

The server waits for open answers *before* it ends the lifespan, so an endless stream would
keep it alive.  `stopping` is set as soon as the signal arrives: every stream polls it.  What runs
is given back at the same moment.  Whoever is still being answered after `END_WITHIN`, such as a
browser that has paused a film, does not hold the server any longer.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from queue import SimpleQueue
from types import FrameType

import anyio.to_thread

from gravix_core.errors import GravixError
from gravix_core.logfile import start_logging, stop_logging
from gravix_core.model import Seconds
from gravix_core.studio import close_shared_studio, shared_studio, stop_shared_jobs

END_WITHIN: Seconds = 2.2
"""Of the signal; `scripts/serve.py` waits a little longer."""

stopping = threading.Event()
"""Set from the first wish to stop on.  A stream looks at it at least twice a second."""

STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)
)


Lifespan = Callable[[object], AbstractAsyncContextManager[None]]


def _nothing() -> None:
    pass


def lifespan_of(
    *, start: Callable[[], object], stop: Callable[[], None], halt: Callable[[], None] = _nothing
) -> Lifespan:
    """What a server opens before its first request, and closes once after its last.

    Args:
        start: Opens; may block, since it runs in a thread.  When it raises a `GravixError`,
            message and hint are on stderr, one line each, the server's own log stays silent
            about it, and `stop` is not called.
        stop: Closes; runs in a thread as well.
        halt: Ends what runs, as soon as the end is asked for; answers are still being given
            then, so what they read stays open.
    """

    @asynccontextmanager
    async def span(_app: object) -> AsyncIterator[None]:
        stopping.clear()
        asked = announce_stop()
        threading.Thread(target=_hurry, args=(asked, halt), name="hurry", daemon=True).start()
        try:
            await anyio.to_thread.run_sync(start)
        except GravixError as exc:
            _say_why(exc)
            raise
        try:
            yield
        finally:
            stopping.set()
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(stop)

    return span


def open_studio() -> None:
    """Open the one studio, let it work, and log as LOG_LEVEL and DEBUG say.

    Raises:
        StatusConflict: Another dashboard works on its data directory.
        SettingsError, StoreError, DiskFull, FileUnwritable: It cannot be opened.
    """
    studio = shared_studio()
    settings = studio.settings
    level = "DEBUG" if settings.debug else settings.log_level
    start_logging(settings.gravix_data_dir, level=level, secrets=settings.secrets())
    try:
        studio.start()
    except BaseException:
        close_shared_studio()
        raise


def close_studio() -> None:
    """Close the one studio, and the log."""
    close_shared_studio()
    stop_logging()


lifespan = lifespan_of(start=open_studio, stop=close_studio, halt=stop_shared_jobs)
"""The dashboard's: the one studio."""


def announce_stop() -> threading.Event:
    """Set `stopping` when a signal asks for the end, and do what was done before.

    Does nothing outside the main thread, where no handler may be set (a test client).

    Returns:
        Set at the same moment, but by a signal alone.
    """
    asked, wishes = threading.Event(), SimpleQueue[int]()
    if threading.current_thread() is not threading.main_thread():
        return asked
    for number in STOP_SIGNALS:
        previous = signal.getsignal(number)

        def tell(got: int, frame: FrameType | None, previous: object = previous) -> None:
            # Nothing with a lock, such as an event: a second signal may come in the middle of this.
            wishes.put(got)
            if callable(previous):
                previous(got, frame)

        signal.signal(number, tell)

    def announce() -> None:
        wishes.get()
        stopping.set()
        asked.set()

    threading.Thread(target=announce, name="announce-stop", daemon=True).start()
    return asked


def _hurry(asked: threading.Event, halt: Callable[[], None]) -> None:
    """Once a signal asks for the end: end what runs and, if it is still there, the process.

    Nothing is lost by that, since even being killed loses nothing.
    """
    asked.wait()
    patience = time.monotonic() + END_WITHIN
    try:
        halt()
    finally:
        time.sleep(max(0.0, patience - time.monotonic()))
        os._exit(0)


def _say_why(exc: GravixError) -> None:
    sys.stderr.write(f"Gravix cannot start: {exc}\nWhat to do: {exc.hint}\n")
    sys.stderr.flush()
    logging.getLogger("uvicorn.error").disabled = True  # it would print the traceback
