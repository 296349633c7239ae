"""A draft in; what of it is not saved, and buttons to save it and to go back, out."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from gravix_core import EditItem, Reel
from gravix_ui.parts.edit_draft import Draft
from gravix_ui.parts.edit_fields import deed
from gravix_ui.parts.edit_words import differences, listed
from gravix_ui.session import note, studio, uncut

FIRST = "Make it again or discard your changes first"
WHAT = ("the picture",)


def deeds(draft: Draft, item: EditItem) -> None:
    """Draw them; they stay in view below a long page."""
    changes = draft.changes(item)
    with st.container(key="edit-deeds", gap="xsmall"):
        state(draft, item, changes)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                "Make it again" if item.reel.rendered else "Make this reel",
                type="primary",
                icon=":material/movie_edit:",
                key="edit-save",
                disabled=not changes or draft.span is None,
                on_click=deed(lambda: save(draft)),
            )
            if changes:
                st.button(
                    "Discard changes",
                    key="edit-discard",
                    on_click=deed(lambda: discard(draft)),
                )
            undo_button(draft, item, locked=bool(changes))
            automatic_button(draft, item, locked=bool(changes))
        if draft.trouble:
            st.error(draft.trouble, icon=":material/error:")


def state(draft: Draft, item: EditItem, changes: tuple[str, ...]) -> None:
    if draft.elsewhere and changes:
        st.markdown(
            ":small[:orange[:material/compare: This reel was changed elsewhere meanwhile. What "
            "you have here is not saved: make it again to keep yours, or discard it.]]"
        )
    elif changes:
        st.markdown(f":small[:orange[:material/edit: Not saved yet: {listed(changes)}]]")
    elif item.undoes is not None:
        undone = differences(item.undoes, item.edit)
        what = f"Undo takes back the last change, of {listed(undone)}" if undone else "All is saved"
        st.markdown(f":small[:gray[{what}.]]")
    else:
        st.markdown(":small[:gray[As Gravix made it. Change something, then make it again.]]")


def undo_button(draft: Draft, item: EditItem, *, locked: bool) -> None:
    if item.undoes is None:
        return
    undone = differences(item.undoes, item.edit)
    st.button(
        "Undo",
        icon=":material/undo:",
        key="edit-undo",
        help=FIRST if locked else f"Takes back the last change, of {listed(undone or WHAT)}",
        disabled=locked,
        on_click=go_back,
        args=(draft, studio().editing.undo, "It is made as it was before."),
    )


def automatic_button(draft: Draft, item: EditItem, *, locked: bool) -> None:
    if not differences(item.automatic, item.edit):
        return
    st.button(
        "Back to automatic",
        icon=":material/auto_fix_high:",
        type="tertiary",
        key="edit-automatic",
        help=FIRST if locked else "Start, end, layout, subtitles and hook as Gravix has them",
        disabled=locked,
        on_click=go_back,
        args=(draft, studio().editing.back_to_automatic, "It is made as Gravix would make it."),
    )


def save(draft: Draft) -> None:
    draft.read()
    with draft.refusals():
        editing = studio().editing
        final = draft.final(editing.item(draft.reel_id, draft.edit))
        draft.settle(editing.save(draft.reel_id, final.span, final.look))
        note("Saved. The reel is being made again; the old one plays until then.")


def discard(draft: Draft) -> None:
    draft.take(draft.saved)


def go_back(draft: Draft, way: Callable[[int], Reel], told: str) -> None:
    """Offered only while all is saved."""
    taken: list[Reel] = []

    def all_of_it() -> None:
        with draft.refusals():
            if not taken:  # a second time would go back by one more
                taken.append(way(draft.reel_id))
                draft.settle(taken[0])
                note(told, icon=":material/undo:")

    uncut(all_of_it)
