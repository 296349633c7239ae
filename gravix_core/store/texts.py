"""Texts of reels in, as they were written; their history out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gravix_core.errors import NotFound
from gravix_core.model import OPERATOR, PostText
from gravix_core.store import documents
from gravix_core.store.columns import utc_now
from gravix_core.store.tables import ReelTextRow
from gravix_core.texts import TextVersion

ONE_SITTING = timedelta(minutes=3)
"""Saves of the operator within it are one text in the history: pages save at every pause."""


class Texts:
    """The table `reel_texts`, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, reel_id: int, text: PostText, *, instruction: str = "", restores: int | None = None
    ) -> None:
        """Keep a text that a reel has from now on.

        Args:
            instruction: That it was written by.
            restores: The version whose text it is once more.
        """
        last = self._last(reel_id)
        is_same_sitting = (
            text.written_by == OPERATOR
            and restores is None
            and last is not None
            and last.written_by == OPERATOR
            and last.restores is None
            and utc_now() - last.created_at < ONE_SITTING
        )
        row = last if last is not None and is_same_sitting else ReelTextRow(reel_id=reel_id)
        row.title, row.caption = text.title, text.caption
        row.hashtags, row.topics = list(text.hashtags), list(text.topics)
        row.quality_score = text.quality_score
        row.score_parts = documents.parts_document(text.score_parts)
        row.written_by = text.written_by
        row.instruction, row.restores = instruction, restores
        self._session.add(row)
        self._session.flush()

    def of_reel(self, reel_id: int) -> tuple[TextVersion, ...]:
        """Each text that the reel has or had, once, newest first."""
        rows = self._session.scalars(
            select(ReelTextRow)
            .where(ReelTextRow.reel_id == reel_id, ReelTextRow.restores.is_(None))
            .order_by(ReelTextRow.id.desc())
        )
        return tuple(_version(row) for row in rows)

    def get(self, reel_id: int, version_id: int) -> TextVersion:
        """Raises NotFound: the reel never had it."""
        row = self._session.get(ReelTextRow, version_id)
        if row is None or row.reel_id != reel_id:
            raise NotFound("there is no such text of this reel")
        return _version(row)

    def before(self, reel_id: int) -> TextVersion | None:
        """The text to which one step back leads; None at the first one."""
        now = self._last(reel_id)
        if now is None:
            return None
        here = self._session.get(ReelTextRow, now.restores) if now.restores else now
        earlier = self._session.scalars(
            select(ReelTextRow)
            .where(ReelTextRow.reel_id == reel_id, ReelTextRow.id < (here or now).id)
            .order_by(ReelTextRow.id.desc())
        )
        found = next((row for row in earlier if _words(row) != _words(here or now)), None)
        if found is not None and found.restores:
            found = self._session.get(ReelTextRow, found.restores) or found
        return None if found is None else _version(found)

    def written(self, reel_id: int) -> PostText | None:
        """What a provider wrote, and what the operator began with; None when there is none."""
        row = self._session.scalar(
            select(ReelTextRow)
            .where(ReelTextRow.reel_id == reel_id, ReelTextRow.written_by != OPERATOR)
            .order_by(ReelTextRow.id.desc())
            .limit(1)
        )
        return None if row is None else _version(row).text

    def _last(self, reel_id: int) -> ReelTextRow | None:
        return self._session.scalar(
            select(ReelTextRow)
            .where(ReelTextRow.reel_id == reel_id)
            .order_by(ReelTextRow.id.desc())
            .limit(1)
        )


def _words(row: ReelTextRow) -> tuple[str, str, list[str]]:
    return row.title, row.caption, row.hashtags


def _version(row: ReelTextRow) -> TextVersion:
    text = PostText(
        title=row.title,
        caption=row.caption,
        hashtags=tuple(row.hashtags),
        topics=tuple(row.topics),
        quality_score=row.quality_score,
        score_parts=documents.score_parts(row.score_parts),
        written_by=row.written_by,
    )
    return TextVersion(row.id, row.reel_id, text, row.instruction, row.created_at)
