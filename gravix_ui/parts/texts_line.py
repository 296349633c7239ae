"""The state of Gemini in; who will write the texts of new reels, in one line with a way on, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import GeminiStatus
from gravix_ui.parts.ways import way
from gravix_ui.session import studio
from gravix_ui.words import plain


def texts_line() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="texts-line"):
        st.caption(_told(studio().gemini.status()), width="content")
        st.page_link(way("texts"), label="Texts", icon=":material/edit_note:", width="content")


def _told(status: GeminiStatus) -> str:
    """As Markdown."""
    if status.is_on:
        return f"Texts: by Gemini ({plain(status.model)})"
    if status.has_key and status.consented:
        return "Texts: by Gravix itself, as Gemini is not asked now"
    if status.has_key:
        return "Texts: by Gravix itself; you have not said yet whether Gemini may write them"
    return "Texts: by Gravix itself, without any network"
