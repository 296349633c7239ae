"""Words that the operator forbids in, where they stand and the text without them out.  Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gravix_core.stages.caption.foreign import one_line, says_something, tidied

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
INSIDE_TAG = 5
"""Letters of a word that is found inside a hashtag, too: ``#cheapflights`` holds "cheap"."""
_INNER = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|_")


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Words and phrases, found whole and in whatever case."""

    words: tuple[str, ...]
    """Casefolded."""

    @classmethod
    def of(cls, words: tuple[str, ...]) -> Forbidden:
        known = {one_line(word).lstrip("#＃").casefold() for word in words}
        return cls(
            tuple(sorted(filter(says_something, known), key=lambda word: (-len(word), word)))
        )

    def is_in(self, text: str) -> bool:
        return any(_pattern(word).search(_folded(text)) for word in self.words)

    def is_in_tag(self, tag: str) -> bool:
        """True also for a hashtag that is glued together from such words."""
        glued = tag.lstrip("#").casefold()
        parts = {part.casefold() for part in _INNER.split(tag.lstrip("#")) if part}
        for word in self.words:
            whole = "".join(char for char in word if char.isalnum() or char == "_")
            if whole in parts | {glued} or (len(whole) >= INSIDE_TAG and whole in glued):
                return True
            if _UNSPACED.search(whole) and whole in glued:
                return True
        return False

    def taken_out(self, text: str) -> str:
        """`text` without them; may be empty."""
        while self.is_in(text):
            for word in self.words:
                text = _cut(text, word)
        return tidied(text)


def _pattern(word: str) -> re.Pattern[str]:
    """As a whole word, save in scripts that put no blanks between words."""
    spaced = r"\s+".join(map(re.escape, word.split()))
    if _UNSPACED.search(word):
        return re.compile(spaced)
    return re.compile(rf"(?<!\w){spaced}(?!\w)")


def _folded(text: str) -> str:
    return text.casefold()


def _cut(text: str, word: str) -> str:
    """Casefolding may change the length, so places are found on both sides of it."""
    places = [0]
    for char in text:
        places.append(places[-1] + len(char.casefold()))
    spans = [found.span() for found in _pattern(word).finditer(_folded(text))]
    gone = [any(s < places[i + 1] and places[i] < e for s, e in spans) for i in range(len(text))]
    return "".join(char for char, is_gone in zip(text, gone, strict=True) if not is_gone)
