"""Text as a stranger wrote it in; clean lines, clipped lines and tidy titles out.  Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from gravix_core.stages.caption.wordlists import OPENERS, WEAK_ENDS

ENDS = ".!?…。！？؟।॥"
"""Marks that close a sentence, in the scripts that have some."""
CLOSERS = "\"'”’»)]）」』*_"
ELLIPSIS = "…"
_LOOSE = " ,;:-–—、，؛،/|·•"
"""Marks that a clipped text must not end with."""
_JOINERS = frozenset("\u200c\u200d")
"""Part of the spelling in Persian, Hindi and many emoji."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_SIGNS = re.compile(r"#\ufe0f?\u20e3|[@＠﹫#＃﹟]")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_CJK = r"[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60]"
_CJK_GAP = re.compile(rf"(?<={_CJK}) (?={_CJK})")

_EXTENSION = re.compile(r"\.(mp4|m4v|mov|mkv|webm|avi|wmv|flv|mpe?g|ts|3gp|mp3|m4a|wav)$", re.I)
_IN_BRACKETS = re.compile(r"[\[({][\w-]{11}[\])}]|[\[({]\s*[\])}]")
_JUNK = re.compile(
    r"\b(\d{3,4}[pi]\d{0,3}|[248]k|uhd|fhd|\d{2,3}fps|[hx]\.?26[45]|hevc|av1|vp9|aac\d?|hdr(10)?"
    r"|web-?(dl|rip)|blu-?ray|hdtv|(vid|img|mov|pxl|dsc|dscn|mvi|dji|gopr|gx|gh|wa)\d*(?=\b|\d)"
    r"|\d{6,}|(?=\w*\d)[0-9a-f]{8,}(-[0-9a-f]{4,}){0,4})\b",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """One readable line that mentions and tags nobody: no '@', no '#', no web address."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if char.isspace() else char for char in text if _is_shown(char))
    text = _ADDRESS.sub("", text)
    text = re.sub(r"(?<=\w)[@＠﹫](?=\w)", " at ", text)
    return " ".join(_SIGNS.sub("", text).split())


def _is_shown(char: str) -> bool:
    return char.isspace() or char in _JOINERS or unicodedata.category(char) not in _HIDDEN


def clean_title(title: str) -> str:
    """A video's title or file name without extension, ids and resolution; may be empty."""
    title = _IN_BRACKETS.sub(" ", _EXTENSION.sub("", title.strip()))
    if " " not in title:  # a file's name: its dots and dashes are blanks
        title = re.sub(r"[.\-+]", " ", title)
    title = plain(title.replace("_", " "))
    title = " ".join(_JUNK.sub(" ", title).split()).strip(_LOOSE + ".")
    return title if has_letters(title) else ""


def has_cjk(text: str) -> bool:
    """True for scripts that put no blanks between words."""
    return re.search(_CJK, text) is not None


def has_letters(text: str) -> bool:
    return any(char.isalpha() for char in text)


def bare(word: str) -> str:
    """A word without marks around it, "'s" behind it and "l'" before it."""
    spelling = [i for i, char in enumerate(word) if is_spelling(char)]
    inner = word[spelling[0] : spelling[-1] + 1] if spelling else ""
    before, apostrophe, after = re.sub(r"[’ʼ`]", "'", inner).partition("'")
    return after if apostrophe and len(after) > 2 and len(before) <= 4 else before


@lru_cache(maxsize=1 << 14)
def key(word: str) -> str:
    """What two forms of a word have in common: "Bridge's," and "bridge" are one."""
    return "".join(filter(is_spelling, bare(word).casefold()))


def is_spelling(char: str) -> bool:
    """A letter, a digit, or a mark without which Hindi and others cannot be written."""
    return unicodedata.category(char)[0] in "LMN"


def joined(words: list[str]) -> str:
    return _CJK_GAP.sub("", " ".join(words))


def capitalised(text: str) -> str:
    """With a capital first letter, unless the first word has its own ("iPhone")."""
    start = next((i for i, char in enumerate(text) if char.isalnum()), None)
    if start is None or not text[start:].split(maxsplit=1)[0].islower():
        return text
    return text[:start] + text[start].title() + text[start + 1 :]


def without_openers(words: list[str]) -> list[str]:
    """Words from the first that says something; all of them where none does."""
    first = next((i for i, word in enumerate(words) if key(word) not in OPENERS), 0)
    return words[first:]


def without_weak_end(words: list[str]) -> list[str]:
    """Words up to the last that may end a line; all of them where none may."""
    last = next((i for i in range(len(words), 0, -1) if key(words[i - 1]) not in WEAK_ENDS), 0)
    return words[:last] or words


def is_closed(text: str) -> bool:
    return text.rstrip(CLOSERS).endswith(tuple(ENDS))


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, cut between two words and marked by an ellipsis."""
    return text if len(text) <= limit else trail_off(text[:limit], limit)


def trail_off(text: str, limit: int) -> str:
    """`text` cut to `limit`, its last word left out if it may be half, and an ellipsis."""
    kept = text[: limit - 1]
    if len(text) >= limit and " " in kept[limit // 2 :]:
        kept = kept.rsplit(" ", 1)[0]
    kept = " ".join(without_weak_end(kept.split()))
    return kept.rstrip(_LOOSE + ENDS) + ELLIPSIS
