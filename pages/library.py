"""The videos of the house in, cards that can be searched and filtered out."""

from math import ceil
from typing import NamedTuple

import streamlit as st

from gravix_core import Listed, VideoItem, VideoStatus
from gravix_ui.parts.live import live
from gravix_ui.parts.video_card import card_style, video_cards
from gravix_ui.parts.ways import way
from gravix_ui.session import errors_shown, show_notes, studio
from gravix_ui.words import VIDEO_STATES, counted, plain

PAGE_WIDTH = 1160
PER_PAGE = 12
CLEARED = "library-cleared"
"""How often the inputs were emptied: part of their keys, so that they begin anew."""


class Wanted(NamedTuple):
    search: str
    status: VideoStatus | None


def clear() -> None:
    st.session_state[CLEARED] = st.session_state.get(CLEARED, 0) + 1


def filters() -> Wanted:
    turn = st.session_state.get(CLEARED, 0)
    with st.container(horizontal=True, vertical_alignment="center", key="library-filters"):
        search = st.text_input(
            "Search",
            key=f"library-search-{turn}",
            type="search",
            live=True,
            label_visibility="collapsed",
            placeholder="Part of a title or of a file's name",
            icon=":material/search:",
            width=380,
            persist_state="session",
        )
        status = st.segmented_control(
            "State",
            list(VideoStatus),
            key=f"library-state-{turn}",
            label_visibility="collapsed",
            format_func=VIDEO_STATES.__getitem__,
            persist_state="session",
        )
    return Wanted(search.strip(), status)


def found(wanted: Wanted, *, page: int) -> Listed[VideoItem]:
    listed = studio().library.videos(
        search=wanted.search,
        status=wanted.status,
        limit=PER_PAGE,
        offset=PER_PAGE * (page - 1),
    )
    is_past_the_end = listed.total and not listed.items
    return found(wanted, page=1) if is_past_the_end else listed


def videos(wanted: Wanted) -> bool:
    show_notes()
    with errors_shown():
        page_key = f"library-page-{wanted.search}-{wanted.status}"
        listed = found(wanted, page=st.session_state.get(page_key, 1))
        if listed.total:
            st.caption(counted(listed.total, "video"))
            video_cards(listed.items, key="library-videos")
        else:
            nothing_found(wanted)
        if listed.total > PER_PAGE:
            pages = ceil(listed.total / PER_PAGE)
            st.pagination(pages, key=page_key, width=420, persist_state="session")
        return studio().activity.is_active()
    return False


def nothing_found(wanted: Wanted) -> None:
    state = f" in the state “{VIDEO_STATES[wanted.status]}”" if wanted.status else ""
    search = f" has “{plain(wanted.search)}” in its title or file name" if wanted.search else ""
    with st.container(key="library-fruitless"):
        st.write(f"No video{'' if search else ' is'}{state}{search}.")
        if st.button("Show all videos", on_click=clear, key="library-clear"):
            st.rerun()  # the inputs lie outside of what is drawn again


def empty() -> None:
    with st.container(border=True, key="library-empty"):
        st.subheader("No videos yet", anchor=False)
        st.write("Everything that you add is listed here, with its reels.")
        if st.button("Add a video", type="primary", icon=":material/add:", key="library-add"):
            st.switch_page(way("add"))


card_style()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, key="library"),
    errors_shown(),
):
    st.title("Library", anchor=False)
    if studio().library.overview().videos:
        wanted = filters()
        live(lambda: videos(wanted), active=studio().activity.is_active(), key="library-live")
    else:
        empty()
