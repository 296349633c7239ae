"""A deck in; one of its reels, large and run by keys, out.

The address names the reel, so that a link, a reload and a step back in the browser lead to it.
"""

from __future__ import annotations

from types import MappingProxyType

import streamlit as st

from gravix_core import ReelItem
from gravix_ui.parts.autosave import autosave
from gravix_ui.parts.reel_asked import is_asking
from gravix_ui.parts.reel_badges import acceptance, place, state_badge, video_title
from gravix_ui.parts.reel_buttons import NO_KEYS, Deed, approve, deeds, reject
from gravix_ui.parts.reel_deck import LAST, Deck, deck_around, go, number_here
from gravix_ui.parts.reel_draft import Draft, draft_of
from gravix_ui.parts.reel_editor import reel_editor
from gravix_ui.parts.reel_empty import all_reviewed
from gravix_ui.parts.reel_player import reel_player
from gravix_ui.parts.reel_score import score, score_bars
from gravix_ui.parts.reel_verdict import undo_last, verdicts
from gravix_ui.parts.rights import rights_line
from gravix_ui.parts.ways import edit_link, to_video, way
from gravix_ui.session import errors_shown, show_notes, studio, uncut

KEYS = MappingProxyType({"approve": "a", "reject": "x", "folder": "f"})
FOCUS = "reel-focus"
PLAYS = "reel-plays"


def is_focused() -> bool:
    """Whether the address asks for one reel alone."""
    return "reel" in st.query_params


def reel_focus(deck: Deck) -> None:
    """Draw what the address names; each deed draws this part again and nothing else.

    Args:
        deck: What is listed; a reel that is not in it is shown among those of its video.
    """
    st.fragment(focus, key=FOCUS)(deck)


def focus(deck: Deck) -> None:
    with errors_shown():
        show_notes()
        if st.query_params.get("reel") == LAST:
            end(deck)
            return
        reel_id = number_here("reel")
        item = studio().review.item(reel_id) if reel_id else None
        if item is None or item.reel.rendered is None:
            nowhere()
            return
        deck = deck_around(item.reel.id, item.reel.video_id, deck)
        steps(deck, deck.ids.index(item.reel.id))
        one(item, deck)


def nowhere() -> None:
    with st.container(border=True, key="no-reel"):
        st.subheader("This reel is not here", anchor=False)
        st.write("It may have been deleted with its video, or it is not rendered yet.")
        st.button("Show all reels", key="to-list", on_click=leave)


def steps(deck: Deck, index: int) -> None:
    """Where this is in the deck, and the ways out of it."""
    before = deck.ids[index - 1] if index > 0 else None
    after = deck.ids[index + 1] if index + 1 < len(deck.ids) else LAST
    with st.container(horizontal=True, vertical_alignment="center", key="reel-steps"):
        leave_button()
        st.markdown(f"**{index + 1:,} of {len(deck.ids):,}**", width="content")
        st.toggle("Play by itself", key=PLAYS, value=True, persist_state="session")
        step("Previous", before, icon="arrow_back", key="previous", shortcut="k")
        step("Next", after, icon="arrow_forward", key="next", shortcut="j")
        undo_step()


def step(label: str, to: int | str | None, *, icon: str, key: str, shortcut: str) -> None:
    st.button(
        label,
        key=key,
        icon=f":material/{icon}:",
        shortcut=None if is_asking() else shortcut,
        disabled=to is None,
        on_click=go,
        kwargs={"reel": to},
    )


def leave_button() -> None:
    st.button(
        "All reels", key="to-list", icon=":material/grid_view:", type="tertiary", on_click=leave
    )


def leave() -> None:
    """Back to the list."""
    go(reel=None)
    st.rerun()


def undo_step() -> None:
    """Take back the last verdict of this tab, also on a reel that was left."""
    st.button(
        "Undo last",
        key="undo-last",
        icon=":material/undo:",
        shortcut=None if is_asking() else "z",
        disabled=not verdicts(),
        on_click=back,
    )


def back() -> None:
    taken: list[int] = []

    def all_of_it() -> None:
        if not taken:  # a second time would take back one more
            taken.extend(undo_last())
        for reel_id in taken:
            go(reel=reel_id)

    uncut(all_of_it)


def one(item: ReelItem, deck: Deck) -> None:
    draft = draft_of(item.reel)
    draft.follow(item.reel)

    def do(draft: Draft, deed: Deed) -> None:
        """A verdict leads on to the next reel.  A key may hit a button that is about to go."""

        def all_of_it() -> None:
            here = number_here("reel") == draft.reel.id
            if here and deed(draft) is True and deed in {approve, reject}:
                go(reel=after(draft.reel.id, deck))

        uncut(all_of_it)

    with st.container(key="reel-large"):
        with st.container(key="reel-large-picture"):
            reel_player(draft.reel, plays=st.session_state[PLAYS])
        with st.container(key="reel-large-words", gap="small"):
            head(item)
            rights_line(item)
            deeds(draft, do, keys=NO_KEYS if is_asking() else KEYS)
            reel_editor(draft)
            score_bars(draft.reel)
            keys()
    autosave(container_key="reel-large", key="autosave-large", known=draft.known())


def after(reel_id: int, deck: Deck) -> int | str:
    index = deck.ids.index(reel_id)
    return deck.ids[index + 1] if index + 1 < len(deck.ids) else LAST


def head(item: ReelItem) -> None:
    reel = item.reel
    with st.container(gap=None, key=f"reel-head-{reel.id}"):
        label, query = f"**{video_title(item)}**", to_video(reel.video_id)
        st.page_link(way("video"), label=label, query_params=query)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{state_badge(reel.review_status)} {place(reel)}", width="content")
            score(reel)
            acceptance(reel)
            edit_link(reel.id)


def keys() -> None:
    """Hidden on a phone, which has none."""
    with st.container(key="reel-keys"):
        st.caption(
            "Keys: J next, K previous, A approve, X reject, Z undo, F into the folder. "
            "In a field they write: Esc leaves it, Ctrl+Enter saves at once."
        )


def end(deck: Deck) -> None:
    """After the last reel."""
    with st.container(horizontal=True, vertical_alignment="center", key="reel-steps"):
        leave_button()
        if deck.ids:
            step("Previous", deck.ids[-1], icon="arrow_back", key="previous", shortcut="k")
        undo_step()
    with st.container(border=True, key="reel-end"):
        all_reviewed(deck)
