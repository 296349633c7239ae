"""A hook as it was typed in; its rows, and how much smaller its letters are for it, out.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gravix_core.stages.render.letters import breakable, clusters

SMALLER = 0.94
"""Share of the size that is tried next."""
SMALLEST = 0.4


def fitted(
    text: str, room: float, *, rows: int, measure: Callable[[str], float]
) -> tuple[tuple[str, ...], float]:
    """The rows of a text, in the largest letters in which it takes no more than `rows`.

    Args:
        text: Not blank; its new lines are kept, its blanks too.
        room: Width of a row, in ems of the full size.
        rows: At most.
        measure: Width of a text in ems.

    Returns:
        The rows, of much the same width, and the share of the full size.  What does not fit in
        the smallest letters either is cut off, and ends with an ellipsis.
    """
    share = 1.0
    while True:
        set_rows = _rows(text, room / share, measure)
        if len(set_rows) <= rows:
            return _even(text, room / share, len(set_rows), measure), share
        if share * SMALLER < SMALLEST:
            return (*set_rows[: rows - 1], _cut(set_rows[rows - 1], room / share, measure)), share
        share *= SMALLER


def _cut(row: str, room: float, measure: Callable[[str], float]) -> str:
    parts = clusters(row)
    while parts and measure("".join(parts) + "…") > room:
        parts = parts[:-1]
    return "".join(parts) + "…"


def _even(text: str, room: float, rows: int, measure: Callable[[str], float]) -> tuple[str, ...]:
    """The same number of rows in the narrowest column that holds them."""
    narrow, wide = 0.0, room
    for _ in range(10):
        middle = (narrow + wide) / 2
        if len(_rows(text, middle, measure)) <= rows:
            wide = middle
        else:
            narrow = middle
    return _rows(text, wide, measure)


def _rows(text: str, room: float, measure: Callable[[str], float]) -> tuple[str, ...]:
    return tuple(
        row
        for typed in text.splitlines()
        if typed.strip()
        for row in _wrapped(typed, room, measure)
    )


def _wrapped(text: str, room: float, measure: Callable[[str], float]) -> Iterator[str]:
    row = ""
    for piece in _pieces(text):
        if row.strip() and measure((row + piece).rstrip()) > room:
            yield row.rstrip()
            row = piece.lstrip()
        else:
            row += piece
        if measure(row) > room:  # a word wider than a row is torn
            *whole, row = _torn(row, room, measure)
            yield from whole
    yield row


def _torn(text: str, room: float, measure: Callable[[str], float]) -> tuple[str, ...]:
    parts = [""]
    for cluster in clusters(text):
        if parts[-1] and measure(parts[-1] + cluster) > room:
            parts.append("")
        parts[-1] += cluster
    return tuple(parts)


def _pieces(text: str) -> Iterator[str]:
    """Words with the blanks before them, in parts between which a row may end."""
    for word in re.findall(r"\s*\S+\s*$|\s*\S+", text):
        yield from breakable(word)
