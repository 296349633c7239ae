"""The address of Review in; which reels it lists, in an order that stays, out.

A deck is dealt when the page is opened, when the filter changes, and when the operator asks.
In between it stays as it is: a verdict, or a reel that has just been rendered, moves no card
under the operator's hands.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from math import ceil

import streamlit as st

from gravix_core import ReelFilter, ReelOrder, ReviewStatus
from gravix_ui.session import studio, uncut

PER_PAGE = 12
DECK = "reel-deck"
ASIDE = "reel-deck-aside"
AGAIN = "reel-again"
"""Key of the button that deals anew.  Streamlit forgets it when another page is opened."""

STATES: dict[str, tuple[ReviewStatus, ...]] = {
    "to_review": (ReviewStatus.TO_REVIEW,),
    "approved": (ReviewStatus.APPROVED,),
    "rejected": (ReviewStatus.REJECTED,),
    "all": (),
}
"""As the address names them; the first is the default."""

LAST = "last"
"""What the address names instead of a reel, once all have been looked at."""


@dataclass(frozen=True, slots=True)
class Deck:
    wanted: ReelFilter
    ids: tuple[int, ...]
    rendered: int
    """How many reels there were to choose from, in whatever state."""

    @property
    def pages(self) -> int:
        return max(1, ceil(len(self.ids) / PER_PAGE))

    def page(self, number: int) -> tuple[int, ...]:
        return self.ids[PER_PAGE * (number - 1) : PER_PAGE * number]


def state_here() -> str:
    """The key in `STATES` that the address names."""
    named = st.query_params.get("state", "")
    return named if named in STATES else next(iter(STATES))


def order_here() -> ReelOrder:
    named = st.query_params.get("order", "")
    return ReelOrder(named) if named in set(ReelOrder) else ReelOrder.STORY


def video_here(known: Container[int]) -> int | None:
    """The video that the address names, when there is one."""
    number = number_here("video")
    return number if number in known else None


def number_here(name: str) -> int | None:
    named = st.query_params.get(name, "")
    return int(named) if named.isascii() and named.isdecimal() and len(named) < 10 else None


def wanted_here(known: Container[int]) -> ReelFilter:
    return ReelFilter(video_here(known), STATES[state_here()], order_here())


def page_here(deck: Deck) -> int:
    return min(max(1, number_here("page") or 1), deck.pages)


def go(**query: object) -> None:
    """Change the address: None takes a name out of it, the others stay."""
    uncut(lambda: write_address(query))


def write_address(query: Mapping[str, object]) -> None:
    for name, value in query.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


def deck_here(wanted: ReelFilter) -> Deck:
    """The deck of this tab, dealt where there is none for this filter."""
    deck: Deck | None = st.session_state.get(DECK)
    if deck is None or deck.wanted != wanted or AGAIN not in st.session_state:
        deck = st.session_state[DECK] = deal(wanted)
    return deck


def deck_around(reel_id: int, video_id: int, deck: Deck) -> Deck:
    """The deck that has this reel: the one that is listed, else one of its video."""
    if reel_id in deck.ids:
        return deck
    aside: Deck | None = st.session_state.get(ASIDE)
    if aside is None or reel_id not in aside.ids:
        aside = st.session_state[ASIDE] = deal(ReelFilter(video_id))
    return aside


def deal(wanted: ReelFilter) -> Deck:
    review = studio().review
    rendered = review.counts(wanted.video_id).rendered  # first: what comes between is offered
    return Deck(wanted, review.reel_ids(wanted), rendered)


def deal_again() -> None:
    """For callbacks: the next run deals."""
    st.session_state.pop(DECK, None)
    st.session_state.pop(ASIDE, None)
