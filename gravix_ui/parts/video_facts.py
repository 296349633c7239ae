"""What is known of a video in, one quiet line of facts out."""

from __future__ import annotations

import streamlit as st

from gravix_core import LAYOUTS, STYLES, VideoDetail
from gravix_ui.words import length, moment, plain, size, zone


def facts(detail: VideoDetail) -> str:
    """Length, picture, layout, subtitles, chunk length, file and day, as Markdown."""
    video, info = detail.item.video, detail.info
    layout, style = LAYOUTS.get(video.layout), STYLES.get(video.subtitles)
    subtitles = (style.label if style else video.subtitles).lower()
    how = (layout.label if layout else video.layout).lower()
    told = [
        length(video.duration) if video.duration else "",
        f"{info.picture.size.width} × {info.picture.size.height}" if info else "",
        "automatic layout" if how == "automatic" else how,
        f"{'no' if subtitles == 'none' else subtitles} subtitles",
        f"{video.chunk_duration:g} seconds per reel",
        f"the best {video.best:,}" if video.best else "",
        f"{video.source_name}{f', {size(info.byte_size)}' if info else ''}",
        f"added {moment(video.created_at, zone(st.context.timezone))}",
    ]
    return " · ".join(plain(fact) for fact in told if fact)
