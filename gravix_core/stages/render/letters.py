"""Text in; the shapes of its letters side by side, and where it may be broken, out.  Pure.

Enough to measure a text without a shaper: an Arabic letter is narrower where it joins.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ARABIC_FORMS = (*range(0xFB50, 0xFBFF), *range(0xFE80, 0xFEF5))
_OPENING = frozenset("([{«‹“‘„‚（［｛「『〈《【〔¿¡")
_VIRAMA, _RA = "\u094d", "\u0930"
_RTL = frozenset({"R", "AL"})


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, str], int]:
    """Code points of the presentation forms, by letter and form."""
    found = {}
    for code in _ARABIC_FORMS:
        form, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if form and " " not in letters:
            found[chr(int(letters, 16)), form.strip("<>")] = code
    return found


def presented(text: str) -> tuple[int, ...]:
    """Each letter's code point, in Arabic that of the form that it takes there."""
    forms = _forms()
    codes = []
    seen = [n for n, letter in enumerate(text) if unicodedata.category(letter) != "Mn"]
    place = {n: at for at, n in enumerate(seen)}
    for n, letter in enumerate(text):
        at = place.get(n)
        if at is None:
            codes.append(ord(letter))
            continue
        before = text[seen[at - 1]] if at else ""
        after = text[seen[at + 1]] if at + 1 < len(seen) else ""
        joined = (before, "initial") in forms and (letter, "final") in forms
        joining = (letter, "initial") in forms and (after, "final") in forms
        form = (
            ("medial" if joining else "final") if joined else "initial" if joining else "isolated"
        )
        codes.append(forms.get((letter, form), ord(letter)))
    return tuple(codes)


def conjunct_shares(text: str) -> tuple[float, ...]:
    """How much of each letter's width its neighbours leave, about: of conjuncts and of flags."""
    shares = [1.0] * len(text)
    for at in range(1, len(text)):
        if shares[at - 1] and _is_half_flag(text[at - 1], text[at]):
            shares[at] = 0.0
    for at in range(len(text) - 2):
        letter, virama, after = text[at], text[at + 1], text[at + 2]
        if virama != _VIRAMA or not ("\u0904" <= after <= "\u0939"):
            continue
        if _RA in (letter, after):
            shares[at if letter == _RA else at + 2] = 0.0
        else:
            shares[at] = 0.5
    return tuple(shares)


def is_right_to_left(text: str) -> bool:
    """Whether most of its letters are of a script that is written to the left."""
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    right = sum(kind in _RTL for kind in kinds)
    return right > kinds.count("L")


def has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in _RTL for letter in text)


def goes_without_blanks(letter: str) -> bool:
    """Whether its script has no blanks: Chinese, Japanese, Thai, Lao, Khmer, Burmese."""
    code = ord(letter)
    return (
        0x0E00 <= code < 0x0F00
        or 0x1000 <= code < 0x10A0
        or 0x1780 <= code < 0x1800
        or 0x2E80 <= code < 0x3130
        or 0x31F0 <= code < 0xA4D0
        or 0xF900 <= code < 0xFB00
        or 0xFF00 <= code < 0xFFF0
        or 0x20000 <= code < 0x32000
    )


def clusters(text: str) -> tuple[str, ...]:
    """What must not be torn: a letter with its marks and joiners, an emoji with its parts."""
    parts: list[str] = []
    for letter in text:
        tied = bool(parts) and (
            unicodedata.category(letter) in {"Mn", "Me", "Mc", "Cf"}
            or "\U0001f3fb" <= letter <= "\U0001f3ff"
            or parts[-1][-1] in "\u200d\u094d\u2060"
            or _is_half_flag(parts[-1], letter)
        )
        if tied:
            parts[-1] += letter
        else:
            parts.append(letter)
    return tuple(parts)


def _is_half_flag(before: str, letter: str) -> bool:
    return len(before) == 1 and all(
        "\U0001f1e6" <= part <= "\U0001f1ff" for part in (before, letter)
    )


def breakable(text: str) -> tuple[str, ...]:
    """A word in the parts between which a row may end; no row begins with a closing mark."""
    parts: list[str] = []
    for cluster in clusters(text):
        if parts and not _may_break(parts[-1], cluster):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return tuple(parts)


def is_seam(before: str, after: str) -> bool:
    """Whether a row likes to end between two letters of a script without blanks.

    Japanese words mostly begin with another kind of letter than hiragana, in which they end.
    """
    if after in _OPENING or unicodedata.category(before).startswith("P"):
        return True
    return _is_hiragana(before) and not _is_hiragana(after)


def _is_hiragana(letter: str) -> bool:
    return "\u3040" <= letter < "\u30a0"


def _may_break(before: str, after: str) -> bool:
    if not (goes_without_blanks(before[-1]) or goes_without_blanks(after[0])):
        return False
    if before[-1] in _OPENING or after[0] in "ーっゃゅょッャュョ々ぁぃぅぇぉ":
        return False
    if _is_thai_vowel(before[-1]) or after[0] in "ะาำๆฯ":
        return False
    return not unicodedata.category(after[0]).startswith("P") or after[0] in _OPENING


def _is_thai_vowel(letter: str) -> bool:
    return "\u0e40" <= letter <= "\u0e44"
