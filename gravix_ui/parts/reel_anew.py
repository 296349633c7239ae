"""A reel in; other ways to say its text side by side, from which the operator takes one, out.

Nothing is written before one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from gravix_core import Field, GeminiStatus, GravixError, PostText, Reel, Saved
from gravix_ui.parts.reel_asked import asked, forget_asked
from gravix_ui.parts.reel_draft import Draft, draft_of, put_text
from gravix_ui.parts.reel_words import is_same, words_html
from gravix_ui.parts.ways import way
from gravix_ui.session import errors_shown, note, studio, told
from gravix_ui.words import capital, plain, sentence

ALL = "all"
WHAT = {
    ALL: "All of it",
    Field.TITLE: "Title",
    Field.CAPTION: "Caption",
    Field.HASHTAGS: "Hashtags",
}
LONGEST = 300
"""Characters of an instruction; the core reads no more."""
COLUMN = 200
"""Pixels, at least: three texts beside each other on a desktop, one on a phone."""


@dataclass(slots=True)
class Anew:
    """What one tab asks for.  Kept in plain attributes, which no rerun cuts short."""

    reel_id: int
    what: Field | None = None
    instruction: str = ""
    text_version: int = 0
    """Of the reel, when it was asked."""
    found: tuple[PostText, ...] | None = None
    """None before anything was asked."""
    trouble: str = ""
    """Why nothing came, as Markdown."""

    def is_of(self, reel: Reel) -> bool:
        """Whether what was found may be taken: a field always, all of it for that text alone."""
        return self.what is not None or self.text_version == reel.text_version

    @contextmanager
    def refusals(self) -> Iterator[None]:
        self.trouble = ""
        try:
            yield
        except GravixError as exc:
            self.trouble = told(exc)


def anew_dialog() -> None:
    """Draw it while it is open."""
    anew = asked(Anew)
    if anew is not None:
        st.dialog("Write anew", width="medium", on_dismiss=forget_asked)(_dialog)(anew)


def _dialog(anew: Anew) -> None:
    with errors_shown():
        item = studio().review.item(anew.reel_id)
        if item is None or item.reel.text is None:
            st.caption("This reel is gone: its video has been deleted.")
            return
        draft = draft_of(item.reel)
        draft.follow(item.reel)
        status = studio().gemini.status()
        _who(status)
        if _form(anew, status):
            draft.trouble = ""
            _ask(anew, status, draft.reel)
        if anew.trouble:
            st.error(anew.trouble, icon=":material/error:")
        if anew.found is not None:
            _choice(anew, draft)


def _who(status: GeminiStatus) -> None:
    """Who writes, and why it is not Gemini."""
    if status.is_on:
        st.caption("Gemini writes up to three texts. Nothing changes before you take one.")
        return
    if status.held is not None and status.consented:
        why = f"Gemini is not asked now. {sentence(capital(status.held.message))}"
    else:
        why = "Gemini is off."
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="anew-who"):
        st.caption(
            f"{plain(why)} Gravix itself writes up to three texts from the words of the reel; an"
            " instruction needs Gemini. Nothing changes before you take one.",
            width="stretch",
        )
        if st.button("Open Texts", type="tertiary", icon=":material/edit_note:", key="anew-texts"):
            forget_asked()
            st.switch_page(way("texts"))


def _form(anew: Anew, status: GeminiStatus) -> bool:
    with st.form("anew-form", border=False):
        what = st.segmented_control(
            "What",
            list(WHAT),
            default=ALL,
            required=True,
            format_func=WHAT.__getitem__,
            key="anew-what",
        )
        instruction = ""
        if status.is_on:
            instruction = st.text_input(
                "How, in one line (may be empty)",
                placeholder="shorter, ask a question · more playful · start with the number",
                max_chars=LONGEST,
                key="anew-how",
            )
        is_sent = st.form_submit_button("Write", type="primary", icon=":material/edit_note:")
    if is_sent:
        anew.what = what if isinstance(what, Field) else None
        anew.instruction = instruction.strip()
    return is_sent


def _ask(anew: Anew, status: GeminiStatus, reel: Reel) -> None:
    """What came is kept before anything else is drawn."""
    who = "Gemini is writing. This may take half a minute …" if status.is_on else "Writing …"
    anew.found, anew.text_version = None, reel.text_version
    with st.spinner(who), anew.refusals():
        anew.found = studio().texts.alternatives(
            anew.reel_id, field=anew.what, instruction=anew.instruction
        )


def _choice(anew: Anew, draft: Draft) -> None:
    if draft.trouble:
        st.error(draft.trouble, icon=":material/error:")
    if not anew.found:
        st.info("Nothing came that differs from what is there. Say how it shall be other.")
        return
    if not anew.is_of(draft.reel):
        st.warning(
            "The text has been changed since these were written for it. Choose Write to have others"
            " for how it reads now.",
            icon=":material/warning:",
        )
    if draft.reel.text is not None:
        with st.container(gap="xsmall", key="anew-now"):
            st.caption("As it reads now")
            st.html(words_html(draft.reel.text, anew.what))
    with st.grid(min_column_width=COLUMN, key="anew-found"):
        for number, text in enumerate(anew.found):
            _card(anew, draft, number, text)


def _card(anew: Anew, draft: Draft, number: int, text: PostText) -> None:
    with st.container(border=True, height="stretch", key=f"take-card-{number}"):
        st.html(words_html(text, anew.what))
        st.button(
            "Take this",
            key=f"take-{number}",
            icon=":material/check:",
            disabled=draft.theirs is not None
            or not anew.is_of(draft.reel)
            or is_same(text, draft.reel.text),
            on_click=_take,
            args=(anew, draft, text),
        )


def _take(anew: Anew, draft: Draft, text: PostText) -> None:
    """Where it could not be put there, the dialog stays and says why."""
    desk = studio().texts

    def deed(edited: int) -> Saved:
        return desk.take(
            anew.reel_id,
            text,
            edited=anew.text_version if anew.what is None else edited,
            field=anew.what,
            instruction=anew.instruction,
        )

    if put_text(draft, deed):
        forget_asked()
        note("Taken. The text before it stands in the history.")
        st.rerun()
