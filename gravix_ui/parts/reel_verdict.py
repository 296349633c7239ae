"""A draft and a verdict in; the verdict written, and a way to take it back, out.

For callbacks: nothing is drawn here, and the session is looked at before anything is written,
since a callback may be cut short there (see `session.uncut`).  What was typed is saved first, so
that a verdict is about the words that stand in the fields.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from gravix_core import ReviewStatus
from gravix_ui.parts.reel_draft import DRAFTS, Draft
from gravix_ui.session import studio

VERDICTS = "reel-verdicts"


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """One that was given in this tab."""

    reel_id: int
    before: ReviewStatus
    given: ReviewStatus


def verdicts() -> list[Verdict]:
    """In the order in which they were given."""
    given: list[Verdict] = st.session_state.setdefault(VERDICTS, [])
    return given


def decide(draft: Draft, status: ReviewStatus) -> bool:
    """Say whether it was written; else the draft has the reason."""
    draft.keep()
    if not draft.settled:
        return False
    before, given = draft.reel.review_status, verdicts()
    with draft.refusals():
        draft.reel = studio().review.decide(draft.reel.id, status, seen=draft.reel.version)
        if before is not status:
            given.append(Verdict(draft.reel.id, before, status))
        return True
    return False


def undo(draft: Draft) -> None:
    """Take back the last verdict on this reel; one of another day leads back to the start."""
    draft.keep()
    mine = [verdict for verdict in verdicts() if verdict.reel_id == draft.reel.id]
    given = draft.reel.review_status
    verdict = mine[-1] if mine else Verdict(draft.reel.id, ReviewStatus.TO_REVIEW, given)
    _take_back(verdict, draft)


def undo_last() -> tuple[int, ...]:
    """Take back the last verdict of this tab; says which reel it was about, if there was one."""
    if not verdicts():
        return ()
    verdict = verdicts()[-1]
    _take_back(verdict, st.session_state[DRAFTS][verdict.reel_id])
    return (verdict.reel_id,)


def put_into_folder(draft: Draft) -> None:
    draft.keep()
    if draft.settled:
        with draft.refusals():
            studio().review.put_into_folder(draft.reel.id, seen=draft.reel.version)


def _take_back(verdict: Verdict, draft: Draft) -> None:
    """Whatever comes of it, it is not tried twice."""
    if verdict in verdicts():
        verdicts().remove(verdict)
    with draft.refusals():
        draft.reel = studio().review.take_back(
            verdict.reel_id,
            given=verdict.given,
            before=verdict.before,
            seen=draft.reel.version,
        )
