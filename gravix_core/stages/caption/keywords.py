"""What is said in every reel in, the words that make each one different out.  Pure.

A word is worth the more, the closer it is to all others in the graph of what stands together:
closeness, which Boudin (A comparison of centrality measures for graph-based keyphrase
extraction, IJCNLP 2013) found best for short texts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gravix_core.stages.caption.base import ALWAYS, OUR_HASHTAGS
from gravix_core.stages.caption.language import LONGEST, is_content, shown, stem
from gravix_core.stages.caption.sentences import Manner, Sentence
from gravix_core.stages.caption.wording import has_letters, is_spelling, key
from gravix_core.stages.caption.wordlists import AFTER_NOUNS, BEFORE_NOUNS

WINDOW = 6
"""Content words that stand together."""
MOST_WORDS = 200
"""Content words of a reel that are looked at: its first minutes; the cost grows by its square."""
NOUN, NAME = 1.6, 1.5
"""How much more a word counts that stands where a noun does, and one with a capital letter."""
SELDOM = 0.5
"""How much more a word counts for each time that half as many reels hold it."""
_MARKS = ".,;:!?…。、！？।"


@dataclass(frozen=True, slots=True)
class Keyword:
    """One or two words as they were said."""

    words: tuple[str, ...]
    weight: float
    sure: bool = True
    """Said more than once, or where a noun stands."""

    @property
    def topic(self) -> str:
        return " ".join(self.words)

    @property
    def hashtag(self) -> str:
        parts = ["".join(filter(is_spelling, word)) for word in self.words]
        if len(parts) == 1:
            return "#" + parts[0].lower()
        return "#" + "".join(part[:1].upper() + part[1:] for part in parts)


@dataclass(frozen=True, slots=True)
class Whole:
    """What is known of a word only from all reels of a video together."""

    manner: Manner
    reels: int
    spread: Mapping[str, int]
    """In how many of them each stem is said."""
    nouns: frozenset[str]
    """Stems that stand where a noun does."""

    @property
    def language(self) -> str:
        return self.manner.language


def whole_of(reels: Sequence[Sequence[str]], manner: Manner) -> Whole:
    language = manner.language
    stems = [{stem(word, language) for word in reel} for reel in reels]
    spread = Counter(one for reel in stems for one in reel)
    nouns = {stem(noun, language) for reel in reels for noun in _nouns(reel, manner)}
    return Whole(manner, len(reels), spread, frozenset(nouns))


def _nouns(texts: Sequence[str], manner: Manner) -> Iterable[str]:
    """Words that stand where a noun does, by the signs that their language gives."""
    language = manner.language
    if language == "ja":
        yield from filter(lambda word: shown(word, language), texts)
    elif language == "de" and manner.cased:
        yield from (b for a, b in pairwise(texts) if a[-1] not in _MARKS and b[:1].isupper())
    else:
        before = BEFORE_NOUNS.get(language, frozenset())
        after = AFTER_NOUNS.get(language, frozenset())
        for one, two in pairwise(texts):
            if key(two) in after:
                yield one
            if key(one) in before or _elided(two):
                yield two


def _elided(word: str) -> bool:
    """True for "l'eau" and "d'arbre"."""
    return word[:2].casefold() in {"l'", "l’", "d'", "d’"}


def salience(reel: Sequence[str], whole: Whole) -> Mapping[str, float]:
    """Weights 0..1 by stem: close to the reel's other words, said often, in few of the reels."""
    said = [stem(word, whole.language) for word in reel if is_content(word, whole.language)]
    counts, near = Counter(said), _closeness(said[:MOST_WORDS])
    weights = {
        one: (near.get(one) or min(near.values(), default=0) or 1.0)
        * math.sqrt(count)
        * (1 + SELDOM * math.log2(max(whole.reels, 1) / max(whole.spread.get(one, 1), 1)))
        * (1 + min(len(one), 10) / 20)
        * (NOUN if one in whole.nouns else 1)
        for one, count in counts.items()
    }
    most = max(weights.values(), default=1.0)
    return {one: weight / most for one, weight in weights.items()}


