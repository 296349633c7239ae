"""Nothing in, the title of a page that is being built out."""

import streamlit as st

st.title("Video")
