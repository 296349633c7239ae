"""Where a film may be cut in, the spans of its chunks out.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gravix_core.errors import SourceRefused
from gravix_core.model import MAX_REEL, MIN_REEL, Seconds, Span

SHORTEST, LONGEST = 5 / 7, 9 / 7
"""Length of a chunk over the one that is aimed at: 25..45 s of 35."""
SHORTEST_TAIL = 2 / 7
"""Of fixed cuts: a tail of less than so much of a chunk joins the chunk before: 10 s of 35."""

SHOT_NEAR: Seconds = 0.3
"""A shot change so near makes a cut look meant."""
SHOT_BONUS = 0.5
LOOK_AROUND: Seconds = 1.0
LOOK_FOR: Seconds = 4.0
"""Where nothing is known of a boundary's surroundings, a shot change may be so far from it."""
CHOICES = 3
"""Of the candidates around a boundary, around so many of them shot changes are sought."""

# All costs are in the unit of a chunk that is as short or as long as it may be.
_NO_SENTENCE, _NO_PAUSE, _NOTHING = 3.0, 4.5, 5.0
_SHORT_TAIL = 4.0
# Each outweighs any sum of the ones above, for films of up to a day.
_MISSED, _OUTSIDE, _OUTSIDE_BY = 1e8, 1e11, 1e10
_ROUNDING = 1e-9

_Floats = NDArray[np.float64]


class End(IntEnum):
    """What a chunk ends with, best first."""

    SENTENCE = 0
    CLAUSE = 1
    PAUSE = 2
    """In the sound alone: nobody knows the words."""
    WORD = 3
    """Nothing but the end of a word."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a chunk may end and the next one start."""

    at: Seconds
    end: End
    cost: float
    """0 or more, in the unit of a chunk that is as short or as long as it may be; compared
    among ends that are all sentences, or all not."""
    room: Span | None = None
    """The boundary may be moved within it, so as to meet a shot change."""


def plan_chunks(
    duration: Seconds,
    target: Seconds,
    *,
    candidates: Sequence[Candidate] = (),
    shots: Sequence[Seconds] = (),
) -> tuple[Span, ...]:
    """Cut a film where it hurts least.

    Where all boundaries can be at sentence ends, they are.  Else, of all ways to cut it, the one
    is taken that has, in this order: the fewest chunks of a wrong length; the fewest boundaries
    elsewhere although a sentence end, then a pause, then a shot change was in reach of the
    boundary before; the least cost, which counts the candidates' and the distance from `target`.

    Args:
        duration: Length of the source.
        target: Length to aim at, within `MIN_REEL`..`MAX_REEL`.
        candidates: In any order.  Once one of them is not a mere `End.PAUSE`, words are known,
            and no boundary is elsewhere, even if that makes a chunk too long; else a shot
            change or any place serves where no pause is in reach.
        shots: Times of shot changes, as far as they were sought.

    Returns:
        Spans in order; the first starts at 0, each starts where the one before ended, the last
        ends at `duration`.  Each is `SHORTEST`..`LONGEST` of the target, but the last, which may
        be shorter; none is shorter than `MIN_REEL` or longer than `MAX_REEL`.  Where nothing at
        all is known of the film, they are `fixed_chunks`.

    Raises:
        SourceRefused: The source is shorter than a reel may be.
    """
    _refuse_short(duration)
    if not candidates and not shots:
        return fixed_chunks(duration, target)
    places = _Places.of(_met(candidates, shots), duration)
    loose = places.with_shots_and_grid(shots, duration, target)
    worded = any(one.end is not End.PAUSE for one in candidates)
    ways = (places.sentences(), places, places, loose) if worded else (loose, loose)
    for way, strict in zip(ways, (True, True, False, False)[-len(ways) :], strict=True):
        edges = _cheapest(way, duration, target, strict=strict)
        if edges:
            break
    return tuple(Span(start, end) for start, end in pairwise(edges))


