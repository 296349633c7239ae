"""How the operator wants to sound in; that, what was learned and what is kept of it, out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gravix_core.desks.review import clean_hashtags
from gravix_core.errors import NotAccepted
from gravix_core.pipeline.briefs import (
    LEARNED_OF,
    RULES_OFF,
    VOICE,
    rules_in,
    voice_document,
    voice_of,
)
from gravix_core.store.store import Store
from gravix_core.texts import Pair, Rule, Voice

LONGEST = 200
"""Characters of the tone, of the audience and of the call to action."""
MOST_HASHTAGS = 10
"""Instagram counts thirty in all, and the text has some of its own."""
MOST_FORBIDDEN = 100


class VoiceDesk:
    """The desk of the form by which texts are written, and of what Gravix has learned."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self) -> Voice:
        with self._store.read() as tx:
            return voice_of(tx)

    def problems(self, voice: Voice) -> tuple[str, ...]:
        """Why it cannot be kept, one sentence each; empty when it can."""
        return _problems(_tidy(voice))

    def save(self, voice: Voice) -> None:
        """Blanks at the ends and doubles are dropped.

        Raises:
            NotAccepted: It has `problems`; what was kept before stays.
        """
        tidy = _tidy(voice)
        if wrong := _problems(tidy):
            raise NotAccepted(" ".join(wrong), hint="Change it, then save it again.")
        with self._store.begin() as tx:
            tx.preferences.put(VOICE, voice_document(tidy))

    def rules(self) -> tuple[Rule, ...]:
        """What the operator always takes out, on or off."""
        with self._store.read() as tx:
            return rules_in(tx)

    def switch(self, rule_key: str, *, on: bool) -> None:
        """Heed a rule or not; `rule_key` is `Rule.key`."""
        with self._store.begin() as tx:
            off = set((tx.preferences.get(RULES_OFF) or {}).get("keys", ()))
            off = off - {rule_key} if on else off | {rule_key}
            tx.preferences.put(RULES_OFF, {"keys": sorted(off)})

    def pairs(self, limit: int = LEARNED_OF) -> tuple[Pair, ...]:
        """What was written and what was accepted, newest first."""
        with self._store.read() as tx:
            return tx.learned.pairs(limit)


def _tidy(voice: Voice) -> Voice:
    return Voice(
        language=voice.language.strip(),
        tone=_line(voice.tone),
        audience=_line(voice.audience),
        forbidden=_once(voice.forbidden),
        hashtags=clean_hashtags(voice.hashtags),
        call_to_action=voice.call_to_action.strip(),
    )


def _problems(voice: Voice) -> tuple[str, ...]:
    tags = [tag.removeprefix("#") for tag in voice.hashtags]
    banned = [word.casefold() for word in voice.forbidden]
    odd = [tag for tag in tags if not re.search(r"\w", tag)]
    both = [tag for tag in tags if tag.casefold() in banned]
    called = [word for word in banned if _says(voice.call_to_action, word)]
    lines = {
        "tone": voice.tone,
        "audience": voice.audience,
        "call to action": voice.call_to_action,
    }
    found = {
        f"{len(tags)} fixed hashtags are too many: {MOST_HASHTAGS} at most, as each text has some"
        " of its own.": len(tags) > MOST_HASHTAGS,
        f"{len(banned)} forbidden words are too many: {MOST_FORBIDDEN} at most.": (
            len(banned) > MOST_FORBIDDEN
        ),
        f"“{' '.join(odd)}” is no hashtag.": bool(odd),
        f"“{', '.join(both)}” is a fixed hashtag and a forbidden word.": bool(both),
        f"The call to action has a forbidden word: “{', '.join(called)}”.": bool(called),
    } | {
        f"The {name} has {len(line)} of {LONGEST} characters.": len(line) > LONGEST
        for name, line in lines.items()
    }
    return tuple(told for told, is_so in found.items() if is_so)


def _says(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.casefold()) is not None


def _once(words: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for line in map(_line, words):
        if line:
            found.setdefault(line.casefold(), line)
    return tuple(found.values())


def _line(text: str) -> str:
    return " ".join(text.split())
