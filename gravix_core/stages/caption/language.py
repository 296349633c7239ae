"""A word and its language in; its stem, and whether it can stand for a subject, out.  Pure.

The one door to the libraries that carry the words of languages.  They are loaded when a text is
first looked at, since they take a quarter of a second.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from gravix_core.stages.caption.japanese import is_japanese, subject
from gravix_core.stages.caption.wording import bare, has_cjk, has_letters, key
from gravix_core.stages.caption.wordlists import LANGUAGES, SPOKEN, SUBJECTS

LONGEST = 30
"""Characters of a word that is a subject."""
LONGEST_CJK = 8
"""A longer one is a sentence, since no blanks divide it."""
SHARE = 5
"""One word in so many must be among a language's commonest for it to be that language."""

_STEMMED = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french", "hi": "hindi",
    "it": "italian", "pt": "portuguese", "ru": "russian",
}  # fmt: skip
"""What snowball calls them."""


def known(tag: str) -> str:
    """The language of a BCP 47 tag, such as ``pt`` for ``pt-BR``; empty when none is known."""
    language = re.split(r"[-_]", tag.strip().casefold())[0]
    return language if language in LANGUAGES else ""


def language_of(texts: Iterable[str]) -> str:
    """The language with most hits among its commonest words; empty when there are too few."""
    texts = list(texts)
    if is_japanese(texts):
        return "ja"
    counts = Counter(map(key, texts))
    spoken = [language for language in LANGUAGES if language != "ja"]
    hits = {one: sum(counts[word] for word in counts if word in stop_words(one)) for one in spoken}
    best = max(hits, key=lambda language: hits[language])
    return best if hits[best] * SHARE >= counts.total() > 0 else ""


@cache
def stop_words(language: str) -> frozenset[str]:
    """Of one language; of all that are known where the language is not."""
    import stopwordsiso  # noqa: PLC0415  takes a fifth of a second

    if language not in LANGUAGES:
        return frozenset().union(*map(stop_words, LANGUAGES))
    listed = stopwordsiso.stopwords(language)
    words = {*listed, *map(key, listed), *SPOKEN[language], *map(key, SPOKEN[language])}
    return frozenset(words - {""} - SUBJECTS.get(language, frozenset()))


@lru_cache(maxsize=1 << 14)
def shown(word: str, language: str) -> str:
    """What of a word may name a subject, as it was said; empty when nothing."""
    return subject(word) if language == "ja" else bare(word)


def is_content(word: str, language: str) -> bool:
    """True for a word that can stand for a subject."""
    return _is_content(shown(word, language), language)


@lru_cache(maxsize=1 << 14)
def _is_content(word: str, language: str) -> bool:
    stops, one = stop_words(language), key(word)
    longest = LONGEST_CJK if has_cjk(one) else LONGEST
    short = len(one) < 3 and not has_cjk(one)
    parts = {key(part) for part in re.split(r"[-–—/]", word)}
    said_often = one in stops or parts <= stops
    return has_letters(one) and not short and len(one) <= longest and not said_often


def says_something(words: Iterable[str], language: str) -> bool:
    """True for a line that is more than "yeah, so, you know"."""
    stops = stop_words(language)
    return any(
        has_letters(word) and len(key(word)) > 1 and key(word) not in stops for word in words
    )


@lru_cache(maxsize=1 << 14)
def stem(word: str, language: str) -> str:
    """Forms of one word, such as singular and plural, have the same."""
    return _stem(key(shown(word, language)), language)


@lru_cache(maxsize=1 << 14)
def _stem(one: str, language: str) -> str:
    if language in _STEMMED:
        return _stemmer(language)(one)
    return one[:-1] if len(one) > 4 and one.endswith("s") and not one.endswith("ss") else one


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer  # noqa: PLC0415  loads every language

    stemmer: Callable[[str], str] = snowballstemmer.stemmer(_STEMMED[language]).stemWord
    return stemmer
