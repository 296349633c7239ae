"""A video in; its player out, and the way to a preview where browsers cannot play the file."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from gravix_core import ChunkItem, Preview, PreviewState, Span, VideoDetail
from gravix_ui.parts.job_words import happened
from gravix_ui.parts.player import Line, Play, StripChunk, player
from gravix_ui.session import errors_noted, studio
from gravix_ui.words import plain

STYLE = Path(__file__).with_suffix(".css")
CANNOT_PLAY = "Browsers cannot play this kind of file. A small copy of it can be made for them."


def screen_style() -> None:
    """Draw the style of the screen: once in a page, outside of what is drawn again."""
    st.html(STYLE)


def video_screen(detail: VideoDetail, preview: Preview) -> None:
    """Draw it; what plays goes on playing when it is drawn again."""
    video = detail.item.video
    ready = preview.state is PreviewState.READY
    with st.container(key="video-screen"):
        player(
            src=studio().files.source_address(video.id) if ready else None,
            poster=studio().files.thumbnail_address(video),
            duration=video.duration or 0,
            chunks=[_part(item) for item in detail.chunks],
            lines=[Line(cue.span.start, cue.span.end, cue.text) for cue in detail.cues],
            play=st.session_state.get(_order(video.id)) if ready else None,
            empty=_instead(detail, preview),
            key=f"player-{video.id}",
        )
        if preview.state is PreviewState.NEEDS_PROXY:
            _preview_button("Make a preview", video.id)
        elif preview.state is PreviewState.FAILED:
            if detail.proxy is not None:
                st.write(plain(happened(detail.proxy)))
            _preview_button("Try the preview again", video.id)


def play_stretch(video_id: int, span: Span) -> None:
    """Have the player play a stretch and stop at its end; for callbacks."""
    nonce = time.time_ns() // 1_000_000  # also another one after the connection was lost
    st.session_state[_order(video_id)] = Play(span.start, span.end, nonce)


def _order(video_id: int) -> str:
    return f"play-{video_id}"


def _part(item: ChunkItem) -> StripChunk:
    span = item.chunk.span
    return StripChunk(span.start, span.end, item.state, f"Chunk {item.chunk.index + 1}")


def _instead(detail: VideoDetail, preview: Preview) -> str:
    """What is shown while there is nothing to play."""
    if preview.state is PreviewState.NEEDS_PROXY:
        return CANNOT_PLAY
    if preview.state is PreviewState.AT_WORK:
        return f"The preview is being made: {preview.percent} %."
    if preview.state is PreviewState.FAILED:
        return "The preview could not be made."
    if detail.item.progress.active:
        return "The file is being brought in."
    return "The file is not here. Add it again: the reels that are there are kept."


def _preview_button(label: str, video_id: int) -> None:
    st.button(label, icon=":material/movie:", on_click=_ask, args=(video_id,), key="make-preview")


def _ask(video_id: int) -> None:
    with errors_noted():
        studio().library.ask_for_proxy(video_id)
