"""What strangers said in, the orders to a model among it out, and whether a text obeys one.  Pure.

The prompt fences strangers' text as data; this looks at the answer, in case a model obeyed anyhow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.stages.caption.foreign import one_line

REACH = 300
"""Characters behind the beginning of an order that may belong to it."""
RUN, RUN_OF_PROMPT = 5, 9
"""Words in a row that a text may share with an order, and with our own instruction, less one."""
_ORDER = re.compile(
    r"\b(?:ignor\w*|disregard|forget|override|vergiss|olvida|esque[cç]a|oublie\w*)\b"
    r"(?:\W+\w+){0,5}?\W+"
    r"(?:instru\w+|prompts?|anweisung\w*|consignes?|"
    r"(?:previous|prior|above|your|system)\W+rules?|rules?\W+(?:above|before))\b"
    r"|\bsystem (?:prompt|instruction|message)"
    r"|\b(?:new|real|following) instructions?\b"
    r"|\bas an? (?:ai|(?:large )?language model)\b"
    r"|\b(?:reply|respond|answer|output|print)\W+(?:\w+\W+){0,3}?(?:only|exactly|json)\b"
    r"|指示を無視|निर्देश\S* को (?:अनदेखा|नज़रअंदाज़)",
    re.IGNORECASE,
)
_SAID_TAG = re.compile(r"(?:[#＃]|\bhashtags?\W{1,3})(\w+)", re.IGNORECASE)
"""A hashtag that somebody says: a model that writes it may have been told to."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Orders:
    """What a text must not repeat."""

    passages: tuple[tuple[str, ...], ...]
    """Words of the orders, casefolded."""
    prompt: frozenset[tuple[str, ...]]
    """Runs of words of our own instruction."""
    hashtags: frozenset[str]
    """That are said aloud, casefolded, without their sign."""

    def are_obeyed_by(self, texts: Iterable[str]) -> bool:
        """True when one of the texts repeats an order, or our instruction."""
        return any(self._repeats(_words(text)) for text in texts)

    def without_said(self, hashtags: Iterable[str]) -> tuple[str, ...]:
        """The hashtags, or topics, that nobody says as hashtags."""
        return tuple(tag for tag in hashtags if tag.lstrip("#＃").casefold() not in self.hashtags)

    def _repeats(self, words: tuple[str, ...]) -> bool:
        if not words or _runs(words, RUN_OF_PROMPT) & self.prompt:
            return bool(words)
        some = _runs(words, min(RUN, len(words)))
        return any(some & _runs(passage, min(RUN, len(words))) for passage in self.passages)


def orders_in(brief: Brief, reels: Iterable[Spoken], *, system: str) -> Orders:
    """The orders in all that strangers wrote or said; `system` is our own instruction."""
    said = [" ".join(cue.text for cue in brief.cues)]
    said += [" ".join(word.text for word in reel.words) for reel in reels]
    passages = {
        _words(text[found.start() : found.end() + REACH])
        for text in map(one_line, (brief.title, brief.description, *said))
        for found in _ORDER.finditer(text)
    }
    hashtags = {found[1].casefold() for text in said for found in _SAID_TAG.finditer(text)}
    return Orders(
        tuple(sorted(passages)), _runs(_words(system), RUN_OF_PROMPT), frozenset(hashtags)
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _runs(words: tuple[str, ...], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(words[i : i + length] for i in range(len(words) - length + 1))
