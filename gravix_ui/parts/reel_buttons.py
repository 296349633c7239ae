"""A draft in; buttons for the verdict, to take it back, and for the folder, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from gravix_core import ReviewStatus
from gravix_ui.parts.reel_draft import Draft
from gravix_ui.parts.reel_verdict import decide, put_into_folder, undo
from gravix_ui.parts.ways import publish_button

Deed = Callable[[Draft], object]
Doer = Callable[[Draft, Deed], None]
"""Carries out a deed in a callback, and says what is drawn after it."""

NO_KEYS: Mapping[str, str] = MappingProxyType({})


def approve(draft: Draft) -> bool:
    return decide(draft, ReviewStatus.APPROVED)


def reject(draft: Draft) -> bool:
    return decide(draft, ReviewStatus.REJECTED)


def deeds(draft: Draft, doer: Doer, *, keys: Mapping[str, str] = NO_KEYS) -> None:
    """Draw them; while tabs disagree about the text there is nothing to decide on.

    Args:
        draft: Whose.
        doer: Called at a click.
        keys: Shortcuts, by ``approve``, ``reject`` and ``folder``.
    """
    with st.container(gap="xsmall", key=f"deeds-{draft.reel.id}"):
        verdict_buttons(draft, doer, keys)
        if draft.reel.review_status is ReviewStatus.APPROVED:
            folder_line(draft, doer, keys)


def verdict_buttons(draft: Draft, doer: Doer, keys: Mapping[str, str]) -> None:
    status, locked = draft.reel.review_status, draft.theirs is not None
    waits = status is ReviewStatus.TO_REVIEW
    with st.container(horizontal=True, gap="small", key=f"verdict-{draft.reel.id}"):
        st.button(
            "Approve",
            key=f"approve-{draft.reel.id}",
            icon=":material/check:",
            type="primary" if waits else "secondary",
            disabled=locked or status is ReviewStatus.APPROVED,
            shortcut=keys.get("approve"),
            on_click=doer,
            args=(draft, approve),
        )
        st.button(
            "Reject",
            key=f"reject-{draft.reel.id}",
            icon=":material/close:",
            disabled=locked or status is ReviewStatus.REJECTED,
            shortcut=keys.get("reject"),
            on_click=doer,
            args=(draft, reject),
        )
        if not waits:
            undo_button(draft, doer)


def undo_button(draft: Draft, doer: Doer) -> None:
    st.button(
        "Undo",
        key=f"undo-{draft.reel.id}",
        icon=":material/undo:",
        type="tertiary",
        on_click=doer,
        args=(draft, undo),
    )


def folder_line(draft: Draft, doer: Doer, keys: Mapping[str, str]) -> None:
    reel = draft.reel
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        publish_button(reel.id)
        if reel.folder_version == reel.version:
            st.caption(":green[:material/folder:] It is in the folder.")
            return
        st.button(
            "Put into the folder",
            key=f"folder-{reel.id}",
            help="Copies the mp4, the cover and the caption, ready to be posted by hand",
            icon=":material/drive_file_move:",
            disabled=draft.theirs is not None,
            shortcut=keys.get("folder"),
            on_click=doer,
            args=(draft, put_into_folder),
        )
        if reel.folder_version is not None:
            st.caption(":orange[:material/folder:] The folder has an older version.")
