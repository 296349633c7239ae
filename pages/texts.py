"""How texts are written in: by whom, in which voice, and what was learned; changes of that out."""

import streamlit as st

from gravix_ui.parts.reel_player import reel_style
from gravix_ui.parts.texts_gemini import gemini_section
from gravix_ui.parts.texts_learned import learned_section
from gravix_ui.parts.texts_spent import spent_section
from gravix_ui.parts.texts_voice import voice_section
from gravix_ui.session import errors_shown

PAGE_WIDTH = 860


def page() -> None:
    with st.container(gap="xsmall"):
        st.title("Texts", anchor=False)
        st.write("Who writes title, caption and hashtags of your reels, and how they sound.")
    gemini_section()
    voice_section()
    learned_section()
    spent_section()


reel_style()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, gap="medium", key="texts"),
    errors_shown(),
):
    page()
