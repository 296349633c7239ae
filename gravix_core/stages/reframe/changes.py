"""How each shot is filled and how long it lasts in, the same with fewer changes out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import groupby, pairwise

from gravix_core.framing import Fill
from gravix_core.model import Seconds


@dataclass(frozen=True, slots=True)
class Way:
    """How a shot is filled, and the size of its windows."""

    fill: Fill
    width: float
    height: float


def with_few_changes(
    ways: Sequence[Way], lengths: Sequence[Seconds], *, crop: Way, most: int
) -> tuple[Way, ...]:
    """Let what is shown shortest be filled as what is next to it, until there are few changes.

    Args:
        ways: Of the shots, by time.
        lengths: Of the same shots.
        crop: What a shot in two windows becomes where one of a single window cannot follow it.
        most: So many changes of way are left at most.

    Returns:
        One way per shot; only a shot that was split before is split.
    """
    chain = _Chain(ways, lengths, crop)
    while chain.changes > most:
        chain.join_shortest()
    return chain.ways()


@dataclass(slots=True, eq=False)
class _Run:
    """Shots of one way, one after the other."""

    way: Way
    first: int
    shots: int
    length: Seconds
    before: _Run | None = None
    after: _Run | None = None


class _Chain:
    """The runs by time, and which of them is the shortest."""

    def __init__(self, ways: Sequence[Way], lengths: Sequence[Seconds], crop: Way) -> None:
        self._crop = crop
        self._runs: dict[int, _Run] = {}
        for way, group in groupby(range(len(ways)), key=lambda n: ways[n]):
            shots = list(group)
            length = sum(lengths[n] for n in shots)
            self._runs[shots[0]] = _Run(way, shots[0], len(shots), length)
        for before, after in pairwise(self._runs.values()):
            before.after, after.before = after, before
        # A run that has grown or gone leaves its old entry behind, known by the wrong length.
        self._by_length = [(run.length, run.first) for run in self._runs.values()]
        heapify(self._by_length)

    @property
    def changes(self) -> int:
        return len(self._runs) - 1

    def ways(self) -> tuple[Way, ...]:
        return tuple(run.way for run in self._runs.values() for _ in range(run.shots))

    def join_shortest(self) -> None:
        """Leaves at least one run less."""
        run = self._shortest()
        other, way = self._partner(run)
        one, gone = (other, run) if other is run.before else (run, other)
        self._absorb(one, gone)
        one.way = way
        if one.after and one.after.way == way:
            self._absorb(one, one.after)
        if one.before and one.before.way == way:
            one, gone = one.before, one
            self._absorb(one, gone)
        heappush(self._by_length, (one.length, one.first))

    def _shortest(self) -> _Run:
        while True:
            length, first = heappop(self._by_length)
            run = self._runs.get(first)
            if run and run.length == length:
                return run

    def _partner(self, run: _Run) -> tuple[_Run, Way]:
        """The neighbour that a run joins, the longer one if it can, and the way of both then."""
        near = [one for one in (run.before, run.after) if one]
        near.sort(key=lambda one: -one.length)
        for one in near:
            if one.way.fill is not Fill.SPLIT:
                return one, one.way
            if run.way.fill is Fill.SPLIT:
                # The larger windows: no face that was whole is cut off.
                return one, max(one.way, run.way, key=lambda way: way.height)
        return near[-1], self._crop

    def _absorb(self, run: _Run, gone: _Run) -> None:
        """Put a run into the one before it."""
        run.shots += gone.shots
        run.length += gone.length
        run.after = gone.after
        if gone.after:
            gone.after.before = run
        del self._runs[gone.first]
