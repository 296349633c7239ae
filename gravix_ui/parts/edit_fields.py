"""A draft in; fields for its start, its end, its picture and its words out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import streamlit as st

from gravix_core import LAYOUTS, MAX_HOOK, MAX_REEL, MIN_REEL, STYLES, Cue, EditItem, Seconds
from gravix_ui.parts.edit_draft import (
    CROPPED,
    MIDDLE,
    Draft,
    layout_choices,
    layout_of,
    style_choices,
)
from gravix_ui.session import studio, uncut
from gravix_ui.words import counted, length, plain

T = TypeVar("T")

LINES_HEIGHT = 320
"""Pixels: about seven lines."""
TENTH: Seconds = 0.1


def filled(draft: Draft, name: str, value: T) -> tuple[str, T]:
    """The key of a field that holds what the draft says until the operator changes it; and what
    it holds now, for its default: see `reel_editor.fields`.
    """
    key = draft.key(name)
    held: T = st.session_state.setdefault(key, value)
    return key, held


def place(held: str, among: Sequence[str]) -> int | None:
    return among.index(held) if held in among else None


def deed(do: Callable[[], object]) -> Callable[[], None]:
    """For callbacks: nothing of what was typed is lost by it."""
    return partial(uncut, do)


def times(draft: Draft, item: EditItem) -> None:
    """Start and end: typed, nudged, or moved to the next sentence."""
    with st.container(key="edit-times", gap="small"):
        edge(draft, item, "start", at=draft.start, sentence=item.earlier)
        edge(draft, item, "end", at=draft.end, sentence=item.later)
    st.markdown(f":small[{lasts(draft)}]")


def edge(draft: Draft, item: EditItem, name: str, *, at: Seconds, sentence: Seconds | None) -> None:
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key=f"edge-{name}"
    ):
        key, held = filled(draft, name, at)
        st.number_input(
            f"{name.capitalize()} in seconds",
            0.0,
            max(item.duration, held),
            held,
            step=TENTH,
            format="%.1f",
            key=key,
            width=170,
        )
        for label, by in (("−1 s", -1.0), ("+1 s", 1.0)):
            nudge(draft, name, label, to=min(item.duration, at + by))
        if item.has_words:
            label = (
                "Take in the sentence before" if name == "start" else "Take in the sentence after"
            )
            nudge(draft, name, label, to=sentence)


def nudge(draft: Draft, name: str, label: str, *, to: Seconds | None) -> None:
    def move() -> None:
        draft.read()
        draft.move(start=to if name == "start" else None, end=to if name == "end" else None)

    st.button(
        label,
        key=f"nudge-{name}-{label}",
        disabled=to is None,
        on_click=deed(move),
        type="secondary",
    )


def lasts(draft: Draft) -> str:
    """How long the reel will be, or what is wrong with that, as Markdown."""
    span = draft.span
    if span is None:
        return ":red[The end must lie after the start.]"
    said = f"{length(span.start)} – {length(span.end)}, {span.duration:.1f} seconds"
    if not MIN_REEL <= round(span.duration, 2) <= MAX_REEL:
        return f":red[{plain(said)}. Instagram takes {MIN_REEL:g} to {MAX_REEL:g} seconds.]"
    return f":gray[{plain(said)}]"


def picture(draft: Draft, item: EditItem) -> None:
    """How the source fills the reel."""
    usual = LAYOUTS.get(item.video.layout)
    labels = {"": f"As the video: {usual.label.lower() if usual else item.video.layout}"}
    labels |= {name: layout.label for name, layout in LAYOUTS.items()}
    key, held = filled(draft, "layout", draft.look.layout or "")
    choices = layout_choices()
    st.selectbox(
        "Layout", choices, place(held, choices), format_func=lambda name: labels[name], key=key
    )
    draft.read()
    layout = LAYOUTS.get(layout_of(draft, item))
    if layout is not None:
        st.caption(layout.hint)


def crop(draft: Draft, item: EditItem) -> None:
    """Where the window stands, in the layouts that have one."""
    if layout_of(draft, item) not in CROPPED or item.size is None:
        return
    if studio().editing.window(item.size, MIDDLE) is None:
        return
    with st.container(key="edit-crop"):
        key, held = filled(draft, "fixed", draft.look.position is not None)
        fixed = st.toggle(
            "Choose where the crop stands",
            held,
            key=key,
            help="It stays there for the whole reel. The picture above shows what is kept.",
        )
        if fixed:
            at = MIDDLE if draft.look.position is None else draft.look.position
            ends = ("left", "right") if item.size.aspect > 1 else ("top", "bottom")
            key, stands = filled(draft, "position", 100 * at)
            st.slider(
                f"Crop position, from {ends[0]} to {ends[1]}",
                0.0,
                100.0,
                stands,
                step=0.5,
                format="%g %%",
                key=key,
            )


def words(draft: Draft, item: EditItem) -> None:
    """What is written over the picture, but for the lines."""
    usual = STYLES.get(item.video.subtitles)
    labels = {"": f"As the video: {usual.label.lower() if usual else item.video.subtitles}"}
    labels |= {name: style.label for name, style in STYLES.items()}
    key, held = filled(draft, "subtitles", draft.look.subtitles or "")
    choices = style_choices()
    st.selectbox(
        "Subtitles", choices, place(held, choices), format_func=lambda name: labels[name], key=key
    )
    draft.read()
    style = STYLES.get(style_of(draft, item))
    if style is not None:
        st.caption(style.hint)
    key, held = filled(draft, "hook", draft.look.hook)
    st.text_input(
        "Hook line",
        held,
        key=key,
        max_chars=MAX_HOOK,
        placeholder="A question, a promise, a number",
        help="Stands on the picture for the first 3 seconds. Leave it empty for none.",
    )
    draft.read()
    st.caption(f"{len(draft.look.hook)} of {MAX_HOOK} characters, on screen for 3 seconds")


def style_of(draft: Draft, item: EditItem) -> str:
    return draft.look.subtitles or item.video.subtitles


def lines(draft: Draft, item: EditItem) -> None:
    """What the subtitles say, line by line."""
    if style_of(draft, item) == "off":
        return
    now = draft.lines(item)
    with st.container(horizontal=True, vertical_alignment="center", key="edit-lines-head"):
        st.markdown(f"**Subtitle text** :small[:gray[{told(draft, item, now)}]]")
        if draft.look.lines is not None and item.has_words:
            st.button(
                "Back to the transcript",
                icon=":material/restart_alt:",
                type="tertiary",
                key="reset-lines",
                on_click=deed(draft.reset_lines),
            )
    draft.show_lines(now)
    if now:
        with st.container(height=LINES_HEIGHT, key="edit-lines", gap="xsmall"):
            for key, cue in draft.shown.items():
                line(draft, key, cue)


def line(draft: Draft, key: str, cue: Cue) -> None:
    if st.session_state.get(key) != cue.text:
        st.session_state[key] = cue.text
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{key}"):
        st.markdown(f":small[:gray[{plain(length(cue.span.start))}]]", width=44)
        st.text_input(
            f"At {length(cue.span.start)}", cue.text, key=key, label_visibility="collapsed"
        )
        st.button(
            "",
            icon=":material/close:",
            type="tertiary",
            help="Delete this line",
            key=f"drop-{key}",
            on_click=deed(lambda: draft.drop_line(key)),
        )


def told(draft: Draft, item: EditItem, now: tuple[Cue, ...]) -> str:
    """As Markdown."""
    if not item.has_words:
        return "This video has no transcript: add it again together with one."
    if draft.look.lines is not None:
        return f"{counted(len(now), 'line')}, changed by you"
    return counted(len(now), "line") if now else "Nobody speaks here."
