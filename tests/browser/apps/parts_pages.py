"""The pages of the tests' dashboard: each draws one part and shows what Python hears of it."""

from __future__ import annotations

import streamlit as st

from gravix_core import ChunkState
from gravix_ui.parts.autosave import autosave
from gravix_ui.parts.player import Line, Play, StripChunk, player
from gravix_ui.parts.uploader import uploader

STATES = (
    ChunkState.APPROVED,
    ChunkState.TO_REVIEW,
    ChunkState.AT_WORK,
    ChunkState.WAITING,
    ChunkState.REJECTED,
    ChunkState.FAILED,
)
WORDS = "what is said here, at some length, so that it goes on in a second line on a phone"
LENGTH = 12.0


def uploads() -> None:
    st.title("Add", anchor=False)
    layout = st.segmented_control("Layout", ["fit", "centre"], default="fit", key="layout")
    told = uploader(
        layout=layout or "fit",
        subtitles="clean",
        best=0,
        chunk_duration=35,
        limit_bytes=60 * 1024 * 1024,
        key="uploader",
        on_added=lambda: st.session_state.update(count=st.session_state.get("count", 0) + 1),
    )
    if told.added:
        st.session_state["last"] = told.added
    if told.open:
        st.session_state["opened"] = told.open
    st.text(f"told {st.session_state.get('count', 0)} last {st.session_state.get('last')}")
    st.text(f"layout {layout}")
    st.text(f"opened {st.session_state.get('opened')}")


def watch() -> None:
    st.title("Video", anchor=False)
    asked = st.query_params
    count, lines = int(asked.get("chunks", 6)), int(asked.get("lines", 6))
    length = float(asked.get("length", LENGTH))
    if st.button("Change a state", key="change"):
        st.session_state["shift"] = st.session_state.get("shift", 0) + 1
    if st.button("Play chunk 2", key="order"):
        st.session_state["nonce"] = st.session_state.get("nonce", 0) + 1
    if st.button("Renew the address", key="renew"):
        st.session_state["exp"] = "new"
    src = {"none": None, "stale": f"/test/stale.mp4?exp={st.session_state.get('exp', 'old')}"}
    step, shift = length / count, st.session_state.get("shift", 0)
    player(
        src=src.get(asked.get("src", ""), "/test/film.mp4"),
        poster=None,
        duration=length,
        chunks=[
            StripChunk(i * step, (i + 1) * step, STATES[(i + shift) % 6], f"Chunk {i + 1}")
            for i in range(count)
        ],
        lines=[
            Line(i * length / lines, (i + 1) * length / lines, f"<b>{i}</b> {WORDS}")
            for i in range(lines)
        ],
        play=Play(step, 2 * step, st.session_state["nonce"])
        if "nonce" in st.session_state
        else None,
        empty="A copy that your browser can play is being made.",
        key="player",
    )
    st.text(f"shift {shift}")


def fields(name: str, after_ms: int = 300, *, is_known: bool = True) -> None:
    """A text area and a text input whose saved values are shown, and counted."""

    def keep(key: str) -> None:
        st.session_state[f"saved_{key}"] = st.session_state[key]
        print(f"saved {key}: {st.session_state[key]}")
        st.session_state[f"count_{key}"] = st.session_state.get(f"count_{key}", 0) + 1

    known = dict[str, str]()
    with st.container(key=f"box_{name}", border=True):
        for kind, draw in (("area", st.text_area), ("line", st.text_input)):
            key = f"{name}_{kind}"
            known[key] = draw(f"{name} {kind}", key=key, on_change=keep, args=(key,))
            saved = st.session_state.get(f"saved_{key}", "")
            st.text(f"{key} {st.session_state.get(f'count_{key}', 0)}: {saved!r}")
    key = f"autosave_{name}"
    autosave(
        container_key=f"box_{name}",
        key=key,
        known=known if is_known else dict.fromkeys(known, "never"),
        after_ms=after_ms,
    )


def edit() -> None:
    st.title("Edit", anchor=False)
    fields("full")
    st.fragment(fields)("part")
    fields("slow", after_ms=60_000)
    fields("stuck", is_known=False)
    st.text_area("apart", key="apart", on_change=lambda: st.session_state.update(apart_saved=True))
    st.text(f"apart {st.session_state.get('apart_saved', False)}")
    if st.button("Save", key="save", shortcut="j"):
        st.session_state["pressed"] = st.session_state.get("pressed", 0) + 1
    st.text(f"pressed {st.session_state.get('pressed', 0)}")


st.set_page_config(page_title="Parts", page_icon="🎬", layout="centered")
st.navigation(
    [
        st.Page(uploads, url_path="uploads", default=True),
        st.Page(watch, url_path="watch"),
        st.Page(edit, url_path="edit"),
    ],
    position="top",
).run()
