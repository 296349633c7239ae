"""What was not published in; why, and another try, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import Outdated, PostedBefore, Publication, PublishItem
from gravix_ui.parts.reel_deck import go
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import at, counted, plain, sentence, zone

MOST = 10
"""Cards that are drawn; what failed last comes first."""


def failed_section() -> None:
    """Nothing when nothing failed."""
    failed = studio().publishing.failed(limit=MOST)
    if not failed.total:
        return
    st.subheader("Not published", anchor=False)
    for one in failed.items:
        _card(one)
    if failed.total > MOST:
        st.caption(f"{counted(failed.total - MOST, 'older one')} not shown.")


def _card(one: PublishItem) -> None:
    row = one.publication
    ended = at(row.updated_at, zone(st.context.timezone))
    with st.container(border=True, gap="small", key=f"failed-{row.id}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"fail-head-{row.id}"):
            to = plain(f"to @{row.what.username}, stopped {ended}")
            st.markdown(f"**{plain(row.what.title)}** :small[:gray[{to}]]", width="stretch")
            if one.reel is not None:
                st.button(
                    "Try again",
                    icon=":material/refresh:",
                    key=f"retry-{row.id}",
                    on_click=_retry,
                    args=(row,),
                )
        st.error(_why(one), icon=":material/error:")


def _why(one: PublishItem) -> str:
    """As Markdown."""
    row = one.publication
    told = f"{plain(sentence(row.trouble or 'it was not published'))} Nothing was posted."
    if one.reel is None:
        return f"{told}  \nIts reel has been deleted since."
    return f"{told}  \n**What to do:** {plain(sentence(row.hint))}" if row.hint else told


def _retry(row: Publication) -> None:
    with errors_noted():
        try:
            studio().publishing.retry(row.id)
        except (Outdated, PostedBefore) as exc:  # the preview shows it as it is now, and asks
            go(reel=row.what.reel_id)
            note(plain(sentence(str(exc))), icon=":material/history:")
            return
        note("It is tried again.", icon=":material/refresh:")
