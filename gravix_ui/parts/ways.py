"""The name of a page in, the file that Streamlit knows it by, or a link to it, out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).resolve().parents[2] / "pages"


def way(name: str) -> Path:
    """For `st.page_link` and `st.switch_page`: ``way("video")``."""
    return PAGES / f"{name}.py"


def to_video(video_id: int) -> dict[str, str]:
    """The query that the page of a video reads."""
    return {"id": str(video_id)}


def to_reel(reel_id: int) -> dict[str, str]:
    """The query with which Review shows one reel."""
    return {"reel": str(reel_id)}


def to_post(reel_id: int) -> dict[str, str]:
    """The query with which Publish shows one reel."""
    return {"reel": str(reel_id)}


def to_edit(reel_id: int) -> dict[str, str]:
    """The query that the page of a reel's picture reads."""
    return {"id": str(reel_id)}


def publish_button(reel_id: int) -> None:
    """To the preview: nothing is sent by it."""
    label, key = "Publish…", f"to-publish-{reel_id}"
    if st.button(label, icon=":material/send:", key=key, help="Shows the post before it is sent"):
        st.switch_page(way("publish"), query_params=to_post(reel_id))


def edit_link(reel_id: int) -> None:
    icon, query = ":material/crop:", to_edit(reel_id)
    st.page_link(way("edit"), label="Edit picture", icon=icon, query_params=query)
