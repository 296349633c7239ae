"""Connected Instagram accounts in; cards with what may be done with each out."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from gravix_core import InstagramAccount
from gravix_ui.parts.connect_outcome import REFERENCE
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import day, plain, zone


def account_cards(accounts: tuple[InstagramAccount, ...]) -> None:
    for account in accounts:
        with st.container(border=True, key=f"account-{account.id}", gap="small"):
            _card(account, alone=len(accounts) == 1)


def _card(account: InstagramAccount, *, alone: bool) -> None:
    local = zone(st.context.timezone)
    active = " :green-badge[Reels go here]" if account.is_active else ""
    st.markdown(f"**@{plain(account.username)}** {plain(account.name)}{active}")
    page = f"Page {plain(account.page_name)}. " if account.page_name else ""
    st.caption(f"{page}{_until(account.expires_at, local)}")
    if account.trouble:
        st.warning(plain(account.trouble), icon=":material/warning:")
    with st.container(horizontal=True, gap="small"):
        if not account.is_active and not alone:
            st.button(
                "Publish here",
                icon=":material/check:",
                key=f"activate-{account.id}",
                on_click=_activate,
                args=(account.id, account.username),
            )
        st.button(
            "Renew",
            icon=":material/autorenew:",
            key=f"renew-{account.id}",
            on_click=_renew,
            args=(account.id, account.username),
            help="Ask Meta to make the connection last longer. Gravix does so by itself each day.",
        )
        with st.popover("Disconnect", icon=":material/link_off:", key=f"off-{account.id}"):
            st.write(
                f"Gravix forgets @{plain(account.username)} and its tokens, and takes its"
                " permissions back at Meta. Posts stay; reels stay."
            )
            st.button(
                "Disconnect now",
                type="primary",
                key=f"disconnect-{account.id}",
                on_click=_disconnect,
                args=(account.id, account.username),
            )


def _until(end: datetime | None, local: object) -> str:
    if end is None:
        return "The connection has no end."
    return f"The connection lasts until {day(end, local)}."  # type: ignore[arg-type]


def _activate(account_id: int, name: str) -> None:
    with errors_noted():
        studio().connection.activate(account_id)
        note(f"Reels go to @{plain(name)} from now on.")


def _renew(account_id: int, name: str) -> None:
    with errors_noted():
        if studio().connection.renew(account_id):
            note(f"The connection to @{plain(name)} lasts longer now.")
        else:
            note(
                "Meta left the end of the connection where it was: connect again before it.",
                icon=":material/info:",
            )


def _disconnect(account_id: int, name: str) -> None:
    with errors_noted():
        left = studio().connection.disconnect(account_id)
        st.query_params.pop(REFERENCE, None)  # "Connected" is true no more
        note(f"@{plain(name)} is disconnected.")
        if left:
            note(left, icon=":material/warning:")
