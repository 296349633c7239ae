"""Requests in that stand still until a test lets them go; who kills their clients meanwhile."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from threading import Condition


class Hold:
    """Where requests wait; `reached` counts those that came so far."""

    def __init__(self, changed: Condition) -> None:
        self.reached = 0
        self._changed = changed
        self._released: Future[None] = Future()

    async def stand(self) -> None:
        with self._changed:
            self.reached += 1
            self._changed.notify_all()
        await asyncio.shield(asyncio.wrap_future(self._released))

    def wait(self, requests: int = 1, *, within: float = 30.0) -> None:
        """Wait until so many requests have come."""
        with self._changed:
            came = self._changed.wait_for(lambda: self.reached >= requests, within)
        assert came, f"{self.reached} of {requests} requests came within {within:g} s"

    def release(self) -> None:
        """Let go whoever stands here, and whoever comes later."""
        if not self._released.done():
            self._released.set_result(None)
