"""Channels that the operator has confirmed in; each, with a way to take it back, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import Channel
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import moment, plain, zone


def channels_section() -> None:
    """Nothing as long as none is confirmed."""
    confirmed = studio().links.channels()
    if not confirmed:
        return
    st.subheader("Channels", anchor=False)
    st.write("You have said that you made what is on them, or may republish it.")
    with st.container(border=True, key="channels"):
        for channel in confirmed:
            _row(channel)


def _row(channel: Channel) -> None:
    when = moment(channel.confirmed_at, zone(st.context.timezone))
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"channel-row-{channel.id}"
    ):
        st.markdown(f"**{plain(channel.name)}** :small[{when}]", width="stretch")
        st.button(
            "Take back",
            type="tertiary",
            on_click=_take_back,
            args=(channel,),
            help="Nothing more of it is imported unless you confirm it again. What is here stays.",
            key=f"channel-{channel.id}",
        )


def _take_back(channel: Channel) -> None:
    with errors_noted():
        studio().links.take_back(channel.id)
        note(f"{channel.name} is asked about again.")
