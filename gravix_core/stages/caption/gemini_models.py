"""A model's name in, its price, its state and the cost of what was asked of it out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.stages.caption.prompt import MOST_FRAMES, MOST_REELS, prompt_for
from gravix_core.stages.caption.tokens import IMAGE, tokens_of
from gravix_core.texts import Usage

DEFAULT = "gemini-3.5-flash-lite"
BETTER = "gemini-3.8-flash"
AS_OF = date(2026, 11, 22)
"""When prices and states were read."""
SOURCE = "ai.google.dev/gemini-api/docs/pricing"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, thoughts among those that go out."""

    model: str
    into: float
    out: float
    since: date = date.min
    """UTC."""


PRICES: tuple[Price, ...] = (
    Price("gemini-3.5-flash-lite", 0.30, 2.50),
    Price("gemini-3.8-flash", 0.75, 3.75),
    Price("gemini-3.8-flash", 1.50, 7.50, date(2027, 1, 1)),
    Price("gemini-4-hydrogen", 1.50, 7.50),
    Price("gemini-4-carbon", 2.00, 10.00),
    Price("gemini-4-carbon", 4.00, 20.00, date(2026, 12, 1)),
    Price("gemini-4-argon", 2.00, 10.00),
    Price("gemini-4-argon", 4.00, 20.00, date(2026, 12, 1)),
)
"""By model and then by time.  What stands in none of them has no price that is known."""

RETIRED: tuple[tuple[str, str], ...] = (
    ("gemini-pro", ""),
    ("gemini-1.0", ""),
    ("gemini-1.5", ""),
    ("gemini-2.0", "1 June 2026"),
    ("gemini-3-pro-preview", ""),
)
"""Beginnings of names, and since when where that is known: Google answers 404."""

ANSWER = 250
"""Tokens of one reel's text as the prompt asks for it: 80 words, hashtags, topics, names."""
SCHEMA = 250
"""Tokens of the answer's schema, by its length."""
THOUGHTS = 600
"""Tokens that a request is thought about at the level LOW; a guess."""


def bare(model: str) -> str:
    """The name without ``models/``."""
    return model.strip().removeprefix("models/")


def retired(model: str) -> str | None:
    """A sentence about a model that is no more; None for one that is, or that nobody knows."""
    for beginning, since in RETIRED:
        name = bare(model)
        if name == beginning or name.startswith((f"{beginning}-", f"{beginning}:")):
            return f"Google retired the model {name}{f' on {since}' if since else ''}."
    return None


def price_of(model: str, *, on: date | None = None) -> tuple[float, float] | None:
    """US dollars for a million tokens, in and out; None where it is not known."""
    day = on or datetime.now(UTC).date()
    known = [p for p in PRICES if p.model == bare(model) and p.since <= day]
    return (known[-1].into, known[-1].out) if known else None


def cost(usage: Usage, *, on: date | None = None) -> float | None:
    """US dollars of what was used; None where the price is not known."""
    price = price_of(usage.model, on=on)
    if price is None:
        return None
    return (usage.input_tokens * price[0] + usage.output_tokens * price[1]) / 1_000_000


def estimate(
    brief: Brief,
    reels: Sequence[Spoken],
    model: str,
    *,
    frames: int = 0,
    on: date | None = None,
) -> Usage:
    """What texts for these reels will probably use, when all goes well.

    Args:
        frames: Pictures of each reel that will go along, where there are none yet.
        on: The day whose prices count, in UTC; None: today.
    """
    batches = [reels[i : i + MOST_REELS] for i in range(0, len(reels), MOST_REELS)]
    into = sum(_input(brief, batch, frames) for batch in batches)
    out = ANSWER * len(reels) + THOUGHTS * len(batches)
    usage = Usage(bare(model), len(batches), into, out)
    return replace(usage, cost=cost(usage, on=on))


def _input(brief: Brief, reels: Sequence[Spoken], frames: int) -> int:
    prompt = prompt_for(brief, reels)
    texts = sum(tokens_of(part) for part in prompt.parts if isinstance(part, str))
    pictures = sum(len(reel.frames[:MOST_FRAMES]) or frames for reel in reels)
    return tokens_of(prompt.system) + SCHEMA + texts + IMAGE * pictures
