"""The jobs of a video in, a table with their states and what can be done with each out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import streamlit as st

from gravix_core import JobItem, JobStatus
from gravix_ui.parts.job_words import ENDED_BADLY, OPEN, deed, state, told, took, what
from gravix_ui.words import counted, length, moment, zone

if TYPE_CHECKING:
    from pandas import DataFrame

MANY = 12
"""From so many jobs on, they can be narrowed down."""
NARROWED: dict[str, Collection[JobStatus]] = {
    "All": tuple(JobStatus),
    "Open": OPEN,
    "To try again": ENDED_BADLY,
    "Done": (JobStatus.COMPLETED,),
}
COLUMNS = {
    "Job": st.column_config.TextColumn(width=132),
    "State": st.column_config.TextColumn(width=92),
    "Progress": st.column_config.ProgressColumn(width=104, format="%d %%", max_value=100),
    "Action": st.column_config.ButtonColumn(width=100),
    "Log": st.column_config.ButtonColumn(width=64),
    "Started": st.column_config.TextColumn(width=110),
    "Took": st.column_config.TextColumn(width=64, alignment="right"),
    "Tries": st.column_config.NumberColumn(width=56),
    "What happened": st.column_config.TextColumn(width=420),
}
"""Widths in pixels: on a phone the first three are seen without scrolling."""


def job_table(
    items: Sequence[JobItem],
    *,
    on_deed: Callable[[int, str], None],
    on_log: Callable[[int], None],
    key: str,
) -> None:
    """Draw the table.

    Args:
        items: All jobs of the video.
        on_deed: Called with a job's id and the word on its button.
        on_log: Called with a job's id.
        key: Unique in the app.
    """
    with st.container(key=f"{key}-head"):  # so that the table does not move when it fills
        shown = _narrowed(items, key=f"{key}-which")
    ids = {row: item.job.id for row, item in enumerate(shown)}

    def done() -> None:
        click = st.session_state[f"{key}-do"]
        if click["row"] in ids:  # the table may have become shorter under the click
            on_deed(ids[click["row"]], click["label"])

    def asked() -> None:
        click = st.session_state[f"{key}-log"]
        if click["row"] in ids:
            on_log(ids[click["row"]])

    buttons = {
        "Action": st.column_config.ButtonColumn(width=100, on_click=done, key=f"{key}-do"),
        "Log": st.column_config.ButtonColumn(width=64, on_click=asked, key=f"{key}-log"),
    }
    table = table_of(shown, zone(st.context.timezone))
    st.dataframe(table, column_config={**COLUMNS, **buttons}, hide_index=True, key=key)


def table_of(items: Sequence[JobItem], local: tzinfo) -> DataFrame:
    """One row per job; times of day as the browser's clock shows them."""
    from pandas import DataFrame  # noqa: PLC0415  80 MB and a second: only where a table is shown

    now = datetime.now(UTC)
    rows = [
        (
            what(item),
            state(item.job),
            item.job.progress,
            deed(item.job),
            "Log",
            moment(item.job.started_at, local) if item.job.started_at else "–",
            length(took(item.job, now)),
            item.job.attempts,
            told(item.job, local, now=now),
        )
        for item in items
    ]
    return DataFrame(rows, columns=list(COLUMNS))


def _narrowed(items: Sequence[JobItem], *, key: str) -> Sequence[JobItem]:
    if len(items) < MANY:
        return items
    found = {
        name: [item for item in items if item.job.status in states]
        for name, states in NARROWED.items()
    }
    chosen = st.segmented_control(
        "Which jobs",
        list(NARROWED),
        default="Open" if found["Open"] else "All",
        required=True,
        label_visibility="collapsed",
        key=key,
    )
    told = [f"{len(found[name]):,} {name.lower()}" for name in NARROWED if name != "All"]
    st.caption(f"{counted(len(items), 'job')}: {', '.join(told)}")
    return found[chosen or "All"]
