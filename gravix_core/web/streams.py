"""A long answer or a long request in, its end out: its own, or that of the server."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.types import Receive

from gravix_core.model import Seconds

T = TypeVar("T")

LOOK_EVERY: Seconds = 0.2
"""How soon the end of the server is seen."""
GONE_WITHIN: Seconds = 1


async def until_stopped(work: Callable[[], Awaitable[T]], *, stopping: threading.Event) -> T | None:
    """What `work` gives; None when the server was to stop meanwhile, which ends `work`."""
    given: T | None = None
    failure: Exception | None = None

    async def watch() -> None:
        while not stopping.is_set():
            await anyio.sleep(LOOK_EVERY)
        group.cancel_scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(watch)
        try:
            given = await work()
        except Exception as exc:  # the group would wrap it
            failure = exc
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure
    return given


async def hang_up(receive: Receive) -> None:
    """Drop the connection at once.

    The server would first wait until a slow reader, such as a paused player, has taken what is
    on its way.  ASGI has no word for this, so uvicorn's own is looked for; without it nothing
    happens, and the connection ends when the process does.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    abort = getattr(transport, "abort", None)
    if abort is None:
        return
    abort()
    with anyio.move_on_after(GONE_WITHIN):
        while (await receive())["type"] != "http.disconnect":
            pass


@asynccontextmanager
async def in_threads(manager: AbstractContextManager[T]) -> AsyncIterator[T]:
    """A context that is entered and left in worker threads, also when the block is cancelled."""
    value = await anyio.to_thread.run_sync(manager.__enter__)
    try:
        yield value
    except BaseException as exc:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(manager.__exit__, type(exc), exc, exc.__traceback__)
        raise
    else:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(manager.__exit__, None, None, None)
