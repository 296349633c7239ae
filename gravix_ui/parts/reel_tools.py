"""A draft in; who wrote its text, and ways to another one and back, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import TextVersion
from gravix_ui.parts.reel_anew import ask_anew
from gravix_ui.parts.reel_badges import writer, written_by
from gravix_ui.parts.reel_draft import Draft, put_text
from gravix_ui.parts.reel_words import is_same, words_html
from gravix_ui.session import errors_shown, studio
from gravix_ui.words import capital, moment, plain, zone

HISTORY_HEIGHT = 380
"""Pixels."""


def text_tools(draft: Draft) -> None:
    """Draw them under the words; one line where there is room."""
    reel = draft.reel
    if reel.text is None:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"text-tools-{reel.id}"
    ):
        saved = " :small[:green[:material/check: Saved]]" if draft.saved else ""
        st.markdown(written_by(reel) + saved, width="content")
        st.button(
            "Write anew",
            key=f"anew-{reel.id}",
            icon=":material/refresh:",
            type="tertiary",
            help="Up to three other texts to choose from",
            on_click=ask_anew,
            args=(draft,),
        )
        if reel.text_version > 1:
            history(draft)
        if draft.has_earlier:
            st.button(
                "Undo the text",
                key=f"text-undo-{reel.id}",
                icon=":material/undo:",
                type="tertiary",
                on_click=undo,
                args=(draft,),
            )


def history(draft: Draft) -> None:
    """What is in it is read once it is opened: a page has many cards."""
    reel_id = draft.reel.id
    drawer = st.popover(
        "History",
        type="tertiary",
        icon=":material/history:",
        key=f"history-{reel_id}",
        on_change="rerun",
    )
    if drawer.open:
        with (
            drawer,
            errors_shown(),
            st.container(height=HISTORY_HEIGHT, border=False, key=f"versions-{reel_id}"),
        ):
            for version in studio().texts.history(reel_id):
                earlier(draft, version)


def earlier(draft: Draft, version: TextVersion) -> None:
    text = version.text
    when = moment(version.created_at, zone(st.context.timezone))
    said = f" · “{plain(version.instruction)}”" if version.instruction else ""
    with st.container(border=True, gap="small", key=f"version-{version.id}"):
        st.markdown(f"**{plain(capital(writer(text.written_by)))}** :gray[{plain(when)}]{said}")
        st.html(words_html(text))
        if is_same(text, draft.reel.text):
            st.caption(":green[:material/check:] This is how it reads now.")
        else:
            st.button(
                "Use this again",
                key=f"restore-{version.id}",
                on_click=restore,
                args=(draft, version),
                disabled=draft.theirs is not None,
            )


def restore(draft: Draft, version: TextVersion) -> None:
    desk = studio().texts
    put_text(draft, lambda edited: desk.restore(draft.reel.id, version.id, edited=edited))


def undo(draft: Draft) -> None:
    put_text(draft, lambda edited: studio().texts.undo(draft.reel.id, edited=edited))
