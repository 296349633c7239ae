"""A video as the library lists it in; its state, its counts and its progress out."""

from __future__ import annotations

import streamlit as st

from gravix_core import VideoItem, VideoStatus
from gravix_ui.words import VIDEO_STATES, counted

COLOURS = {
    VideoStatus.PENDING: "gray",
    VideoStatus.PROCESSING: "orange",
    VideoStatus.COMPLETED: "green",
    VideoStatus.FAILED: "red",
}


def is_stopped(item: VideoItem) -> bool:
    """Cancelled before all was done; nothing goes on by itself."""
    waits = item.video.status is VideoStatus.PENDING and not item.progress.active
    return waits and bool(item.video.error_message)


def state_word(item: VideoItem) -> str:
    if item.video.status is VideoStatus.FAILED and item.reels.rendered:
        return "Partly failed"
    return "Stopped" if is_stopped(item) else VIDEO_STATES[item.video.status]


def state_badge(item: VideoItem) -> str:
    """As Markdown."""
    return f":{COLOURS[item.video.status]}-badge[{state_word(item)}]"


def counts_of(item: VideoItem) -> str:
    """``8 reels, 3 to review, 2 approved``; empty while there is nothing to count."""
    reels = item.reels
    told_elsewhere = item.progress.active or item.video.status is VideoStatus.FAILED
    parts = [counted(reels.total, "reel")] if reels.total and not told_elsewhere else []
    for count, word in ((reels.to_review, "to review"), (reels.approved, "approved")):
        if count:
            parts.append(f"{count:,} {word}")
    return ", ".join(parts)


def wanted(item: VideoItem) -> int:
    """How many of its reels somebody has asked for, as far as the library knows."""
    reels, best = item.reels, item.video.best
    return max(reels.rendered, min(reels.total, best)) if best else reels.total


def progress_text(item: VideoItem) -> str:
    """``38 %, 3 of 8 reels``; without the reels until it is known how many there will be."""
    waits = "Waiting, " if item.video.status is VideoStatus.PENDING else ""
    percent = f"{waits}{item.progress.percent} %"
    if not item.reels.total:
        return percent
    return f"{percent}, {item.reels.rendered:,} of {counted(wanted(item), 'reel')}"


def progress_bar(item: VideoItem) -> None:
    """Draw how far the work is."""
    st.progress(item.progress.percent, text=progress_text(item))
