"""The reference of a way to Facebook's dialog in; what came of it, and what to do next, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import Came, ConnectOutcome
from gravix_ui.parts.connect_doctor import forget_answers
from gravix_ui.session import errors_noted, errors_shown, note, studio
from gravix_ui.words import plain

REFERENCE, REFUSED = "outcome", "refused"
PICKED = "connect-picked"


def outcome_told(shown: ConnectOutcome) -> None:
    """The outcome, as a message; of several accounts also the choice."""
    said = f"{plain(shown.message)}\n\n{plain(shown.hint)}" if shown.hint else plain(shown.message)
    if shown.came is Came.CONNECTED:
        st.success(said, icon=":material/check_circle:")
    elif shown.came is Came.CHOOSE:
        _choice(shown.reference)
    elif shown.came is Came.UNDER_WAY:
        st.info("Facebook's answer is still being worked on.", icon=":material/hourglass:")
        st.button("Look again", icon=":material/refresh:", key="connect-look")
    else:
        st.warning(said, icon=":material/warning:")


def refused_told() -> None:
    st.warning(
        "This answer of Facebook belongs to no attempt of this browser, or is too old.\n\n"
        "Begin again; a connection has to be made within ten minutes, in one browser.",
        icon=":material/warning:",
    )


def _choice(reference: str) -> None:
    with errors_shown(), st.container(border=True, key="connect-choice", gap="small"):
        choices = studio().connection.choices(reference)
        st.markdown("**Which accounts should Gravix connect?**")
        for one in choices:
            role = "" if one.may_post else " :orange-badge[your role on its Page allows no posts]"
            page = f":small[:gray[of the Page {plain(one.page_name)}]]"
            label = f"**@{plain(one.username)}** {plain(one.name)} {page}{role}"
            st.checkbox(label, key=f"{PICKED}-{one.ig_user_id}")
        ids = [one.ig_user_id for one in choices]
        picked = [one for one in ids if st.session_state.get(f"{PICKED}-{one}")]
        st.button(
            "Connect these" if len(picked) > 1 else "Connect it",
            type="primary",
            disabled=not picked,
            key="connect-choose",
            on_click=_choose,
            args=(reference, picked),
        )


def _choose(reference: str, picked: list[str]) -> None:
    with errors_noted():
        kept = studio().connection.choose(reference, picked)
        forget_answers()
        note(f"Connected to {', '.join(f'@{plain(one.username)}' for one in kept)}.")
