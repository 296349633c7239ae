"""A video's reels in, each of them read, its sentences and what they say, out.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gravix_core.model import Word
from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.stages.caption.japanese import divided
from gravix_core.stages.caption.keywords import Keyword, Whole, keywords, salience, whole_of
from gravix_core.stages.caption.language import known, language_of, stem
from gravix_core.stages.caption.score import is_hook
from gravix_core.stages.caption.sentences import Manner, Sentence, manner_of, split, tidy
from gravix_core.stages.caption.wording import has_letters, key
from gravix_core.stages.caption.wordlists import (
    BACK_REFERENCES,
    BACK_REFERENCES_JA,
    CLAUSE_STARTERS,
    GREETINGS,
    YOU,
)


@dataclass(frozen=True, slots=True)
class Talk:
    """One reel, read."""

    reel: Spoken
    sentences: tuple[Sentence, ...]
    weights: Mapping[str, float]
    """As `salience` gives them."""
    whole: Whole

    @property
    def manner(self) -> Manner:
        return self.whole.manner

    @property
    def language(self) -> str:
        return self.whole.language

    @property
    def is_spoken(self) -> bool:
        return any(has_letters(text) for sentence in self.sentences for text in sentence.texts)

    def keywords(self) -> tuple[Keyword, ...]:
        return keywords(self.sentences, self.weights, self.whole)

    def openings(self) -> list[int]:
        """Where a post may begin: at a whole sentence, if there is one and one can tell."""
        whole = [i for i, sentence in enumerate(self.sentences) if sentence.whole]
        can_tell = self.manner.punctuated and whole
        return whole if can_tell else list(range(len(self.sentences)))

    def strength(self, words: Sequence[str]) -> float:
        """How much a line of so many words says, about 0..2."""
        content = sorted(
            {self.weights.get(stem(word, self.language), 0.0) for word in words}, reverse=True
        )
        fit = min(len(words) / 6, 1, 14 / max(len(words), 1))
        you = any(key(word) in YOU for word in words)
        number = any(word[:1].isdigit() for word in words)
        return sum(content[:3]) / 3 + 0.6 * fit + 0.2 * you + 0.15 * number

    def appeal(self, sentence: Sentence) -> float:
        """How well a sentence opens a post."""
        first = key(sentence.texts[0])
        return (
            self.strength(sentence.texts)
            + 0.5 * is_hook(sentence)
            - 0.5 * looks_back(sentence.texts[0])
            - 0.2 * (first in CLAUSE_STARTERS)
            - 0.5 * (first in GREETINGS)
            + 0.3 * (sentence.asks and sentence.words[0] == self.sentences[0].words[0])
            - 1.0 * (not sentence.opens)
        )


def looks_back(word: str) -> bool:
    """True for a word that needs the sentence before."""
    one = key(word)
    return one in BACK_REFERENCES or one.startswith(BACK_REFERENCES_JA)


def read_all(brief: Brief, reels: Sequence[Spoken]) -> tuple[Talk, ...]:
    """In the order of `reels`; they are read together, since each has to differ from the others."""
    words = [divided(reel.words) for reel in reels]
    language = _language(brief, words)
    manner = manner_of((word for said in words for word in said), language=language)
    tidied = [tidy(said, language) for said in words]
    texts = [[word.text for word in said] for said in tidied]
    whole = whole_of(texts, manner)
    return tuple(
        Talk(reel, split(tidied[i], manner), salience(texts[i], whole), whole)
        for i, reel in enumerate(reels)
    )


def _language(brief: Brief, words: Sequence[Sequence[Word]]) -> str:
    """As the source names it, or else of what is said, or else of the title."""
    texts = [word.text for said in words for word in said]
    named = f"{brief.title} {brief.description}".split()
    return known(brief.language) or language_of(texts) or (language_of(named) if not texts else "")
