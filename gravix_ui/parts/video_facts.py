"""What is known of a video in, one quiet line of facts out."""

from __future__ import annotations

import streamlit as st

from gravix_core import LAYOUTS, VideoDetail
from gravix_ui.words import length, moment, plain, size, zone


def facts(detail: VideoDetail) -> str:
    """Length, picture, layout, chunk length, file and day, as Markdown."""
    video, info = detail.item.video, detail.info
    layout = LAYOUTS.get(video.layout)
    told = [
        length(video.duration) if video.duration else "",
        f"{info.picture.size.width} × {info.picture.size.height}" if info else "",
        (layout.label if layout else video.layout).lower(),
        f"{video.chunk_duration:g} seconds per reel",
        f"{video.source_name}{f', {size(info.byte_size)}' if info else ''}",
        f"added {moment(video.created_at, zone(st.context.timezone))}",
    ]
    return " · ".join(plain(fact) for fact in told if fact)
