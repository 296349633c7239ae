"""A video in; a question that says what goes and what stays, and the deed, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import ReelCounts, VideoDetail
from gravix_ui.parts.video_card import title
from gravix_ui.parts.ways import way
from gravix_ui.session import errors_shown, note, studio
from gravix_ui.words import counted, size

ASKED = "removal-asked"
"""Holds the id of the video while the question is open, so that it outlives a whole rerun."""


def removal_button(video_id: int) -> None:
    st.button(
        "Delete",
        icon=":material/delete:",
        type="tertiary",
        on_click=_ask,
        args=(video_id,),
        key="delete",
    )


def removal_dialog(detail: VideoDetail) -> None:
    """Draw the question while it is open; outside of what is drawn again."""
    if st.session_state.get(ASKED) == detail.item.video.id:
        st.dialog("Delete this video?", on_dismiss=_forget)(_question)(detail)


def _question(detail: VideoDetail) -> None:
    video = detail.item.video
    with errors_shown():
        frees = size(studio().library.frees(video.id))
        st.write(f"**{title(video)}** goes, with {_what_goes(detail.item.reels)}.")
        st.write(
            f"This frees {frees}. Your own file stays where it is, and so does "
            "what you have put into the folder."
        )
        if detail.item.progress.active:
            st.write("The work on it is stopped first.")
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Keep it", key="delete-keep"):
                _forget()
                st.rerun()
            if st.button("Delete for good", type="primary", key="delete-confirm"):
                _remove(detail)


def _what_goes(reels: ReelCounts) -> str:
    if not reels.total:
        return "its log"
    approved = f" ({reels.approved:,} approved)" if reels.approved else ""
    return f"its {counted(reels.total, 'reel')}{approved}, their texts and its log"


def _remove(detail: VideoDetail) -> None:
    video = detail.item.video
    with st.spinner("Deleting"):
        freed = studio().library.delete(video.id)
    _forget()
    note(f"{title(video)} is deleted. {size(freed)} are free again.")
    st.switch_page(way("library"))


def _ask(video_id: int) -> None:
    st.session_state[ASKED] = video_id


def _forget() -> None:
    st.session_state.pop(ASKED, None)
