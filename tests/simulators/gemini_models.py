"""The models of the stand-in, as models.list tells of them.

Retired ones (all of 1.0, 1.5 and 2.0, and 3-pro-preview) are not among them: they answer 404 as
names do that never were.
Source: shared/reference/gemini.md, section 6, and ai.google.dev/api/models for the fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.simulators.gemini_words import Json

GENERATES = ("generateContent", "countTokens", "createCachedContent", "batchGenerateContent")
MOST_OUTPUT = 65_536
MOST_INPUT = 1_048_576
PAGE_SIZE, MOST_OF_A_PAGE = 50, 1000


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    label: str
    methods: tuple[str, ...] = GENERATES
    thoughts: str = "HIGH"
    """The level of thinking unless it is asked for."""
    levels: frozenset[str] = frozenset({"MINIMAL", "LOW", "MEDIUM", "HIGH"})
    """That may be asked for; none: it takes a budget instead."""
    alias_of: str = ""

    @property
    def generation(self) -> float:
        found = re.match(r"gemini-(\d+(?:\.\d+)?)", self.alias_of or self.name)
        return float(found[1]) if found else 0.0

    def described(self) -> Json:
        """As models.get answers."""
        told: Json = {
            "name": f"models/{self.name}",
            "version": "001",
            "displayName": self.label,
            "description": f"{self.label} of the stand-in",
            "inputTokenLimit": MOST_INPUT,
            "outputTokenLimit": MOST_OUTPUT,
            "supportedGenerationMethods": list(self.methods),
        }
        if "generateContent" in self.methods:
            told |= {"temperature": 1, "topP": 0.95, "topK": 64, "maxTemperature": 2}
            told |= {"thinking": True}
        return told


_NO_MINIMAL = frozenset({"LOW", "MEDIUM", "HIGH"})
MODELS = (
    Model("gemini-2.5-pro", "Gemini 2.5 Pro", levels=frozenset()),
    Model("gemini-2.5-flash", "Gemini 2.5 Flash", levels=frozenset()),
    Model("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite", thoughts="NONE", levels=frozenset()),
    Model("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite", thoughts="MINIMAL"),
    Model("gemini-3.8-flash", "Gemini 3.8 Flash", thoughts="MEDIUM", levels=_NO_MINIMAL),
    Model("gemini-4-hydrogen", "Gemini 4 Hydrogen", levels=_NO_MINIMAL),
    Model("gemini-4-carbon", "Gemini 4 Carbon", levels=_NO_MINIMAL),
    Model("gemini-4-argon", "Gemini 4 Argon", levels=_NO_MINIMAL),
    Model(
        "gemini-flash-latest",
        "Gemini Flash Latest",
        thoughts="MEDIUM",
        levels=_NO_MINIMAL,
        alias_of="gemini-3.8-flash",
    ),
    Model(
        "gemini-flash-lite-latest",
        "Gemini Flash-Lite Latest",
        thoughts="MINIMAL",
        alias_of="gemini-3.5-flash-lite",
    ),
    Model("gemini-embedding-001", "Gemini Embedding 001", ("embedContent",)),
    Model("imagen-4.0-generate-001", "Imagen 4", ("predict",)),
    Model("veo-3.1-generate", "Veo 3.1", ("predictLongRunning",)),
    Model("aqa", "Attributed Question Answering", ("generateAnswer",)),
)
