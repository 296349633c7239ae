"""The setting of a rehearsal in; a word on every page that nothing is real out."""

from __future__ import annotations

import streamlit as st

from gravix_ui.session import errors_noted, studio


def sandbox_told() -> None:
    """Draws nothing outside the sandbox."""
    with errors_noted():
        if studio().settings.gravix_sandbox:
            st.info(
                "**SANDBOX**: Meta is a stand-in on this computer. Nothing reaches Instagram, and"
                " accounts and posts are made up.",
                icon=":material/science:",
            )
