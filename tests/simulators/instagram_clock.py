"""A date in, the version of Graph that Meta serves out; and the clock of the stand-in."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""When the virtual clock begins: the day of the contract."""

USABLE_UNTIL: dict[str, date | None] = {
    "v18.0": date(2026, 1, 26),
    "v19.0": date(2026, 5, 21),
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}
"""The first day on which a version is no longer served; None: not announced.

Source: developers.facebook.com/docs/graph-api/changelog/versions, read 2026-11-22.
"""


def served_version(asked: str, day: date) -> str:
    """The version that answers: the asked one, else the oldest that is usable on that day."""
    usable = [name for name, until in USABLE_UNTIL.items() if until is None or day < until]
    return asked if asked in usable else usable[0]


class Clock:
    """Stands still until it is told to go, or follows real time from `start` on."""

    def __init__(self, start: datetime = START, *, follows: bool = False) -> None:
        self._at, self._follows, self._began = start.timestamp(), follows, time.monotonic()

    def time(self) -> float:
        """Seconds since 1970."""
        return self._at + (time.monotonic() - self._began if self._follows else 0.0)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def go(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Let so much time pass at once."""
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self._at += span.total_seconds()
