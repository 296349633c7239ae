"""Why there is no reel to show in; a sentence and a way on out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from gravix_core import ReelCounts, ReelFilter
from gravix_ui.parts.reel_deck import STATES, Deck, deal, deal_again, go, state_here
from gravix_ui.parts.reel_live import is_active
from gravix_ui.parts.ways import way
from gravix_ui.session import studio
from gravix_ui.words import counted, plain


def nothing_here(deck: Deck, titles: Mapping[int, str]) -> None:
    """Draw it for a deck without reels."""
    with st.container(border=True, key="reel-empty"):
        if not titles:
            nothing_rendered(working=is_active(deck))
        elif state_here() == "to_review":
            all_reviewed(deck)
        else:
            nothing_found(titles.get(deck.wanted.video_id or 0))


def nothing_rendered(*, working: bool) -> None:
    if working:
        st.subheader("The first reels are being made", anchor=False)
        st.write("They appear here by themselves, one by one.")
        if st.button("See how far they are", key="to-activity", icon=":material/pending_actions:"):
            st.switch_page(way("activity"))
        return
    st.subheader("Nothing to review yet", anchor=False)
    st.write("Reels that are ready wait here until you have looked at them.")
    add_button("Add a video", primary=True)


def all_reviewed(deck: Deck) -> None:
    """After the last reel: what has been done, and what may come next."""
    counts = studio().review.counts(deck.wanted.video_id)
    waiting = studio().review.counts().to_review
    done = f"You approved {counts.approved:,} and rejected {counts.rejected:,}."
    if waiting:
        st.subheader("That was the last one here", anchor=False)
        st.write(f"{done} {counted(waiting, 'reel is', 'reels are')} still to review.")
    else:
        st.subheader("All looked at", anchor=False)
        st.write(f"{done} {next_step(counts)}")
    with st.container(horizontal=True):
        if waiting:
            st.button("Look at the rest", key="to-rest", type="primary", on_click=look_at_rest)
        if counts.approved:
            publish_button(primary=not waiting)
            approved_button()
        add_button("Add another video", primary=not waiting and not counts.approved)


def next_step(counts: ReelCounts) -> str:
    if counts.approved:
        return "Publish the approved ones, or put them into the folder to post them by hand."
    return "Add another video when you are ready."


def publish_button(*, primary: bool) -> None:
    icon = ":material/send:"
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button("Go to Publish", key="to-publish", icon=icon, type=kind):
        st.switch_page(way("publish"))


def approved_button() -> None:
    st.button(
        "See the approved reels",
        key="to-approved",
        icon=":material/check:",
        on_click=show_approved,
    )


def show_approved() -> None:
    go(state="approved", reel=None, page=None)
    st.rerun()


def look_at_rest() -> None:
    """All that is still to review, in whatever video; one reel alone leads to the first of them."""
    deal_again()
    rest = deal(ReelFilter(states=STATES["to_review"])).ids
    alone = rest[0] if rest and "reel" in st.query_params else None
    go(state=None, video=None, order=None, page=None, reel=alone)
    st.rerun()


def nothing_found(title: str | None) -> None:
    state = {"approved": "approved", "rejected": "rejected"}.get(state_here(), "to be reviewed")
    where = f" of “{plain(title)}”" if title else ""
    st.subheader("No reels here", anchor=False)
    st.write(f"No reel{where} is {state}.")
    st.button("Show all reels", key="clear-filter", on_click=clear)


def add_button(label: str, *, primary: bool) -> None:
    icon = ":material/add:"
    if st.button(label, key="to-add", icon=icon, type="primary" if primary else "secondary"):
        st.switch_page(way("add"))


def clear() -> None:
    go(video=None, state="all", order=None, page=None)
