"""Headers of an answer of Meta's in; how full its limits are, and until when calls rest, out.

Source of the headers: Meta's pages on rate limits, read up to 2026-11-22.  Calls while a limit is
reached make it last longer, so none is made.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gravix_core.model import Seconds

FULL = 100.0
"""Percent."""
NO_TIME_NAMED: Seconds = 15 * 60.0
"""Rest where a limit is reached and no time is named: app limits roll over an hour."""
LONGEST: Seconds = 24 * 3600.0
_PLAIN = ("x-app-usage", "x-page-usage", "x-ad-account-usage")
_BY_BUSINESS = "x-business-use-case-usage"
_SHARES = ("call_count", "total_time", "total_cputime")


@dataclass(frozen=True, slots=True)
class Usage:
    percent: float = 0.0
    """The fullest of all limits that the answer speaks of."""
    regain: Seconds | None = None
    """How long calls should rest; None when no limit is reached."""


class Gauge:
    """Remembers what Meta said last.  One per app; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: datetime | None = None
        self._percent = 0.0

    def note(self, usage: Usage, *, now: datetime) -> None:
        with self._lock:
            self._percent = usage.percent
            if usage.regain is not None:
                until = now + timedelta(seconds=usage.regain)
                self._until = max(until, self._until or until)

    def rests(self, *, now: datetime) -> Seconds | None:
        """For how long no call should be made; None when calls are taken."""
        with self._lock:
            if self._until is None or self._until <= now:
                return None
            return min((self._until - now).total_seconds(), LONGEST)

    @property
    def percent(self) -> float:
        with self._lock:
            return self._percent


def usage_of(headers: Mapping[str, str]) -> Usage:
    """What is not as documented is passed over."""
    entries = list(_entries({name.lower(): value for name, value in headers.items()}))
    percent = max((_percent(entry) for entry in entries), default=0.0)
    rests = [_rest(entry) for entry in entries if _percent(entry) >= FULL or _minutes(entry)]
    return Usage(percent, min(max(rests), LONGEST) if rests else None)


def _entries(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for name in _PLAIN:
        yield from _dicts(_parsed(headers.get(name)))
    by_business = _parsed(headers.get(_BY_BUSINESS))
    for listed in by_business.values() if isinstance(by_business, dict) else ():
        for entry in listed if isinstance(listed, list) else (listed,):
            yield from _dicts(entry)


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None


def _dicts(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value


def _percent(entry: Mapping[str, Any]) -> float:
    return max((_number(entry.get(name)) for name in _SHARES), default=0.0)


def _minutes(entry: Mapping[str, Any]) -> float:
    return _number(entry.get("estimated_time_to_regain_access"))


def _rest(entry: Mapping[str, Any]) -> Seconds:
    return 60.0 * _minutes(entry) or NO_TIME_NAMED


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else 0.0
