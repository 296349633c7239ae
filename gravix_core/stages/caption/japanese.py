"""Japanese as a transcript has it in; words as a reader divides it out.  Pure.

A transcript writes Japanese without blanks, so that one "word" of it may be a whole caption, or
one sign.  BudouX, which carries its model, divides it into the phrases of its grammar: a subject
and the particle behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from gravix_core.model import Seconds, Span, Word
from gravix_core.stages.caption.wording import ENDS, has_cjk

PAUSE: Seconds = 0.6
"""Words further apart are not read together."""
BLOCK = 200
"""Signs that are read together; the cost grows with them."""
SHORTEST: Seconds = 0.001

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_OPENING = "「『（([“\"'"
_CORE = re.compile(r"[ァ-ヺー]{2,}|[一-鿿々〆]+|[A-Za-z][A-Za-z0-9]+")
_PARTICLE = re.compile(
    r"(は|が|の|を|に|で|と|も|や|から|まで|より|へ|だけ|など|なら|です|だ|ほど|、|。|！|？|」|』|$)"
)
_NUMBER = re.compile(
    r"[一二三四五六七八九十百千万\d]+(つ|秒|分|時|時間|日|月|年|週間|回|個|人|枚|本|度|番|番目|目|円|ミリ)?(後|前)?"
)


def is_japanese(texts: Iterable[str]) -> bool:
    """True when a fifth of the letters are its own; Chinese has none of them."""
    letters = [char for text in texts for char in text if char.isalpha()]
    return sum(map(bool, map(_KANA.match, letters))) * 5 > len(letters)


def divided(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of a transcript with all that is Japanese divided anew; times are kept.

    What is written with blanks stays as it is, so any transcript may come.
    """
    if not is_japanese(word.text for word in words):
        return tuple(words)
    return tuple(word for block in _blocks(words) for word in _read(block))


def _blocks(words: Sequence[Word]) -> Iterable[list[Word]]:
    block: list[Word] = []
    for word in words:
        far = block and word.span.start - block[-1].span.end > PAUSE
        full = sum(len(one.text) for one in block) > BLOCK
        if block and (
            far or full or block[-1].text.endswith(tuple(ENDS)) or not _joins(block, word)
        ):
            yield block
            block = []
        block.append(word)
    if block:
        yield block


def _joins(block: Sequence[Word], word: Word) -> bool:
    return has_cjk(block[-1].text) and has_cjk(word.text)


def _read(block: Sequence[Word]) -> Iterable[Word]:
    """Divide words that belong together; each sign has its share of its word's time."""
    text = "".join(word.text for word in block)
    if not has_cjk(text):
        return block
    begins = [
        word.span.start + (word.span.end - word.span.start) * i / len(word.text)
        for word in block
        for i in range(len(word.text))
    ]
    begins.append(block[-1].span.end)
    phrases, at = [], 0
    for phrase in _phrases(text):
        start, at = begins[at], at + len(phrase)
        phrases.append(Word(phrase, Span(start, max(begins[at], start + SHORTEST))))
    return phrases


def _phrases(text: str) -> list[str]:
    return [
        phrase for at in range(0, len(text), BLOCK) for phrase in _parser()(text[at : at + BLOCK])
    ]


@cache
def _parser() -> Callable[[str], list[str]]:
    import budoux  # noqa: PLC0415  most talks are not Japanese

    return budoux.load_default_japanese_parser().parse


def subject(phrase: str) -> str:
    """The noun that a phrase begins with; empty when it begins with none.

    A single sign with an ending behind it is a verb; a number and what it counts is no subject.
    """
    phrase = phrase.lstrip(_OPENING)
    found = _CORE.match(phrase)
    if found is None or _NUMBER.fullmatch(found[0]):
        return ""
    ending = phrase[found.end() :]
    is_verb = len(found[0]) == 1 and not _PARTICLE.match(ending)
    return "" if is_verb else found[0]
