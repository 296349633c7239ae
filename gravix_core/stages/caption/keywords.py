"""What is said in every reel in, the words that make each one different out.  Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gravix_core.stages.caption.base import OUR_HASHTAGS
from gravix_core.stages.caption.sentences import Sentence
from gravix_core.stages.caption.wording import bare, has_cjk, has_letters, is_spelling, key
from gravix_core.stages.caption.wordlists import STOP_WORDS

LONGEST = 30
"""Characters of a keyword."""
LONGEST_CJK = 8
"""A longer one is a sentence, since no blanks divide it."""
ALWAYS = "#reels"
"""When there is nothing better to say."""
_NAME = 1.5
"""How much more a name counts, or a noun in German."""
_MARKS = ".,;:!?…。、！？।"


@dataclass(frozen=True, slots=True)
class Keyword:
    """One or two words as they were said."""

    words: tuple[str, ...]
    weight: float

    @property
    def topic(self) -> str:
        return " ".join(self.words)

    @property
    def hashtag(self) -> str:
        parts = ["".join(filter(is_spelling, word)) for word in self.words]
        if len(parts) == 1:
            return "#" + parts[0].lower()
        return "#" + "".join(part[:1].upper() + part[1:] for part in parts)


def stop_words(language: str) -> frozenset[str]:
    """Of one language; of all that are known where the language is not."""
    return STOP_WORDS.get(language) or frozenset().union(*STOP_WORDS.values())


def is_content(word: str, stops: frozenset[str]) -> bool:
    """True for a word that can stand for a subject."""
    parts = {key(part) for part in re.split(r"[-–—/]", word)}
    one = key(word)
    longest = LONGEST_CJK if has_cjk(one) else LONGEST
    short = len(one) < 3 and not has_cjk(one)
    said_often = one in stops or parts <= stops
    return has_letters(one) and not short and len(one) <= longest and not said_often


def says_something(words: Iterable[str], stops: frozenset[str]) -> bool:
    """True for a line that is more than "yeah, so, you know"."""
    return any(
        has_letters(word) and len(key(word)) > 1 and key(word) not in stops for word in words
    )


def stem(word: str) -> str:
    """Singular and plural of the commonest kind fall together."""
    one = key(word)
    return one[:-1] if len(one) > 4 and one.endswith("s") and not one.endswith("ss") else one


def spread_of(reels: Iterable[Iterable[str]]) -> Counter[str]:
    """In how many reels each stem is said."""
    return Counter(one for reel in reels for one in {stem(word) for word in reel})


def salience(
    reel: Sequence[str], spread: Mapping[str, int], stops: frozenset[str], *, reels: int
) -> Mapping[str, float]:
    """Weights 0..1 by stem: often in this reel, in few of the `reels`; see `spread_of`."""
    counts = Counter(stem(word) for word in reel if is_content(word, stops))
    weights = {
        one: count
        * (1 + math.log(max(reels, 1) / max(spread[one], 1)))
        * (1 + min(len(one), 10) / 20)
        * (0.6 if one.endswith(("ing", "ed", "ly")) else 1)
        for one, count in counts.items()
    }
    most = max(weights.values(), default=1.0)
    return {one: weight / most for one, weight in weights.items()}


def keywords(
    sentences: Sequence[Sentence], weights: Mapping[str, float], *, most: int = OUR_HASHTAGS
) -> tuple[Keyword, ...]:
    """The heaviest, each word in one of them only; what was said once fills up to three."""
    said = Counter(stem(word) for sentence in sentences for word in sentence.texts)
    spelled = _spellings(sentences)
    weights = {one: weights[one] * _NAME ** spelled[one][:1].isupper() for one in weights}
    single = [Keyword((spelled[one],), weight) for one, weight in weights.items()]
    ranked = sorted([*_pairs(sentences, weights, spelled), *single], key=lambda k: -k.weight)
    chosen: list[Keyword] = []
    taken: set[str] = set()
    for keyword in ranked:
        stems = {stem(word) for word in keyword.words}
        once = max(said[one] for one in stems) < 2
        if len(chosen) < (min(most, 3) if once else most) and not stems & taken:
            chosen.append(keyword)
            taken |= stems
    return tuple(chosen)


def _pairs(
    sentences: Sequence[Sentence], weights: Mapping[str, float], spelled: Mapping[str, str]
) -> Iterable[Keyword]:
    """Two words that are said together more than once, or that are a name."""
    together = Counter(
        (stem(one), stem(two))
        for sentence in sentences
        for one, two in pairwise(sentence.texts)
        if stem(one) in weights and stem(two) in weights and one[-1] not in _MARKS
    )
    for (one, two), count in together.items():
        words = (spelled[one], spelled[two])
        is_name = all(word[:1].isupper() for word in words)
        if one != two and (count > 1 or is_name) and sum(map(len, words)) <= LONGEST:
            yield Keyword(words, (weights[one] + weights[two]) * 0.8)


def _spellings(sentences: Sequence[Sentence]) -> Mapping[str, str]:
    """How each stem is mostly written; a sentence's capital first letter does not count."""
    seen: dict[str, Counter[str]] = {}
    for sentence in sentences:
        for index, word in enumerate(sentence.texts):
            shown = bare(word)
            at_start = index == 0 and shown[1:].islower()
            form = shown.lower() if at_start else shown
            seen.setdefault(stem(word), Counter())[form] += 1 if at_start else 2
    return {one: forms.most_common(1)[0][0] for one, forms in seen.items()}


def hashtags(candidates: Iterable[Keyword]) -> tuple[str, ...]:
    """At most `OUR_HASHTAGS`, at least one, none twice in any case."""
    tags = {keyword.hashtag.casefold(): keyword.hashtag for keyword in candidates}
    usable = [tag for tag in tags.values() if has_letters(tag)]
    return tuple(usable[:OUR_HASHTAGS]) or (ALWAYS,)
