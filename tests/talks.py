"""The written talks of `tests/data/talks` in, a video's reels as a provider sees them out.

Each file is a video of eight reels: its title and maker, and for each reel what it is about and
what is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from gravix_core.model import Span, Word
from gravix_core.stages.caption.base import Spoken

FOLDER = Path(__file__).resolve().parent / "data" / "talks"
LANGUAGES = ("en", "es", "pt", "de", "fr", "hi", "ja")
REEL = 40.0
_PIECES = re.compile(r"[^。、]+[。、]?")
_MARKS = re.compile(r"[.,?!¿;:。、।]")


@dataclass(frozen=True, slots=True)
class Talk:
    title: str
    credit: str
    topics: tuple[tuple[str, ...], ...]
    """Of each reel: what a person would take as its hashtags."""
    reels: tuple[Spoken, ...]


def talk_of(language: str, *, punctuated: bool = True) -> Talk:
    """Times are as of speech: longer words take longer, and after a sentence is a pause.

    Without punctuation it is what recognition gives at its worst: no mark and no capital.
    """
    head, *parts = (FOLDER / f"{language}.txt").read_text("utf-8").strip().split("\n\n")
    title, credit = (line.partition(": ")[2] for line in head.splitlines())
    topics, reels = [], []
    for index, part in enumerate(parts):
        about, said = part.split("\n", 1)
        topics.append(tuple(about.removeprefix("topics: ").split(", ")))
        start = REEL * index
        words = _timed(said, language, start, punctuated=punctuated)
        span = Span(start, max(start + REEL - 4, words[-1].span.end + 0.2))
        reels.append(Spoken(index + 1, index, len(parts), span, words))
    return Talk(title, credit, tuple(topics), tuple(reels))


def _timed(said: str, language: str, start: float, *, punctuated: bool) -> tuple[Word, ...]:
    words = []
    for piece in _PIECES.findall(said) if language == "ja" else said.split():
        stop = start + (0.13 * len(piece) if language == "ja" else 0.06 * len(piece) + 0.1)
        shown = piece if punctuated else _MARKS.sub("", piece).lower()
        words.append(Word(shown, Span(start, stop)))
        start = stop + 0.8 * piece.endswith((".", "?", "!", "।", "。"))
    return tuple(words)
