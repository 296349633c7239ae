"""A browser's request in, one of the pages out."""

from pathlib import Path

import streamlit as st

from gravix_ui.parts.away import greet
from gravix_ui.parts.menu import close_menu
from gravix_ui.parts.sandbox import sandbox_told
from gravix_ui.session import show_notes

PAGES = Path(__file__).resolve().parent.parent / "pages"

st.set_page_config(page_title="Gravix", page_icon="🎬", layout="wide")
page = st.navigation(
    [
        st.Page(PAGES / "home.py", title="Home", icon=":material/home:", default=True),
        st.Page(PAGES / "add.py", title="Add", icon=":material/add_circle:"),
        st.Page(PAGES / "library.py", title="Library", icon=":material/video_library:"),
        st.Page(PAGES / "review.py", title="Review", icon=":material/task_alt:"),
        st.Page(PAGES / "texts.py", title="Texts", icon=":material/edit_note:"),
        st.Page(PAGES / "publish.py", title="Publish", icon=":material/send:"),
        st.Page(PAGES / "activity.py", title="Activity", icon=":material/pending_actions:"),
        st.Page(PAGES / "connect.py", title="Connect", icon=":material/link:"),
        st.Page(PAGES / "settings.py", title="Settings", icon=":material/settings:"),
        st.Page(PAGES / "video.py", title="Video", visibility="hidden"),
        st.Page(PAGES / "edit.py", title="Edit", visibility="hidden"),
    ],
    position="top",
)
sandbox_told()
greet()
show_notes()
page.run()
close_menu(page.title)
