"""A video, or all, in; how many texts are still Gravix's own, and a way to Gemini's, out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from gravix_core import GeminiStatus, Job, JobStatus, JobType, Usage
from gravix_ui.parts.live import live
from gravix_ui.parts.usage_words import estimated
from gravix_ui.parts.ways import way
from gravix_ui.session import errors_noted, errors_shown, note, show_notes, studio
from gravix_ui.words import at, capital, counted, plain, sentence, zone

NOT_NOW = "gemini-not-now"
"""Set in a session whose operator does not want to be asked."""
ESTIMATE = "upgrade-estimate"
MOST = 30
"""Videos whose jobs are looked at."""
WAITS = ("day", "wait")
"""Kinds of hold that last, whatever the operator does."""
OPEN = (JobStatus.PENDING, JobStatus.PROCESSING)
SOON = timedelta(minutes=2)
"""What begins later is not waited for on the page."""


@dataclass(frozen=True, slots=True)
class Standing:
    gemini: GeminiStatus
    count: int
    """Texts that Gemini may write over."""
    jobs: tuple[Job, ...] = ()
    """That ask for them, the next first."""

    def is_busy(self, now: datetime) -> bool:
        return any(is_soon(job, now) for job in self.jobs)

    def is_under_way(self, now: datetime) -> bool:
        """Asking once more would change nothing."""
        return bool(self.jobs) and (not self.gemini.is_on or self.is_busy(now))


def upgrade_notice(video_id: int | None, *, key: str) -> None:
    """Draws nothing without a key, and where no text is Gravix's own."""
    if not studio().gemini.status().has_key:
        return
    now, first = datetime.now(UTC), standing(video_id)

    def draw() -> bool:
        show_notes()
        with errors_shown():
            here = standing(video_id)
            if here.count != first.count:  # the cards show what came
                st.rerun()
            notice(here, video_id, key=key)
            return here.is_busy(datetime.now(UTC))
        return False

    live(draw, active=first.is_busy(now), key=f"{key}-live")


def standing(video_id: int | None) -> Standing:
    status, count = studio().gemini.status(), studio().texts.upgradable(video_id)
    jobs = jobs_of(video_id, status) if count and status.consented else ()
    return Standing(status, count, jobs)


def jobs_of(video_id: int | None, status: GeminiStatus) -> tuple[Job, ...]:
    activity = studio().activity
    writes = {JobType.AI_UPGRADE, *((JobType.AI_METADATA,) if status.is_on else ())}
    ids = list(studio().library.titles())[:MOST] if video_id is None else [video_id]
    found = [
        item.job
        for one in ids
        for item in activity.jobs(one)
        if item.job.job_type in writes and item.job.status in OPEN
    ]
    return tuple(sorted(found, key=lambda job: (job.status is JobStatus.PENDING, due(job))))


def due(job: Job) -> datetime:
    return job.run_after or job.created_at


def is_soon(job: Job, now: datetime) -> bool:
    return job.status is JobStatus.PROCESSING or due(job) < now + SOON


def notice(here: Standing, video_id: int | None, *, key: str) -> None:
    if not here.count or (not here.gemini.consented and st.session_state.get(NOT_NOW)):
        return
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", gap="small", key=key
    ):
        if here.is_under_way(datetime.now(UTC)):
            st.markdown(f":material/hourglass_top: {plain(under_way(here))}", width="stretch")
        elif not here.gemini.consented:
            st.markdown(f"{own(here.count)} {plain(can(video_id, here))}", width="stretch")
            to_texts("Write them with Gemini …", key=key)
        elif here.gemini.held is not None and here.gemini.held.until is None:
            told = sentence(capital(here.gemini.held.message))
            st.markdown(f"{own(here.count)} {plain(told)}", width="stretch")
            to_texts("Open Texts", key=key)
        else:
            offer(here, video_id, key=key)


def own(count: int) -> str:
    """As Markdown."""
    has = "reel has" if count == 1 else "reels have"
    return f"**{count:,} {has} Gravix's own text{'' if count == 1 else 's'}.**"


def can(video_id: int | None, here: Standing) -> str:
    return f"Gemini can write them: {estimated(estimate(video_id, here))}."


def offer(here: Standing, video_id: int | None, *, key: str) -> None:
    held = here.gemini.held
    when = ""
    if held is not None and held.until is not None and held.kind in WAITS:
        again = at(held.until, zone(st.context.timezone))
        when = f" {sentence(capital(held.message))} It would be asked {again}."
    st.markdown(f"{own(here.count)} {plain(can(video_id, here) + when)}", width="stretch")
    st.button(
        "Write them with Gemini",
        icon=":material/auto_awesome:",
        key=f"{key}-go",
        on_click=upgrade,
        args=(video_id,),
    )


def upgrade(video_id: int | None) -> None:
    with errors_noted():
        count = studio().texts.upgrade(video_id)
        note(
            f"Gemini is asked for {counted(count, 'text')}. What you edited or approved stays.",
            icon=":material/auto_awesome:",
        )
        st.rerun()


def to_texts(label: str, *, key: str) -> None:
    """A button, since a link cannot be drawn again by itself in a test."""
    if st.button(label, icon=":material/edit_note:", key=f"{key}-texts"):
        st.switch_page(way("texts"))


def under_way(here: Standing) -> str:
    """What becomes of the texts, as plain text."""
    count, job = here.count, here.jobs[0]
    left = f"{counted(count, 'reel still has', 'reels still have')} Gravix's own text"
    if job.status is JobStatus.PROCESSING:
        return f"Gemini is writing: {left}."
    if studio().activity.is_paused():
        return f"Work is paused: Gemini writes when you resume it. Until then {left}."
    if is_soon(job, datetime.now(UTC)):
        return f"Gemini is asked as soon as it is its turn: {left}."
    again = at(due(job), zone(st.context.timezone))
    held = here.gemini.held
    why = job.error_message or (held.message if held is not None else "")
    return f"Gemini is asked again {again}: {left}. {sentence(capital(why))}".strip()


def estimate(video_id: int | None, here: Standing) -> Usage:
    """It reads transcripts, so once for what stands there."""
    about = (video_id, here.count, here.gemini.model)
    known = st.session_state.get(ESTIMATE)
    if known is None or known[0] != about:
        known = st.session_state[ESTIMATE] = (about, studio().gemini.estimate(video_id))
    usage: Usage = known[1]
    return usage
