"""The mouths of several people in one shot in, who talks when out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gravix_core.model import Seconds, Span
from gravix_core.stages.reframe.seen import Person

STEP: Seconds = 0.1
SMOOTHED: Seconds = 1.2
BEGINNING: Seconds = 2.0
"""Who talks most in so much of a shot has its first turn."""
LEAD, MARGIN = 1.4, 0.15
"""Another has the word whose mouth moves so many times as much, and by so much (codes of 255)."""
LEAD_LASTS: Seconds = 0.6
HELD: Seconds = 1.5
"""Shortest turn."""
AWAY: Seconds = 0.8
"""A person not seen for so long is not there."""
TALKS = 0.15
"""Codes of 255: less is no talking."""

_Levels = NDArray[np.float64]
"""One row a person, one column a step of time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which one of several people has the word."""

    span: Span
    person: int
    """Their number among the people."""


def turns(people: Sequence[Person], span: Span) -> tuple[Turn, ...]:
    """Who is to be shown when; the turns partition the span.

    Slow to change: a nod or a laugh takes nobody's turn, and a turn begins where the mouth began
    to move, not where that was certain.

    Args:
        people: At least one.
        span: Of the shot.
    """
    times = np.arange(span.start, span.end, STEP)
    levels = talking(people, times)
    there = _there(people, times)
    starts = _starts(levels, there)
    edges = [span.start, *(float(times[n]) for n, _ in starts[1:]), span.end]
    whole = [Span(a, b) for a, b in pairwise(edges)]
    return tuple(Turn(part, who) for part, (_, who) in zip(whole, starts, strict=True))


def shares(people: Sequence[Person], span: Span) -> tuple[float, ...]:
    """For each person, the share of the time in which they talk and nobody talks more."""
    levels = talking(people, np.arange(span.start, span.end, STEP))
    leads = (levels == levels.max(axis=0)) & (levels > TALKS)
    return tuple(float(row.mean()) for row in leads)


def talking(people: Sequence[Person], times: NDArray[np.float64]) -> _Levels:
    """How much each mouth moves at each time, smoothed; 0 where it is not seen."""
    window = np.hanning(round(SMOOTHED / STEP) + 2)[1:-1]
    # The edges count less than nothing at all: no mouth moves there by being out of sight.
    weight = np.convolve(np.ones(len(times)), window, "same")[: len(times)]
    rows = []
    for person in people:
        at, levels = [one.at for one in person.talk], [one.level for one in person.talk]
        row = np.interp(times, at, levels, 0, 0) if at else np.zeros(len(times))
        rows.append(np.convolve(row, window, "same")[: len(times)] / weight)
    return np.array(rows)


def _there(people: Sequence[Person], times: NDArray[np.float64]) -> NDArray[np.bool_]:
    rows = []
    for person in people:
        seen = np.array([look.at for look in person.looks])
        after = np.clip(np.searchsorted(seen, times), 0, len(seen) - 1)
        before = np.maximum(after - 1, 0)
        near = np.minimum(np.abs(seen[after] - times), np.abs(times - seen[before]))
        rows.append(near <= AWAY)
    return np.array(rows)


def _starts(levels: _Levels, there: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """When (a step) which person (a number) takes the word."""
    first = min(levels.shape[1], round(BEGINNING / STEP))
    begin = levels[:, :first].mean(axis=1) + 1e-3 * there[:, :first].mean(axis=1)
    starts = [(0, int(begin.argmax()))]
    lasts, held = round(LEAD_LASTS / STEP), round(HELD / STEP)
    since: dict[int, int] = {}
    for n in range(levels.shape[1]):
        began, current = starts[-1]
        rivals = _rivals(levels[:, n], there[:, n], current)
        since = {one: since.get(one, n) for one in rivals}
        ready = [one for one in rivals if n - since[one] >= lasts]
        if ready and n - began >= held and levels.shape[1] - n >= lasts:
            best = max(ready, key=lambda one: levels[one, n])
            starts.append((max(began + held, since[best]), best))
            since = {}
    return starts


def _rivals(levels: NDArray[np.float64], there: NDArray[np.bool_], current: int) -> list[int]:
    """Those who should have the word rather than who has it."""
    limit = LEAD * levels[current] + MARGIN if there[current] else -1.0
    return [
        one for one in range(len(levels)) if one != current and there[one] and levels[one] > limit
    ]
