"""How a creator wants to sound, and what was written for them, in frozen values.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gravix_core.model import PostText


class Field(StrEnum):
    """A part of a post's text that may be written anew by itself."""

    TITLE = "title"
    CAPTION = "caption"
    HASHTAGS = "hashtags"


@dataclass(frozen=True, slots=True)
class Voice:
    """How the operator wants to sound; empty leaves it to the provider."""

    language: str = ""
    """BCP 47, such as ``pt-BR``; empty: that of the video."""
    tone: str = ""
    audience: str = ""
    forbidden: tuple[str, ...] = ()
    """Words that no text holds, in whatever case."""
    hashtags: tuple[str, ...] = ()
    """On every post, each with its ``#``."""
    call_to_action: str = ""
    """Ends every caption."""


@dataclass(frozen=True, slots=True)
class Words:
    """What of a text a person reads."""

    title: str
    caption: str
    hashtags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What was written, and what the operator made of it."""

    written: Words
    accepted: Words


class RuleKind(StrEnum):
    HASHTAG = "hashtag"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that the operator always takes out."""

    kind: RuleKind
    text: str
    """The hashtag with its ``#``, or the sentence as it was written."""
    times: int
    """How often it was taken out; it was never kept."""
    is_on: bool = True

    @property
    def key(self) -> str:
        """Names the rule, whatever `times` and `is_on` are."""
        return f"{self.kind}:{self.text.casefold()}"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator wants to be other about a text."""

    instruction: str = ""
    """One line, such as "shorter, ask a question"."""
    field: Field | None = None
    """None: all of it."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What was asked of a provider, or will be."""

    model: str
    requests: int = 1
    input_tokens: int = 0
    output_tokens: int = 0
    """With those of the model's thoughts."""
    cost: float | None = None
    """US dollars; None where the price is not known."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that the key can use."""

    name: str
    """Without ``models/``."""
    label: str
    price: tuple[float, float] | None = None
    """US dollars for a million tokens, in and out; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why the provider is not asked now."""

    code: str
    kind: str
    """As `CaptionError.kind`."""
    message: str
    hint: str
    until: datetime | None
    """None: until the operator changes something."""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A text that a reel has, or had."""

    id: int
    reel_id: int
    text: PostText
    instruction: str
    """That it was written by; empty without one."""
    created_at: datetime
