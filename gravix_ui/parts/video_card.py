"""A video as the library lists it in, a card that leads to its page out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import streamlit as st

from gravix_core import Trouble, Video, VideoItem
from gravix_ui.parts.failures import failed_told, retry_button
from gravix_ui.parts.job_words import gets_on
from gravix_ui.parts.video_state import counts_of, progress_bar, state_badge
from gravix_ui.parts.ways import to_video, way
from gravix_ui.session import studio
from gravix_ui.words import length, moment, plain, without_folders, zone

STYLE = Path(__file__).with_suffix(".css")
COLUMNS = 4
CARD_WIDTH = 150
"""Pixels, at least: two cards beside each other on a phone."""
ROW_PICTURE = 112
"""Pixels."""


def card_style() -> None:
    """Draw the style of the cards: once in a page, outside of what is drawn again."""
    st.html(STYLE)


def video_cards(items: Iterable[VideoItem], *, key: str) -> None:
    """Draw a grid of cards, in order."""
    shown = tuple(items)
    troubles = studio().activity.troubles([item.video.id for item in shown])
    with st.grid(COLUMNS, min_column_width=CARD_WIDTH, key=key):
        for item in shown:
            video_card(item, troubles.get(item.video.id, ()))


def video_card(item: VideoItem, troubles: Sequence[Trouble]) -> None:
    video = item.video
    added = f"Added {moment(video.created_at, zone(st.context.timezone))}"
    with st.container(border=True, gap="xsmall", key=f"video-card-{video.id}", height="stretch"):
        st.html(picture(video))
        video_link(video)
        st.markdown(f"{state_badge(item)} :small[{counts_of(item) or added}]")
        if item.progress.active:
            progress_bar(item)
            bringing_in(item)
        if told := failed_told(item, troubles):
            st.caption(told)
            retry_button(video.id, troubles, main=False, key=f"retry-{video.id}")
        elif video.error_message:
            st.caption(plain(without_folders(video.error_message)))
        elif item.reels.total and not item.progress.active:
            st.caption(added)


def video_row(item: VideoItem) -> None:
    """Draw a video at work: lower than a card, and as wide as there is room."""
    video = item.video
    with st.container(border=True, horizontal=True, key=f"video-row-{video.id}"):
        st.container(width=ROW_PICTURE).html(picture(video))
        with st.container(gap="xsmall"):
            video_link(video)
            progress_bar(item)
            bringing_in(item)


def bringing_in(item: VideoItem) -> None:
    """Draw how a download gets on, or when it is tried again; nothing once there are reels."""
    if item.reels.total or not item.progress.active:
        return
    now, local = datetime.now(UTC), zone(st.context.timezone)
    for one in studio().activity.jobs(item.video.id):
        if told := gets_on(one.job, local, now=now):
            st.caption(plain(told))


def video_link(video: Video) -> None:
    st.page_link(way("video"), label=title(video), query_params=to_video(video.id))


def title(video: Video) -> str:
    """As Markdown; the file's name where there is no other."""
    return plain(video.title or video.source_name)


def picture(video: Video) -> str:
    """The thumbnail with the length in its corner, as HTML."""
    address = studio().files.thumbnail_address(video)
    shown = f'<img src="{escape(address)}" alt="" loading="lazy">' if address else ""
    lasts = f"<span>{length(video.duration)}</span>" if video.duration else ""
    return f'<div class="gravix-thumbnail">{shown}{lasts}</div>'
