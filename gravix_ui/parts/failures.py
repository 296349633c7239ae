"""A video and why jobs of it failed in; what that means for its reels, and another try, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from gravix_core import JobType, Trouble, VideoItem
from gravix_ui.parts.video_state import wanted
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import JOB_TYPES, counted, plain, sentence

REASONS = 3
"""Most that are told of one video."""
ASIDE = frozenset({JobType.PREVIEW_PROXY, JobType.IG_PUBLISH, JobType.AI_UPGRADE})
"""Kinds of job that no reel waits for."""


def failed_told(item: VideoItem, troubles: Sequence[Trouble]) -> str:
    """``18 of 20 reels; 2 failed: no room to write.``, as Markdown; empty when nothing failed.

    While work goes on its bar counts the reels that are there.
    """
    parts = []
    if reels := of_reels(troubles):
        head = "" if item.progress.active else f"{_there(item, reels)}; "
        parts.append(f"{head}{_how_many(reels):,} failed: {_reasons(reels)}")
    parts += [
        f"{JOB_TYPES[one.job_type]} failed: {plain(sentence(one.message))}"
        for one in others(troubles)
        if one.job_type not in ASIDE
    ]
    return " ".join(parts)


def failed_boxes(item: VideoItem, troubles: Sequence[Trouble]) -> None:
    """Draw the same with what to do: the reels in one box, all else in its own."""
    reels = of_reels(troubles)
    told = [reels_told(item, reels)] if reels else []
    for box in [*told, *map(trouble_told, others(troubles)[:REASONS])]:
        st.error(box, icon=":material/error:")


def reels_told(item: VideoItem, reels: Sequence[Trouble]) -> str:
    """As Markdown, a line for each reason and what to do about it."""
    head = f"{_there(item, reels)}; {_how_many(reels):,} failed"
    if len(reels) == 1:
        return f"**{head}:** {_why_and_what_to_do(reels[0])}"
    lines = [f"**{one.count:,} ×** {_why_and_what_to_do(one)}" for one in reels[:REASONS]]
    return "\n\n".join([f"**{head}**{_and_more(reels)}", *lines])


def trouble_told(trouble: Trouble) -> str:
    """What failed, why, and what to do, as Markdown."""
    times = f" {counted(trouble.count, 'time')}" if trouble.count > 1 else ""
    return f"**{JOB_TYPES[trouble.job_type]} failed{times}:** {_why_and_what_to_do(trouble)}"


def retry_button(video_id: int, troubles: Iterable[Trouble], *, main: bool, key: str) -> None:
    """Draw what tries again what failed, and that alone; nothing where that changes nothing.

    Args:
        video_id: Whose jobs.
        troubles: Why they failed.
        main: It is the deed that this place is about.
        key: Unique on the page.
    """
    count = sum(one.count for one in troubles if not one.final)
    if count:
        st.button(
            f"Try again ({count:,})" if count > 1 else "Try again",
            icon=":material/refresh:",
            type="primary" if main else "secondary",
            help="What has failed, and nothing else",
            on_click=_retry,
            args=(video_id,),
            key=key,
        )


def of_reels(troubles: Iterable[Trouble]) -> tuple[Trouble, ...]:
    return tuple(one for one in troubles if one.job_type is JobType.REEL_CONVERSION)


def others(troubles: Iterable[Trouble]) -> tuple[Trouble, ...]:
    return tuple(one for one in troubles if one.job_type is not JobType.REEL_CONVERSION)


def _there(item: VideoItem, reels: Sequence[Trouble]) -> str:
    """Of how many that somebody has asked for; those that failed were asked for as well."""
    there, known = item.reels.rendered, item.reels.total
    asked = max(wanted(item), min(known, there + _how_many(reels)))
    return f"{there:,} of {counted(asked, 'reel')}"


def _how_many(reels: Iterable[Trouble]) -> int:
    return sum(one.count for one in reels)


def _reasons(reels: Sequence[Trouble]) -> str:
    if len(reels) == 1:
        return plain(sentence(reels[0].message))
    told = [f"{one.count:,} × {plain(sentence(one.message))}" for one in reels[:REASONS]]
    return " ".join(told) + _and_more(reels)


def _and_more(reels: Sequence[Trouble]) -> str:
    more = _how_many(reels[REASONS:])
    return f" {more:,} more for other reasons." if more else ""


def _why_and_what_to_do(trouble: Trouble) -> str:
    return f"{plain(sentence(trouble.message))}  \n**What to do:** {plain(sentence(trouble.hint))}"


def _retry(video_id: int) -> None:
    with errors_noted():
        count = studio().activity.retry_failed(video_id)
        note(f"{counted(count, 'job')} will be tried again.", icon=":material/refresh:")
