"""A reel in; each text that it had, of which the operator may take one again, out."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from gravix_core import Saved, TextVersion
from gravix_ui.parts.reel_asked import asked, forget_asked
from gravix_ui.parts.reel_badges import writer
from gravix_ui.parts.reel_draft import Draft, draft_of, put_text
from gravix_ui.parts.reel_words import is_same, words_html
from gravix_ui.session import errors_shown, note, studio
from gravix_ui.words import capital, moment, plain, zone


@dataclass(frozen=True, slots=True)
class Earlier:
    """Asks for the earlier texts of a reel."""

    reel_id: int


def history_dialog() -> None:
    """Draw it while it is open."""
    earlier = asked(Earlier)
    if earlier is not None:
        st.dialog("Earlier texts", width="medium", on_dismiss=forget_asked)(_dialog)(earlier)


def _dialog(earlier: Earlier) -> None:
    with errors_shown():
        item = studio().review.item(earlier.reel_id)
        if item is None:
            st.caption("This reel is gone: its video has been deleted.")
            return
        draft = draft_of(item.reel)
        draft.follow(item.reel)
        if draft.trouble:
            st.error(draft.trouble, icon=":material/error:")
        for version in studio().texts.history(earlier.reel_id):
            _version(draft, version)


def _version(draft: Draft, version: TextVersion) -> None:
    text = version.text
    when = moment(version.created_at, zone(st.context.timezone))
    said = f" · “{plain(version.instruction)}”" if version.instruction else ""
    with st.container(border=True, gap="small", key=f"version-{version.id}"):
        who = plain(capital(writer(text.written_by)))
        st.markdown(f":small[**{who}** :gray[{plain(when)}{said}]]")
        st.html(words_html(text))
        if is_same(text, draft.reel.text):
            st.caption(":green[:material/check:] This is how it reads now.")
            return
        st.button(
            "Use this again",
            key=f"restore-{version.id}",
            icon=":material/history:",
            disabled=draft.theirs is not None,
            on_click=_restore,
            args=(draft, version),
        )


def _restore(draft: Draft, version: TextVersion) -> None:
    """Where it could not be put there, the dialog stays and says why."""

    def deed(edited: int) -> Saved:
        return studio().texts.restore(draft.reel.id, version.id, edited=edited)

    if put_text(draft, deed):
        forget_asked()
        note("The earlier text is back.")
        st.rerun()
