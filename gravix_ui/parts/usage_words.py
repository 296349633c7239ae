"""What was asked of Gemini, or will be, in; tokens and dollars in words out.  Pure."""

from __future__ import annotations

from gravix_core import ModelInfo, Usage

CENT = 0.01


def tokens_told(usage: Usage) -> str:
    """``about 11k tokens``, of what goes in and comes out."""
    count = usage.input_tokens + usage.output_tokens
    if count < 1000:
        return f"about {count:,} tokens"
    return f"about {round(count / 1000):,}k tokens"


def dollars(cost: float | None) -> str:
    """``$0.02``; nothing is told where no price is known."""
    if cost is None:
        return "price not known"
    return f"${cost:,.2f}" if cost >= CENT or not cost else "less than $0.01"


def estimated(usage: Usage) -> str:
    """``about 11k tokens, $0.02``."""
    return f"{tokens_told(usage)}, {dollars(usage.cost)}"


def price_told(model: ModelInfo) -> str:
    """``$0.75 in, $3.75 out``, for a million tokens."""
    if model.price is None:
        return "price not known"
    into, out = model.price
    return f"${into:,.2f} in, ${out:,.2f} out"


def model_told(model: ModelInfo) -> str:
    """``3.8 Flash · $0.75 / $3.75``: short, as a phone's drop-down cuts what is longer."""
    name = model.label.removeprefix("Gemini ") or model.name
    if model.price is None:
        return f"{name} · price not known"
    into, out = model.price
    return f"{name} · ${into:,.2f} / ${out:,.2f}"
