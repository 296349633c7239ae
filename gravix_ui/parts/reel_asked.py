"""What a card asks for in; which dialog lies over Review out.

The page draws the dialogs, not the cards: one that is opened from a fragment goes dead when that
fragment is drawn again (Streamlit's issue 17011).
"""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from gravix_ui.parts.reel_draft import Draft

T = TypeVar("T")
ASKED = "reel-asked"
"""Holds what is asked while a dialog is open, so that it outlives a whole rerun."""
WHERE = "reel-asked-where"
"""Holds which reel the address named then; None in the list."""


def ask(draft: Draft, what: object) -> None:
    """For callbacks: open the dialog of what is asked.  What was typed is saved first."""
    draft.keep()
    st.session_state[ASKED] = what
    st.session_state[WHERE] = st.query_params.get("reel")
    st.rerun()


def asked(kind: type[T]) -> T | None:
    """What is asked, if it is of this kind."""
    what = st.session_state.get(ASKED)
    return what if isinstance(what, kind) else None


def is_asking() -> bool:
    """Whether a dialog lies over the page: keys would reach what is below."""
    return ASKED in st.session_state


def forget_asked_elsewhere() -> None:
    """Before anything is drawn: the address may name another reel by now."""
    if is_asking() and st.session_state[WHERE] != st.query_params.get("reel"):
        forget_asked()


def forget_asked() -> None:
    st.session_state.pop(ASKED, None)
