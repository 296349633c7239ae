"""Where a subject is over time and how large the window is in, a calm window out.  Pure.

A window that can stand still does.  One that cannot goes from one stand to the next, and follows
only what stands nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gravix_core.framing import Box, Place, Window
from gravix_core.model import Seconds, Span
from gravix_core.stages.reframe.seen import Look

FITS = 0.94
"""So much of the window may be taken by where a face goes."""
CORE = 0.6
"""Of a face that is too wide for the window, so much of its width is kept inside."""
EYES = 0.38
"""So far down a window that is lower than the picture the eyes are."""
NOD = 0.12
"""Of the window's height: so far the eyes may go up and down before the window follows."""
CORE_FITS = 0.97
OUTER = 3, 97
"""Percentiles between which a face counts as going."""
MOSTLY = 12, 88
"""Those between which all of it is to be inside a window that stands; its core always is."""
STAND: Seconds = 2.0
"""Shortest."""
DRIFT = 0.2
"""Of the way that a stand allows: who is so far from its middle as a rule is on the move."""
GOING: Seconds = 1.0
"""From one stand to the next."""
RATE = 20
"""Times a second at which paths are worked out."""
STIFF = 24.0
"""Lambda of Whittaker's smoother at four samples a second."""
SAMPLES = 4
ROUNDED: Seconds = 0.5
STRAIGHT = 0.5 / 1080
"""Of the window's width: so far a path may be from the straight lines it is told by."""

_Line = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Room:
    """A window's size, and the part of the frame in which it may be."""

    picture: Box
    width: float
    height: float

    def inside(self, x: float, y: float) -> tuple[float, float]:
        """The nearest centre that keeps the window in the picture."""
        return (
            _between(x, self.picture.x + self.width / 2, self.picture.right - self.width / 2),
            _between(y, self.picture.y + self.height / 2, self.picture.bottom - self.height / 2),
        )

    def still(self, x: float, y: float) -> Window:
        return Window(self.width, self.height, (Place(0.0, *self.inside(x, y)),))


def follow(looks: Sequence[Look], span: Span, room: Room, *, eyes: float = EYES) -> Window:
    """The calmest window that keeps a face inside.

    Args:
        looks: At the face, by time; at least one.
        span: When the window is shown.
        eyes: So far down the window they are, where it has room to go up and down.
    """
    at = np.array([look.at for look in looks])
    across = _calm(at, np.array([look.box.centre[0] for look in looks]), span, _slacks(looks, room))
    level = np.array([look.eyes + (0.5 - eyes) * room.height for look in looks])
    free = room.height < room.picture.height - 1e-6
    nod = 2 * NOD * room.height
    down = _calm(at, level, span, (nod, 1.5 * nod)) if free else level[:1]
    if len(across) == len(down) == 1:
        return room.still(float(across[0]), float(down[0]))
    times = _times(span)
    path = [
        room.inside(x, y)
        for x, y in zip(
            *(np.broadcast_to(line, times.shape) for line in (across, down)), strict=True
        )
    ]
    return _told(times, np.array(path), room)


def around(looks: Sequence[Look], room: Room) -> Window | None:
    """A still window around all that is looked at; None when it is too small for that."""
    left = np.percentile([look.box.x for look in looks], OUTER[0])
    right = np.percentile([look.box.right for look in looks], OUTER[1])
    if right - left > 0.95 * room.width:
        return None
    level = float(np.median([look.eyes for look in looks])) + (0.5 - EYES) * room.height
    return room.still(float(left + right) / 2, level)


def shown(looks: Sequence[Look], window: Window) -> float:
    """The share of looks whose face has its middle part inside the window."""
    inside = 0
    for look in looks:
        box, half = window.box(look.at), CORE * look.box.width / 2
        middle = look.box.centre[0]
        inside += box.x <= middle - half and middle + half <= box.right
    return inside / len(looks)


def _slacks(looks: Sequence[Look], room: Room) -> tuple[float, float]:
    """How far the face may go from side to side in a window that stands: whole, and its core."""
    width = float(np.median([look.box.width for look in looks]))
    whole, core = FITS * room.width - width, CORE_FITS * room.width - CORE * width
    return (whole if width < 0.9 * room.width else core), core


def _calm(at: _Line, where: _Line, span: Span, slacks: tuple[float, float]) -> _Line:
    """One value where it may stand; else one for each of `_times`.

    Args:
        slacks: So far it may go mostly, and so far ever, in a window that stands.
    """
    most, all_of_it = (np.percentile(where, outer) for outer in (MOSTLY, OUTER))
    if np.ptp(most) <= slacks[0] and np.ptp(all_of_it) <= slacks[1]:
        return np.array([all_of_it.mean()])
    stands = _stands(at, where, max(slacks[0], 0.7 * slacks[1], 0.0))
    return _walk(stands, span) if len(stands) > 1 else _smooth(at, where, span)