def _closeness(said: Sequence[str]) -> Mapping[str, float]:
    import networkx  # noqa: PLC0415  takes half a second

    together: Counter[tuple[str, str]] = Counter()
    for at, one in enumerate(said):
        together.update((min(one, two), max(one, two)) for two in said[at + 1 : at + WINDOW])
    graph = networkx.Graph()
    graph.add_nodes_from(said)
    graph.add_edges_from(
        (one, two, {"far": 1 / count}) for (one, two), count in together.items() if one != two
    )
    close: Mapping[str, float] = networkx.closeness_centrality(graph, distance="far")
    return close


def keywords(
    sentences: Sequence[Sentence], weights: Mapping[str, float], whole: Whole
) -> tuple[Keyword, ...]:
    """All that a reel's sentences offer, the surest and heaviest first, each word in one only."""
    said = Counter(stem(w, whole.language) for sentence in sentences for w in sentence.texts)
    spelled = _spellings(sentences, whole.language)
    weights = {one: weights[one] * _named(spelled[one], whole) for one in weights if one in spelled}
    single = [
        Keyword((spelled[one],), weight, said[one] > 1 or one in whole.nouns)
        for one, weight in weights.items()
    ]
    pairs = _pairs(sentences, weights, spelled, whole=whole)
    chosen: list[Keyword] = []
    taken: set[str] = set()
    for keyword in sorted([*pairs, *single], key=lambda k: (not k.sure, -k.weight)):
        stems = {stem(word, whole.language) for word in keyword.words}
        if not stems & taken:
            chosen.append(keyword)
            taken |= stems
    return tuple(chosen)


def _named(word: str, whole: Whole) -> float:
    if whole.language == "de" and whole.manner.cased and word[:1].islower():
        return 0.5  # a German noun has a capital letter
    return NAME if word[:1].isupper() else 1


def _pairs(
    sentences: Sequence[Sentence],
    weights: Mapping[str, float],
    spelled: Mapping[str, str],
    *,
    whole: Whole,
) -> Iterable[Keyword]:
    """Two words that are said together more than once, or that are a name."""
    if whole.language == "ja":
        return
    together = Counter(
        (stem(one, whole.language), stem(two, whole.language))
        for sentence in sentences
        for one, two in pairwise(sentence.texts)
        if one[-1] not in _MARKS
    )
    for (one, two), count in together.items():
        if one == two or one not in weights or two not in weights:
            continue
        words = (spelled[one], spelled[two])
        is_name = whole.language != "de" and all(word[:1].isupper() for word in words)
        if (count > 1 or is_name) and sum(map(len, words)) <= LONGEST:
            yield Keyword(words, (weights[one] + weights[two]) * 0.8)


def _spellings(sentences: Sequence[Sentence], language: str) -> Mapping[str, str]:
    """How each stem is mostly written, in the shortest of its forms where several are.

    A sentence's capital first letter does not count.
    """
    seen: dict[str, Counter[str]] = {}
    for sentence in sentences:
        for index, word in enumerate(sentence.texts):
            if not is_content(word, language):
                continue
            form = shown(word, language)
            at_start = index == 0 and form[1:].islower()
            form = form.lower() if at_start else form
            seen.setdefault(stem(word, language), Counter())[form] += 1 if at_start else 2
    return {
        one: max(forms, key=lambda form: (forms[form], -len(form))) for one, forms in seen.items()
    }


def hashtags(candidates: Iterable[Keyword], *, most: int = OUR_HASHTAGS) -> tuple[str, ...]:
    """The first `most`, none twice in any case; where there are less, those that always fit."""
    tags = {keyword.hashtag.casefold(): keyword.hashtag for keyword in candidates}
    usable = [tag for key, tag in tags.items() if has_letters(tag) and key not in ALWAYS]
    return (*usable, *ALWAYS)[:most]