def fixed_chunks(duration: Seconds, target: Seconds) -> tuple[Span, ...]:
    """Cut a film into chunks of `target`, of which the last one differs.

    Returns:
        As `plan_chunks`, but a short tail joins the chunk before it; where the two together are
        too long for a reel, they share evenly.

    Raises:
        SourceRefused: The source is shorter than a reel may be.
    """
    _refuse_short(duration)
    whole = int(duration / target)
    edges = [n * target for n in range(whole + 1)]
    tail = duration - edges[-1]
    if whole == 0:
        edges = [0.0, duration]
    elif tail >= max(MIN_REEL, SHORTEST_TAIL * target):
        edges.append(duration)
    elif target + tail <= MAX_REEL:
        edges[-1] = duration
    else:
        edges[-1] = edges[-2] + (target + tail) / 2
        edges.append(duration)
    return tuple(Span(start, end) for start, end in pairwise(edges))


def wanted_shots(
    duration: Seconds, target: Seconds, candidates: Sequence[Candidate]
) -> tuple[Span, ...]:
    """Where a shot change could make a boundary better: a few seconds per boundary that is at
    no sentence end.

    Returns:
        Spans in order, apart from each other, inside the film.

    Raises:
        SourceRefused: The source is shorter than a reel may be.
    """
    chunks = plan_chunks(duration, target, candidates=candidates)
    ordered = sorted(candidates, key=lambda one: one.at)
    times = np.array([one.at for one in ordered])
    looks: list[tuple[Seconds, Seconds]] = []
    for chunk in chunks[:-1]:
        begin, end = np.searchsorted(times, (chunk.end - LOOK_FOR, chunk.end + LOOK_FOR))
        near = ordered[begin:end]
        if any(one.at == chunk.end and one.end is End.SENTENCE for one in near):
            continue
        best = sorted(near, key=lambda one: (one.at != chunk.end, one.cost))[:CHOICES]
        looks += [(one.at - LOOK_AROUND, one.at + LOOK_AROUND) for one in best]
        if not best:
            looks.append((chunk.end - LOOK_FOR, chunk.end + LOOK_FOR))
    return _merged(looks, duration)


def _refuse_short(duration: Seconds) -> None:
    if duration < MIN_REEL:
        raise SourceRefused(f"the video is {duration:.2f} s long; a reel needs {MIN_REEL:g} s")


def _merged(looks: Iterable[tuple[Seconds, Seconds]], duration: Seconds) -> tuple[Span, ...]:
    spans: list[Span] = []
    for start, end in sorted(looks):
        span = Span(max(0.0, start), min(duration, end))
        if spans and span.start <= spans[-1].end:
            span = Span(spans[-1].start, max(span.end, spans.pop().end))
        spans.append(span)
    return tuple(spans)


