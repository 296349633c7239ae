"""Bytes so far in; percent, speed, time left and whether it is worth waiting for out.  Pure."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from gravix_core.model import Seconds

RECENT: Seconds = 8.0
"""The speed is that of so long."""
SLOWEST = 4000
"""Bytes per second.  Slower, 80 MB take 5.5 hours, about as long as YouTube's links live."""


class Pace:
    """Follows one download.

    Args:
        patience: Longest time over which it may be slower than `SLOWEST`.
    """

    def __init__(self, *, patience: Seconds, clock: Callable[[], Seconds] = time.monotonic) -> None:
        self._patience, self._clock = patience, clock
        self._longest = max(patience, RECENT)
        self._points: deque[tuple[Seconds, int]] = deque()
        self._total: int | None = None
        self.percent = 0.0
        """0..100, never falling, though a server may have it all fetched again."""

    def feel(self, done: int, total: int | None) -> None:
        """So many bytes are there, of so many when that is known."""
        now = self._clock()
        if self._points and done < self._points[-1][1]:
            self._points.clear()
        self._points.append((now, done))
        while len(self._points) > 2 and now - self._points[1][0] >= self._longest:
            self._points.popleft()
        self._total = total
        if total:
            self.percent = max(self.percent, min(100.0, 100 * done / total))

    @property
    def drips(self) -> bool:
        """It has been too slow for too long."""
        if not self._points:
            return False
        (since, before), (now, done) = self._points[0], self._points[-1]
        return now - since >= self._patience and done - before < SLOWEST * (now - since)

    def note(self) -> str:
        """``12 of 80 MB, 3.1 MB/s, 20 s left``, with what is known of it."""
        if not self._points:
            return ""
        done, speed = self._points[-1][1], self._speed()
        parts = [f"{_mb(done)} of {_mb(self._total)} MB" if self._total else f"{_mb(done)} MB"]
        if speed:
            parts.append(f"{speed / 1e6:.1f} MB/s" if speed >= 1e5 else f"{speed / 1e3:.0f} kB/s")
            if self._total and done < self._total:
                parts.append(f"{_span((self._total - done) / speed)} left")
        return ", ".join(parts)

    def _speed(self) -> float:
        now, done = self._points[-1]
        since, before = next(p for p in self._points if now - p[0] <= RECENT)
        return (done - before) / (now - since) if now - since >= 0.2 else 0.0


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f}" if size >= 1e7 else f"{size / 1e6:.1f}"


def _span(seconds: Seconds) -> str:
    if seconds < 99:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 99 else f"{minutes / 60:.1f} h"
