"""Choices of how reels are made in, videos in the library out: files by drop or by choice.

The files go to `/api/uploads` as streams, not through Streamlit, which would hold them in
memory.  They go on while the operator is on another page of the dashboard; only closing or
reloading the tab ends them, and the browser asks before it does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gravix_ui.parts import part

if TYPE_CHECKING:
    from streamlit.components.v2.bidi_component import ComponentResult

_uploader = part(
    "uploader",
    js=("dom.js", "uploads.js", "uploader.js"),
    css=("base.css", "uploader.css"),
)


def uploader(
    *,
    layout: str,
    subtitles: str,
    best: int,
    chunk_duration: float,
    limit_bytes: int,
    key: str,
    on_added: Callable[[], None] | None = None,
) -> ComponentResult:
    """Draw the place to drop files, and the uploads of this tab.

    Args:
        layout: For the files that are chosen from now on; those under way keep theirs.
        subtitles: Likewise.
        best: So many of the best reels, 0 for all; likewise.
        chunk_duration: Seconds; likewise.
        limit_bytes: Larger files are refused at once, with the way round it.
        key: Unique in the app.
        on_added: Called before the run in which `added` has a value.

    Returns:
        Two values, each None except in the one run that follows its event: `added` is a
        mapping of `video_id`, `title` and `known` (True: it was in the library before), of
        the last one when several came at once; `open` is the id of the video that the
        operator wants to see.  What ends while another page is open is told on coming back.
    """
    choice = {
        "layout": layout,
        "subtitles": subtitles,
        "best": best,
        "chunk_duration": chunk_duration,
    }
    return _uploader(
        key=key,
        data={"choice": choice, "limit_bytes": limit_bytes},
        on_added_change=on_added or _nothing,
        on_open_change=_nothing,
    )


def _nothing() -> None:
    """Makes Streamlit pass on an event that needs no deed of its own."""
