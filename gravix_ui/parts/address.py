"""The address of a video file on another host in; a video that is fetched from it out."""

from __future__ import annotations

import streamlit as st

from gravix_ui.parts.reel_choices import Chosen
from gravix_ui.session import errors_noted, note, studio

ADDRESS, RIGHTS = "address-given", "address-rights"


def address_box(choice: Chosen) -> None:
    """Only where direct links are allowed."""
    if not studio().settings.gravix_allow_direct_urls:
        return
    with st.container(border=True, key="address", gap="small"):
        st.text_input(
            "Or the address of a video file on another site",
            key=ADDRESS,
            placeholder="https://example.com/talk.mp4",
        )
        st.checkbox("I made this or may republish it", key=RIGHTS)
        st.button(
            "Import",
            icon=":material/download:",
            on_click=_take,
            args=(choice,),
            disabled=not (st.session_state.get(ADDRESS) and st.session_state.get(RIGHTS)),
            key="address-take",
        )


def _take(choice: Chosen) -> None:
    with errors_noted():
        studio().intake.take_address(
            st.session_state[ADDRESS],
            rights=True,
            layout=choice.layout,
            subtitles=choice.subtitles,
            best=choice.best,
            chunk_duration=choice.seconds,
        )
        st.session_state.update({ADDRESS: "", RIGHTS: False})
        note("The file is being imported.")
