"""The work on all videos in; how far it is, with its log, cancel and try again, out."""

from math import ceil

import streamlit as st

from gravix_core import Listed, VideoWork
from gravix_ui.parts.engine import engine_bar
from gravix_ui.parts.job_card import card_style, job_card
from gravix_ui.parts.live import live
from gravix_ui.parts.log_lines import log_style
from gravix_ui.parts.ways import way
from gravix_ui.session import errors_shown, show_notes, studio

PAGE_WIDTH = 1000
PER_PAGE = 10
PAGE = "activity-page"


def empty() -> None:
    with st.container(border=True, key="activity-empty"):
        st.subheader("No work yet", anchor=False)
        st.write("Add a video, and follow here how its reels are made.")
        if st.button("Add a video", type="primary", icon=":material/add:", key="activity-add"):
            st.switch_page(way("add"))


def found() -> Listed[VideoWork]:
    """A page of the work; the first one where there are fewer by now."""
    left_out = PER_PAGE * (st.session_state.get(PAGE, 1) - 1)
    listed = studio().activity.work(limit=PER_PAGE, offset=left_out)
    return listed if listed.items else studio().activity.work(limit=PER_PAGE)


def work() -> bool:
    show_notes()
    with errors_shown():
        engine_bar(active=studio().activity.is_active())
        listed, paused = found(), studio().activity.is_paused()
        for one in listed.items:
            job_card(one, paused=paused)
        if not listed.total:
            empty()
        elif listed.total > PER_PAGE:
            st.pagination(ceil(listed.total / PER_PAGE), key=PAGE, width=420)
        return studio().activity.is_active()
    return False


card_style()
log_style()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, key="activity"),
    errors_shown(),
):
    st.title("Activity", anchor=False)
    live(work, active=studio().activity.is_active(), key="activity-live")
