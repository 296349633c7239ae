"""What was published in; when, to whom and where it is, page by page, out."""

from __future__ import annotations

from math import ceil

import streamlit as st

from gravix_core import Listed, PublishItem
from gravix_ui.parts.publish_links import link_out
from gravix_ui.session import studio
from gravix_ui.words import at, capital, plain, zone

PER_PAGE = 10
PAGE = "publish-history-page"


def history_section() -> None:
    """Nothing as long as nothing was published."""
    listed = _found()
    if not listed.total:
        return
    st.subheader("Published", anchor=False)
    with st.container(border=True, gap="small", key="publish-history"):
        for one in listed.items:
            _row(one)
    if listed.total > PER_PAGE:
        st.pagination(ceil(listed.total / PER_PAGE), key=PAGE, width=420)


def _found() -> Listed[PublishItem]:
    """A page of it; the first one where there are fewer by now."""
    left_out = PER_PAGE * (st.session_state.get(PAGE, 1) - 1)
    listed = studio().publishing.history(limit=PER_PAGE, offset=left_out)
    return listed if listed.items else studio().publishing.history(limit=PER_PAGE)


def _row(one: PublishItem) -> None:
    row = one.publication
    when = at(row.published_at or row.updated_at, zone(st.context.timezone))
    facts = f"to @{row.what.username} {when}{'' if one.reel else ' · the reel is deleted'}"
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"posted-{row.id}"
    ):
        st.markdown(
            f"{plain(row.what.title)}  \n:small[:gray[{plain(capital(facts))}]]", width="stretch"
        )
        if row.permalink:
            link_out(row.permalink, label="Open post", key=f"permalink-{row.id}")
        else:
            st.caption("Its address is not known", width="content")
