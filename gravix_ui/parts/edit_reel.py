"""A reel in; the reel as it is, which plays on while it is made again, and how far that is, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import JobStatus, Rendering
from gravix_ui.parts.job_words import happened
from gravix_ui.parts.reel_badges import state_badge
from gravix_ui.parts.reel_player import reel_player
from gravix_ui.session import errors_noted, studio
from gravix_ui.words import length, plain

EMPTY = '<div class="gravix-reel gravix-no-reel"><p>{}</p></div>'


def reel_now(rendering: Rendering) -> None:
    """Draw it.  The same reel gives the same player, so drawing it again stops nothing."""
    reel = rendering.reel
    with st.container(key="edit-reel", gap="small"):
        if rendering.there:
            reel_player(reel)
        else:
            st.html(EMPTY.format(nothing(rendering)))
        state(rendering)


def nothing(rendering: Rendering) -> str:
    if rendering.active:
        return "It is being made, and appears here by itself."
    if rendering.reel.rendered is not None:
        return "The file of this reel is gone from the disk. Make it again."
    return "This reel is not made yet."


def state(rendering: Rendering) -> None:
    """In one container, so that nothing below moves when something comes or goes."""
    reel, job = rendering.reel, rendering.job
    made = reel.rendered is not None
    with st.container(gap="xsmall", key="edit-state"):
        if job is not None and job.status is JobStatus.PROCESSING:
            word = "Being made again" if made else "Being made"
            st.progress(job.progress, text=f"{word}, {job.progress} %")
        elif rendering.active:
            st.progress(0, text="Waits for its turn, before all others")
        elif job is not None and job.status is JobStatus.FAILED:
            st.error(plain(happened(job)), icon=":material/error:")
            make_button("Try again", reel.id)
        elif not rendering.there:
            make_button("Make this reel", reel.id)
        elif job is not None and job.status is JobStatus.CANCELLED:
            st.caption("The last run was stopped: this is the reel as it was before.")
            make_button("Make it again", reel.id)
        else:
            lasts = plain(length(reel.rendered.duration if reel.rendered else 0))
            st.markdown(f"{state_badge(reel.review_status)} :small[:gray[{lasts}]]")


def make_button(label: str, reel_id: int) -> None:
    st.button(
        label,
        icon=":material/movie:",
        key=f"make-{reel_id}",
        on_click=make,
        args=(reel_id,),
    )


def make(reel_id: int) -> None:
    with errors_noted():
        studio().editing.render(reel_id)
