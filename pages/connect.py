"""The way to Instagram: what is connected, how to connect, and what is missing for it."""

import streamlit as st

from gravix_core import Came, ConnectionStatus
from gravix_ui.parts.connect import connect_way
from gravix_ui.parts.connect_accounts import account_cards
from gravix_ui.parts.connect_doctor import doctor_section
from gravix_ui.parts.connect_notices import connect_notices
from gravix_ui.parts.connect_outcome import REFERENCE, REFUSED, outcome_told, refused_told
from gravix_ui.session import errors_shown, studio

PAGE_WIDTH = 860
ASKED_AGAIN = (Came.SCOPE_MISSING, Came.NO_ACCOUNT)
"""Where something may have been declined: Facebook asks for that again only when it is told to."""


def page() -> None:
    desk = studio().connection
    st.title("Connect", anchor=False)
    reference = st.query_params.get(REFERENCE)
    shown = desk.outcome(reference) if reference else None
    if shown is not None:
        outcome_told(shown)
    elif st.query_params.get(REFUSED):
        refused_told()
    accounts, status = desk.accounts(), desk.status()
    connect_notices(status)
    account_cards(accounts)
    settings = studio().settings
    if not settings.has_facebook:
        st.info(
            "Gravix talks to Instagram through an app of your own at Meta. It takes about half an"
            " hour, once; docs/instagram.md leads through every screen. Write its id and secret"
            " into .env as FACEBOOK_APP_ID and FACEBOOK_APP_SECRET, then start Gravix again.",
            icon=":material/info:",
        )
        doctor_section()
        return
    if shown is not None and shown.came is Came.CHOOSE:
        doctor_section()
        return
    if not accounts:
        st.write(
            "Facebook asks what Gravix may do: see your Pages and your professional Instagram"
            " account, and publish to it. Nothing is posted without your yes."
        )
    again = shown is not None and shown.came in ASKED_AGAIN
    label = "Ask again" if again else _label(status)
    came = connect_way(label=label, again=again, key="connect-way").came
    if came:
        st.query_params.from_dict({REFERENCE: str(came)})
        st.rerun()
    st.caption("Redirect URI, exactly as Meta has to know it:")
    st.code(desk.redirect_uri, language=None, wrap_lines=True)
    doctor_section()


def _label(status: ConnectionStatus) -> str:
    if status.account is None:
        return "Connect Instagram"
    works = status.connected and not status.ends_soon
    return "Connect another account" if works else "Connect again"


with st.container(width=PAGE_WIDTH), errors_shown():
    page()
