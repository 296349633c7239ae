"""Work that waits for a server in, its result by a time out, or an error.

A transport's own time-outs count from one byte to the next, so a server that drips keeps it for
ever; and nobody can interrupt it.  So the work has a thread of its own, which is left alone when
the time is over: whoever calls closes what it waits for.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from time import monotonic
from typing import TypeVar

from gravix_core.errors import Cancelled
from gravix_core.model import Seconds

T = TypeVar("T")
LOOK_EVERY: Seconds = 0.2


def by_deadline(work: Callable[[], T], *, seconds: Seconds, should_stop: Callable[[], bool]) -> T:
    """`work()`, or what it raises.

    Raises:
        TimeoutError: It takes longer than `seconds`.
        Cancelled: `should_stop` said so before it was done.
    """
    done: Future[T] = Future()
    Thread(target=_work, args=(work, done), name="deadline", daemon=True).start()
    end = monotonic() + seconds
    while not done.done():
        if should_stop():
            raise Cancelled
        left = end - monotonic()
        if left <= 0:
            raise TimeoutError("the answer does not end")
        wait([done], timeout=min(LOOK_EVERY, left))
    return done.result()


def _work(work: Callable[[], T], done: Future[T]) -> None:
    try:
        done.set_result(work())
    except BaseException as exc:  # it is raised where it is waited for
        done.set_exception(exc)
