"""Approved reels that are not on Instagram in; cards that lead to the preview of each out."""

from __future__ import annotations

from html import escape
from math import ceil

import streamlit as st

from gravix_core import Listed, PublishStatus, ReadyItem
from gravix_ui.parts.reel_badges import place, video_title
from gravix_ui.parts.reel_deck import go
from gravix_ui.parts.ways import way
from gravix_ui.session import studio
from gravix_ui.words import counted, plain, sentence

PER_PAGE = 12
PAGE = "publish-ready-page"
CARD_WIDTH = 160
"""Pixels, at least: two cards beside each other on a phone."""


def ready_section() -> None:
    listed = _found()
    st.subheader("Ready to publish", anchor=False)
    if not listed.total:
        _nothing_ready()
        return
    with st.grid(5, min_column_width=CARD_WIDTH, key="publish-ready"):
        for one in listed.items:
            _card(one)
    if listed.total > PER_PAGE:
        st.pagination(ceil(listed.total / PER_PAGE), key=PAGE, width=420)


def _found() -> Listed[ReadyItem]:
    """A page of it; the first one where there are fewer by now."""
    left_out = PER_PAGE * (st.session_state.get(PAGE, 1) - 1)
    listed = studio().publishing.ready(limit=PER_PAGE, offset=left_out)
    return listed if listed.items else studio().publishing.ready(limit=PER_PAGE)


def _card(one: ReadyItem) -> None:
    reel = one.item.reel
    with st.container(border=True, gap="xsmall", height="stretch", key=f"ready-{reel.id}"):
        st.html(_picture(one))
        st.markdown(f"**{plain(reel.text.title) if reel.text else video_title(one.item)}**")
        st.markdown(f"{place(reel)}  \n:gray[:small[{video_title(one.item)}]]")
        if one.trouble:
            st.caption(f":red[:material/error:] {plain(sentence(one.trouble))}")
        elif one.before:
            st.caption(":orange[:material/history:] You posted the same stretch before.")
        elif reel.publish_status is PublishStatus.FAILED:
            st.caption(":orange[:material/warning:] It was not published last time.")
        st.button(
            "Preview",
            icon=":material/smartphone:",
            key=f"preview-{reel.id}",
            width="stretch",
            on_click=go,
            kwargs={"reel": reel.id},
        )


def _picture(one: ReadyItem) -> str:
    address = studio().files.cover_address(one.item.reel)
    shown = f'<img src="{escape(address)}" alt="" loading="lazy">' if address else ""
    return f'<div class="gravix-ready">{shown}</div>'


def _nothing_ready() -> None:
    """What to do next."""
    counts = studio().review.counts()
    with st.container(border=True, key="publish-empty"):
        if counts.to_review:
            waits = counted(counts.to_review, "reel waits", "reels wait")
            st.write(f"Approve what you want to post: {waits} in Review.")
            _to("review", "Review reels", icon=":material/task_alt:")
        elif counts.approved:
            st.write("All approved reels are on their way or on Instagram.")
            _to("add", "Add another video", icon=":material/add:")
        elif counts.total:
            st.write("No reel is approved. Approve in Review what you want to post.")
            _to("review", "Open Review", icon=":material/task_alt:")
        else:
            st.write("There are no reels yet. Add a video, approve its reels, and post them here.")
            _to("add", "Add a video", icon=":material/add:")


def _to(page: str, label: str, *, icon: str) -> None:
    if st.button(label, type="primary", icon=icon, key=f"publish-to-{page}"):
        st.switch_page(way(page))
