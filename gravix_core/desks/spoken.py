"""A transcript and a span in; lines for the screen, and ends of sentences around, out.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gravix_core.model import Cue, Seconds, Span, Transcript, Word
from gravix_core.stages.caption.sentences import manner_of, split
from gravix_core.stages.render.subtitle_lines import subtitle_lines, to_cues
from gravix_core.stages.render.subtitles import room

SHORTEST_LINE: Seconds = 0.1
"""What is left of a line at an edge, and is shorter, is not shown."""
AIR: Seconds = 0.3
"""Before the first word and after the last one, where nobody speaks."""
NEARBY: Seconds = 120.0
"""How far a neighbouring sentence is looked for."""
CLOSER: Seconds = 0.05
"""Two moments that are no further apart are the same."""


def merged_lines(
    own: Iterable[Cue], said: Iterable[Cue], *, covered: Span, span: Span
) -> tuple[Cue, ...]:
    """The lines of a reel whose edges were moved after its lines had been edited.

    Args:
        own: The edited lines.
        said: What the transcript says over `span`.
        covered: What the edited lines stand for: a line that was deleted there stays away.
        span: What the reel plays.

    Returns:
        Within `covered` the edited lines, beyond it those of the transcript; each cut to `span`.
    """
    beyond = (cue for cue in said if not covered.start <= _middle(cue.span) < covered.end)
    cut = (_cut(cue, span) for cue in (*own, *beyond))
    return tuple(sorted((cue for cue in cut if cue), key=lambda cue: cue.span.start))


def said_within(transcript: Transcript, span: Span, style: str) -> tuple[Cue, ...]:
    """What subtitles of a style say by the transcript, a cue for each screen.

    Where words are not timed, the transcript's own lines.
    """
    if transcript.words:
        lines = to_cues(subtitle_lines(transcript.words, span, room=room(style)))
        return tuple(replace(cue, text=" ".join(cue.text.split())) for cue in lines)
    cut = (_cut(cue, span) for cue in transcript.cues)
    return tuple(cue for cue in cut if cue)


def sentence_before(transcript: Transcript, start: Seconds) -> Seconds | None:
    """Where a reel would begin to take in the sentence before `start`, or the rest of its own."""
    near = Span(max(0.0, start - NEARBY), start + CLOSER)
    begins = (
        _begin(words[0], before)
        for before, words in _sentences(transcript, near)
        if words[0].span.start < start - CLOSER
    )
    return max(begins, default=None)


def sentence_after(transcript: Transcript, end: Seconds, *, within: Seconds) -> Seconds | None:
    """Where it would end to take in the sentence after `end`, or the rest of its own.

    Args:
        within: How long the video is: no reel ends later.
    """
    near = Span(max(0.0, end - NEARBY), end + NEARBY)
    found = _sentences(transcript, near)
    following = [*(words[0] for _, words in found[1:]), None]
    ends = (
        min(within, _end(words[-1], after))
        for (_, words), after in zip(found, following[: len(found)], strict=True)
        if words[-1].span.end > end + CLOSER
    )
    return min(ends, default=None)


def _sentences(transcript: Transcript, near: Span) -> list[tuple[Word | None, tuple[Word, ...]]]:
    """Those that lie nearby, each with the word before it."""
    words = transcript.within(near)
    found = [sentence.words for sentence in split(words, manner_of(words))]
    before = (None, *(words[-1] for words in found[:-1])) if found else ()
    return list(zip(before, found, strict=True))


def _begin(word: Word, before: Word | None) -> Seconds:
    """A little air, but nothing of the word before."""
    earliest = before.span.end if before else 0.0
    return round(max(min(earliest, word.span.start), word.span.start - AIR), 2)


def _end(word: Word, after: Word | None) -> Seconds:
    latest = max(after.span.start, word.span.end) if after else word.span.end + AIR
    return round(min(latest, word.span.end + AIR), 2)


def _cut(cue: Cue, span: Span) -> Cue | None:
    start, end = max(cue.span.start, span.start), min(cue.span.end, span.end)
    return replace(cue, span=Span(start, end)) if end - start >= SHORTEST_LINE else None


def _middle(span: Span) -> Seconds:
    return (span.start + span.end) / 2
