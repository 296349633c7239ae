"""How the operator wants to sound in; that, what was learned and what is kept of it, out."""

from __future__ import annotations

from collections.abc import Iterable

from gravix_core.desks.review import clean_hashtags
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


class VoiceDesk:
    """The desk of the form by which texts are written, and of what Gravix has learned."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self) -> Voice:
        with self._store.read() as tx:
            return voice_of(tx)

    def save(self, voice: Voice) -> None:
        """Blanks at the ends and doubles are dropped."""
        tidy = Voice(
            language=voice.language.strip(),
            tone=_line(voice.tone),
            audience=_line(voice.audience),
            forbidden=_once(voice.forbidden),
            hashtags=clean_hashtags(voice.hashtags),
            call_to_action=voice.call_to_action.strip(),
        )
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


def _once(words: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for line in map(_line, words):
        if line:
            found.setdefault(line.casefold(), line)
    return tuple(found.values())


def _line(text: str) -> str:
    return " ".join(text.split())
