"""The studio's overview in; what waits, what runs and how much is done out."""

import streamlit as st

from gravix_core import Overview
from gravix_ui.parts.engine import paused_note
from gravix_ui.parts.live import live
from gravix_ui.parts.video_card import card_style, video_cards, video_row
from gravix_ui.parts.ways import to_video, way
from gravix_ui.session import errors_shown, show_notes, studio
from gravix_ui.words import counted

PAGE_WIDTH = 1000
NUMBER_WIDTH = 140
AT_WORK, RECENT = 5, 8


def add_button() -> None:
    if st.button("Add a video", icon=":material/add:", key="home-add"):
        st.switch_page(way("add"))


def welcome() -> None:
    st.title(":primary[Gravix]", anchor=False)
    st.write(
        "Turns long videos into vertical reels for Instagram, on this computer.  \n"
        "You look at every reel before it goes anywhere."
    )
    with st.container(border=True, key="first-steps"):
        st.subheader("Nothing here yet", anchor=False)
        st.write("A short film comes with Gravix. Its reels are ready in about a minute.")
        with st.container(horizontal=True):
            if st.button("Try it on the sample", type="primary", key="sample"):
                with st.spinner("Reading the sample"):
                    added = studio().add_sample()
                st.switch_page(way("video"), query_params=to_video(added.video.id))
            add_button()


def waiting(count: int, *, active: bool) -> None:
    """What the operator is asked for, first of all."""
    with st.container(key="waiting", gap="small"):
        one = "waits" if count == 1 else "wait"
        nothing = "Your reels are being made" if active else "Nothing waits for you"
        text = f"{counted(count, 'reel')} {one} for you" if count else nothing
        st.title(text, anchor=False)
        with st.container(horizontal=True):
            label = f"Review {counted(count, 'reel')}"
            if count and st.button(label, type="primary", key="review"):
                st.switch_page(way("review"))
            add_button()


def headed(text: str, *, page: str, label: str) -> None:
    """A heading, and at its right where there is more."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(text, anchor=False, width="stretch")
        st.page_link(way(page), label=label, icon=":material/chevron_right:", icon_position="right")


def at_work() -> None:
    found = studio().activity.videos(limit=AT_WORK).items
    active = [item for item in found if item.progress.active]
    if not active:
        return
    with st.container(key="at-work", gap="small"):
        headed("At work", page="activity", label="Follow or cancel")
        for item in active:
            video_row(item)


def numbers(overview: Overview) -> None:
    reels = overview.reels
    cards = {
        "Videos": overview.videos,
        "Reels made": reels.rendered,
        "Approved": reels.approved,
        "Rejected": reels.rejected,
    }
    with st.grid(len(cards), min_column_width=NUMBER_WIDTH, key="numbers"):
        for label, value in cards.items():
            st.metric(label, f"{value:,}", border=True)


def recent(overview: Overview) -> None:
    quiet = [item for item in overview.recent if not item.progress.active][:RECENT]
    if not quiet:
        return
    with st.container(key="recent", gap="small"):
        headed("Recent videos", page="library", label="All videos")
        video_cards(quiet, key="recent-videos")


def home() -> bool:
    show_notes()
    with errors_shown():
        overview = studio().library.overview()
        active = overview.jobs_active > 0
        with st.container(gap="medium"):
            if not overview.videos:
                welcome()
            else:
                paused_note()
                waiting(overview.reels.to_review, active=active)
                at_work()
                numbers(overview)
                recent(overview)
        return active
    return False


card_style()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, key="home"),
    errors_shown(),
):
    live(home, active=studio().activity.is_active(), key="home-live")
