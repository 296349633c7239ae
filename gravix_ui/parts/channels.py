"""Channels in; what the operator has said of each, with a way to say it or take it back, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import Channel
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import moment, plain, zone

SAY = "I made this or may republish it"


def channels_section() -> None:
    """Nothing as long as there is none."""
    channels = studio().links.channels()
    if not channels:
        return
    st.subheader("Channels", anchor=False)
    st.write("Whether you have said that you made what is on them, or may republish it.")
    with st.container(border=True, key="channels"):
        for channel in channels:
            _row(channel)


def _row(channel: Channel) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"channel-row-{channel.id}"
    ):
        st.markdown(f"**{plain(channel.name)}** {_said(channel)}", width="stretch")
        if channel.confirmed_at is None:
            st.button(SAY, on_click=_say, args=(channel,), key=f"channel-say-{channel.id}")
        else:
            st.button(
                "Take back",
                type="tertiary",
                on_click=_take_back,
                args=(channel,),
                help="Nothing more of it is imported unless you confirm it again. What is here"
                " stays, and Review says that you have not said so.",
                key=f"channel-{channel.id}",
            )


def _said(channel: Channel) -> str:
    if channel.confirmed_at is None:
        return ":small[:orange[you have not said so]]"
    return f":small[{moment(channel.confirmed_at, zone(st.context.timezone))}]"


def _say(channel: Channel) -> None:
    with errors_noted():
        studio().links.confirm_channel(channel)
        note(f"You made what {channel.name} shows, or may republish it.")


def _take_back(channel: Channel) -> None:
    with errors_noted():
        studio().links.take_back(channel.id)
        note(f"{channel.name} is asked about again.")
