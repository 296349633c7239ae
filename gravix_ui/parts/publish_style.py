"""The style of the Publish page out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("publish.css")


def publish_style() -> None:
    """Draw it once in a page, outside of what is drawn again."""
    st.html(STYLE)
