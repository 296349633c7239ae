"""Boundaries and what is known of a talk in, how good the cuts are out.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.quality.speech import Sentence
from gravix_core.model import Seconds, Span, Word

SLACK: Seconds = 0.03
"""So far from where a word begins or ends, nothing of it is heard to be missing."""
SHORTEST, LONGEST = 25.0, 45.0
LONG_PAUSE: Seconds = 0.25


@dataclass(frozen=True, slots=True)
class CutScore:
    """How the boundaries of one talk are; those at its very start and end do not count."""

    boundaries: int
    words_cut: int
    reachable: int
    """Boundaries that could be at the end of a sentence."""
    at_ends: int
    """Those of them that are."""
    in_pauses: int
    """Boundaries in a pause of `LONG_PAUSE` or more."""
    lengths: tuple[Seconds, ...]
    """Of the chunks."""

    @classmethod
    def none(cls) -> CutScore:
        return cls(0, 0, 0, 0, 0, ())

    @property
    def out_of_range(self) -> int:
        """Chunks but the last that are too short or too long."""
        return sum(not SHORTEST - 1e-6 <= one <= LONGEST + 1e-6 for one in self.lengths[:-1])

    def __add__(self, other: CutScore) -> CutScore:
        """Taken together; each talk keeps its last chunk, which may be short."""
        return CutScore(
            self.boundaries + other.boundaries,
            self.words_cut + other.words_cut,
            self.reachable + other.reachable,
            self.at_ends + other.at_ends,
            self.in_pauses + other.in_pauses,
            (*self.lengths[:-1], *other.lengths),
        )


def judge(
    chunks: Sequence[Span],
    *,
    words: Sequence[Word],
    sentences: Sequence[Sentence],
    pauses: Sequence[Span],
) -> CutScore:
    """Hold the chunks of one talk against what is known of it."""
    inner = [(chunk.start, chunk.end) for chunk in chunks[:-1]]
    gaps = sentence_gaps(sentences)
    reachable = [(start, end) for start, end in inner if in_reach(start, gaps)]
    return CutScore(
        boundaries=len(inner),
        words_cut=words_cut((end for _, end in inner), words),
        reachable=len(reachable),
        at_ends=sum(is_in(end, gaps) for _, end in reachable),
        in_pauses=sum(is_in(end, long_pauses(pauses)) for _, end in inner),
        lengths=tuple(chunk.duration for chunk in chunks),
    )


def words_cut(moments: Iterable[Seconds], words: Sequence[Word]) -> int:
    """How many moments lie inside a word."""
    spans = [word.span for word in words]
    return sum(any(s.start + SLACK < at < s.end - SLACK for s in spans) for at in moments)


def lead_ins_into_words(plays: Iterable[Span], words: Sequence[Word]) -> int:
    """How many reels begin or end inside a word."""
    return words_cut((at for play in plays for at in (play.start, play.end)), words)


def sentence_gaps(sentences: Sequence[Sentence]) -> tuple[tuple[Seconds, Seconds], ...]:
    """From the end of each sentence to the start of the next one."""
    ends = [sentence.span.end for sentence in sentences[:-1]]
    starts = [sentence.span.start for sentence in sentences[1:]]
    return tuple(zip(ends, starts, strict=True))


def in_reach(start: Seconds, gaps: Sequence[tuple[Seconds, Seconds]]) -> bool:
    """Whether a chunk that starts there may end between two sentences."""
    return any(start + SHORTEST <= stop and begin <= start + LONGEST for begin, stop in gaps)


def long_pauses(pauses: Sequence[Span]) -> tuple[tuple[Seconds, Seconds], ...]:
    return tuple((p.start, p.end) for p in pauses if p.duration >= LONG_PAUSE)


def is_in(at: Seconds, gaps: Sequence[tuple[Seconds, Seconds]]) -> bool:
    return any(begin - SLACK <= at <= stop + SLACK for begin, stop in gaps)


def fixed(duration: Seconds, length: Seconds) -> tuple[Span, ...]:
    """The same talk cut by the clock; a rest too short for a reel stays with the last chunk."""
    count = max(1, int(duration // length))
    edges = [length * n for n in range(count)] + [duration]
    return tuple(Span(a, b) for a, b in pairwise(edges))
