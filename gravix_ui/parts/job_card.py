"""The work on one video in; how far it is, what can be done about it, and its log out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from gravix_core import JobItem, VideoItem, VideoWork
from gravix_ui.parts.failures import failed_boxes, retry_button
from gravix_ui.parts.job_table import job_table
from gravix_ui.parts.job_words import (
    CANCELLED,
    at_the_moment,
    retries_told,
    stages_told,
    time_left,
    was_cancelled,
    what,
)
from gravix_ui.parts.log_lines import log_lines
from gravix_ui.parts.video_card import video_link
from gravix_ui.parts.video_state import counts_of, progress_bar, state_badge
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import capital, counted, moment, zone

STYLE = Path(__file__).with_suffix(".css")


def card_style() -> None:
    """Draw the style of the cards: once in a page, outside of what is drawn again."""
    st.html(STYLE)


def job_card(work: VideoWork, *, paused: bool) -> None:
    """Draw it; the jobs and the log are read when they are opened."""
    video_id = work.item.video.id
    with st.container(border=True, gap="small", key=f"job-card-{video_id}"):
        _head(work)
        _now(work, paused=paused)
        details = st.expander(
            "Jobs and log", key=f"jobs-{video_id}", on_change="rerun", type="compact"
        )
        if details.open:
            with details, st.container(key=f"details-{video_id}"):
                _details(video_id)


def _now(work: VideoWork, *, paused: bool) -> None:
    """In one container, so that nothing below it moves when something comes or goes."""
    with st.container(gap="xsmall", key=f"job-now-{work.item.video.id}"):
        if work.item.progress.active:
            progress_bar(work.item)
            told = [at_the_moment(work.running)] if work.running else []
            if work.left is not None:
                told.append(time_left(work.left, paused=paused))
            st.caption(stages_told(work))
            if told:
                st.caption(capital(" · ".join(told)))
            if again := retries_told(work, zone(st.context.timezone), now=datetime.now(UTC)):
                st.caption(again)
        elif was_cancelled(work):
            st.write(CANCELLED)
        failed_boxes(work.item, work.troubles)


def _head(work: VideoWork) -> None:
    video_id = work.item.video.id
    with st.container(horizontal=True, vertical_alignment="center", key=f"head-{video_id}"):
        with st.container(horizontal=True, vertical_alignment="center", width="stretch"):
            video_link(work.item.video)
            st.markdown(_state(work.item), width="content")
        if work.item.progress.active:
            st.button(
                "Cancel",
                icon=":material/stop_circle:",
                on_click=cancel,
                args=(video_id,),
                key=f"cancel-{video_id}",
            )
        rests = not work.item.progress.active
        retry_button(
            video_id,
            work.troubles,
            main=rests and not was_cancelled(work),
            key=f"retry-{video_id}",
        )
        if was_cancelled(work):
            st.button(
                "Go on",
                icon=":material/play_arrow:",
                type="primary" if rests else "secondary",
                on_click=go_on,
                args=(video_id,),
                key=f"go-on-{video_id}",
            )


def _state(item: VideoItem) -> str:
    """As Markdown: a badge, and for work that has ended what came of it and when."""
    if item.progress.active:
        return state_badge(item)
    ended = moment(item.video.updated_at, zone(st.context.timezone))
    told = ", ".join(text for text in (counts_of(item), ended) if text)
    return f"{state_badge(item)} :small[{told}]"


def _details(video_id: int) -> None:
    items = studio().activity.jobs(video_id)
    job_table(
        items,
        on_deed=lambda job_id, word: do(video_id, job_id, word),
        on_log=lambda job_id: st.session_state.update({_log_key(video_id): job_id}),
        key=f"table-{video_id}",
    )
    chosen = st.session_state.get(_log_key(video_id))
    one = next((item for item in items if item.job.id == chosen), None)
    _log(video_id, one, items)


def _log(video_id: int, one: JobItem | None, items: Sequence[JobItem]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"log-head-{video_id}"):
        st.markdown(f"**Log of {what(one).lower() if one else 'the video'}**", width="content")
        if one is not None:
            st.button(
                "Whole log",
                type="tertiary",
                on_click=st.session_state.pop,
                args=(_log_key(video_id), None),
                key=f"whole-log-{video_id}",
            )
    lines = studio().activity.log(video_id, job_id=one.job.id if one else None)
    names = {} if one else {item.job.id: what(item) for item in items}
    log_lines(lines, names=names, key=f"log-{video_id}")


def cancel(video_id: int) -> None:
    with errors_noted():
        studio().activity.cancel(video_id)
        note(CANCELLED, icon=":material/stop_circle:")


def go_on(video_id: int) -> None:
    with errors_noted():
        count = studio().activity.retry(video_id)
        note(f"{counted(count, 'job')} will run again.", icon=":material/play_arrow:")


def do(video_id: int, job_id: int, word: str) -> None:
    """The deed on the button of one job."""
    with errors_noted():
        if word == "Cancel":
            studio().activity.cancel_job(job_id)
            note(CANCELLED, icon=":material/stop_circle:")
        elif studio().activity.retry(video_id, job_id=job_id):
            note("It will be tried again.", icon=":material/refresh:")


def _log_key(video_id: int) -> str:
    return f"log-of-{video_id}"