def _met(candidates: Sequence[Candidate], shots: Sequence[Seconds]) -> list[Candidate]:
    """The candidates, cheaper where a shot changes, and moved onto it where they have the room."""
    if not shots:
        return list(candidates)
    times = np.sort(np.array(shots, dtype=np.float64))
    met: list[Candidate] = []
    for one in candidates:
        room = one.room or Span(one.at, one.at + _ROUNDING)
        begin, end = np.searchsorted(times, (room.start, room.end))
        met += [
            replace(one, at=float(shot), cost=max(0.0, one.cost - SHOT_BONUS))
            for shot in times[begin:end]
        ]
        near = np.searchsorted(times, (one.at - SHOT_NEAR, one.at + SHOT_NEAR))
        bonus = SHOT_BONUS / 2 if near[0] < near[1] and begin == end else 0.0
        met.append(replace(one, cost=max(0.0, one.cost - bonus)))
    return met


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Where a boundary may be, ordered; the start of the film is the first."""

    at: _Floats
    cost: _Floats
    rank: NDArray[np.int64]
    """What is there: 0 a sentence end, 1 another candidate, 2 a shot change, 3 nothing."""

    @classmethod
    def of(cls, candidates: Sequence[Candidate], duration: Seconds) -> _Places:
        within = [one for one in candidates if MIN_REEL <= one.at <= duration - MIN_REEL]
        within.sort(key=lambda one: one.at)
        rank = np.array([0, *(int(one.end is not End.SENTENCE) for one in within)])
        cost = np.array([0.0, *(one.cost for one in within)])
        return cls(np.array([0.0, *(one.at for one in within)]), cost + _NO_SENTENCE * rank, rank)

    def sentences(self) -> _Places:
        """Those alone where one ends."""
        kept = self.rank == 0
        return _Places(self.at[kept], self.cost[kept], self.rank[kept])

    def with_shots_and_grid(
        self, shots: Sequence[Seconds], duration: Seconds, target: Seconds
    ) -> _Places:
        """Every place serves if need be, a shot change better than another."""
        step = min(1.0, target / 20)
        grid = np.arange(MIN_REEL, duration - MIN_REEL, step)
        cuts = np.array([at for at in shots if MIN_REEL <= at <= duration - MIN_REEL])
        counts = [len(cuts), len(grid)]
        at = np.concatenate((self.at, cuts, grid))
        cost = np.concatenate((self.cost, np.repeat([_NO_PAUSE, _NOTHING], counts)))
        rank = np.concatenate((self.rank, np.repeat([2, 3], counts)))
        order = np.argsort(at, kind="stable")
        return _Places(at[order], cost[order], rank[order])


def _cheapest(
    places: _Places, duration: Seconds, target: Seconds, *, strict: bool
) -> list[Seconds]:
    """The edges of the best chunks; none where there is no way, which is only if `strict` or if
    a reel would be too long."""
    least, most = max(MIN_REEL, SHORTEST * target), min(MAX_REEL, LONGEST * target)
    shortest, longest = (least, most) if strict else (MIN_REEL, MAX_REEL)
    at = np.append(places.at, duration)
    cost = np.append(places.cost, 0.0)
    missed = [np.where(_in_reach(places, n, least, most), _MISSED, 0.0) for n in range(4)]
    rank = np.append(places.rank, 0)  # a chunk that ends with the film has missed nothing
    first = np.searchsorted(at, at - longest - _ROUNDING, "left")
    last = np.searchsorted(at, at - shortest + _ROUNDING, "right")
    last[-1] = np.searchsorted(at, duration - MIN_REEL + _ROUNDING, "right")
    total = np.full(len(at), np.inf)
    total[0] = 0.0
    before = np.zeros(len(at), dtype=np.int64)
    for here in range(1, len(at)):
        begin, end = first[here], last[here]
        if begin >= end:
            continue
        lengths = at[here] - at[begin:end]
        shares = lengths / target
        # A boundary's cost counts by the chunk's length: else fewer, longer chunks cost less.
        sums = total[begin:end] + (3.5 * (shares - 1)) ** 2 + cost[here] * shares
        sums += missed[rank[here]][begin:end]
        if here == len(at) - 1:
            sums += np.where(lengths < least - _ROUNDING, _SHORT_TAIL, 0.0)
        if not strict:
            floor = least if here < len(at) - 1 else MIN_REEL
            sums += _outside(lengths, floor, most)
        best = int(np.argmin(sums))
        total[here] = sums[best]
        before[here] = begin + best
    return _edges(at, total, before)


def _in_reach(places: _Places, rank: int, least: Seconds, most: Seconds) -> NDArray[np.bool_]:
    """For each place, whether a chunk that starts there could end with something better."""
    ends = places.at[(places.rank < rank) & (places.at > 0)]
    begin = np.searchsorted(ends, places.at + least - _ROUNDING, "left")
    return begin < np.searchsorted(ends, places.at + most + _ROUNDING, "right")


def _outside(lengths: _Floats, least: Seconds, most: Seconds) -> _Floats:
    by = np.maximum(0.0, np.maximum(least - lengths, lengths - most) - _ROUNDING)
    return np.where(by > 0, _OUTSIDE + _OUTSIDE_BY * by, 0.0)


def _edges(at: _Floats, total: _Floats, before: NDArray[np.int64]) -> list[Seconds]:
    here = len(at) - 1
    if not np.isfinite(total[here]):
        return []
    edges = [float(at[here])]
    while here:
        here = int(before[here])
        edges.append(float(at[here]))
    return edges[::-1]
