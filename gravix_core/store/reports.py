"""Questions of the pages in; counted, joined and paged values out.  Reads only.

Every answer costs a fixed number of statements, however many videos and reels there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, not_, select
from sqlalchemy.orm import Session

from gravix_core.model import JobStatus, JobType, ReviewStatus, Video, VideoStatus
from gravix_core.store import rows
from gravix_core.store.columns import utc_now
from gravix_core.store.links import Links
from gravix_core.store.shelf import Shelf
from gravix_core.store.tables import JobRow, ReelRow, VideoRow
from gravix_core.views import (
    Listed,
    Overview,
    Progress,
    ReelCounts,
    ReelFilter,
    ReelItem,
    ReelOrder,
    VideoItem,
)

ACTIVE = (JobStatus.PENDING, JobStatus.PROCESSING)
STAGES = (
    (JobType.YT_DOWNLOAD, 10),
    (JobType.VIDEO_CUTTING, 2),
    (JobType.REEL_CONVERSION, 83),
    (JobType.AI_METADATA, 5),
)
"""Shares of the whole in percent, about as long as they take.  What a stage has left to do is
known only when the one before has ended, so none counts before that."""


UNTOLD = (JobType.PREVIEW_PROXY, JobType.IG_PUBLISH, JobType.AI_UPGRADE)
"""Kinds for which no reel waits: how far a video is does not depend on them."""


class Reports:
    """What is read across videos, inside one transaction."""

    def __init__(self, session: Session, shelf: Shelf) -> None:
        self._session = session
        self._shelf = shelf

    def overview(self) -> Overview:
        return Overview(
            videos=self._count(select(VideoRow.id)),
            reels=self.reel_counts().get(None, ReelCounts()),
            jobs_active=self.jobs_active(),
            recent=self.videos(limit=10).items,
        )

    def videos(
        self,
        *,
        search: str = "",
        status: VideoStatus | None = None,
        limit: int,
        offset: int = 0,
    ) -> Listed[VideoItem]:
        """Newest first.

        Args:
            search: Part of the title or of the file's name, in any case.
            status: Only videos in this state.
            limit: Longest page.
            offset: How many to leave out.
        """
        query = select(VideoRow)
        if search.strip():
            like = f"%{_literal(search.strip().lower())}%"
            named = func.lower(VideoRow.title + " " + VideoRow.source_name)
            query = query.where(named.like(like, escape="\\"))
        if status is not None:
            query = query.where(VideoRow.status == status)
        page = query.order_by(VideoRow.id.desc()).limit(limit).offset(offset)
        return Listed(self._items(self._session.scalars(page)), self._count(query))

    def jobs_active(self) -> int:
        """Pending or running, but for the daily renewal of connections, which always waits, and
        for texts that are asked for later, which may wait for tomorrow."""
        is_later = (JobRow.job_type == JobType.AI_UPGRADE) & (JobRow.run_after > utc_now())
        work = (JobRow.job_type != JobType.TOKEN_REFRESH) & not_(func.coalesce(is_later, false()))
        return self._count(select(JobRow.id).where(JobRow.status.in_(ACTIVE), work))

    def titles(self) -> dict[int, str]:
        """By id, of the videos that have rendered reels; newest first."""
        seen = select(ReelRow.video_id).where(ReelRow.file_path.is_not(None)).distinct()
        query = select(VideoRow.id, VideoRow.title).where(VideoRow.id.in_(seen))
        found = self._session.execute(query.order_by(VideoRow.id.desc()))
        return {row.id: row.title for row in found}

    def worked_on(self, *, limit: int, offset: int = 0) -> Listed[VideoItem]:
        """The videos that have jobs: those at work first, newest first, so that they keep their
        places while they get on; then the others by their last sign of life."""
        active = func.max(case((JobRow.status.in_(ACTIVE), 1), else_=0))
        ended = case((active == 0, func.max(JobRow.updated_at)))
        found = (
            select(JobRow.video_id)
            .where(JobRow.video_id.is_not(None))
            .group_by(JobRow.video_id)
            .order_by(active.desc(), ended.desc(), JobRow.video_id.desc())
        )
        ids = list(self._session.scalars(found.limit(limit).offset(offset)))
        known = {
            row.id: row
            for row in self._session.scalars(select(VideoRow).where(VideoRow.id.in_(ids)))
        }
        return Listed(self._items(known[key] for key in ids if key in known), self._count(found))

    def item(self, video: Video) -> VideoItem:
        """One video as the library lists it."""
        progress, counts = self.progress([video.id]), self.reel_counts([video.id])
        return VideoItem(
            video, progress.get(video.id, Progress()), counts.get(video.id, ReelCounts())
        )

    def progress(self, video_ids: Collection[int]) -> dict[int, Progress]:
        """By video; one without jobs is absent."""
        done = case((JobRow.status.in_(ACTIVE), JobRow.progress), else_=100)
        query = (
            select(JobRow.video_id, JobRow.job_type, JobRow.status, func.count(), func.sum(done))
            .where(JobRow.video_id.in_(video_ids), JobRow.job_type.not_in(UNTOLD))
            .group_by(JobRow.video_id, JobRow.job_type, JobRow.status)
        )
        found: dict[int, list[tuple[JobType, JobStatus, int, int]]] = {}
        for video_id, job_type, status, count, percent in self._session.execute(query):
            row = (JobType(job_type), JobStatus(status), count, int(percent))
            found.setdefault(int(video_id or 0), []).append(row)
        return {video_id: progress_of(groups) for video_id, groups in found.items()}

    def reel_counts(self, video_ids: Collection[int] | None = None) -> dict[int | None, ReelCounts]:
        """By video, or of all under None."""
        rendered = ReelRow.file_path.is_not(None)
        columns = (
            func.count(),
            _how_many(rendered),
            _how_many(rendered & (ReelRow.review_status == ReviewStatus.TO_REVIEW)),
            _how_many(ReelRow.review_status == ReviewStatus.APPROVED),
            _how_many(ReelRow.review_status == ReviewStatus.REJECTED),
        )
        if video_ids is None:
            row = self._session.execute(select(*columns)).one()
            return {None: ReelCounts(*(int(n or 0) for n in row))}
        query = (
            select(ReelRow.video_id, *columns)
            .where(ReelRow.video_id.in_(video_ids))
            .group_by(ReelRow.video_id)
        )
        return {
            video_id: ReelCounts(*(int(n or 0) for n in numbers))
            for video_id, *numbers in self._session.execute(query)
        }

    def reels(self, wanted: ReelFilter, *, limit: int, offset: int = 0) -> Listed[ReelItem]:
        """Rendered reels, with their videos."""
        ids = self._ids(wanted)
        page = list(self._session.scalars(_ordered(ids, wanted.order).limit(limit).offset(offset)))
        return Listed(self.reel_items(page), self._count(ids))

    def reel_ids(self, wanted: ReelFilter) -> tuple[int, ...]:
        """All of them, in the order of `reels`."""
        return tuple(self._session.scalars(_ordered(self._ids(wanted), wanted.order)))

    def reel_items(self, reel_ids: Sequence[int]) -> tuple[ReelItem, ...]:
        """In the order of the ids; those that are gone are left out."""
        query = (
            select(ReelRow, VideoRow)
            .join(VideoRow, VideoRow.id == ReelRow.video_id)
            .where(ReelRow.id.in_(reel_ids))
        )
        found = {
            reel.id: (rows.reel(reel, self._shelf), rows.video(video, self._shelf))
            for reel, video in self._session.execute(query)
        }
        channels = Links(self._session).of_videos(video for _, video in found.values())
        there = (found[reel_id] for reel_id in reel_ids if reel_id in found)
        return tuple(ReelItem(reel, video, channels.get(video.id)) for reel, video in there)

    def _items(self, found: Iterable[VideoRow]) -> tuple[VideoItem, ...]:
        videos = [rows.video(row, self._shelf) for row in found]
        ids = [video.id for video in videos]
        progress, counts = self.progress(ids), self.reel_counts(ids)
        return tuple(
            VideoItem(video, progress.get(video.id, Progress()), counts.get(video.id, ReelCounts()))
            for video in videos
        )

    @staticmethod
    def _ids(wanted: ReelFilter) -> Select[int]:
        query = select(ReelRow.id).where(ReelRow.file_path.is_not(None))
        if wanted.video_id is not None:
            query = query.where(ReelRow.video_id == wanted.video_id)
        if wanted.states:
            query = query.where(ReelRow.review_status.in_(wanted.states))
        return query

    def _count(self, query: Select[Any]) -> int:
        inner = query.order_by(None).subquery()
        return self._session.scalar(select(func.count()).select_from(inner)) or 0


def progress_of(groups: Collection[tuple[JobType, JobStatus, int, int]]) -> Progress:
    """Add up jobs.  Pure.

    Args:
        groups: Kind, state, how many there are, and the sum of what is done of each in percent.
    """
    done = 0.0
    for stage, share in STAGES:
        mine = [group for group in groups if group[0] is stage]
        count = sum(group[2] for group in mine)
        if count:
            done += share * sum(group[3] for group in mine) / (100 * count)
        known_on = all(group[1] not in ACTIVE for group in mine)
        if stage in {JobType.YT_DOWNLOAD, JobType.VIDEO_CUTTING} and not (count and known_on):
            break
    by_status: dict[JobStatus, int] = {}
    for _, status, count, _ in groups:
        by_status[status] = by_status.get(status, 0) + count
    return Progress(int(done), by_status)


def _ordered(query: Select[int], order: ReelOrder) -> Select[int]:
    story = (ReelRow.video_id.desc(), ReelRow.chunk_index)
    if order is ReelOrder.SCORE:
        return query.order_by(func.coalesce(ReelRow.quality_score, -1).desc(), *story)
    return query.order_by(*story)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _literal(text: str) -> str:
    """As a pattern of LIKE that means itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
