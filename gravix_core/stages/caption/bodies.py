"""A reel that was read in, what its caption may say of it out, the best first.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from gravix_core.stages.caption.reading import Talk
from gravix_core.stages.caption.sentences import Sentence
from gravix_core.stages.caption.titles import opening
from gravix_core.stages.caption.wording import (
    capitalised,
    clip,
    has_letters,
    is_closed,
    joined,
    plain,
    trail_off,
)

SENTENCE = 240
"""Characters of one sentence in a caption."""
BODY = 340
"""Characters of all sentences in a caption."""
LINE = 110
"""Characters after which a line of unpunctuated speech is broken."""
MOST_SENTENCES, MOST_PHRASES = 3, 5
"""In a caption, with and without punctuation."""
_NO_PROSE = ("http", "www.", "@", "#", "©", "►", "→", "::", "===", "---", "0:", "00:")
"""A line of a description that holds one of them is a link, a list or a chapter."""


def bodies(talk: Talk) -> tuple[str, ...]:
    """The hook and, after a blank line, what was said right after it; one for each opening."""
    stretches = sorted(
        (_stretch(talk, first) for first in talk.openings()),
        key=lambda stretch: -_worth(talk, stretch),
    )
    found = ("\n\n".join(filter(None, _written(talk, stretch))) for stretch in stretches)
    return tuple(dict.fromkeys(found))


def told(description: str) -> str:
    """The first lines of a video's description that are prose; empty when there are none."""
    for paragraph in description.split("\n\n"):
        lines = [line for line in paragraph.splitlines() if _is_prose(line)]
        if lines:
            return clip(plain(" ".join(lines)), SENTENCE)
    return ""


def _is_prose(line: str) -> bool:
    folded = line.casefold()
    enough = len(line.split()) > 3 or len(line.strip()) > 20
    return enough and has_letters(plain(line)) and not any(sign in folded for sign in _NO_PROSE)


def _written(talk: Talk, stretch: Sequence[Sentence]) -> tuple[str, str]:
    first, *others = stretch
    hook = opening(first)
    if talk.manner.punctuated:
        rest = joined([sentence.text() for sentence in others])
        return clip(hook.ended(), SENTENCE), clip(rest, BODY)
    lines = _lines([hook, *others])
    lines[-1] = lines[-1] if is_closed(lines[-1]) else trail_off(lines[-1], BODY)
    return clip(lines[0], SENTENCE), clip("\n".join(lines[1:]), BODY)


def _stretch(talk: Talk, first: int) -> tuple[Sentence, ...]:
    """A sentence and those after it that fit; a half sentence is not added."""
    punctuated = talk.manner.punctuated
    most = MOST_SENTENCES if punctuated else MOST_PHRASES
    taken, length = [talk.sentences[first]], 0
    for sentence in talk.sentences[first + 1 :]:
        length += len(sentence.text())
        full = sum(map(_is_full, taken)) >= most or length > BODY
        if full or (punctuated and not sentence.whole):
            break
        taken.append(sentence)
    while not punctuated and len(taken) > 1 and not _is_full(taken[-1]):
        taken.pop()
    return tuple(taken)


def _is_full(sentence: Sentence) -> bool:
    """False for "It isn't.", which only leads to the next one."""
    return len(sentence.words) > 3


def _worth(talk: Talk, stretch: tuple[Sentence, ...]) -> float:
    others = [talk.strength(sentence.texts) for sentence in stretch[1:]]
    return talk.appeal(stretch[0]) + 0.15 * len(others) + (0.3 * mean(others) if others else 0)


def _lines(phrases: Sequence[Sentence]) -> list[str]:
    """One line for what is said between two pauses."""
    lines: list[str] = []
    for phrase in phrases:
        if not lines or phrase.opens or len(lines[-1]) > LINE:
            lines.append(capitalised(phrase.text()))
        else:
            lines[-1] = joined([lines[-1], phrase.text()])
    return lines
