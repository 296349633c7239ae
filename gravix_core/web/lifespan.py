"""The server's start and end in, one open studio in between out.

The server waits for open answers *before* it ends the lifespan, so an endless stream would
keep it alive.  `stopping` is set as soon as the signal arrives: every stream polls it.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FrameType

import anyio.to_thread

from gravix_core.errors import GravixError
from gravix_core.studio import close_shared_studio, shared_studio

stopping = threading.Event()
"""Set from the first wish to stop on.  A stream looks at it at least twice a second."""

STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)
)


Lifespan = Callable[[object], AbstractAsyncContextManager[None]]


def lifespan_of(*, start: Callable[[], object], stop: Callable[[], None]) -> Lifespan:
    """What a server opens before its first request, and closes once after its last.

    Args:
        start: Opens; may block, since it runs in a thread.  When it raises a `GravixError`,
            message and hint are on stderr, one line each, the server's own log stays silent
            about it, and `stop` is not called.
        stop: Closes; runs in a thread as well.
    """

    @asynccontextmanager
    async def span(_app: object) -> AsyncIterator[None]:
        stopping.clear()
        announce_stop()
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
    """Open the one studio, and log as LOG_LEVEL and DEBUG say."""
    settings = shared_studio().settings
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    level = "DEBUG" if settings.debug else settings.log_level
    logging.getLogger("gravix_core").setLevel(level)


lifespan = lifespan_of(start=open_studio, stop=close_shared_studio)
"""The dashboard's: the one studio."""


def announce_stop() -> None:
    """Set `stopping` when a signal asks for the end, then do what was done before.

    Does nothing outside the main thread, where no handler may be set (a test client).
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in STOP_SIGNALS:
        previous = signal.getsignal(number)

        def tell(got: int, frame: FrameType | None, previous: object = previous) -> None:
            stopping.set()
            if callable(previous):
                previous(got, frame)

        signal.signal(number, tell)


def _say_why(exc: GravixError) -> None:
    sys.stderr.write(f"Gravix cannot start: {exc}\nWhat to do: {exc.hint}\n")
    sys.stderr.flush()
    logging.getLogger("uvicorn.error").disabled = True  # it would print the traceback
