"""A publication in; how far it is and what is sent of it, in words, out.  Pure."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from gravix_core import JobStatus, PostOptions, Publication, PublishItem, Step, Transport
from gravix_ui.words import at, counted, day, sentence

STEPS = {
    Step.CLAIMED: "Waiting to be sent",
    Step.UPLOADED: "Instagram prepares it",
    Step.READY: "Publishing",
    Step.SENT: "Waiting for Instagram's answer",
}
PERCENT = {Step.CLAIMED: 0, Step.UPLOADED: 70, Step.READY: 85, Step.SENT: 95}
UPLOAD = (5, 65)
"""From and to which percent the upload goes: it is most of the time."""
CANCELLABLE = frozenset({Step.CLAIMED, Step.CREATED, Step.UPLOADED, Step.READY})
"""Where it is certain that nothing is on Instagram."""
MAX_COLLABORATORS = 3
"""Graph API reference, IG User Media, collaborators, read 2026-11-22."""
USERNAME = re.compile(r"[A-Za-z0-9._]{1,30}")


def step_told(one: PublishItem) -> str:
    """``Uploading 12 of 20 MB``."""
    row = one.publication
    if row.step is Step.CREATED and row.transport is Transport.URL:
        return "Instagram fetches the file"
    if row.step is Step.CREATED:
        return f"Uploading {part_of(sent(one), row.what.file_size)}"
    if row.step is Step.CLAIMED and _is_at_work(one):
        return "Looking at the file and the account"
    return STEPS.get(row.step, "")


def percent(one: PublishItem) -> int:
    """0..100, of the whole way."""
    row = one.publication
    if row.step is not Step.CREATED:
        return PERCENT.get(row.step, 100)
    begins, ends = UPLOAD
    return round(begins + (ends - begins) * sent(one) / max(row.what.file_size, 1))


def sent(one: PublishItem) -> int:
    """Bytes: those that Instagram has confirmed, or more that are on their way."""
    row = one.publication
    leaving = row.what.file_size * one.job.progress // 100 if one.job and _is_at_work(one) else 0
    return min(max(row.bytes_sent, leaving), row.what.file_size)


def _is_at_work(one: PublishItem) -> bool:
    return one.job is not None and one.job.status is JobStatus.PROCESSING


def part_of(done: int, total: int) -> str:
    """Bytes as ``12 of 20 MB``."""
    unit, name = (1e3, "kB") if total < 1_000_000 else (1e6, "MB")
    digits = 1 if unit == 1e6 and total < 10_000_000 else 0
    return f"{done / unit:.{digits}f} of {total / unit:.{digits}f} {name}"


def usernames(typed: str) -> tuple[str, ...]:
    """``@ada, linus`` as two names, each once."""
    names = (word.lstrip("@") for word in re.split(r"[\s,;]+", typed))
    return tuple(dict.fromkeys(name for name in names if name))


def names_trouble(names: tuple[str, ...]) -> str:
    """Why Instagram would not take these collaborators; empty when it does."""
    if wrong := next((name for name in names if not USERNAME.fullmatch(name)), None):
        return f"“{wrong}” is no username: letters, digits, dots and underscores, at most 30."
    if len(names) > MAX_COLLABORATORS:
        return f"Instagram takes {MAX_COLLABORATORS} collaborators; these are {len(names)}."
    return ""


def where_told(options: PostOptions) -> str:
    return "Reels and feed" if options.share_to_feed else "Reels only"


def cover_told(options: PostOptions) -> str:
    """``Frame at 3.2 s``."""
    at = options.thumb_offset
    return "First frame" if at is None else f"Frame at {at:.1f} s"


def at_names(names: tuple[str, ...]) -> str:
    """``@ada, @linus``; ``None`` where there is nobody."""
    return ", ".join(f"@{name}" for name in names) or "None"


def before_told(one: Publication, local: tzinfo) -> str:
    """That the same stretch was posted, may have been, or is about to be."""
    when = one.published_at or one.sent_at or one.updated_at
    if one.step is Step.PUBLISHED:
        return f"You posted this on {day(when, local)}."
    if one.step not in {Step.SENT, Step.UNSURE}:
        return f"This is on its way to Instagram since {day(one.claimed_at, local)}."
    return f"You may have posted this on {day(when, local)}: what came of it is not known."


def next_look(one: PublishItem, local: tzinfo, *, now: datetime) -> str:
    """When Instagram is asked again, where nothing but that is waited for; else empty."""
    row, after = one.publication, one.job.run_after if one.job else None
    waits = row.step in {Step.UPLOADED, Step.SENT} and not row.trouble
    if not waits or after is None or after <= now:
        return ""
    return f", looks again {at(after, local, seconds=True)}"


def trouble_told(one: PublishItem, local: tzinfo, *, now: datetime) -> str:
    """What holds it up, and when it goes on; empty while nothing does."""
    if not one.publication.trouble:
        return ""
    after = one.job.run_after if one.job else None
    again = f" Gravix goes on {at(after, local, seconds=True)}." if after and after > now else ""
    return f"{sentence(one.publication.trouble)}{again}"


def posts_told(used: int, total: int) -> str:
    """``12 of 50 posts in 24 hours``."""
    return f"{used:,} of {counted(total, 'post')} in 24 hours"
