"""Connected Instagram accounts in; cards with what may be done with each out."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import streamlit as st

from gravix_core import InstagramAccount
from gravix_ui.parts.connect_doctor import forget_answers
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
    st.caption(f"{page}{_until(account, local)}")
    told_above = account.is_active and account.needs_login
    if account.trouble and not told_above:
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
        if not account.needs_login:
            st.button(
                "Renew",
                icon=":material/autorenew:",
                key=f"renew-{account.id}",
                on_click=_renew,
                args=(account.id, account.username),
                help="Ask Meta to make the connection last longer. Gravix does so by itself each"
                " day.",
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


def _until(account: InstagramAccount, local: tzinfo) -> str:
    if account.needs_login:
        return "The connection has ended: connect again."
    if account.expires_at is None:
        return "The connection has no end."
    if account.expires_at <= datetime.now(UTC):
        return f"The connection ended on {day(account.expires_at, local)}: connect again."
    return f"The connection lasts until {day(account.expires_at, local)}."


def _activate(account_id: int, name: str) -> None:
    with errors_noted():
        studio().connection.activate(account_id)
        forget_answers()
        note(f"Reels go to @{plain(name)} from now on.")


def _renew(account_id: int, name: str) -> None:
    with errors_noted():
        forget_answers()
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
        forget_answers()
        st.query_params.pop(REFERENCE, None)  # "Connected" is true no more
        note(f"@{plain(name)} is disconnected.")
        if left:
            note(left, icon=":material/warning:")
