"""Timed words in, or what an operator typed; what is shown, screen by screen, out.  Pure.

The words are split into screens of at most two rows by dynamic programming: a screen likes to end
with its sentence, rows like to be of one width, and nothing stays too short to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gravix_core.model import Cue, Seconds, Span, Word
from gravix_core.stages.render.fonts import text_width
from gravix_core.stages.render.letters import breakable, clusters, is_seam

Measure = Callable[[str], float]
"""The width of a text, in ems."""

ROWS = 2
SHORTEST: Seconds = 0.7
LINGER: Seconds = 0.3
"""A screen stays so long after its last word; over a gap up to as long again, until the next."""
LONGEST: Seconds = 5.0
_TICK: Seconds = 0.01
"""ASS tells hundredths."""

_SENTENCE_ENDS = frozenset(".!?…。！？।॥؟۔")
_CLAUSE_ENDS = frozenset(",;:–—،؛、，；：")
_CLOSING = "\"'”’»)]}」』）"


@dataclass(frozen=True, slots=True)
class Said:
    """A word or a part of one, as it is shown."""

    text: str
    span: Span
    blank: bool = True
    """A blank stands before it, unless it begins a row."""


@dataclass(frozen=True, slots=True)
class SubtitleLine:
    """What is on screen at once: one or two rows."""

    span: Span
    """Of the source; those of a reel do not overlap."""
    rows: tuple[tuple[Said, ...], ...]

    @property
    def text(self) -> str:
        return "\n".join(map(row_text, self.rows))

    @property
    def said(self) -> tuple[Said, ...]:
        return tuple(part for row in self.rows for part in row)


def row_text(row: Sequence[Said]) -> str:
    first, *rest = row
    return first.text + "".join(" " * part.blank + part.text for part in rest)


def subtitle_lines(
    words: Sequence[Word], span: Span, *, room: float, measure: Measure = text_width
) -> tuple[SubtitleLine, ...]:
    """The lines of a reel.

    Args:
        words: Of the source, by time; those whose middle lies in `span` are shown.
        span: What the reel plays.
        room: Width of a row, in ems.
        measure: The font's.

    Returns:
        By time, without overlap, inside `span`.  Every word is shown once.  A screen stays
        `SHORTEST` where the next one lets it.
    """
    inside = [word for word in words if span.start <= _middle(word.span) < span.end]
    said = _parts(_in_order(inside, span), room, measure)
    screens = list(_screens(said, room, measure))
    return _timed([(screen, _said_span(screen)) for screen in screens], span, LINGER)


def from_cues(
    cues: Sequence[Cue], span: Span, *, room: float, measure: Measure = text_width
) -> tuple[SubtitleLine, ...]:
    """The lines of a text that an operator has typed.

    A cue is a screen, broken where it was typed with a new line, as long as that fits; else it
    becomes as many as it needs.  Its words get a share of its time by their length.

    Args:
        cues: By time; those whose middle lies in `span` are shown.
        span: What the reel plays.
        room: Width of a row, in ems.
        measure: The font's.
    """
    timed: list[tuple[_Screen, Span]] = []
    for cue in sorted(cues, key=lambda cue: cue.span.start):
        if not (cue.text.strip() and span.start <= _middle(cue.span) < span.end):
            continue
        whole = Span(max(span.start, cue.span.start), min(span.end, cue.span.end))
        screens = _typed(cue.text, whole, room, measure)
        starts = [whole.start, *(screen[0][0].span.start for screen in screens[1:])]
        ends = [*starts[1:], whole.end]
        timed += [
            (screen, Span(start, end))
            for screen, start, end in zip(screens, starts, ends, strict=True)
        ]
    return _timed(timed, span, 0.0)


def to_cues(lines: Sequence[SubtitleLine]) -> tuple[Cue, ...]:
    """What the operator edits, a cue for each screen; `from_cues` makes the same of it."""
    return tuple(Cue(line.text, line.span) for line in lines)


_Screen = tuple[tuple[Said, ...], ...]


def _typed(text: str, span: Span, room: float, measure: Measure) -> list[_Screen]:
    typed = [row.split() for row in text.splitlines() if row.split()]
    said = _parts(_spread([word for row in typed for word in row], span), room, measure)
    rows = [_parts(part, room, measure) for part in _split(typed, span)]
    if len(rows) <= ROWS and all(measure(row_text(row)) <= room for row in rows):
        return [tuple(rows)]
    return list(_screens(said, room, measure))


def _split(rows: Sequence[Sequence[str]], span: Span) -> Iterator[tuple[Word, ...]]:
    """The words of each row, timed over all rows."""
    words = _spread([word for row in rows for word in row], span)
    for row in rows:
        yield words[: len(row)]
        words = words[len(row) :]


def _spread(texts: Sequence[str], span: Span) -> tuple[Word, ...]:
    """Words timed by their length over a span."""
    whole = sum(len(text) + 1 for text in texts)
    edges = [span.start]
    for text in texts:
        edges.append(edges[-1] + span.duration * (len(text) + 1) / whole)
    edges[-1] = span.end
    return tuple(Word(text, Span(*edge)) for text, edge in zip(texts, pairwise(edges), strict=True))


def _in_order(words: Sequence[Word], span: Span) -> tuple[Word, ...]:
    """The same words, none before or over the other, inside `span`."""
    words = sorted((word for word in words if word.text.strip()), key=lambda word: word.span.start)
    starts: list[Seconds] = []
    for word in words:
        starts.append(max(word.span.start, span.start, starts[-1] + _TICK if starts else 0.0))
    if not words:
        return ()
    if starts[-1] + _TICK >= span.end:
        return _spread([word.text for word in words], span)
    limits = [*starts[1:], span.end]
    return tuple(
        Word(word.text, Span(start, min(limit, max(word.span.end, start + _TICK))))
        for word, start, limit in zip(words, starts, limits, strict=True)
    )


def _parts(words: Sequence[Word], room: float, measure: Measure) -> tuple[Said, ...]:
    """Words, and the parts of those that are written without blanks or do not fit a row."""
    said: list[Said] = []
    for word in words:
        texts = [part for text in breakable(word.text) for part in _fitting(text, room, measure)]
        timed = _spread(texts, word.span)
        said += [Said(part.text, part.span, number == 0) for number, part in enumerate(timed)]
    return tuple(said)


def _fitting(text: str, room: float, measure: Measure) -> Iterator[str]:
    if measure(text) <= room:
        yield text
        return
    part = ""
    for cluster in clusters(text):
        if part and measure(part + cluster) > room:
            yield part
            part = ""
        part += cluster
    yield part


def _screens(said: Sequence[Said], room: float, measure: Measure) -> Iterator[_Screen]:
    """The cheapest way to split what is said into screens."""
    widths = [measure(part.text) for part in said]
    blank = measure(" ")
    setter = _Setter(said, widths, room, blank)
    best: list[tuple[float, int, _Screen]] = [(0.0, 0, ())]
    for end in range(1, len(said) + 1):
        options = [
            (best[start][0] + cost, start, screen) for start, cost, screen in setter.ending_at(end)
        ]
        best.append(min(options, key=lambda option: option[:2]))
    chosen: list[_Screen] = []
    end = len(said)
    while end:
        _, end, screen = best[end]
        chosen.append(screen)
    yield from reversed(chosen)


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets a stretch of what is said as one screen, and says what that costs."""

    said: Sequence[Said]
    widths: Sequence[float]
    room: float
    blank: float

    def ending_at(self, end: int) -> Iterator[tuple[int, float, _Screen]]:
        """Each screen that ends before `end`: where it starts, its cost, itself."""
        for start in range(end - 1, -1, -1):
            found = self._rows(start, end)
            if found is None:
                return
            uneven, rows = found
            yield start, uneven + self._cost(start, end), rows

    def _rows(self, start: int, end: int) -> tuple[float, _Screen] | None:
        """In one row if it fits, else in the two of most equal width."""
        if self._width(start, end) <= self.room:
            return 0.0, (tuple(self.said[start:end]),)
        breaks = [
            (self._row_cost(start, at, end), at)
            for at in range(start + 1, end)
            if max(self._width(start, at), self._width(at, end)) <= self.room
        ]
        if not breaks:
            return None
        cost, at = min(breaks)
        return cost, (tuple(self.said[start:at]), tuple(self.said[at:end]))

    def _width(self, start: int, end: int) -> float:
        blanks = sum(part.blank for part in self.said[start + 1 : end])
        return sum(self.widths[start:end]) + blanks * self.blank

    def _row_cost(self, start: int, at: int, end: int) -> float:
        uneven = abs(self._width(start, at) - self._width(at, end)) / self.room
        return 0.1 + uneven * 0.8 + 0.3 * _tear(self.said[at - 1], self.said[at])

    def _cost(self, start: int, end: int) -> float:
        inner = pairwise(self.said[start:end])
        cost = 1.0 + sum(self._inner_cost(before, after) for before, after in inner)
        if end < len(self.said):
            cost += 2.0 * _tear(self.said[end - 1], self.said[end])
            cost += 1.5 * (self.said[end].span.start - self.said[start].span.start < SHORTEST)
        lasts = self.said[end - 1].span.end - self.said[start].span.start
        thin = self._width(start, end) < self.room / 4
        return cost + max(0.0, lasts - LONGEST) + 0.6 * thin

    def _inner_cost(self, before: Said, after: Said) -> float:
        """What it costs that a screen goes on over the end of a sentence, or over a pause."""
        pause = after.span.start - before.span.end
        return 2.0 * _ends(before.text, _SENTENCE_ENDS) + 3.0 * (pause > 0.8) + (pause > 0.4)


