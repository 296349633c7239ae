"""What is said and where the sound pauses in, the places where a film may be cut out.  Pure."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gravix_core.media.sound import Pause
from gravix_core.model import Seconds, Span, Transcript
from gravix_core.stages.cut.marks import read_ends
from gravix_core.stages.cut.plan import Candidate, End

LEAD: Seconds = 0.3
"""What the next word gets of a gap that is long enough; of a shorter one, `LEAD_SHARE`."""
LEAD_SHARE = 0.4
"""Less than half: a word fades for longer than it takes to begin."""
TAIL: Seconds = 0.5
EVERY: Seconds = 1.0
"""In a gap that is long, one candidate after so much."""
TOUCHING: Seconds = 0.01
"""Words that overlap by no more touch."""
OVERLAP_COST = 20.0
PER_LETTER: Seconds = 0.06
MOST_LETTERS = 12
"""A longer word is spoken faster."""

NEAR_CUE: Seconds = 0.5
"""Subtitles appear and vanish so near to what is said."""
NEAR_GUESS: Seconds = 0.6
"""A word whose time was spread over its cue is so near to where it is put."""
UNSURE = {End.SENTENCE: 8.0, End.CLAUSE: 10.0, End.WORD: 15.0}
"""Cost of an end whose time is a guess, so that a word might be cut."""
SHALLOW = 6.0
"""dB: a pause that is less deep may be none."""

_Floats = NDArray[np.float64]


def find_candidates(
    duration: Seconds, *, transcript: Transcript | None = None, pauses: Sequence[Pause] = ()
) -> tuple[Candidate, ...]:
    """Find where a chunk may end.

    With words, every gap between two of them is a candidate, and none lies inside a word; only
    where words' times were spread over their cue (`Transcript.exact_words`), a pause of the
    sound near the end of a sentence counts more than the time that was guessed.  Without words
    the pauses are all there is.

    Args:
        duration: Of the film.
        pauses: Ordered; empty where nobody listened.

    Returns:
        Candidates in order, inside the film.
    """
    if transcript is None or not transcript.words:
        found = list(_of_pauses(pauses))
    elif transcript.exact_words:
        found = list(_of_exact_words(transcript, pauses, duration))
    else:
        found = list(_of_cues(transcript, pauses, duration))
    return tuple(sorted((c for c in found if 0 < c.at < duration), key=lambda c: c.at))


def _of_pauses(pauses: Sequence[Pause]) -> Iterator[Candidate]:
    for pause in pauses:
        length = pause.span.duration
        cost = 6.0 * (1 - min(length, 0.8) / 0.8) ** 2 + (2.0 if pause.depth < SHALLOW else 0.0)
        yield from _in_gap(pause.span.start, pause.span.end, End.PAUSE, cost)


def _of_exact_words(
    transcript: Transcript, pauses: Sequence[Pause], duration: Seconds
) -> Iterator[Candidate]:
    lows, highs, ends = _gaps(transcript, duration)
    paused = _paused(transcript, lows, highs, pauses)
    for low, high, end, pause in zip(lows, highs, ends, paused, strict=True):
        cost = _cost(end, pause)
        if low - high > TOUCHING:
            yield Candidate(high, End.WORD, cost + OVERLAP_COST)
        else:
            yield from _in_gap(min(low, high), high, end, cost)


def _of_cues(
    transcript: Transcript, pauses: Sequence[Pause], duration: Seconds
) -> Iterator[Candidate]:
    lows, highs, ends = _gaps(transcript, duration)
    sure = _at_cue_ends(transcript)
    claims = _claims(lows, highs, ends, sure, pauses)
    for gap, (low, high, end, known) in enumerate(zip(lows, highs, ends, sure, strict=True)):
        pause = claims.get(gap)
        if pause is not None:
            span = pause.span
            yield from _in_gap(span.start, span.end, end, _cost(end, span.duration))
        elif known:
            yield from _in_gap(min(low, high), high, end, _cost(end, max(0.0, high - low)))
        else:
            yield Candidate(high, End.WORD, UNSURE[end])
    claimed = set(claims.values())
    for pause in pauses:
        if pause not in claimed:
            span = pause.span
            yield from _in_gap(span.start, span.end, End.WORD, _cost(End.WORD, span.duration))


def _gaps(
    transcript: Transcript, duration: Seconds
) -> tuple[list[Seconds], list[Seconds], list[End]]:
    """From where to where nothing is said, and what has ended there: before the first word,
    between any two, and after the last.  Where words overlap, a gap ends before it starts."""
    words = transcript.words
    lows = [0.0]
    for word in words:
        lows.append(max(lows[-1], word.span.end))
    highs = [*(word.span.start for word in words), max(duration, lows[-1])]
    return lows, highs, [End.SENTENCE, *read_ends([word.text for word in words])]


def _cost(end: End, pause: Seconds) -> float:
    """The longer the pause, the better."""
    if end is End.SENTENCE:
        return 0.6 * (1 - min(pause, 0.6) / 0.6)
    if end is End.CLAUSE:
        return 4.0 - 3.5 * min(pause, 0.5) / 0.5
    return 6.0 - 4.5 * min(pause, 0.8) / 0.8


def _in_gap(low: Seconds, high: Seconds, end: End, cost: float) -> Iterator[Candidate]:
    """One candidate that leaves a lead-in to what follows; several in a long gap."""
    gap = high - low
    at = high - min(LEAD, LEAD_SHARE * gap)
    if gap <= TAIL + LEAD + EVERY:
        margin = min(0.1, gap / 4)
        room = Span(low + margin, high - margin) if gap > 0.02 else None
        yield Candidate(at, end, cost, room)
        return
    count = math.ceil((gap - TAIL - LEAD) / EVERY)
    edges = np.linspace(low + TAIL, at, count + 1).tolist()
    for start, stop in pairwise(edges):
        yield Candidate(stop, end, cost, Span(start, stop))
    yield Candidate(edges[0], end, cost)


def _paused(
    transcript: Transcript,
    lows: Sequence[Seconds],
    highs: Sequence[Seconds],
    pauses: Sequence[Pause],
) -> list[Seconds]:
    """How long nobody speaks before each gap's end, as far as can be told.

    A measured word may have been given the whole time up to the next one's start, so that its
    gap does not show: then the sound tells, or that it lasts long for its letters.
    """
    low, high = np.array(lows), np.array(highs)
    said = np.array([0.0, *(word.span.start for word in transcript.words)])
    letters = np.array([0, *(min(len(word.text), MOST_LETTERS) for word in transcript.words)])
    drawn = high - said - PER_LETTER * letters
    drawn = np.where(high - low < TOUCHING, drawn - np.median(drawn), 0.0)
    found: _Floats = np.maximum(high - low, drawn)
    if pauses:
        begins = np.array([pause.span.start for pause in pauses])
        stops = np.array([pause.span.end for pause in pauses])
        last = np.maximum(np.searchsorted(begins, high) - 1, 0)
        near = (begins[last] < high) & (stops[last] > high - 0.2) & (begins[last] >= said)
        found = np.where(near, np.maximum(high - low, stops[last] - begins[last]), found)
    listed: list[Seconds] = np.maximum(found, 0.0).tolist()
    return listed


def _at_cue_ends(transcript: Transcript) -> list[bool]:
    """For each gap, whether a cue ends or starts there."""
    starts = np.array([cue.span.start for cue in transcript.cues])
    middles = [(word.span.start + word.span.end) / 2 for word in transcript.words]
    cue = np.searchsorted(starts, middles, "right")
    return [True, *(np.diff(cue) != 0).tolist(), True]


def _claims(
    lows: Sequence[Seconds],
    highs: Sequence[Seconds],
    ends: Sequence[End],
    sure: Sequence[bool],
    pauses: Sequence[Pause],
) -> dict[int, Pause]:
    """Which pause belongs to which gap: ends of sentences choose first, then of clauses, then
    of cues; each takes the longest and nearest that is left."""
    stops = [pause.span.end for pause in pauses]
    begins = [pause.span.start for pause in pauses]
    order = [gap for gap in range(len(lows)) if ends[gap] is not End.WORD or sure[gap]]
    order.sort(key=lambda gap: (ends[gap], not sure[gap]))
    taken: dict[int, int] = {}
    for gap in order:
        low, high = min(lows[gap], highs[gap]), max(lows[gap], highs[gap])
        near = NEAR_CUE if sure[gap] else NEAR_GUESS
        around = range(bisect_right(stops, low - near), bisect_left(begins, high + near))
        free = [one for one in around if one not in taken]
        if free:
            taken[max(free, key=lambda one: _fit(pauses[one].span, low, high))] = gap
    return {gap: pauses[one] for one, gap in taken.items()}


def _fit(pause: Span, low: Seconds, high: Seconds) -> float:
    away = max(0.0, low - pause.end, pause.start - high)
    return min(pause.duration, 0.8) - 0.7 * away
