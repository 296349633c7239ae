"""The address of Review in; choices of video, state and order, which change it, out."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from gravix_core import ReelCounts, ReelOrder
from gravix_ui.parts.reel_deck import Deck, go, order_here, state_here, video_here
from gravix_ui.session import errors_shown, studio, uncut

FILTERS = "reel-filters"
VIDEO, STATE, ORDER = "reel-video", "reel-state", "reel-order"
EVERY_VIDEO = 0

STATE_WORDS = {
    "to_review": "To review",
    "approved": "Approved",
    "rejected": "Rejected",
    "all": "All",
}
ORDER_WORDS = {ReelOrder.STORY: "Story order", ReelOrder.SCORE: "Best score first"}


def reel_filters(titles: Mapping[int, str], deck: Deck) -> None:
    """Draw the choices; the counts beside the states are drawn again after each verdict.

    Args:
        titles: Of the videos that have reels.
        deck: What is listed.
    """
    st.fragment(filters, key=FILTERS)(titles, deck)


def filters(titles: Mapping[int, str], deck: Deck) -> None:
    show_address(titles)
    with errors_shown():
        counts = studio().review.counts(deck.wanted.video_id)
        choices(titles, counts)
        if state_here() == "to_review" and counts.to_review < len(deck.ids):
            st.caption(staying(counts))


def staying(counts: ReelCounts) -> str:
    done = "All looked at. " if not counts.to_review else ""
    return f"{done}What you have decided on stays here until you leave or reload the page."


def choices(titles: Mapping[int, str], counts: ReelCounts) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="reel-choices"):
        st.segmented_control(
            "State",
            list(STATE_WORDS),
            key=STATE,
            required=True,
            wrap=True,
            label_visibility="collapsed",
            format_func=lambda state: f"{STATE_WORDS[state]} ({count_of(counts, state):,})",
            on_change=choose,
        )
        st.selectbox(
            "Video",
            [EVERY_VIDEO, *titles],
            key=VIDEO,
            label_visibility="collapsed",
            format_func=lambda video_id: titles.get(video_id, "All videos"),
            on_change=choose,
            width=260,
        )
        st.selectbox(
            "Order",
            list(ReelOrder),
            key=ORDER,
            label_visibility="collapsed",
            format_func=ORDER_WORDS.__getitem__,
            on_change=choose,
            width=200,
        )


def show_address(titles: Mapping[int, str]) -> None:
    """The address decides, also after a step back in the browser."""
    st.session_state[VIDEO] = video_here(titles) or EVERY_VIDEO
    st.session_state[STATE] = state_here()
    st.session_state[ORDER] = order_here()


def choose() -> None:
    uncut(write_choices)
    st.rerun()


def write_choices() -> None:
    """Into the address; what is the default is left out."""
    state, order = st.session_state[STATE], st.session_state[ORDER]
    go(
        video=st.session_state[VIDEO] or None,
        state=None if state == "to_review" else state,
        order=None if order is ReelOrder.STORY else order.value,
        page=None,
    )


def count_of(counts: ReelCounts, state: str) -> int:
    return {
        "to_review": counts.to_review,
        "approved": counts.approved,
        "rejected": counts.rejected,
        "all": counts.rendered,
    }[state]
