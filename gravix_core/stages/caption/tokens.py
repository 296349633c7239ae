"""Text in, about how many tokens a model reads it as out.  Pure."""

from __future__ import annotations

from math import ceil

IMAGE = 280
"""Tokens of an image at low resolution.

Source: ai.google.dev on media resolution of Gemini 3, read 2026-11-22."""
_ASCII, _OTHER = 4.0, 1.6
"""Characters for a token.  Google says four for English; what is not ASCII is counted dearly, as
Hindi and Japanese have one to three."""


def tokens_of(text: str) -> int:
    """An estimate that is rather too high than too low."""
    plain = sum(char.isascii() for char in text)
    return ceil(plain / _ASCII + (len(text) - plain) / _OTHER)
