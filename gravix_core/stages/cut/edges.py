"""A chunk, what is said and where the sound pauses in; what its reel plays out.  Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from gravix_core.media.sound import Pause
from gravix_core.model import MIN_REEL, Cue, Seconds, Span, Word

LEAD: Seconds = 0.3
"""Longest stretch before the first word."""
TAIL: Seconds = 0.4
"""Stretch after the last word, so that it can fade."""
AT_EDGE: Seconds = 0.05
"""A pause that begins or ends so near to an edge reaches it."""
SPOKEN = 0.5
"""A chunk of which words fill less is not about its words: what surrounds them stays."""
_LOOK_BACK = 8
"""Words before the first that could reach into a chunk."""


def played(
    chunk: Span,
    *,
    words: Sequence[Word] = (),
    cues: Sequence[Cue] = (),
    pauses: Sequence[Pause] = (),
    shots: Sequence[Seconds] = (),
) -> Span:
    """Leave out what nobody misses at the edges of a chunk.

    The reel begins `LEAD` or less before its first word, and not in the word before; it ends
    `TAIL` after its last one.  Where words are few, or none are known, only pauses of the sound
    at the edges are left out, but for as much.  Where the picture cuts in a lead-in or a tail, that
    ends at the cut: nobody wants a glimpse of another shot.

    Args:
        words: Of the whole film, ordered by start; their times are measured.
        cues: Of the whole film, ordered by start, in place of words whose times are guesses
            (not `Transcript.exact_words`): what of a cue lies in the chunk is played.
        pauses: Of the whole film, ordered; empty where nobody listened.
        shots: Where the picture is known to cut; ordered.

    Returns:
        A span inside the chunk, `MIN_REEL` or longer if the chunk is.
    """
    quiet = _without_pauses(chunk, pauses, shots)
    spoken = _spoken(chunk, words, shots) if words else _subtitled(chunk, cues, shots)
    if spoken is None or spoken.duration < SPOKEN * quiet.duration:
        return _long_enough(quiet, chunk)
    return _long_enough(spoken, chunk)


def _spoken(chunk: Span, words: Sequence[Word], shots: Sequence[Seconds]) -> Span | None:
    """From the first to the last word whose middle is inside, with lead-in and tail."""
    begin = max(0, _at_or_after(words, chunk.start) - _LOOK_BACK)
    around = words[begin : _at_or_after(words, chunk.end) + 1]
    inside = [word for word in around if chunk.start <= _middle(word) < chunk.end]
    if not inside:
        return None
    first, last = inside[0].span.start, max(word.span.end for word in inside)
    before = [word.span.end for word in around if _middle(word) < chunk.start]
    after = [word.span.start for word in around if _middle(word) >= chunk.end]
    start = max(first - LEAD, min(max(before, default=0.0), first), chunk.start)
    end = min(last + TAIL, max(min(after, default=chunk.end), last), chunk.end)
    return _in_one_shot(Span(start, end), first, last, shots)


def _subtitled(chunk: Span, cues: Sequence[Cue], shots: Sequence[Seconds]) -> Span | None:
    """From the first to the last cue that reaches into the chunk, with lead-in and tail."""
    begin = max(0, _at_or_after(cues, chunk.start) - _LOOK_BACK)
    around = [cue.span for cue in cues[begin : _at_or_after(cues, chunk.end)]]
    inside = [span for span in around if span.end > chunk.start]
    if not inside:
        return None
    first, last = inside[0].start, max(span.end for span in inside)
    whole = Span(max(chunk.start, first - LEAD), min(chunk.end, last + TAIL))
    return _in_one_shot(whole, first, last, shots)


def _in_one_shot(span: Span, first: Seconds, last: Seconds, shots: Sequence[Seconds]) -> Span:
    """Without what is before a cut ahead of the first word, and after one behind the last."""
    start = max((at for at in shots if span.start < at <= first), default=span.start)
    end = min((at for at in shots if last <= at < span.end), default=span.end)
    return Span(start, end) if start < end else span


def _at_or_after(words: Sequence[Word | Cue], at: Seconds) -> int:
    return bisect_left(words, at, key=lambda word: word.span.start)


def _middle(word: Word) -> Seconds:
    return (word.span.start + word.span.end) / 2


def _without_pauses(chunk: Span, pauses: Sequence[Pause], shots: Sequence[Seconds]) -> Span:
    begin = bisect_left(pauses, chunk.start, key=lambda pause: pause.span.end)
    end = bisect_left(pauses, chunk.end, key=lambda pause: pause.span.start)
    around = [pause.span for pause in pauses[begin:end]]
    if not around:
        return chunk
    start = first = chunk.start
    stop = last = chunk.end
    if around[0].start <= chunk.start + AT_EDGE:
        first = min(around[0].end, stop)
        start = max(start, first - LEAD)
    if around[-1].end >= chunk.end - AT_EDGE:
        last = max(around[-1].start, chunk.start)
        stop = min(stop, last + TAIL)
    return _in_one_shot(Span(start, stop), first, last, shots) if start < stop else chunk


def _long_enough(span: Span, chunk: Span) -> Span:
    """Longer at its end first, then at its start."""
    end = min(chunk.end, max(span.end, span.start + MIN_REEL))
    return Span(max(chunk.start, min(span.start, end - MIN_REEL)), end)
