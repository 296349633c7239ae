"""The approved reels in; their way to Instagram, and what needs a yes or a look, out."""

import streamlit as st

from gravix_ui.parts.publish_failed import failed_section
from gravix_ui.parts.publish_history import history_section
from gravix_ui.parts.publish_live import under_way_section
from gravix_ui.parts.publish_notices import not_connected, publish_notices, quota_line
from gravix_ui.parts.publish_post import post_screen
from gravix_ui.parts.publish_ready import ready_section
from gravix_ui.parts.publish_style import publish_style
from gravix_ui.parts.publish_unsure import unsure_section
from gravix_ui.parts.reel_deck import number_here
from gravix_ui.parts.reel_player import keep_addresses_good, reel_style
from gravix_ui.session import errors_shown, studio

PAGE_WIDTH = 1100


def page() -> None:
    desk = studio().publishing
    st.title("Publish", anchor=False)
    account = desk.account()
    publish_notices()
    if account is not None and "reel" in st.query_params:
        reel_id = number_here("reel")
        post_screen(desk.item(reel_id) if reel_id else None, account)
        return
    if account is None:
        not_connected()
    else:
        quota_line(account)
    unsure_section()
    under_way_section()
    failed_section()
    if account is not None:
        ready_section()
    history_section()


reel_style()
publish_style()
keep_addresses_good()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, key="publish"),
    errors_shown(),
):
    page()
