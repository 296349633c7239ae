"""The chunks of a video in, a list with what can be done with each out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path

import streamlit as st

from gravix_core import ChunkItem, ChunkState, Span
from gravix_ui.parts.ways import to_edit, to_reel, way
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import CHUNK_STATES, length, plain

STYLE = Path(__file__).with_suffix(".css")
PER_PAGE = 8
COLOURS = {
    ChunkState.NOT_MADE: "gray",
    ChunkState.WAITING: "gray",
    ChunkState.AT_WORK: "orange",
    ChunkState.FAILED: "red",
    ChunkState.TO_REVIEW: "blue",
    ChunkState.APPROVED: "green",
    ChunkState.REJECTED: "gray",
}


def chunk_style() -> None:
    """Draw the style of the list: once in a page, outside of what is drawn again."""
    st.html(STYLE)


def chunk_list(
    chunks: Sequence[ChunkItem],
    *,
    on_play: Callable[[Span], None] | None,
    has_source: bool,
    key: str,
) -> None:
    """Draw a page of the chunks.

    Args:
        chunks: All of the video's, by index.
        on_play: Called back with the stretch to play; None where there is nothing to play.
        has_source: Whether a chunk can be copied out of it.
        key: Unique in the app.
    """
    pages = ceil(len(chunks) / PER_PAGE)
    page = min(st.session_state.get(f"{key}-page", 1), pages)
    for item in chunks[PER_PAGE * (page - 1) : PER_PAGE * page]:
        _row(item, on_play=on_play, has_source=has_source)
    if pages > 1:
        st.pagination(pages, key=f"{key}-page", width="stretch", max_visible_pages=5)


def _row(item: ChunkItem, *, on_play: Callable[[Span], None] | None, has_source: bool) -> None:
    chunk = item.chunk
    with st.container(border=True, gap="xsmall", key=f"chunk-{chunk.id}"):
        st.markdown(_head(item))
        if item.reel.text is not None:
            st.markdown(plain(item.reel.text.title))
        with st.container(horizontal=True, vertical_alignment="center"):
            if on_play is not None:
                _preview(item, on_play=on_play)
            if has_source:
                _download(item)
            if item.reel.rendered is not None:
                _ways(item)
            elif item.state is ChunkState.NOT_MADE:
                _make_button(item)


def _ways(item: ChunkItem) -> None:
    for name, label, icon, query in (
        ("review", "Review", "task_alt", to_reel(item.reel.id)),
        ("edit", "Edit", "crop", to_edit(item.reel.id)),
    ):
        st.page_link(way(name), label=label, icon=f":material/{icon}:", query_params=query)


def _make_button(item: ChunkItem) -> None:
    st.button(
        "Make this reel",
        icon=":material/movie:",
        type="tertiary",
        on_click=_make,
        args=(item.reel.id,),
        key=f"make-{item.reel.id}",
    )


def _make(reel_id: int) -> None:
    with errors_noted():
        studio().editing.render(reel_id)
        note("The reel is being made.", icon=":material/movie:")


def _preview(item: ChunkItem, *, on_play: Callable[[Span], None]) -> None:
    chunk = item.chunk
    st.button(
        "Preview",
        icon=":material/play_arrow:",
        type="tertiary",
        on_click=on_play,
        args=(chunk.span,),
        key=f"preview-{chunk.id}",
    )


def _download(item: ChunkItem) -> None:
    st.link_button(
        "Download",
        studio().files.chunk_address(item.chunk.id),
        icon=":material/download:",
        type="tertiary",
        key=f"download-{item.chunk.id}",
    )


def _head(item: ChunkItem) -> str:
    """Number, time span and state, as Markdown."""
    chunk = item.chunk
    span = plain(f"{length(chunk.span.start)} – {length(chunk.span.end)}")
    badge = f":{COLOURS[item.state]}-badge[{CHUNK_STATES[item.state]}]"
    return f"**{chunk.index + 1}** {span} {badge}"