def _stands(at: _Line, where: _Line, slack: float) -> list[tuple[Seconds, Seconds, float]]:
    """Start, end and place of each, as long as it can be; none where the face stands nowhere."""
    stands: list[tuple[Seconds, Seconds, float]] = []
    first = 0
    for n in range(1, len(at) + 1):
        if n < len(at) and np.ptp(where[first : n + 1]) <= slack:
            continue
        kept, start, end = where[first:n], float(at[first]), float(at[n - 1])
        place = float(np.median(kept))
        if end - start < STAND or np.median(np.abs(kept - place)) > DRIFT * slack:
            return []
        stands.append((start, end, _between(place, kept.max() - slack / 2, kept.min() + slack / 2)))
        first = n
    return stands


def _walk(stands: list[tuple[Seconds, Seconds, float]], span: Span) -> _Line:
    times = _times(span)
    line = np.full(times.shape, stands[0][2])
    for (_, end, here), (start, _, there) in pairwise(stands):
        share = np.clip((times - (end + start) / 2) / GOING + 0.5, 0, 1)
        line = line + (there - here) * (1 - np.cos(np.pi * share)) / 2
    return line


def _smooth(at: _Line, where: _Line, span: Span) -> _Line:
    even = np.arange(span.start, span.end + 1 / SAMPLES, 1 / SAMPLES)
    calm = _whittaker(_without_outliers(np.interp(even, at, where)))
    line = np.interp(_times(span), even, calm)
    window = np.hanning(round(ROUNDED * RATE) + 2)[1:-1]
    half = len(window) // 2
    padded = np.pad(line, half, mode="edge")
    return np.convolve(padded, window / window.sum(), "same")[half : half + len(line)]


def _without_outliers(line: _Line) -> _Line:
    """The median of each value and its neighbours."""
    padded = np.pad(line, 1, mode="edge")
    middle: _Line = np.median([padded[:-2], padded[1:-1], padded[2:]], axis=0)
    return middle


def _whittaker(line: _Line) -> _Line:
    """The line z with the least sum of (z - line)² and STIFF times its second differences².

    Eilers, "A perfect smoother", Anal. Chem. 75 (2003) 3631: a system of five diagonals.
    """
    n = len(line)
    if n < 3:
        return line
    second = np.diff(np.eye(min(n, 5)), 2, axis=0)
    if n <= 5:
        solved: _Line = np.linalg.solve(np.eye(n) + STIFF * second.T @ second, line)
        return solved
    return _five_diagonals(line)


def _five_diagonals(line: _Line) -> _Line:
    n = len(line)
    main = 1 + STIFF * np.array([1.0, 5.0, *[6.0] * (n - 4), 5.0, 1.0])
    next_, far = STIFF * np.array([-2.0, *[-4.0] * (n - 3), -2.0, 0.0]), np.full(n, STIFF)
    d, e, f, z = np.zeros(n), np.zeros(n), np.zeros(n), line.copy()
    for i in range(n):
        d[i] = main[i]
        above = next_[i]
        if i > 0:
            d[i] -= d[i - 1] * e[i - 1] ** 2
            above -= d[i - 1] * e[i - 1] * f[i - 1]
            z[i] -= e[i - 1] * z[i - 1]
        if i > 1:
            d[i] -= d[i - 2] * f[i - 2] ** 2
            z[i] -= f[i - 2] * z[i - 2]
        e[i], f[i] = (above / d[i] if i < n - 1 else 0.0), (far[i] / d[i] if i < n - 2 else 0.0)
    z /= d
    for i in range(n - 2, -1, -1):
        z[i] -= e[i] * z[i + 1] + (f[i] * z[i + 2] if i < n - 2 else 0.0)
    return z


def _times(span: Span) -> _Line:
    return np.linspace(span.start, span.end, max(2, round(span.duration * RATE) + 1))


def _told(times: _Line, path: _Line, room: Room) -> Window:
    """By as few places as keep it straight between them."""
    kept = sorted(_corners(times, path / (room.width, room.height), 0, len(times) - 1))
    places = tuple(Place(float(times[n]), float(path[n, 0]), float(path[n, 1])) for n in kept)
    return Window(room.width, room.height, places)


def _corners(times: _Line, path: _Line, first: int, last: int) -> set[int]:
    """Douglas and Peucker's, by what a moment is off."""
    corners = {first, last}
    waiting = [(first, last)]
    while waiting:
        a, b = waiting.pop()
        if b - a < 2:
            continue
        share = ((times[a : b + 1] - times[a]) / (times[b] - times[a]))[:, None]
        off = np.abs(path[a] + share * (path[b] - path[a]) - path[a : b + 1]).max(axis=1)
        worst = int(off.argmax())
        if off[worst] > STRAIGHT:
            corners.add(a + worst)
            waiting += [(a, a + worst), (a + worst, b)]
    return corners


def _between(value: float, low: float, high: float) -> float:
    return min(max(value, low), high) if low < high else (low + high) / 2
