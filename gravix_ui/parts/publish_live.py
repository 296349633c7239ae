"""What is on its way to Instagram in; how far it is, with a way to stop it, out."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from gravix_core import PublishItem
from gravix_ui.parts.live import live
from gravix_ui.parts.publish_words import (
    CANCELLABLE,
    next_look,
    percent,
    step_told,
    trouble_told,
)
from gravix_ui.session import errors_noted, errors_shown, note, show_notes, studio
from gravix_ui.words import length, moment, plain, zone


def under_way_section() -> None:
    """Draw it, again and again while something is under way; nothing when nothing is."""
    drawn = {one.publication.id for one in studio().publishing.under_way()}

    def draw() -> bool:
        show_notes()
        with errors_shown():
            shown = studio().publishing.under_way()
            if {one.publication.id for one in shown} != drawn:
                st.rerun()  # one has come to its end, and belongs elsewhere on the page
            if shown:
                st.subheader("Under way", anchor=False)
            for one in shown:
                _card(one)
            return bool(shown)
        return False

    live(draw, active=bool(drawn), key="publish-live")


def _card(one: PublishItem) -> None:
    row = one.publication
    with st.container(border=True, gap="small", key=f"way-{row.id}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"way-head-{row.id}"):
            st.markdown(f"**{plain(row.what.title)}** :small[{_facts(one)}]", width="stretch")
            if row.step in CANCELLABLE:
                st.button(
                    "Cancel",
                    icon=":material/stop_circle:",
                    help="Nothing is on Instagram yet, and nothing will be",
                    key=f"cancel-{row.id}",
                    on_click=_cancel,
                    args=(row.id,),
                )
        local, now = zone(st.context.timezone), datetime.now(UTC)
        told = step_told(one) + next_look(one, local, now=now)
        st.progress(percent(one), text=plain(told))
        if trouble := trouble_told(one, local, now=now):
            st.caption(f":orange[:material/warning:] {plain(trouble)}")


def _facts(one: PublishItem) -> str:
    """As Markdown: ``to @ada.boats since 14:05 · 01:23``."""
    row = one.publication
    since, now = moment(row.claimed_at, zone(st.context.timezone)), datetime.now(UTC)
    passed = length(max((now - row.claimed_at).total_seconds(), 0))
    return f":gray[{plain(f'to @{row.what.username} since {since} · {passed}')}]"


def _cancel(publication_id: int) -> None:
    with errors_noted():
        studio().publishing.cancel(publication_id)
        note("It is cancelled; the list says what became of it.", icon=":material/stop_circle:")
