"""Lines of the downloader's program in; its result, its faults and how far it is out."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from gravix_core.errors import DiskFull, ToolFailed
from gravix_core.model import Seconds, Watch
from gravix_core.stages.source.base import Tell
from gravix_core.stages.source.faults import (
    FAULTS,
    Fault,
    Told,
    cleaned,
    error_as,
    fault_of,
    upcoming,
)
from gravix_core.stages.source.pace import Pace

log = logging.getLogger(__name__)


def unheard(note: str) -> None:
    """Where nobody is to be told."""


class Heard:
    """What the program has said so far."""

    def __init__(self, youtube_id: str) -> None:
        self.youtube_id = youtube_id
        self.result: dict[str, Any] | None = None
        self.fault: Fault | None = None
        self.details = ""
        self.missed: list[Fault] = []
        self._began = self._last = time.monotonic()

    def line(self, line: str) -> None:
        self._last = time.monotonic()
        self._take(json.loads(line))

    def _take(self, said: Mapping[str, Any]) -> None:
        self.result = said.get("result")
        if fault := said.get("fault"):
            self.fault, self.details = _fault_of(fault), cleaned(fault["message"])
        if missed := said.get("missed"):
            self.missed.append(_fault_of(missed))

    def error(self) -> Exception:
        """The error that ends it."""
        fault = self.fault or FAULTS["unknown"]
        log.warning("video %s: %s (%s)", self.youtube_id, fault.code, self.details)
        if fault.code == "disk_full":
            return DiskFull(fault.sentence, hint=fault.hint)
        return error_as(fault, details=self.details)

    def why_silent(self, exc: ToolFailed, *, stalled: Seconds, deadline: Seconds) -> Fault:
        """It ended without a word, or was ended."""
        self.details = str(exc)
        now = time.monotonic()
        if now - self._last >= stalled or now - self._began >= deadline:
            return self.hung()
        return FAULTS["unknown"]

    def hung(self) -> Fault:
        return FAULTS["network"]


class Fetching(Heard):
    """The same, with bytes that come in.

    Args:
        patience: Longest time in which next to none come.
        watch: Told the percent.
        tell: Told the rest.
        check: Called with the bytes that are there; may raise.
    """

    def __init__(
        self,
        youtube_id: str,
        *,
        patience: Seconds,
        watch: Watch,
        tell: Tell,
        check: Callable[[int], None],
    ) -> None:
        super().__init__(youtube_id)
        self._pace, self._watch = Pace(patience=patience), watch
        self._tell, self._check = tell, check
        self._done = 0

    def _take(self, said: Mapping[str, Any]) -> None:
        super()._take(said)
        if note := said.get("note"):
            self._tell(note)
            self._check(self._done)
        if progress := said.get("progress"):
            self._feel(progress["done"], progress["total"])

    def hung(self) -> Fault:
        return FAULTS["stalled"]

    def _feel(self, done: int, total: int | None) -> None:
        self._done = done
        self._pace.feel(done, total)
        self._watch.progress(self._pace.percent)
        self._tell(self._pace.note())
        self._check(done)
        if self._pace.drips:
            self.fault, self.details = FAULTS["stalled"], "it came drop by drop"
            raise self.error()


def _fault_of(told: Mapping[str, Any]) -> Fault:
    if "starts_in" in told:
        return upcoming(told["starts_in"])
    return fault_of(
        Told(
            message=told["message"],
            classes=tuple(told["classes"]),
            statuses=tuple(told["statuses"]),
            countries=tuple(told["countries"]),
            warnings=tuple(told["warnings"]),
            phase=told["phase"],
            retry_after=told["retry_after"],
        )
    )
