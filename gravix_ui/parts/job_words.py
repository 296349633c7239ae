"""Jobs in; what they are, how they stand and what went wrong out, in words.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from gravix_core import Job, JobItem, JobStatus, Seconds, VideoWork
from gravix_ui.words import JOB_STATES, JOB_TYPES, at, counted, plain, sentence, without_folders

CANCELLED = "Cancelled: nothing of it is lost. Go on takes it up where it was."
ENDED_BADLY = (JobStatus.FAILED, JobStatus.CANCELLED)
OPEN = (JobStatus.PENDING, JobStatus.PROCESSING)
SHOWN_AT_ONCE = 3


def what(item: JobItem) -> str:
    """``Render reel 3``."""
    kind = JOB_TYPES[item.job.job_type]
    return f"{kind} reel {item.reel_number}" if item.reel_number else kind


def state(job: Job) -> str:
    if job.status is JobStatus.PROCESSING and job.cancel_requested:
        return "Stopping"
    if job.status is JobStatus.PENDING and job.error_message:
        return "Tries again"
    return JOB_STATES[job.status]


def deed(job: Job) -> str | None:
    """What the operator can do about it: the word on the button."""
    if job.status is JobStatus.CANCELLED:
        return "Go on"
    if job.status is JobStatus.FAILED:
        return None if job.final else "Try again"
    return None if job.status is JobStatus.COMPLETED or job.cancel_requested else "Cancel"


def took(job: Job, now: datetime) -> Seconds | None:
    """How long the last run took, or runs already; None when it did not begin."""
    ran = job.started_at is not None and job.status is not JobStatus.PENDING
    if job.started_at is None or not ran:
        return None
    return max(0.0, ((job.completed_at or now) - job.started_at).total_seconds())


def tries_again(job: Job, local: tzinfo, *, now: datetime) -> str:
    """``Tries again at 15:20``; empty for a job that does not wait for that."""
    after = job.run_after
    if job.status is not JobStatus.PENDING or not job.error_message or after is None:
        return ""
    return f"Tries again {at(after, local)}" if after > now else "Tries again now"


def gets_on(job: Job, local: tzinfo, *, now: datetime) -> str:
    """What there is to say beside the percent: ``12 of 80 MB, 3.1 MB/s, 20 s left``."""
    if job.status is JobStatus.PROCESSING:
        return without_folders(job.note)
    return tries_again(job, local, now=now)


def told(job: Job, local: tzinfo, *, now: datetime) -> str:
    """How it gets on, and what went wrong, as plain text."""
    return " ".join(
        text for text in (sentence(gets_on(job, local, now=now)), happened(job)) if text
    )


def happened(job: Job) -> str:
    """The error with its hint, as plain text; empty when all is well."""
    told = (job.error_message, job.error_hint) if job.status is not JobStatus.COMPLETED else ()
    text = " ".join(sentence(text) for text in told if text)
    return f"The try before: {text}" if text and job.status is JobStatus.PROCESSING else text


def at_the_moment(running: Sequence[JobItem]) -> str:
    """``Now: render reel 3 (42 %), write texts``, as Markdown."""
    shown = [_with_progress(item) for item in running[:SHOWN_AT_ONCE]]
    more = len(running) - len(shown)
    return f"Now: {', '.join(shown)}{f' and {more} more' if more else ''}"


def time_left(seconds: Seconds, *, paused: bool = False) -> str:
    """``about 3 minutes left``; paused, ``about 3 minutes of work left``."""
    left = "of work left" if paused else "left"
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"less than a minute {left}"
    if minutes < 90:
        return f"about {counted(minutes, 'minute')} {left}"
    return f"about {counted(round(minutes / 60), 'hour')} {left}"


def stages_told(work: VideoWork) -> str:
    """``✓ Bring in · ✓ Cut into chunks · **Render 4 of 15** · Write texts``, as Markdown.

    What runs is in bold.
    """
    at_work = {item.job.job_type for item in work.running}
    parts = []
    for one in work.stages:
        name = JOB_TYPES[one.job_type]
        if one.known and one.done == one.known:
            parts.append(f"✓ {name}")
            continue
        told = f"{name} {one.done:,} of {one.known:,}" if one.known > 1 else name
        parts.append(f"**{told}**" if one.job_type in at_work else told)
    return " · ".join(parts)


def retries_told(work: VideoWork, local: tzinfo, *, now: datetime) -> str:
    """``2 jobs failed and are tried again, the first at 15:20 (try 2): no room.``, as Markdown.

    Empty when nothing waits for that.
    """
    if work.retries is None:
        return ""
    count, job = work.retries.count, work.retries.first
    head = f"{JOB_TYPES[job.job_type]} failed and is tried again"
    if count > 1:
        head = f"{counted(count, 'job')} failed and are tried again, the first"
    after = job.run_after
    when = at(after, local, seconds=True) if after is not None and after > now else "at once"
    tries = f" (try {job.attempts + 1})" if job.attempts else ""
    return f"{head} {when}{tries}: {plain(sentence(job.error_message or ''))}"


def was_cancelled(work: VideoWork) -> bool:
    """The operator ended some of it."""
    return work.item.progress.jobs(JobStatus.CANCELLED) > 0


def _with_progress(item: JobItem) -> str:
    percent = f"{item.job.progress} %" if item.job.progress else ""
    tries = f"try {item.job.attempts}" if item.job.attempts > 1 else ""
    details = ", ".join(text for text in (percent, tries, plain(item.job.note)) if text)
    return f"{what(item).lower()} ({details})" if details else what(item).lower()
