"""Texts of reels in, as they were written; their history, and which may be better, out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from gravix_core.errors import NotFound
from gravix_core.model import BASIC, OPERATOR, PostText, PublishStatus, ReviewStatus
from gravix_core.publications import Step
from gravix_core.store import documents
from gravix_core.store.columns import utc_now
from gravix_core.store.tables import PublicationRow, ReelRow, ReelTextRow
from gravix_core.texts import TextVersion

ONE_SITTING = timedelta(minutes=3)
"""Saves of the operator within it, each of which goes on with what the one before had, are one text
in the history: pages save at every pause."""


class Texts:
    """The table `reel_texts`, and what of `reels` is about texts, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        reel_id: int,
        text: PostText,
        *,
        instruction: str = "",
        restores: int | None = None,
        over: bool = False,
    ) -> None:
        """Keep a text that a reel has from now on.

        Args:
            reel_id: Whose text.
            text: All of it.
            instruction: That it was written by.
            restores: The version whose text it is once more.
            over: It takes the place of a text from elsewhere, which stays by itself.
        """
        last = self._last(reel_id)
        is_same_sitting = (
            text.written_by == OPERATOR
            and restores is None
            and not over
            and last is not None
            and last.written_by == OPERATOR
            and last.restores is None
            and utc_now() - last.created_at < ONE_SITTING
            and _goes_on(last, text)
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

    def upgradable(
        self, video_id: int | None = None, *, declined: bool = True
    ) -> tuple[tuple[int, int], ...]:
        """Reels whose text any provider may write over, as ids of video and reel.

        Their text is basic's; nobody has edited, chosen, approved or published it.

        Args:
            video_id: Of this video alone.
            declined: Also those that a provider was asked for in vain.
        """
        free = [
            ReelRow.written_by == BASIC,
            ReelRow.text_is_chosen.is_(False),
            ReelRow.review_status != ReviewStatus.APPROVED,
            ReelRow.publish_status.in_((PublishStatus.PENDING, PublishStatus.FAILED)),
            ReelRow.id.not_in(_posted()),
        ]
        if video_id is not None:
            free.append(ReelRow.video_id == video_id)
        if not declined:
            asked = ReelRow.text_declined
            free.append(or_(asked.is_(None), asked != ReelRow.text_version))
        order = (ReelRow.video_id, ReelRow.chunk_index)
        found = self._session.execute(
            select(ReelRow.video_id, ReelRow.id).where(*free).order_by(*order)
        )
        return tuple((of, reel_id) for of, reel_id in found)

    def decline(self, reel_id: int, *, read: int) -> None:
        """A provider was asked for another text than this version, and gave none."""
        which = ReelRow.id == reel_id
        self._session.execute(update(ReelRow).where(which).values(text_declined=read))

    def forget_declined(self, reel_ids: Sequence[int]) -> None:
        """Let a provider be asked again."""
        which = ReelRow.id.in_(list(reel_ids))
        self._session.execute(update(ReelRow).where(which).values(text_declined=None))

    def _last(self, reel_id: int) -> ReelTextRow | None:
        return self._session.scalar(
            select(ReelTextRow)
            .where(ReelTextRow.reel_id == reel_id)
            .order_by(ReelTextRow.id.desc())
            .limit(1)
        )


def may_be_written(session: Session, row: ReelRow) -> bool:
    """As `Texts.upgradable`, of one reel; where there is no text, whatever else was decided."""
    if row.written_by is None:
        return True
    is_basics = row.written_by == BASIC and not row.text_is_chosen
    if not is_basics or row.review_status == ReviewStatus.APPROVED:
        return False
    if row.publish_status not in {PublishStatus.PENDING, PublishStatus.FAILED}:
        return False
    posted = _posted().where(PublicationRow.reel_id == row.id)
    return session.scalar(posted.limit(1)) is None


def _posted() -> Select[int]:
    """Ids of reels that are, may be or will be on Instagram."""
    return select(PublicationRow.reel_id).where(PublicationRow.step != Step.FAILED)


def _words(row: ReelTextRow) -> tuple[str, str, list[str]]:
    return row.title, row.caption, row.hashtags


def _goes_on(row: ReelTextRow, text: PostText) -> bool:
    """Whether all that the row has is in the text as well, where it was."""
    return (
        text.title.startswith(row.title)
        and text.caption.startswith(row.caption)
        and set(text.hashtags) >= set(row.hashtags)
    )


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
