"""Values of the core in, what a person reads out.  Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from gravix_core import ChunkState, JobStatus, JobType, ReviewStatus, Seconds, VideoStatus

VIDEO_STATES = {
    VideoStatus.PENDING: "Waiting",
    VideoStatus.PROCESSING: "At work",
    VideoStatus.COMPLETED: "Ready",
    VideoStatus.FAILED: "Failed",
}

REVIEW_STATES = {
    ReviewStatus.TO_REVIEW: "To review",
    ReviewStatus.APPROVED: "Approved",
    ReviewStatus.REJECTED: "Rejected",
}

CHUNK_STATES = {
    ChunkState.NOT_MADE: "Not made",
    ChunkState.WAITING: "Waiting",
    ChunkState.AT_WORK: "At work",
    ChunkState.FAILED: "Failed",
    ChunkState.TO_REVIEW: "To review",
    ChunkState.APPROVED: "Approved",
    ChunkState.REJECTED: "Rejected",
}

JOB_STATES = {
    JobStatus.PENDING: "Waiting",
    JobStatus.PROCESSING: "At work",
    JobStatus.COMPLETED: "Done",
    JobStatus.FAILED: "Failed",
    JobStatus.CANCELLED: "Cancelled",
}

JOB_TYPES = {
    JobType.YT_DOWNLOAD: "Bring in",
    JobType.SPEECH_RECOGNITION: "Recognise speech",
    JobType.VIDEO_CUTTING: "Cut into chunks",
    JobType.REEL_CONVERSION: "Render",
    JobType.AI_METADATA: "Write texts",
    JobType.AI_UPGRADE: "Write texts with Gemini",
    JobType.IG_PUBLISH: "Publish",
    JobType.TOKEN_REFRESH: "Refresh the connection",
    JobType.PREVIEW_PROXY: "Make a preview",
}

FOLDERS = re.compile(
    r"(?<![\w:/\\.])"  # not inside a word or an address
    r"(?:[A-Za-z]:|\\|~)?"
    r"(?:[\\/][^\\/\s'\"`:;,()]+)*[\\/](?=[^\\/\s])"
)
"""The folders of an absolute path, up to its last name."""

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=])")


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


def moment(when: datetime, local: tzinfo) -> str:
    """``14:05`` today, ``23 Nov, 14:05`` this year, else with the year."""
    there, now = when.astimezone(local), datetime.now(local)
    if there.date() == now.date():
        return f"{there:%H:%M}"
    day = f"{there.day} {there:%b}"
    return f"{day}, {there:%H:%M}" if there.year == now.year else f"{day} {there:%Y, %H:%M}"


def day(when: datetime, local: tzinfo) -> str:
    """``12 November 2026``."""
    there = when.astimezone(local)
    return f"{there.day} {there:%B %Y}"


def at(when: datetime, local: tzinfo, *, seconds: bool = False) -> str:
    """``at 14:05``, ``on 23 Nov, 14:05``; with `seconds`, of today ``at 14:05:09``."""
    told = moment(when, local)
    if "," in told:
        return f"on {told}"
    return f"at {when.astimezone(local):%H:%M:%S}" if seconds else f"at {told}"


def size(count: int) -> str:
    """Bytes as ``12 kB``, ``3.4 MB`` or ``1.2 GB``."""
    if count < 1_000_000:
        return f"{max(count, 0) / 1000:.0f} kB"
    unit, name = (1e9, "GB") if count >= 1_000_000_000 else (1e6, "MB")
    return f"{count / unit:.1f} {name}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 reel``, ``3 reels``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def capital(text: str) -> str:
    """The text with its first letter capital."""
    return f"{text[:1].upper()}{text[1:]}"


def plain(text: str) -> str:
    """The text with every character of Markdown taken literally."""
    return MARKDOWN.sub(r"\\\1", text)


def without_folders(text: str) -> str:
    """The text with absolute paths cut down to their last name.

    Where files lie on the server is no business of the browser's.  A path with white space
    is cut up to it.
    """
    return FOLDERS.sub("", text)


def sentence(text: str) -> str:
    """With a full stop, and without the server's folders."""
    shown = without_folders(text).strip().rstrip(".")
    return f"{shown}." if shown else ""
