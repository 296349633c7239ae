"""An address on Instagram in, a link to it that opens in another tab out."""

from __future__ import annotations

import streamlit as st


def link_out(url: str, *, label: str, key: str) -> None:
    """Nothing where it is no address of the web, whoever it came from."""
    if url.startswith("https://"):
        st.link_button(label, url, icon=":material/open_in_new:", type="tertiary", key=key)


def profile_of(username: str) -> str:
    return f"https://www.instagram.com/{username}/"
