"""Links and files of the operator in, videos that are being made into reels out."""

from datetime import UTC, datetime

import streamlit as st

from gravix_ui.parts.address import address_box
from gravix_ui.parts.engine import paused_note
from gravix_ui.parts.link_card import link_style
from gravix_ui.parts.link_deeds import FILES, FROM, LINKS
from gravix_ui.parts.links import link_box, link_list
from gravix_ui.parts.live import live
from gravix_ui.parts.reel_choices import Chosen, chosen
from gravix_ui.parts.texts_line import texts_line
from gravix_ui.parts.uploader import uploader
from gravix_ui.parts.video_card import card_style, video_cards
from gravix_ui.parts.ways import to_video, way
from gravix_ui.session import errors_shown, show_notes, studio

PAGE_WIDTH = 860
MB = 1024 * 1024
NEWEST = 12
SINCE = "add-since"


def files(choice: Chosen) -> None:
    told = uploader(
        layout=choice.layout,
        subtitles=choice.subtitles,
        best=choice.best,
        chunk_duration=choice.seconds,
        limit_bytes=studio().settings.gravix_max_upload_mb * MB,
        key="uploader",
    )
    if told.open is not None:
        st.switch_page(way("video"), query_params=to_video(told.open))


def added() -> bool:
    """What has come in since this page was opened."""
    since = st.session_state[SINCE]
    show_notes()
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
link_style()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, gap="medium", key="add"),
):
    with st.container(gap="xsmall"):
        st.title("Add videos", anchor=False)
        st.write("With captions or a transcript, reels end with sentences and show what is said.")
    with errors_shown():
        paused_note()
        from_links, from_files = st.tabs([LINKS, FILES], key=FROM, on_change="rerun")
        choice = chosen()
        texts_line()
        with from_links:
            link_box()
        with from_files:
            files(choice)
            address_box(choice)
        if from_links.open:
            link_list(choice)
        live(added, active=studio().activity.is_active(), key="add-live")
