"""The work that goes on in; how many reels are ready, and a way to see the new ones, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import ReviewStatus, VideoItem
from gravix_ui.parts.live import live
from gravix_ui.parts.reel_deck import Deck, deal_again
from gravix_ui.parts.video_state import wanted
from gravix_ui.session import errors_shown, studio
from gravix_ui.words import counted, plain

MOST = 20
"""Videos at work that are counted."""


def reel_live(deck: Deck) -> None:
    """Draw the line.  It offers what is new, and moves nothing by itself."""
    live(lambda: line(deck), active=is_active(deck), key="reel-live")


def is_active(deck: Deck) -> bool:
    return bool(at_work(deck.wanted.video_id))


def line(deck: Deck) -> bool:
    """Draw it, and say whether something runs."""
    with errors_shown():
        working, new = at_work(deck.wanted.video_id), new_ones(deck)
        if not deck.ids and new:
            deal_again()
            st.rerun()
        if working and not deck.ids:
            bar(working)
        elif working or new:
            news(working, new)
        return bool(working)
    return False


def bar(working: tuple[VideoItem, ...]) -> None:
    """While there is nothing else to look at."""
    st.progress(sum(item.progress.percent for item in working) // len(working), text=told(working))


def news(working: tuple[VideoItem, ...], new: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="reel-news"):
        if working:
            st.caption(told(working), width="content")
        if new:
            label = f"Show {counted(new, 'new reel')}"
            st.button(label, key="show-new", icon=":material/add:", on_click=show_new)


def show_new() -> None:
    deal_again()
    st.rerun()


def at_work(video_id: int | None) -> tuple[VideoItem, ...]:
    """The videos of which reels are being made."""
    activity = studio().activity
    if not activity.is_active():
        return ()
    found = activity.videos(limit=MOST).items
    return tuple(
        item for item in found if item.progress.active and video_id in {None, item.video.id}
    )


def new_ones(deck: Deck) -> int:
    """How many have been rendered since the deck was dealt, when it would hold them."""
    if deck.wanted.states and ReviewStatus.TO_REVIEW not in deck.wanted.states:
        return 0
    return max(0, studio().review.counts(deck.wanted.video_id).rendered - deck.rendered)


def told(working: tuple[VideoItem, ...]) -> str:
    """As Markdown: ``3 of 8 reels are ready``."""
    total = sum(map(wanted, working))
    if total:
        ready = sum(item.reels.rendered for item in working)
        return f"{ready:,} of {counted(total, 'reel')} {'is' if total == 1 else 'are'} ready."
    if len(working) > 1:
        return f"{counted(len(working), 'video')} are being prepared."
    title = working[0].video.title or working[0].video.source_name
    return f"“{plain(title)}” is being prepared."
