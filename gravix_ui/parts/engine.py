"""The engine in; whether it is paused, and the ways to pause it or to cancel all, out."""

from __future__ import annotations

import streamlit as st

from gravix_ui.parts.ways import way
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import counted

PAUSED = "Paused: what runs goes on, and nothing new begins until you resume."
CANCEL_ALL = "cancel-all"


def engine_bar(*, active: bool) -> None:
    """Pause or resume, and cancel everything; nothing where there is nothing to do."""
    paused = studio().activity.is_paused()
    if not (active or paused):
        return
    with st.container(horizontal=True, horizontal_alignment="right", key="engine"):
        if paused:
            st.button(
                "Resume",
                icon=":material/play_arrow:",
                type="primary",
                on_click=_resume,
                key="resume",
            )
        else:
            st.button("Pause", icon=":material/pause:", on_click=_pause, key="pause")
        if active:
            with st.popover("Cancel all", icon=":material/stop_circle:", key=CANCEL_ALL):
                st.write("All work on all videos ends. What is done stays; each can go on later.")
                st.button(
                    "Cancel everything", type="primary", on_click=_cancel_all, key="cancel-all-now"
                )
    if paused:
        st.info(PAUSED, icon=":material/pause_circle:")


def paused_note() -> None:
    """On pages where work is asked for: why nothing begins."""
    if studio().activity.is_paused():
        with st.container(horizontal=True, vertical_alignment="center", key="paused"):
            st.info(PAUSED, icon=":material/pause_circle:")
            st.page_link(way("activity"), label="Activity")


def _pause() -> None:
    with errors_noted():
        studio().activity.pause()


def _resume() -> None:
    with errors_noted():
        studio().activity.resume()
        note("Work goes on.", icon=":material/play_arrow:")


def _cancel_all() -> None:
    with errors_noted():
        count = studio().activity.cancel_all()
        waited = f"{counted(count, 'waiting job')} ended; " if count else ""
        note(f"{waited}what runs is being stopped.", icon=":material/stop_circle:")
