"""A browser's request in, one of the pages out."""

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).resolve().parent.parent / "pages"

st.set_page_config(page_title="Gravix", page_icon="🎬", layout="wide")
st.navigation(
    [st.Page(PAGES / "home.py", title="Home", default=True)],
    position="top",
).run()
