"""Timed words in; sentences, or the phrases between two pauses, out.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from gravix_core.model import Seconds, Word
from gravix_core.stages.caption.language import language_of
from gravix_core.stages.caption.wording import (
    CLOSERS,
    ELLIPSIS,
    ENDS,
    capitalised,
    is_closed,
    joined,
    key,
    plain,
    trail_off,
)
from gravix_core.stages.caption.wordlists import (
    AUXILIARIES,
    CLAUSE_STARTERS,
    FILLERS,
    FILLERS_ELSEWHERE,
    QUESTION_WORDS,
    WEAK_ENDS,
)

WORDS_PER_END = 40
"""A transcript with fewer marks than one in so many words has no punctuation to rely on."""
PAUSE: Seconds = 0.45
"""Between two phrases, beyond the time that the word itself takes."""
SHORT_PHRASE, LONG_PHRASE = 2, 14
"""Words: a phrase is not cut into parts shorter than the first, nor left longer than the second."""
BLOCK = 400
"""Words that are looked at together, so that a huge transcript does not cost the square."""

_ABBREVIATION = re.compile(
    r"(?:\w\.)+|(?:mr|mrs|ms|dr|prof|st|vs|no|etc|approx|ca|bzw|sr|sra|bsp|т|г)\.", re.IGNORECASE
)
_ENGLISH_I = re.compile(r"i(['’](m|ve|ll|d))?\b")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a whole transcript is written."""

    language: str
    """One of `LANGUAGES`; empty where it could not be told."""
    punctuated: bool
    cased: bool
    """Capital letters stand where a sentence begins."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a phrase where there is no punctuation."""

    words: tuple[Word, ...]
    opens: bool
    """Its first word begins it, as far as can be told."""
    closes: bool
    asks: bool

    @property
    def texts(self) -> list[str]:
        return [word.text for word in self.words]

    @property
    def whole(self) -> bool:
        return self.opens and self.closes

    def text(self) -> str:
        """Readable: a capital first, a question mark where one was not written."""
        text = capitalised(joined(self.texts)) if self.opens else joined(self.texts)
        return f"{text}?" if self.asks and not is_closed(text) else text

    def ended(self) -> str:
        """Its text with a mark at the end: its own, or an ellipsis."""
        text = self.text() if self.opens else ELLIPSIS + self.text()
        return text if is_closed(text) else trail_off(text, len(text) + 1)


def manner_of(words: Iterable[Word], *, language: str = "") -> Manner:
    """Judge words of one video; the more, the surer.  `language` is told, where it is known."""
    texts = [word.text for word in words]
    ends = sum(map(is_closed, texts))
    punctuated = ends > 0 and ends * WORDS_PER_END >= len(texts)
    begins = [after for before, after in pairwise(texts) if is_closed(before)]
    capitals = sum(text[:1].isupper() for text in begins)
    cased = capitals * 2 > len(begins) and any(text.islower() for text in texts)
    return Manner(language or language_of(texts), punctuated, cased)


def tidy(words: Sequence[Word], language: str) -> tuple[Word, ...]:
    """Words without signs, fillers ("um") and stutters ("the the"), "i" as English writes it."""
    fillers = FILLERS - FILLERS_ELSEWHERE.get(language, frozenset()) if language else frozenset()
    kept: list[Word] = []
    begins = False
    for word in words:
        text = plain(word.text)
        if key(text) in fillers:
            begins = begins or text[:1].isupper()
        elif text and not (kept and _is_stutter(kept[-1].text, text)):
            is_i = language == "en" and _ENGLISH_I.match(text)
            kept.append(replace(word, text=capitalised(text) if begins or is_i else text))
            begins = False
    return tuple(kept)


def _is_stutter(before: str, text: str) -> bool:
    same = key(before) == key(text)
    return same and key(text) in WEAK_ENDS and before[-1:].isalnum()


def split(words: Sequence[Word], manner: Manner) -> tuple[Sentence, ...]:
    """Sentences in the order in which they are said; every word is in one of them."""
    if not words:
        return ()
    return _by_marks(words, manner) if manner.punctuated else _by_pauses(words, manner.language)


def _by_marks(words: Sequence[Word], manner: Manner) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    begin = 0
    opens = not (manner.cased and words[0].text[:1].islower())
    for index, word in enumerate(words):
        following = words[index + 1].text if index + 1 < len(words) else ""
        closes = _ends_sentence(word.text, following)
        if closes or not following:
            part = tuple(words[begin : index + 1])
            asks = _asks(part[-1].text)
            sentences.append(Sentence(part, opens, closes, asks))
            begin, opens = index + 1, True
    return tuple(sentences)


def _asks(last: str) -> bool:
    """By its mark, or in Japanese by its last sign."""
    asked = last.rstrip(CLOSERS).endswith(("?", "？", "؟"))
    return asked or last.rstrip(CLOSERS + ENDS).endswith(
        ("ですか", "ますか", "でしょうか", "ませんか")
    )


def _ends_sentence(text: str, following: str) -> bool:
    bare = text.rstrip(CLOSERS)
    if not is_closed(bare):
        return False
    if not following or bare.endswith(("!", "?")):
        return True
    return not _ABBREVIATION.fullmatch(bare) and not following[:1].islower()


def _by_pauses(words: Sequence[Word], language: str) -> tuple[Sentence, ...]:
    gaps = _gaps(words)
    parts = _phrases(0, len(words), gaps)
    return tuple(
        Sentence(
            words=tuple(words[begin:end]),
            opens=begin == 0 or gaps[begin - 1] >= PAUSE / 2,
            closes=end < len(words) and gaps[end - 1] >= PAUSE,
            asks=language == "en" and _sounds_like_question(words[begin:end]),
        )
        for begin, end in parts
    )


def _gaps(words: Sequence[Word]) -> list[float]:
    """How well the talk may be cut after each word but the last, in seconds of pause.

    Many transcripts know only where a word starts, so a pause is what the time to the next
    start exceeds this speaker's usual, by the word's length.
    """
    pauses = [
        after.span.start - word.span.start - 0.06 * min(len(word.text), 12)
        for word, after in pairwise(words)
    ]
    usual = median(pauses) if pauses else 0.0
    return [
        min(pause - usual, 2.0)
        + 0.25 * (key(after.text) in CLAUSE_STARTERS | QUESTION_WORDS)
        - 1.0 * (key(word.text) in WEAK_ENDS)
        for pause, (word, after) in zip(pauses, pairwise(words), strict=True)
    ]


def _phrases(begin: int, end: int, gaps: Sequence[float]) -> list[tuple[int, int]]:
    """Cut at the best place, again and again, until nothing is too long or has a pause."""
    done: list[tuple[int, int]] = []
    todo = [(at, min(at + BLOCK, end)) for at in range(begin, end, BLOCK)]
    while todo:
        begin, end = todo.pop()
        places = range(begin + SHORT_PHRASE, end - SHORT_PHRASE + 1)
        best = max(places, key=lambda place: gaps[place - 1], default=None)
        if best is None or (end - begin <= LONG_PHRASE and gaps[best - 1] < PAUSE):
            done.append((begin, end))
        else:
            todo += [(begin, best), (best, end)]
    return sorted(done)


def _sounds_like_question(words: Sequence[Word]) -> bool:
    keys = [word.text.casefold().replace("’", "'") for word in words]
    return len(keys) > 3 and keys[0] in QUESTION_WORDS and keys[1] in AUXILIARIES
