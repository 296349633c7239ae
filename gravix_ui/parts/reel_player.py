"""A reel in, a video that plays nothing until it is asked to out."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from gravix_core import Reel
from gravix_ui.session import studio

STYLE = Path(__file__).with_name("reel.css")
NEW_ADDRESSES = 1800
"""Seconds: an address is good for an hour at least."""


def reel_style() -> None:
    """Draw the style of cards and players: once in a page."""
    st.html(STYLE)


def reel_player(reel: Reel, *, plays: bool = False) -> None:
    """Draw it.  The same reel gives the same text, so that it plays on when a card is redrawn.

    Args:
        reel: A rendered one.
        plays: Start by itself as soon as it is there.
    """
    st.html(html_of(reel, plays=plays))


def html_of(reel: Reel, *, plays: bool) -> str:
    files = studio().files
    src, poster = files.reel_address(reel) or "", files.cover_address(reel) or ""
    attributes = 'controls playsinline preload="none"' + (" autoplay" if plays else "")
    return (
        f'<video class="gravix-reel" {attributes} src="{escape(src)}" '
        f'poster="{escape(poster)}" aria-label="Reel {reel.index + 1}"></video>'
    )


def keep_addresses_good() -> None:
    """Draw the page again before its addresses run out: a page may stay open all day."""
    drawn: list[bool] = []

    def again() -> None:
        if drawn:
            st.rerun()
        drawn.append(True)

    st.fragment(again, run_every=NEW_ADDRESSES, key="reel-addresses")()
