"""A draft in; its source around the reel, with the crop drawn on it, out."""

from __future__ import annotations

from functools import partial

import streamlit as st

from gravix_core import EditItem, Preview, PreviewState
from gravix_ui.parts.cutter import Crop, Stretch, cutter
from gravix_ui.parts.edit_draft import CROPPED, MIDDLE, Draft, layout_of
from gravix_ui.session import errors_noted, studio, uncut

AROUND = 15.0
"""Seconds before the start and after the end that can be reached."""
WIDE = 16 / 9
EMPTY = {
    PreviewState.NEEDS_PROXY: (
        "Browsers cannot play this kind of file. A small copy of it can be made for them."
    ),
    PreviewState.AT_WORK: "The preview is being made, and appears here by itself.",
    PreviewState.FAILED: "The preview could not be made.",
    PreviewState.NO_SOURCE: (
        "The file of this video is not here, so its reels cannot be made again. "
        "Add it again: the reels that are there are kept."
    ),
}
BUTTONS = {
    PreviewState.NEEDS_PROXY: "Make a preview",
    PreviewState.FAILED: "Try the preview again",
}


def source_screen(draft: Draft, item: EditItem, preview: Preview) -> None:
    """Draw it; what plays goes on playing when it is drawn again."""
    key = f"cutter-{item.reel.id}"
    cutter(
        src=address(item, preview),
        poster=studio().files.thumbnail_address(item.video),
        aspect=float(item.size.aspect) if item.size else WIDE,
        stretch=stretch(draft, item),
        crop=crop(draft, item),
        empty=EMPTY.get(preview.state, ""),
        unsaved=bool(draft.changes(item)),
        on_mark=partial(uncut, lambda: mark(draft, key)),
        key=key,
    )
    if preview.state in BUTTONS:
        st.button(
            BUTTONS[preview.state],
            icon=":material/movie:",
            on_click=ask_for_preview,
            args=(item.video.id,),
            key="make-preview",
        )


def address(item: EditItem, preview: Preview) -> str | None:
    if preview.state is not PreviewState.READY:
        return None
    return studio().files.source_address(item.video.id)


def stretch(draft: Draft, item: EditItem) -> Stretch:
    span, chunk = draft.edit.span, item.reel.chunk
    earliest = max(0.0, min(span.start, chunk.start) - AROUND)
    latest = min(item.duration, max(span.end, chunk.end) + AROUND)
    return Stretch(span.start, span.end, earliest, max(latest, span.end))


def crop(draft: Draft, item: EditItem) -> Crop | None:
    """What is kept, where that is known before somebody has looked at the picture."""
    layout, position = layout_of(draft, item), draft.look.position
    if item.size is None or layout not in CROPPED or (position is None and layout != "centre"):
        return None
    box = studio().editing.window(item.size, MIDDLE if position is None else position)
    return Crop(box.x, box.y, box.width, box.height) if box else None


def mark(draft: Draft, key: str) -> None:
    """An edge was set on the player."""
    told = st.session_state[key].mark
    if told:
        draft.read()
        draft.move(**{str(told["edge"]): float(told["at"])})


def ask_for_preview(video_id: int) -> None:
    with errors_noted():
        studio().library.ask_for_proxy(video_id)
