"""Lines of a video's log in, a list with times and levels out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from html import escape
from pathlib import Path

import streamlit as st

from gravix_core import LogLevel, LogLine
from gravix_ui.words import moment, without_folders, zone

STYLE = Path(__file__).with_suffix(".css")
HEIGHT = 260
MANY = 8
"""From so many lines on, the list scrolls in itself, at its end where the newest is."""
LEVELS = {LogLevel.INFO: "Note", LogLevel.WARNING: "Warning", LogLevel.ERROR: "Error"}


def log_style() -> None:
    """Draw the style of the lines: once in a page, outside of what is drawn again."""
    st.html(STYLE)


def log_lines(
    lines: Sequence[LogLine], *, names: Mapping[int, str] | None = None, key: str
) -> None:
    """Draw the lines, newest last.

    Args:
        lines: Oldest first.
        names: What jobs are called, by id; what went wrong in them begins with it.
        key: Unique in the app.
    """
    if not lines:
        st.caption("Nothing has been noted yet.")
        return
    local = zone(st.context.timezone)
    text = (
        f'<ol class="gravix-log">{"".join(_row(line, names or {}, local) for line in lines)}</ol>'
    )
    if len(lines) > MANY:
        st.container(height=HEIGHT, autoscroll=True, border=False, key=key).html(text)
    else:
        st.container(key=key).html(text)


def _row(line: LogLine, names: Mapping[int, str], local: tzinfo) -> str:
    name = names.get(line.job_id or 0) if line.level is not LogLevel.INFO else None
    whose = f"<b>{escape(name)}:</b> " if name else ""
    return (
        f"<li><time>{escape(moment(line.created_at, local))}</time>"
        f'<span data-level="{line.level}">{LEVELS[line.level]}</span>'
        f"<p>{whose}{escape(without_folders(line.message))}</p></li>"
    )
