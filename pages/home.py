"""The studio's overview in, the first screen out: what there is and how to start."""

import os
from collections.abc import Sequence
from datetime import tzinfo

import pandas as pd
import streamlit as st

from gravix_core import Overview, Video
from gravix_ui.session import errors_shown, studio
from gravix_ui.words import VIDEO_STATES, length, zone

PAGE_WIDTH = 960
CARD_WIDTH = 140

DEMO = "make demo"
PYTHON = r".venv\Scripts\python" if os.name == "nt" else ".venv/bin/python"
PROCESS = f"{PYTHON} -m gravix_core process talk.mp4"

COLUMNS = {
    "Title": st.column_config.TextColumn(width=216),
    "State": st.column_config.TextColumn(width=72),
    "Length": st.column_config.TextColumn(width=68, alignment="right"),
    "Added": st.column_config.DatetimeColumn(width=150, format="D MMM YYYY, HH:mm"),
}
"""Widths in pixels: on a phone the first three are seen without scrolling."""


def welcome() -> None:
    with st.container(gap="xsmall"):
        st.title(":primary[Gravix]", anchor=False)
        st.write(
            "Turns long videos into vertical reels for Instagram, on this computer.  \n"
            "You look at every reel before it goes anywhere."
        )


def numbers(overview: Overview) -> None:
    cards = {
        "Videos": overview.videos,
        "Reels": overview.reels.total,
        "Rendered": overview.reels.rendered,
        "To review": overview.reels.to_review,
        "Approved": overview.reels.approved,
        "Jobs active": overview.jobs_active,
    }
    with st.grid(min_column_width=CARD_WIDTH, key="numbers"):
        for label, value in cards.items():
            st.metric(label, value, border=True)


def table_of(videos: Sequence[Video], local: tzinfo) -> pd.DataFrame:
    """One row per video; times of day as the browser's clock shows them."""
    rows = [
        (
            video.title or video.source_name,
            VIDEO_STATES[video.status],
            length(video.duration),
            video.created_at.astimezone(local),
        )
        for video in videos
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def recent(videos: Sequence[Video]) -> None:
    table = table_of(videos, zone(st.context.timezone))
    with st.container(gap="xsmall", key="recent"):
        st.subheader("Recent videos", anchor=False)
        st.dataframe(table, column_config=COLUMNS, hide_index=True)


def first_steps() -> None:
    with st.container(border=True, key="first-steps"):
        st.subheader("Nothing here yet", anchor=False)
        st.write("Try Gravix on the sample that comes with it:")
        st.code(DEMO, language=None)
        st.write("Or give it a video of your own, of at least three seconds:")
        st.code(PROCESS, language=None)
        st.caption("Run either in a terminal in the folder of Gravix, then reload this page.")


def next_video() -> None:
    with st.container(gap="xsmall"):
        st.subheader("Add another video", anchor=False)
        st.code(PROCESS, language=None)


with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, gap="medium", key="home"),
):
    welcome()
    with errors_shown():
        overview = studio().library.overview()
        numbers(overview)
        if overview.videos:
            recent([item.video for item in overview.recent])
            next_video()
        else:
            first_steps()
