"""A reel in; a card that plays it, edits its words and takes a verdict, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import ReelItem
from gravix_ui.parts.autosave import autosave
from gravix_ui.parts.reel_badges import acceptance, place, state_badge, video_title
from gravix_ui.parts.reel_buttons import Deed, deeds
from gravix_ui.parts.reel_deck import go
from gravix_ui.parts.reel_draft import Draft, draft_of
from gravix_ui.parts.reel_editor import reel_editor
from gravix_ui.parts.reel_filters import FILTERS
from gravix_ui.parts.reel_player import reel_player
from gravix_ui.parts.reel_score import score, score_bars
from gravix_ui.parts.rights import rights_line
from gravix_ui.parts.ways import edit_link, to_video, way
from gravix_ui.session import errors_shown, show_notes, studio, uncut

CARD_WIDTH = 520
"""Pixels, at least: two cards beside each other on a desktop, one on a phone."""


def reel_cards(reel_ids: tuple[int, ...]) -> None:
    """Draw a grid of cards; what changes in one is drawn again for itself."""
    with st.grid(min_column_width=CARD_WIDTH, key="reel-cards"):
        for item in studio().review.items(reel_ids):
            with st.container(border=True, height="stretch", key=f"reel-{item.reel.id}"):
                head(item)
                st.fragment(body, key=fragment_key(item.reel.id))(item.reel.id, [item])
                edit_link(item.reel.id)


def fragment_key(reel_id: int) -> str:
    return f"reel-card-{reel_id}"


def head(item: ReelItem) -> None:
    """Which reel it is, and ways to more of it."""
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"reel-head-{item.reel.id}",
    ):
        title, query = f"**{video_title(item)}**", to_video(item.video.id)
        st.page_link(way("video"), label=title, query_params=query)
        st.button(
            "Look closer",
            icon=":material/open_in_full:",
            type="tertiary",
            help="Shows it large, with keys for each deed",
            key=f"focus-{item.reel.id}",
            on_click=go,
            kwargs={"reel": item.reel.id},
        )


def body(reel_id: int, read: list[ReelItem]) -> None:
    """Draw what changes.

    Args:
        reel_id: Which reel.
        read: What has been read for the whole page.  It is used up: a card that is drawn
            again for itself reads its row again.
    """
    with errors_shown():
        show_notes()
        item = read.pop() if read else studio().review.item(reel_id)
        if item is None or item.reel.rendered is None:
            st.caption("This reel is gone: its video has been deleted.")
            return
        draft = draft_of(item.reel)
        draft.follow(item.reel)
        with st.container(key=f"reel-body-{reel_id}"):
            with st.container(gap="xsmall", key=f"reel-picture-{reel_id}"):
                reel_player(draft.reel)
                acceptance(draft.reel)
                score(draft.reel)
                score_bars(draft.reel)
            with st.container(gap="small", key=f"reel-words-{reel_id}"):
                st.markdown(f"{state_badge(draft.reel.review_status)} {place(draft.reel)}")
                reel_editor(draft)
                rights_line(item)
                deeds(draft, deed)
        autosave(
            container_key=f"reel-body-{reel_id}", key=f"autosave-{reel_id}", known=draft.known()
        )


def deed(draft: Draft, do: Deed) -> None:
    """For callbacks: the card and the counts are drawn again, the other cards are not."""
    uncut(lambda: do(draft))
    st.rerun([fragment_key(draft.reel.id), FILTERS])
