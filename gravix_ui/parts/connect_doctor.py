"""The steps of Meta's set-up in; which of them is missing, and what to do, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import Check, CheckState
from gravix_ui.session import errors_noted, errors_shown, studio
from gravix_ui.words import counted, plain

ASKED = "connect-asked-meta"
"""What Meta said when it was asked last, so that no click elsewhere asks it again."""
MARKS = {
    CheckState.OK: ":green[:material/check_circle:]",
    CheckState.BAD: ":red[:material/error:]",
    CheckState.UNKNOWN: ":gray[:material/help:]",
}
FOLDED = {CheckState.UNKNOWN: "not known yet", CheckState.OK: "in order"}


def doctor_section() -> None:
    """What can be known here at once; what only Meta knows, when it is asked for."""
    st.subheader("What is set up at Meta", anchor=False)
    asked: tuple[Check, ...] | None = st.session_state.get(ASKED)
    with errors_shown():
        checks = asked or studio().connection.doctor(online=False)
        _missing([check for check in checks if check.state is CheckState.BAD])
        for state, words in FOLDED.items():
            _folded([check for check in checks if check.state is state], words)
    if studio().settings.has_facebook:
        st.button(
            "Ask Meta again" if asked else "Ask Meta",
            icon=":material/stethoscope:",
            key="connect-ask",
            on_click=_ask,
            help="Checks the app's id and secret, the permissions and the Pages with Meta itself.",
        )


def forget_answers() -> None:
    """What Meta said before an account came or went is true no more."""
    st.session_state.pop(ASKED, None)


def _missing(checks: list[Check]) -> None:
    """What has to be mended, in the order in which it is set up."""
    if not checks:
        st.caption("Nothing is known to be missing.")
        return
    with st.container(border=True, key="connect-doctor", gap="small"):
        for check in checks:
            _line(check)


def _folded(checks: list[Check], words: str) -> None:
    if checks:
        with st.expander(f"{counted(len(checks), 'step')} {words}"):
            for check in checks:
                _line(check)


def _line(check: Check) -> None:
    todo = f"  \n{plain(check.todo)}" if check.todo and check.state is not CheckState.OK else ""
    found = f"  \n:small[:gray[{plain(check.found)}]]" if check.found else ""
    st.markdown(f"{MARKS[check.state]} **{check.name.value}**{found}{todo}")


def _ask() -> None:
    with errors_noted():
        st.session_state[ASKED] = studio().connection.doctor(online=True)
