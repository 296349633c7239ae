"""Text of any length in, the part of it that fits out: whole sentences, words, letters.  Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

ELLIPSIS = "…"
_ENDS = re.compile(r"(?<![.!?…؟।॥])[.!?…؟।॥]+[\"'”’»)\]]*(?=\s)|[。！？｡]+[”’」』）]*|\n")
_ABBREVIATION = re.compile(
    r"(?:^|\s)[(\"“]?(?:[A-Za-z]|dr|mr|mrs|ms|st|vs|sr|sra|dra|prof|nr|z\.b|d\.h|e\.g|i\.e)\.$",
    re.IGNORECASE,
)
_LOOSE = " \t\n,;:-–—、،؛，/|·•"
"""Marks that a cut text must not end with."""
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3001-\u30ff\u3400-\u9fff"
    r"\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]"
)
"""Scripts that put no blanks between words: Thai, Lao, Tibetan, Burmese, Khmer, Chinese,
Japanese."""
_JOINER, _NON_JOINER = "\u200d", "\u200c"
_EXTEND = frozenset("\u0e33\u0eb3\uff9e\uff9f") | {_JOINER, _NON_JOINER}
_PREPEND = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_VIRAMA = 9
"""Canonical combining class."""


def units(text: str) -> int:
    """The length as Instagram counts: UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def trim_to(text: str, most: int) -> str:
    """What of `text` has at most `most` UTF-16 units.

    It ends with the last sentence that fits.  Where not even the first does, it ends after a whole
    word, marked by an ellipsis; where not even a word fits, it is empty.  No word and no grapheme
    is ever cut.
    """
    if units(text) <= most:
        return text
    fits = _prefix(text, most)
    ends = (end for end in sentence_ends(text) if end <= fits and is_boundary(text, end))
    kept = text[: max(ends, default=0)].rstrip()
    return kept or _at_word(text, _prefix(text, most - 1))


def sentences(text: str) -> list[str]:
    """The pieces of `text`, each with what stands behind it; joined they are `text`."""
    cuts = [0, *(end for end in sentence_ends(text) if end < len(text)), len(text)]
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    return [piece for piece in pieces if piece]


def sentence_ends(text: str) -> Iterator[int]:
    """Where sentences and lines end, in order."""
    for found in _ENDS.finditer(text):
        before = text[max(0, found.end() - 8) : found.end()]
        if not (found[0] == "." and _ABBREVIATION.search(before)):
            yield found.end()


def is_boundary(text: str, at: int) -> bool:
    """True unless a grapheme, what a reader takes for one character, spans `at`.

    After UAX #29, on the safe side: it may keep together what the standard parts.
    """
    if at <= 0 or at >= len(text):
        return True
    left, right = text[at - 1], text[at]
    if left in "\r\n" or right in "\r\n":
        return left + right != "\r\n"
    joined = left == _JOINER or left in _PREPEND or _extends(right)
    return not (joined or _is_half_flag(text, at) or _is_syllable(left, right))


def _extends(char: str) -> bool:
    is_tag = "\U000e0020" <= char <= "\U000e007f"
    is_skin = "\U0001f3fb" <= char <= "\U0001f3ff"
    return unicodedata.category(char)[0] == "M" or char in _EXTEND or is_tag or is_skin


def _is_half_flag(text: str, at: int) -> bool:
    """Flags are pairs of letters of their own."""
    if not (_is_flag_letter(text[at]) and _is_flag_letter(text[at - 1])):
        return False
    start = at
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_syllable(left: str, right: str) -> bool:
    """Hangul that is spelt in parts, and consonants that a virama ties together."""
    if "\u1160" <= right <= "\u11ff" or "\ud7b0" <= right <= "\ud7ff":
        return True
    if "\u1100" <= left <= "\u115f" or "\ua960" <= left <= "\ua97f":
        return unicodedata.category(right) == "Lo"
    return unicodedata.combining(left) == _VIRAMA and right.isalpha()


def _prefix(text: str, most: int) -> int:
    """The longest start of `text` that fits and ends between two graphemes."""
    length = at = 0
    for at, char in enumerate(text):  # noqa: B007  it is where the loop ended that counts
        length += 1 + (char > "\uffff")
        if length > most:
            break
    else:
        return len(text)
    while at and not is_boundary(text, at):
        at -= 1
    return at


def _at_word(text: str, fits: int) -> str:
    at = next((i for i in range(fits, 0, -1) if _is_between_words(text, i)), 0)
    kept = text[:at].rstrip(_LOOSE)
    return kept + ELLIPSIS if kept.strip() else ""


def _is_between_words(text: str, at: int) -> bool:
    if not is_boundary(text, at):
        return False
    left, right = text[at - 1], text[at : at + 1]
    return right.isspace() or left.isspace() or _stands_alone(left) or _stands_alone(right)


def _stands_alone(char: str) -> bool:
    """No blank is expected beside it: it is of such a script, or an emoji."""
    return bool(_UNSPACED.match(char)) or (char != "" and unicodedata.category(char) == "So")
