"""A draft in; who wrote its text, and ways to another one and back, out."""

from __future__ import annotations

import streamlit as st

from gravix_ui.parts.reel_anew import Anew
from gravix_ui.parts.reel_asked import ask
from gravix_ui.parts.reel_badges import written_by
from gravix_ui.parts.reel_draft import Draft, put_text
from gravix_ui.parts.reel_history import Earlier
from gravix_ui.session import studio


def text_tools(draft: Draft) -> None:
    """Draw them under the words; one line where there is room."""
    reel = draft.reel
    if reel.text is None:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"text-tools-{reel.id}"
    ):
        saved = " :small[:green[:material/check: Saved]]" if draft.saved else ""
        st.markdown(written_by(reel) + saved, width="content")
        st.button(
            "Write anew",
            key=f"anew-{reel.id}",
            icon=":material/refresh:",
            type="tertiary",
            help="Up to three other texts to choose from",
            on_click=ask,
            args=(draft, Anew(reel.id)),
        )
        if reel.text_version > 1:  # whether there is an earlier one is read once it is asked for
            st.button(
                "History",
                key=f"history-{reel.id}",
                icon=":material/history:",
                type="tertiary",
                on_click=ask,
                args=(draft, Earlier(reel.id)),
            )
        if draft.has_earlier:
            st.button(
                "Undo the text",
                key=f"text-undo-{reel.id}",
                icon=":material/undo:",
                type="tertiary",
                on_click=undo,
                args=(draft,),
            )


def undo(draft: Draft) -> None:
    put_text(draft, lambda edited: studio().texts.undo(draft.reel.id, edited=edited))
