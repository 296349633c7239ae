"""Values of the core in, what a person reads out.  Pure."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from gravix_core import Seconds, VideoStatus

VIDEO_STATES = {
    VideoStatus.PENDING: "Waiting",
    VideoStatus.PROCESSING: "At work",
    VideoStatus.COMPLETED: "Ready",
    VideoStatus.FAILED: "Failed",
}

FOLDERS = re.compile(
    r"(?<![\w:/\\.])"  # not inside a word or an address
    r"(?:[A-Za-z]:|\\|~)?"
    r"(?:[\\/][^\\/\s'\"`:;,()]+)*[\\/](?=[^\\/\s])"
)
"""The folders of an absolute path, up to its last name."""

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def length(seconds: Seconds | None) -> str:
    """``mm:ss``, or ``h:mm:ss`` from an hour on; a dash when it is not known yet."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def zone(name: str | None) -> tzinfo:
    """The time zone that the browser names; UTC when it names none that is known."""
    try:
        return ZoneInfo(name) if name else UTC
    except (OSError, ValueError, KeyError):  # no such zone, or no name of a zone at all
        return UTC


def plain(text: str) -> str:
    """The text with every character of Markdown taken literally."""
    return MARKDOWN.sub(r"\\\1", text)


def without_folders(text: str) -> str:
    """The text with absolute paths cut down to their last name.

    Where files lie on the server is no business of the browser's.  A path with white space
    is cut up to it.
    """
    return FOLDERS.sub("", text)
