"""A prompt in, what a model would see in it out: the reels, the language, planted orders.  Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

LANGUAGES = {
    "en": "english",
    "es": "spanish",
    "pt": "portuguese",
    "de": "german",
    "fr": "french",
    "hi": "hindi",
    "ja": "japanese",
}
_IDS = (
    re.compile(r"(?:reel[_ -]?id\W{0,6}|<reel\b[^>]*?\bid\W{1,3})(\d+)", re.IGNORECASE),
    re.compile(r"\breel\b[^\n]{0,30}?\bid\W{1,4}(\d+)", re.IGNORECASE),
    re.compile(r"\"id\"\s*:\s*\"?(\d+)"),
    re.compile(r"\breel\W{1,3}(\d+)", re.IGNORECASE),
    re.compile(r"\bid\W{1,4}(\d+)", re.IGNORECASE),
)
_LISTED = re.compile(r"reel[_ -]?ids\W{0,6}(\d+(?:\s*(?:,|and|&)\s*\d+)*)", re.IGNORECASE)
_TAG = re.compile(r"languages?\W+(?:\w+\W+){0,3}?([a-z]{2})(?:-[A-Za-z]{2,4})?\b", re.IGNORECASE)
_NAMED = re.compile(rf"\bin\s+({'|'.join(LANGUAGES.values())})\b", re.IGNORECASE)
_STOPS = {
    "en": "the and you that this with for are not have",
    "es": "que los las una por con para pero como está",
    "pt": "que não uma com para você mais isso como são",
    "de": "und der die das nicht ist ein eine wir auch",
    "fr": "les des une est que pour dans pas vous nous",
}
_ORDER = re.compile(
    r"(?:ignore|disregard|forget)\s+(?:all\s+|any\s+)?(?:the\s+|your\s+|of\s+)*"
    r"(?:previous|above|prior|earlier)?\s*(?:instructions?|rules?|prompts?)?[\s,.:;]*(?:and\s+)?"
    r"([^\n<>]{3,300})",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"'\u201c\u2018`]([^\"'\u201d\u2019`]{2,200})[\"'\u201d\u2019`]")


def asked_for(prompt: str) -> tuple[int, ...]:
    """The reels that a prompt asks about: those that it lists, else all of which it speaks."""
    listed = _LISTED.search(prompt)
    if listed:
        return tuple(dict.fromkeys(map(int, re.findall(r"\d+", listed[1]))))
    return tuple(ids_in(prompt))


def ids_in(prompt: str) -> dict[int, int]:
    """The reels that a prompt speaks of, with the place where each begins."""
    for pattern in _IDS:
        found: dict[int, int] = {}
        for match in pattern.finditer(prompt):
            found.setdefault(int(match[1]), match.start())
        if found:
            return found
    return {}


def stretch(prompt: str, begins: Mapping[int, int], reel: int) -> str:
    """What stands in the prompt about one reel; all of it if that is not known."""
    if reel not in begins:
        return prompt
    later = [at for at in begins.values() if at > begins[reel]]
    return prompt[begins[reel] : min(later, default=len(prompt))]


def language_of(system: str, prompt: str) -> str:
    """The language that is asked for, or else that the prompt is in; ``en`` if neither is known."""
    for text in (system, prompt):
        for match in _TAG.finditer(text):
            if match[1].lower() in LANGUAGES:
                return match[1].lower()
        named = _NAMED.search(text)
        if named:
            return next(tag for tag, name in LANGUAGES.items() if name == named[1].lower())
        for tag, name in LANGUAGES.items():
            if re.search(rf"language\W+(?:\w+\W+){{0,3}}?{name}\b", text, re.IGNORECASE):
                return tag
    return _guessed(prompt)


def keywords(text: str, most: int = 12) -> tuple[str, ...]:
    """The longer words, the most frequent first."""
    words = re.findall(r"[^\W\d_]{5,20}", text.lower())
    stops = {"false", "reel_id", "title", "words", "start", "duration"}
    counted = Counter(word for word in words if word not in stops)
    return tuple(word for word, _ in counted.most_common(most))


def planted_order(prompt: str) -> str:
    """What an order inside the prompt wants to be written; empty without one."""
    order = _ORDER.search(prompt)
    if not order:
        return ""
    quoted = _QUOTED.search(order[1])
    return quoted[1] if quoted else order[1].strip()


def _guessed(prompt: str) -> str:
    if len(re.findall(r"[\u3040-\u30ff]", prompt)) > 5:
        return "ja"
    if len(re.findall(r"[\u0900-\u097f]", prompt)) > 5:
        return "hi"
    words = Counter(re.findall(r"[^\W\d_]+", prompt.lower()))
    hits = {tag: sum(words[stop] for stop in stops.split()) for tag, stops in _STOPS.items()}
    return max(hits, key=lambda tag: hits[tag]) if any(hits.values()) else "en"
