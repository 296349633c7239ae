"""A reel that was read in, lines of it that may be its title out, the best first.  Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise

from gravix_core.stages.caption.base import Spoken
from gravix_core.stages.caption.language import says_something
from gravix_core.stages.caption.phrases import Phrases
from gravix_core.stages.caption.reading import Talk, looks_back
from gravix_core.stages.caption.sentences import Sentence
from gravix_core.stages.caption.wording import (
    capitalised,
    clip,
    has_cjk,
    is_spelling,
    joined,
    key,
    without_openers,
)
from gravix_core.stages.caption.wordlists import CLAUSE_STARTERS

TITLE = 70
"""Characters of a title: what a phone shows of it."""
SHORT_CLAUSE = 4
"""Words; a shorter one says too little for a title."""
EARLY = 0.25
"""How much more the first sentence counts than the last, of which the first strong one is taken."""


def same(title: str) -> str:
    """What two titles have in common that a reader takes for one, whatever case and marks."""
    return "".join(filter(is_spelling, title.casefold()))


def titles(talk: Talk) -> tuple[str, ...]:
    """The lines that say most and can stand alone; none where nothing says anything."""
    ranked = sorted(
        (found for i in talk.openings() for found in _candidates(talk, i)),
        key=lambda candidate: -candidate[0],
    )
    return tuple(dict.fromkeys(text for _, text in ranked))


def numbered(title: str, reel: Spoken, phrases: Phrases, *, taken: Collection[str] = ()) -> str:
    """A title that no other reel has, of a line that several may have.

    Args:
        title: May be empty.
        reel: Whose part it names, where there are others.
        phrases: Of the reel's language.
        taken: What `same` gives for the titles of the other reels.
    """
    plain = clip(capitalised(title), TITLE) or phrases.untitled
    part = phrases.short.format(number=reel.index + 1, count=reel.count)
    with_part = _with(plain, part) if title else capitalised(part)
    found = plain if reel.count < 2 else with_part
    again = (_with(found, str(number)) for number in count(2))
    return found if same(found) not in taken else next(t for t in again if same(t) not in taken)


def _with(title: str, mark: str) -> str:
    return f"{clip(title, TITLE - len(mark) - 3)} ({mark})"


def _candidates(talk: Talk, index: int) -> Iterator[tuple[float, str]]:
    """Titles that a sentence offers: itself, its clauses, or what fits of it."""
    sentence = talk.sentences[index]
    words = without_openers(sentence.texts)
    if not says_something(words, talk.language):
        return
    appeal = talk.appeal(replace(sentence, words=sentence.words[-len(words) :]))
    appeal += EARLY * (1 - index / len(talk.sentences))
    whole = _as_title(words, asks=sentence.asks)
    if len(whole) <= TITLE:
        yield appeal, whole
        return
    yield appeal - 0.6, clip(whole, TITLE)
    for clause in _clauses(words):
        text = _as_title(clause, asks=sentence.asks and clause[-1] == words[-1])
        bad_start = looks_back(clause[0]) or key(clause[0]) in CLAUSE_STARTERS
        if len(text) <= TITLE and says_something(clause, talk.language):
            strength = talk.strength(clause) + appeal - talk.strength(words)
            yield strength - 0.3 - 0.8 * bad_start, text


def _clauses(words: Sequence[str]) -> Iterator[list[str]]:
    """Stretches between two commas or conjunctions, and from the start to each of them."""
    cuts = [
        i + 1
        for i, (word, after) in enumerate(pairwise(words))
        if word[-1] in ",;:—–،，、" or key(after) in CLAUSE_STARTERS
    ]
    cuts.append(len(words))
    for begin, end in sorted({(0, cut) for cut in cuts} | set(pairwise([0, *cuts]))):
        if SHORT_CLAUSE <= end - begin <= TITLE // 2:
            yield list(words[begin:end])


def _as_title(words: list[str], *, asks: bool) -> str:
    text = capitalised(joined(words)).rstrip(".,;:—–- ،，、。।")
    if not asks or text.endswith(("?", "？", "؟")):
        return text
    return f"{text}？" if has_cjk(text) else f"{text}?"


def opening(sentence: Sentence) -> Sentence:
    """A sentence without "so, well, and" before it."""
    return replace(sentence, words=sentence.words[-len(without_openers(sentence.texts)) :])
