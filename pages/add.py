"""Files of the operator in, videos that are being made into reels out."""

from datetime import UTC, datetime

import streamlit as st

from gravix_core import LAYOUTS, MAX_REEL, MIN_REEL
from gravix_ui.parts.live import live
from gravix_ui.parts.uploader import uploader
from gravix_ui.parts.video_card import card_style, video_cards
from gravix_ui.parts.ways import to_video, way
from gravix_ui.session import errors_shown, studio

PAGE_WIDTH = 860
MB = 1024 * 1024
NEWEST = 12
SINCE = "add-since"


def layout_chosen() -> str:
    chosen = st.radio(
        "Layout",
        list(LAYOUTS),
        format_func=lambda name: LAYOUTS[name].label,
        captions=[layout.hint for layout in LAYOUTS.values()],
        key="add-layout",
        persist_state="session",
    )
    return chosen or next(iter(LAYOUTS))


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


def files() -> None:
    with st.container(horizontal=True, gap="medium", key="add-choices"):
        layout, seconds = layout_chosen(), seconds_chosen()
    told = uploader(
        layout=layout,
        chunk_duration=seconds,
        limit_bytes=studio().settings.gravix_max_upload_mb * MB,
        key="uploader",
    )
    if told.open is not None:
        st.switch_page(way("video"), query_params=to_video(told.open))


def added() -> bool:
    """What has come in since this page was opened."""
    since = st.session_state[SINCE]
    with errors_shown():
        newest = studio().library.videos(limit=NEWEST).items
        mine = [item for item in newest if item.video.created_at >= since]
        if mine:
            st.subheader("Added just now", anchor=False)
            video_cards(mine, key="added")
        return studio().activity.is_active()
    return False


st.session_state.setdefault(SINCE, datetime.now(UTC))
card_style()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, gap="medium", key="add"),
):
    with st.container(gap="xsmall"):
        st.title("Add videos", anchor=False)
        st.write("With a transcript beside them, titles and captions are made of what is said.")
    with errors_shown():
        files()
        live(added, active=studio().activity.is_active(), key="add-live")
