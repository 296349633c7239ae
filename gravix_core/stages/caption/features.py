"""What is said in reels and when nothing is in, what can be measured of each of them out.  Pure."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from gravix_core.features import Features
from gravix_core.model import Seconds, Span, Word
from gravix_core.stages.caption.japanese import divided
from gravix_core.stages.caption.score import OPENING, SILENCE, count_hooks, is_hook
from gravix_core.stages.caption.sentences import Manner, Sentence, manner_of, split, tidy
from gravix_core.stages.caption.wording import is_closed


def measure_all(
    reels: Sequence[tuple[Span, Sequence[Word]]],
    *,
    said: Sequence[Word] = (),
    pauses: Sequence[Span] | None = None,
) -> tuple[Features, ...]:
    """Measure the reels of one video.

    Args:
        reels: What each plays and what is said in it.
        said: All words of the video by time, so that each reel's neighbours show whether it
            begins and ends a sentence; without them its own words have to do.
        pauses: Stretches of the source without speech, by time; None when nobody has listened.

    Returns:
        Features in the order of `reels`, without those of the picture and the loudness.
    """
    words = said or [word for _, spoken in reels for word in spoken]
    manner = manner_of(words) if words else None
    starts = [word.span.start for word in said]
    return tuple(
        measure(
            span,
            spoken,
            manner=manner,
            pauses=pauses,
            before=_before(spoken, said, starts),
            after=_after(spoken, said, starts),
        )
        for span, spoken in reels
    )


def measure(
    span: Span,
    words: Sequence[Word],
    *,
    manner: Manner | None,
    pauses: Sequence[Span] | None = None,
    before: Word | None = None,
    after: Word | None = None,
) -> Features:
    """Measure one reel.

    Args:
        span: What it plays.
        words: What is said in it, by time.
        manner: Of the video's whole transcript; None when there is none.
        pauses: As in `measure_all`; they count where no word is known.
        before: The word before its first, where one is known.
        after: The word after its last, where one is known.
    """
    if manner is None or not words:
        return _wordless(span, manner, pauses)
    words = divided(words)
    sentences = split(tidy(words, manner.language), manner)
    until = span.start + OPENING
    opening = [sentence for sentence in sentences if sentence.words[0].span.start < until]
    return Features(
        opening_words=sum(word.span.start < until for word in words),
        words_per_second=len(words) / span.duration,
        silence=_share(_gaps(span, words), span),
        opens=_opens(sentences, manner, before),
        closes=_closes(sentences, manner, after),
        opening_hooks=sum(map(is_hook, opening)),
        hooks=sum(map(count_hooks, sentences)),
        questions=sum(sentence.asks for sentence in sentences),
    )


def seen(
    features: Features, *, face: float | None, motion: float | None, loudness_range: float | None
) -> Features:
    """Features of a reel once it is rendered; what is no number counts as not known."""
    return replace(
        features,
        face=_as_share(face),
        motion=_as_share(motion),
        loudness_range=_as_number(loudness_range),
    )


def completed(given: Features | None, measured: Features) -> Features:
    """`given`, and what only `measured` knows."""
    if given is None:
        return measured
    known = {name: value for name, value in asdict(given).items() if value is not None}
    return replace(measured, **known)


def _wordless(span: Span, manner: Manner | None, pauses: Sequence[Span] | None) -> Features:
    heard = None if pauses is None else _share(_clipped(span, pauses), span)
    if manner is None:
        return Features(silence=heard)
    return Features(
        opening_words=0,
        words_per_second=0.0,
        silence=1.0 if heard is None else heard,
        opening_hooks=0,
        hooks=0,
        questions=0,
    )


def _gaps(span: Span, words: Sequence[Word]) -> list[Seconds]:
    """Lengths of the gaps between words, the head and the tail of the reel included."""
    gaps, heard = [], span.start
    for word in words:
        gaps.append(min(word.span.start, span.end) - heard)
        heard = max(heard, min(word.span.end, span.end))
    return [*gaps, span.end - heard]


def _clipped(span: Span, pauses: Sequence[Span]) -> list[Seconds]:
    """Lengths of the pauses' parts inside `span`."""
    first = bisect_left(pauses, span.start, key=lambda pause: pause.end)
    last = bisect_left(pauses, span.end, key=lambda pause: pause.start)
    inside = pauses[first:last]
    return [min(pause.end, span.end) - max(pause.start, span.start) for pause in inside]


def _share(lengths: Iterable[Seconds], span: Span) -> float:
    dead = sum(length for length in lengths if length > SILENCE)
    return min(dead / span.duration, 1.0)


def _opens(sentences: Sequence[Sentence], manner: Manner, before: Word | None) -> bool | None:
    if not (manner.punctuated and sentences):
        return None
    if before is not None:
        return _is_end(before, sentences[0].words[0], manner)
    return sentences[0].opens if manner.cased else None


def _closes(sentences: Sequence[Sentence], manner: Manner, after: Word | None) -> bool | None:
    if not (manner.punctuated and sentences):
        return None
    last = sentences[-1].words[-1]
    return is_closed(last.text) if after is None else _is_end(last, after, manner)


def _is_end(word: Word, after: Word, manner: Manner) -> bool:
    """True when a sentence ends between the two."""
    if not manner.cased:  # a small letter says nothing then
        return is_closed(word.text)
    return len(split((word, after), manner)) == 2


def _before(words: Sequence[Word], said: Sequence[Word], starts: Sequence[Seconds]) -> Word | None:
    index = bisect_left(starts, words[0].span.start) if words else 0
    return said[index - 1] if index > 0 else None


def _after(words: Sequence[Word], said: Sequence[Word], starts: Sequence[Seconds]) -> Word | None:
    index = bisect_right(starts, words[-1].span.start) if words else len(said)
    return said[index] if index < len(said) else None


def _as_share(value: float | None) -> float | None:
    number = _as_number(value)
    return None if number is None else min(max(number, 0.0), 1.0)


def _as_number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
