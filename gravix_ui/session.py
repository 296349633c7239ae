"""The way of every page to the core: the one studio, and errors in the operator's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from gravix_core import GravixError, Studio, shared_studio
from gravix_ui.words import plain, without_folders

NOTES = "notes"
TRIES = 5


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
        st.error(told(exc), icon=":material/error:")


@contextmanager
def errors_noted() -> Iterator[None]:
    """For callbacks, where nothing may be drawn: the next run shows the error as a toast."""
    try:
        yield
    except GravixError as exc:
        note(told(exc), icon=":material/error:")


def told(error: GravixError) -> str:
    """What happened and what to do, as Markdown."""
    message = plain(without_folders(str(error)))
    return f"{message}\n\n**What to do:** {without_folders(error.hint)}"


def note(text: str, *, icon: str = ":material/check:") -> None:
    """Leave a toast, Markdown, for the next run."""
    st.session_state.setdefault(NOTES, []).append((text, icon))


def show_notes() -> None:
    """Show what was left since; every fragment whose callbacks leave notes calls it as well."""
    for text, icon in st.session_state.pop(NOTES, []):
        st.toast(text, icon=icon, duration="long")


def uncut(deed: Callable[[], object]) -> None:
    """For callbacks: do all of it, also when the operator is faster than the page.

    Streamlit ends a callback at its next look into the session when another click or key has
    come in meanwhile, and half of what the first one meant would not happen.  The deed is begun
    again, so it must do no harm when done twice; then it is the turn of what came in.
    """
    newer: RerunException | None = None
    for _ in range(TRIES):
        try:
            deed()
            break
        except RerunException as exc:
            newer = exc
    if newer is not None:
        raise newer
