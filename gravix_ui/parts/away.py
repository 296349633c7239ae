"""What has ended while nobody looked in; a notice about it out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from gravix_core import VideoItem, VideoStatus
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import counted, plain

HERE = "operator-is-here"


def greet() -> None:
    """Once in a session of the browser; after that only note that the operator is here."""
    with errors_noted():
        if st.session_state.get(HERE):
            studio().activity.seen()
            return
        st.session_state[HERE] = True
        if ended := studio().activity.while_away():
            note(away_told(ended), icon=":material/waving_hand:")


def away_told(ended: Sequence[VideoItem]) -> str:
    """As Markdown."""
    made = [item for item in ended if item.video.status is VideoStatus.COMPLETED]
    others = [item for item in ended if item.video.status is not VideoStatus.COMPLETED]
    waits = sum(item.reels.to_review for item in made)
    parts = []
    if made:
        review = f": {counted(waits, 'reel')} to review" if waits else ""
        parts.append(f"{_named(made)} {'was' if len(made) == 1 else 'were'} finished{review}.")
    if others:
        parts.append(f"{_named(others)} did not come to an end; Activity says why.")
    return f"While you were away: {' '.join(parts)}"


def _named(items: Sequence[VideoItem]) -> str:
    if len(items) == 1:
        return f"**{plain(items[0].video.title)}**"
    return counted(len(items), "video")
