"""A reel in; what the operator has said of the right to publish it, where it is decided, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import ReelItem
from gravix_ui.parts.ways import way
from gravix_ui.words import day, plain, zone


def rights_line(item: ReelItem) -> None:
    """Nothing for a file of the operator's own."""
    if item.channel is None:
        return
    channel, said = plain(" ".join(item.video.channel.split())), item.channel.confirmed_at
    with st.container(gap="xsmall", key=f"rights-{item.reel.id}"):
        if said is None:
            _not_said(channel)
            return
        when = day(said, zone(st.context.timezone))
        source = f"**{channel}**" if channel else "YouTube"
        st.caption(f"From {source}. On {when} you said that you made this or may republish it.")


def _not_said(channel: str) -> None:
    what = f"what **{channel}** makes" if channel else "this video"
    st.warning(f"You have not said that you may republish {what}.", icon=":material/warning:")
    st.page_link(way("settings"), label="Say so in Settings", icon=":material/settings:")