def _tear(before: Said, after: Said) -> float:
    """How bad a break is there: 0 at the end of a sentence .. 1.5 inside a word."""
    if _ends(before.text, _SENTENCE_ENDS):
        return 0.0
    if _ends(before.text, _CLAUSE_ENDS):
        return 0.3
    if after.span.start - before.span.end > 0.3:
        return 0.35
    if not after.blank:
        if breakable(before.text + after.text) == (before.text + after.text,):
            return 1.5
        return 0.4 if is_seam(before.text[-1], after.text[0]) else 1.0
    return 1.0 if len(before.text) <= 3 else 0.8  # an article is better with its noun


def _ends(text: str, marks: frozenset[str]) -> bool:
    return text.rstrip(_CLOSING)[-1:] in marks


def _middle(span: Span) -> Seconds:
    return (span.start + span.end) / 2


def _said_span(screen: _Screen) -> Span:
    return Span(screen[0][0].span.start, screen[-1][-1].span.end)


def _timed(
    timed: Sequence[tuple[_Screen, Span]], span: Span, linger: Seconds
) -> tuple[SubtitleLine, ...]:
    lines: list[SubtitleLine] = []
    for number, (screen, shown) in enumerate(timed):
        start = max(shown.start, lines[-1].span.end if lines else span.start)
        limit = timed[number + 1][1].start if number + 1 < len(timed) else span.end
        limit = max(limit, start + _TICK)
        end = max(shown.end + linger, start + SHORTEST * bool(linger))
        if linger and limit - end < LINGER:
            end = limit
        end = min(max(end, start + _TICK), limit)
        lines.append(SubtitleLine(Span(start, end), screen))
    return tuple(line for line in lines if line.span.start < span.end)
