"""The way of every page to the core: the one studio, and errors in the operator's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from gravix_core import GravixError, Studio, shared_studio
from gravix_ui.words import plain, without_folders


def studio() -> Studio:
    """The studio of this process; made here when nobody did before.

    Raises:
        GravixError: It cannot be opened.
    """
    return shared_studio()


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show a GravixError as a message with its hint; let a bug crash the page."""
    try:
        yield
    except GravixError as exc:
        message = plain(without_folders(str(exc)))
        hint = without_folders(exc.hint)
        st.error(f"{message}\n\n**What to do:** {hint}", icon=":material/error:")
