"""Links that the operator pastes in; a card for each, and videos made of them, out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from gravix_core import LinkItem, LinkProbe, LinkState
from gravix_ui.parts import link_deeds as deeds
from gravix_ui.parts.link_card import link_card
from gravix_ui.parts.link_words import no_room, summary
from gravix_ui.parts.live import live
from gravix_ui.parts.reel_choices import Chosen
from gravix_ui.session import errors_shown, show_notes, studio
from gravix_ui.words import counted, plain

PLACEHOLDER = (
    "https://www.youtube.com/watch?v=…\nhttps://youtu.be/…\nhttps://www.youtube.com/shorts/…"
)


def link_box() -> None:
    """Where the links are pasted; to look at them is the main deed until all are."""
    st.text_area(
        "Links, one per line",
        key=deeds.TEXT,
        bind="query-params",
        placeholder=PLACEHOLDER,
        height="content",
    )
    items = deeds.read()
    is_next = not items or any(deeds.is_unasked(item) for item in items)
    with st.container(horizontal=True, vertical_alignment="center", key="links-look"):
        st.button(
            "Look",
            type="primary" if is_next else "secondary",
            icon=":material/search:",
            on_click=deeds.look,
            key="links-look-button",
        )
        st.caption("Asks YouTube what the links are. Nothing is imported yet.", width="stretch")


def link_list(choice: Chosen) -> None:
    """The cards; drawn again by themselves while YouTube is being asked."""
    deeds.is_to_be_drawn_afresh()  # it is being
    live(lambda: cards(choice), active=is_asking(deeds.read()), key="links-live")


def cards(choice: Chosen) -> bool:
    """Draw them, and say whether YouTube is being asked."""
    if deeds.is_to_be_drawn_afresh():
        st.rerun()
    show_notes()
    with errors_shown():
        items = deeds.read()
        if not items:
            empty()
            return False
        free = studio().disk.use().free
        if told := too_many(deeds.text(), len(items)):
            st.warning(told, icon=":material/warning:")
        if len(items) > 1:
            bar(items, choice, free=free)
        for item in items:
            link_card(item, choice, free=free, alone=len(items) == 1)
        return is_asking(items)
    return False


def bar(items: Sequence[LinkItem], choice: Chosen, *, free: int) -> None:
    """What holds for all of them."""
    importable = [item.probe for item in items if item.probe is not None and is_importable(item)]
    with st.container(horizontal=True, vertical_alignment="center", key="links-bar"):
        st.markdown(f"**{plain(summary(items))}**", width="stretch")
        asked = [item.youtube_id for item in items if item.state is LinkState.ASKING]
        if len(asked) > 1:
            ids, icon = [one for one in asked if one], ":material/stop_circle:"
            st.button("Cancel all", on_click=deeds.stop, args=(ids,), icon=icon, key="links-stop")
        if len(importable) > 1:
            take_all(importable, choice)
        st.button("Clear the list", on_click=deeds.clear, type="tertiary", key="links-clear")
    if told := no_room(importable, free=free):
        st.warning(plain(told), icon=":material/warning:")


def take_all(probes: Sequence[LinkProbe], choice: Chosen) -> None:
    ids = [probe.youtube_id for probe in probes]
    st.button(
        f"Import all {len(ids)}",
        on_click=deeds.take,
        args=(ids, choice),
        type="primary",
        icon=":material/download:",
        key="links-take",
    )


def is_importable(item: LinkItem) -> bool:
    return item.state is LinkState.READY and item.rights and item.video is None


def is_asking(items: Sequence[LinkItem]) -> bool:
    return any(item.state is LinkState.ASKING for item in items)


def empty() -> None:
    with st.container(border=True, key="links-empty"):
        st.markdown("**No links yet**")
        st.caption(
            "Paste the links of your videos above and press Look: you see what each one is before"
            " anything is downloaded. Videos, Shorts and recordings of streams are taken;"
            " playlists and channels are not."
        )


def too_many(text: str, shown: int) -> str:
    """Which lines are left out; empty when none is."""
    lines = sum(bool(line.strip()) for line in text.splitlines())
    if lines <= shown:
        return ""
    return f"The first {counted(shown, 'link')} are shown; {lines - shown:,} more have to wait."
