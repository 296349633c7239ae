"""The dashboard and all that is served beside it: one process, one port.

Streamlit finds the app by reading this file, so `app = st.App(...)` is written out here.
The UI script lies in another folder than `pages/`: beside it, Streamlit would serve a cold
deep link by running the page file alone.
"""

from pathlib import Path

import streamlit as st

from gravix_core.web import guards, lifespan, routes

app = st.App(
    Path(__file__).resolve().parent / "gravix_ui" / "main.py",
    routes=routes(),
    lifespan=lifespan,
    middleware=guards(),
)
