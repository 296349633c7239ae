"""How the operator wants reels to be made, out: layout, subtitles, how many and how long."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from gravix_core import DEFAULT_STYLE, LAYOUTS, MAX_REEL, MIN_REEL, STYLES
from gravix_ui.session import studio
from gravix_ui.words import counted

ALL, BEST = "All", "Only the best"
MOST = 500
"""More than an operator looks through."""


@dataclass(frozen=True, slots=True)
class Chosen:
    layout: str
    subtitles: str
    best: int
    """So many of the best reels; 0 for all."""
    seconds: float

    def told(self) -> str:
        """In one line: what happens without a look into the choices."""
        layout, style = LAYOUTS[self.layout].label.lower(), STYLES[self.subtitles].label.lower()
        words = "no subtitles" if self.subtitles == "off" else f"{style} subtitles"
        reels = f"the best {counted(self.best, 'reel')}" if self.best else "all reels"
        return f"Layout: {layout} · {words} · {reels}, about {self.seconds:g} seconds each"


def chosen() -> Chosen:
    """Closed, since the usual is good; what stands in it is said on its head."""
    with st.container(gap="xsmall"):
        with st.expander("How the reels are made", key="add-choices"):
            left, right = st.columns(2, gap="medium")
            with left:
                layout, seconds = layout_chosen(), seconds_chosen()
            with right:
                subtitles, best = subtitles_chosen(), best_chosen()
        choice = Chosen(layout, subtitles, best, seconds)
        st.caption(choice.told())
    return choice


def layout_chosen() -> str:
    chosen = st.selectbox(
        "Layout",
        list(LAYOUTS),
        format_func=lambda name: LAYOUTS[name].label,
        key="add-layout",
        persist_state="session",
    )
    layout = chosen or next(iter(LAYOUTS))
    st.caption(LAYOUTS[layout].hint)
    return layout


def subtitles_chosen() -> str:
    chosen = st.selectbox(
        "Subtitles",
        list(STYLES),
        index=list(STYLES).index(DEFAULT_STYLE.name),
        format_func=lambda name: STYLES[name].label,
        key="add-subtitles",
        persist_state="session",
    )
    style = chosen or DEFAULT_STYLE.name
    st.caption(STYLES[style].hint)
    return style


def best_chosen() -> int:
    """How many of the best reels; 0 for all."""
    only = st.segmented_control(
        "Reels",
        [ALL, BEST],
        default=ALL,
        required=True,
        key="add-which",
        persist_state="session",
    )
    if only != BEST:
        return 0
    return st.number_input(
        "How many",
        1,
        MOST,
        5,
        width=180,
        help="The others are listed on the video's page, and can be made later.",
        key="add-best",
        persist_state="session",
    )


def seconds_chosen() -> float:
    return st.number_input(
        "Seconds per reel",
        MIN_REEL,
        MAX_REEL,
        studio().settings.chunk_duration,
        step=5.0,
        format="%g",
        width=180,
        help="Instagram takes reels of 3 seconds to 15 minutes.",
        key="add-seconds",
        persist_state="session",
    )
