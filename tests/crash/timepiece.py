"""A file in; what the processes that were told of it take for the time of day, out.

Stands outside the product, as `points` does: it takes the place of the clock that the engine asks.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

CLOCK = "CRASH_CLOCK"
"""Variable: the file; absent, or empty, for the time that it is."""


@dataclass(frozen=True)
class Timepiece:
    """A clock that all who were told of its file see."""

    file: Path

    @property
    def variables(self) -> dict[str, str]:
        return {CLOCK: str(self.file)}

    def off(self) -> float:
        """Seconds by which it is ahead."""
        if not self.file.exists():
            return 0.0
        set_to = json.loads(self.file.read_text(encoding="utf-8"))
        return float(set_to["ahead"] + (time.time() - set_to["since"]) * set_to["faster"])

    def step(self, seconds: float, *, faster: float = 0.0) -> None:
        """Put it ahead or back, at one moment for all.

        Args:
            faster: Seconds that it gains in each second from now on.
        """
        set_to = {"ahead": self.off() + seconds, "since": time.time(), "faster": faster}
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps(set_to), encoding="utf-8")
        draft.replace(self.file)


def install() -> None:
    """From now on this process goes by the clock that its environment names."""
    file = os.environ.get(CLOCK, "")
    if not file:
        return
    from gravix_core.jobs import runner
    from gravix_core.store import columns

    clock = Timepiece(Path(file))

    class Shown:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + timedelta(seconds=clock.off())

    for module in (runner, columns):
        assert vars(module)["datetime"] is datetime
        vars(module)["datetime"] = Shown
