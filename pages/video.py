"""The number of a video in; all that is known of it, and what can be done with it, out."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gravix_core import ChunkState, JobItem, JobStatus, PreviewState, Span, VideoDetail, VideoItem
from gravix_ui.parts.chunk_list import chunk_list, chunk_style
from gravix_ui.parts.failures import failed_told, retry_button
from gravix_ui.parts.job_words import what
from gravix_ui.parts.live import live
from gravix_ui.parts.log_lines import log_lines, log_style
from gravix_ui.parts.upgrade import upgrade_notice
from gravix_ui.parts.usage_words import estimated
from gravix_ui.parts.video_card import title
from gravix_ui.parts.video_facts import facts
from gravix_ui.parts.video_removal import removal_button, removal_dialog
from gravix_ui.parts.video_screen import play_stretch, screen_style, video_screen
from gravix_ui.parts.video_state import is_stopped, progress_bar, state_badge
from gravix_ui.parts.ways import way
from gravix_ui.session import errors_noted, errors_shown, note, show_notes, studio
from gravix_ui.words import counted, plain, without_folders

PAGE_WIDTH = 1160
LONGEST_ID = 15
"""Digits; more than any database counts to."""


def asked_for() -> int | None:
    given = st.query_params.get("id", "")
    return int(given) if given.isdecimal() and len(given) <= LONGEST_ID else None


def cancel(video_id: int) -> None:
    with errors_noted():
        studio().activity.cancel(video_id)
        note("Stopping. What is done stays.", icon=":material/stop_circle:")


def go_on(video_id: int) -> None:
    with errors_noted():
        count = studio().activity.retry(video_id)
        note(f"{counted(count, 'job')} will run again.", icon=":material/play_arrow:")


def state(detail: VideoDetail) -> None:
    with st.container(key="video-state", gap="small"):
        st.markdown(f"{state_badge(detail.item)} :small[{facts(detail)}]")
        work(detail.item)


def work(item: VideoItem) -> None:
    """How far it is, or why it is not; with the button that helps."""
    video_id = item.video.id
    if item.progress.active:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            progress_bar(item)
            icon = ":material/stop:"
            st.button("Cancel", icon=icon, on_click=cancel, args=(video_id,), key="cancel")
    troubles = studio().activity.troubles([video_id]).get(video_id, ())
    if told := failed_told(item, troubles):
        st.write(told)
    elif item.video.error_message:
        st.write(plain(without_folders(item.video.error_message)))
    with st.container(horizontal=True, key="video-ways-on"):
        if is_stopped(item) and studio().activity.may_retry(video_id):
            icon = ":material/play_arrow:"
            st.button("Go on", icon=icon, on_click=go_on, args=(video_id,), key="go-on")
        retry_button(video_id, troubles, main=False, key="retry")


def chunks(detail: VideoDetail, state: PreviewState) -> None:
    def play(span: Span) -> None:
        play_stretch(detail.item.video.id, span)

    with st.container(key="video-chunks", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", key="chunks-head"):
            st.subheader("Chunks", anchor=False)
            make_all_button(detail)
        if detail.chunks:
            chunk_list(
                detail.chunks,
                on_play=play if state is PreviewState.READY else None,
                has_source=state is not PreviewState.NO_SOURCE,
                key="chunks",
            )
        else:
            st.caption("The video is cut into chunks as soon as it has been brought in.")


def make_all_button(detail: VideoDetail) -> None:
    missing = sum(item.state is ChunkState.NOT_MADE for item in detail.chunks)
    if missing and not detail.item.progress.active:
        st.button(
            f"Make all ({missing:,})",
            icon=":material/movie:",
            help="Makes the reels that nobody has asked for yet",
            on_click=make_all,
            args=(detail.item.video.id,),
            key="make-all",
        )


def make_all(video_id: int) -> None:
    with errors_noted():
        count = studio().editing.render_all(video_id)
        note(f"{counted(count, 'reel is', 'reels are')} being made.", icon=":material/movie:")


def log(detail: VideoDetail) -> None:
    opened = bool(detail.item.progress.jobs(JobStatus.FAILED))
    renders = [JobItem(one.job, one.chunk.index + 1) for one in detail.chunks if one.job]
    with st.expander("Log", expanded=opened, key="video-log"):
        log_lines(
            studio().activity.log(detail.item.video.id),
            names={item.job.id: what(item) for item in renders},
            key="video-log-lines",
        )


def video(video_id: int, known: VideoDetail | None) -> bool:
    """Draw what changes while work goes on; say whether it does."""
    show_notes()
    with errors_shown():
        detail = known or studio().library.video(video_id)
        preview = studio().library.preview(video_id)
        state(detail)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            video_screen(detail, preview)
        with right:
            chunks(detail, preview.state)
        log(detail)
        return is_busy(detail)
    return False


def is_busy(detail: VideoDetail) -> bool:
    proxy = detail.proxy is not None and detail.proxy.status in {
        JobStatus.PENDING,
        JobStatus.PROCESSING,
    }
    return detail.item.progress.active or proxy


def texts(video_id: int) -> None:
    """What Gemini could write, and what it has cost; nothing where it was never asked."""
    upgrade_notice(video_id, key="video-upgrade")
    if used := studio().gemini.of_video(video_id):
        asked = counted(used.requests, "request")
        st.caption(plain(f"Asked of Gemini for its texts: {asked}, {estimated(used)}."))


def show(video_id: int, corner: DeltaGenerator) -> None:
    detail = studio().library.video(video_id)
    with corner:
        removal_button(video_id)
    st.title(title(detail.item.video), anchor=False)
    just_read = [detail]

    def draw() -> bool:
        return video(video_id, just_read.pop() if just_read else None)

    texts(video_id)
    live(draw, active=is_busy(detail), key="video-live")
    removal_dialog(detail)


log_style()
chunk_style()
screen_style()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, key="video"),
):
    with st.container(horizontal=True, vertical_alignment="center", key="video-ways"):
        with st.container():
            st.page_link(way("library"), label="Library", icon=":material/arrow_back:")
        corner = st.container(width="content")
    with errors_shown():
        asked = asked_for()
        if asked is None:
            st.info("This address names no video. Choose one in the Library.")
        else:
            show(asked, corner)
