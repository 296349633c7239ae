"""The rendered reels in, cards to look at, edit, approve and reject out."""

import streamlit as st

from gravix_ui.parts.reel_anew import anew_dialog
from gravix_ui.parts.reel_asked import forget_asked, forget_asked_elsewhere
from gravix_ui.parts.reel_card import reel_cards
from gravix_ui.parts.reel_deck import (
    AGAIN,
    Deck,
    deal_again,
    deck_here,
    go,
    page_here,
    wanted_here,
)
from gravix_ui.parts.reel_draft import forget_troubles
from gravix_ui.parts.reel_empty import nothing_here
from gravix_ui.parts.reel_filters import reel_filters
from gravix_ui.parts.reel_focus import is_focused, reel_focus
from gravix_ui.parts.reel_history import history_dialog
from gravix_ui.parts.reel_live import reel_live
from gravix_ui.parts.reel_player import keep_addresses_good, reel_style
from gravix_ui.parts.upgrade import upgrade_notice
from gravix_ui.session import errors_shown, studio, uncut

PAGE_WIDTH = 1160


def heading() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="review-heading"):
        st.title("Review", anchor=False)
        st.button(
            "Refresh",
            key=AGAIN,
            icon=":material/refresh:",
            type="tertiary",
            help="Look again which reels there are",
            on_click=deal_again,
        )


def pages(deck: Deck, page: int) -> None:
    if deck.pages == 1:
        return
    key = f"reel-page-{page}"
    st.pagination(deck.pages, default=page, key=key, width=420, on_change=turn_page, args=(key,))


def turn_page(key: str) -> None:
    uncut(lambda: go(page=st.session_state[key]))


def listing(deck: Deck, titles: dict[int, str]) -> None:
    reel_filters(titles, deck)
    reel_live(deck)
    upgrade_notice(deck.wanted.video_id, key="review-upgrade")
    if deck.ids:
        page = page_here(deck)
        reel_cards(deck.page(page))
        pages(deck, page)
    else:
        nothing_here(deck, titles)


reel_style()
keep_addresses_good()
if AGAIN not in st.session_state:
    forget_troubles()
    forget_asked()
forget_asked_elsewhere()
anew_dialog()
history_dialog()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, key="review"),
    errors_shown(),
):
    titles = studio().library.titles()
    deck = deck_here(wanted_here(titles))
    heading()
    if is_focused():
        reel_focus(deck)
    else:
        listing(deck, titles)
