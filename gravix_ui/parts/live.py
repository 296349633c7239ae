"""A part of a page in, the same part out, drawn again while something runs and no longer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

EVERY = 2
"""Seconds between two looks; benchmarks/results/ui.md says what that costs."""


def live(draw: Callable[[], bool], *, active: bool, key: str) -> None:
    """Draw it, and again every few seconds while it says that something runs.

    When that begins or ends, the page is drawn once as a whole, so that polling begins or
    stops, and what lies around the part hears of it.

    Args:
        draw: Draws the part, and says whether something runs.
        active: Whether something runs as the page is drawn.
        key: Unique in the app.
    """

    def part() -> None:
        if draw() != active:
            st.rerun()

    st.fragment(part, run_every=EVERY if active else None, key=key)()
