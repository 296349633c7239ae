"""What was published, and what is under way, in and out: the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from gravix_core.errors import NotFound, Outdated
from gravix_core.model import PublishStatus, Span
from gravix_core.publications import (
    LOOK,
    SHOWN_AS,
    UNDER_WAY,
    NewPublication,
    PostOptions,
    Publication,
    Step,
    Transport,
)
from gravix_core.store.tables import PublicationRow, PublishingStopRow, ReelRow

SAME_STRETCH = 0.5
"""Two spans of one source are the same stretch when they share so much of the shorter one."""


class Publications:
    """The tables `publications` and `publishing_stops`, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, new: NewPublication, *, now: datetime) -> Publication:
        """The row of this version on this account, made where there is none."""
        row = self._of_version(new.ig_user_id, reel_key(new.reel_id, new.reel_version))
        if row is None:
            row = _row(new, now)
            self._session.add(row)
            self._session.flush()
            self._shown(row)
        return _publication(row)

    def get(self, publication_id: int) -> Publication:
        """Raises NotFound."""
        row = self._session.get(PublicationRow, publication_id, populate_existing=True)
        if row is None:
            raise NotFound("there is no such publication")
        return _publication(row)

    def find(self, ig_user_id: str, key: str) -> Publication | None:
        """The row of a version (`reel_key`) on an account; None when there is none."""
        row = self._of_version(ig_user_id, key)
        return None if row is None else _publication(row)

    def of_reels(self, reel_ids: Iterable[int]) -> dict[int, Publication]:
        """The newest of each reel, by its id."""
        rows = self._session.scalars(
            select(PublicationRow)
            .where(PublicationRow.reel_id.in_(list(reel_ids)))
            .order_by(PublicationRow.id)
        )
        return {row.reel_id: _publication(row) for row in rows}

    def listed(
        self, steps: Sequence[Step], *, limit: int | None = None, offset: int = 0
    ) -> tuple[Publication, ...]:
        """Those at one of these steps, what changed last first.

        Args:
            limit: None: all of them.
        """
        rows = self._session.scalars(
            select(PublicationRow)
            .where(PublicationRow.step.in_(steps))
            .order_by(PublicationRow.updated_at.desc(), PublicationRow.id.desc())
            .limit(limit)
            .offset(offset)
        )
        return tuple(_publication(row) for row in rows)

    def count(self, steps: Sequence[Step]) -> int:
        query = select(func.count()).where(PublicationRow.step.in_(steps))
        return self._session.scalar(query) or 0

    def alike(self, new: NewPublication) -> tuple[Publication, ...]:
        """Other rows of the account, but for failed ones, of the same stretch or words."""
        rows = self._session.scalars(
            select(PublicationRow)
            .where(PublicationRow.ig_user_id == new.ig_user_id)
            .where(PublicationRow.reel_key != reel_key(new.reel_id, new.reel_version))
            .where(PublicationRow.step != Step.FAILED)
            .where(
                (PublicationRow.source == new.source)
                | (PublicationRow.caption == new.caption)
                | (PublicationRow.file_sha256 == new.file_sha256)
            )
            .order_by(PublicationRow.id)
        )
        return tuple(_publication(row) for row in rows if _is_alike(row, new))

    def taken(self, ig_user_id: str) -> frozenset[str]:
        """Keys of reel and version (`reel_key`) that are, may be or will be on the account."""
        rows = self._session.scalars(
            select(PublicationRow.reel_key)
            .where(PublicationRow.ig_user_id == ig_user_id)
            .where(PublicationRow.step != Step.FAILED)
        )
        return frozenset(rows)

    def job_ended(self, publication_id: int, trouble: str, *, now: datetime) -> None:
        """Its job has failed or was cancelled; what was sent may be there."""
        row = self._session.get(PublicationRow, publication_id, populate_existing=True)
        if row is None or row.step not in UNDER_WAY:
            return
        is_sent = row.step == Step.SENT
        row.step = Step.UNSURE if is_sent else Step.FAILED
        row.fault = "outcome" if is_sent else row.fault
        row.hint = LOOK if is_sent else ""
        row.trouble, row.updated_at, row.turn = trouble or row.trouble, now, row.turn + 1
        self._session.flush()
        self._shown(row)

    def media_ids(self, ig_user_id: str) -> frozenset[str]:
        """Of all posts of the account that the ledger knows."""
        rows = self._session.scalars(
            select(PublicationRow.media_id)
            .where(PublicationRow.ig_user_id == ig_user_id)
            .where(PublicationRow.media_id != "")
        )
        return frozenset(rows)

    def rivals(self, of: Publication) -> int:
        """Other rows of the account with the same words whose outcome nobody knows."""
        query = (
            select(func.count())
            .where(PublicationRow.ig_user_id == of.what.ig_user_id)
            .where(PublicationRow.caption == of.what.caption, PublicationRow.id != of.id)
            .where(PublicationRow.step.in_((Step.SENT, Step.UNSURE)))
        )
        return self._session.scalar(query) or 0

    def published_since(self, ig_user_id: str, since: datetime) -> datetime | None:
        """When the first of those that were published since then was."""
        return self._session.scalar(
            select(func.min(PublicationRow.published_at))
            .where(PublicationRow.ig_user_id == ig_user_id)
            .where(PublicationRow.published_at >= since)
        )

    def advance(
        self, before: Publication, step: Step, *, now: datetime, **values: Any
    ) -> Publication:
        """Write what has happened; the reel says the same.

        Args:
            before: The row as it was read.
            values: Columns by name.

        Raises:
            Outdated: Somebody else has written meanwhile; nothing was changed.
        """
        if "options" in values:
            values["options"] = asdict(values["options"])
        changed = self._session.execute(
            update(PublicationRow)
            .where(PublicationRow.id == before.id, PublicationRow.turn == before.turn)
            .values(step=step, turn=before.turn + 1, updated_at=now, **values)
        )
        if not isinstance(changed, CursorResult) or changed.rowcount != 1:
            raise Outdated("somebody else goes on with this publication")
        row = self._session.get(PublicationRow, before.id, populate_existing=True)
        assert row is not None  # noqa: S101  it was changed a moment ago
        self._shown(row)
        return _publication(row)

    # accounts to which nothing is published

    def stop(self, ig_user_id: str, reason: str, *, now: datetime) -> None:
        """Publish nothing to this account until `resume`; the first reason stays."""
        if self._session.get(PublishingStopRow, ig_user_id) is None:
            self._session.add(
                PublishingStopRow(ig_user_id=ig_user_id, reason=reason, stopped_at=now)
            )
            self._session.flush()

    def resume(self, ig_user_id: str) -> None:
        self._session.execute(
            delete(PublishingStopRow).where(PublishingStopRow.ig_user_id == ig_user_id)
        )

    def stops(self) -> dict[str, str]:
        """Why nothing is published, by the account's id at Instagram."""
        rows = self._session.scalars(
            select(PublishingStopRow).order_by(PublishingStopRow.stopped_at)
        )
        return {row.ig_user_id: row.reason for row in rows}

    def stopped(self, ig_user_id: str) -> str | None:
        """Why nothing is published to this account; None when it is."""
        row = self._session.get(PublishingStopRow, ig_user_id)
        return None if row is None else row.reason

    def _of_version(self, ig_user_id: str, key: str) -> PublicationRow | None:
        return self._session.scalar(
            select(PublicationRow)
            .where(PublicationRow.ig_user_id == ig_user_id)
            .where(PublicationRow.reel_key == key)
        )

    def _shown(self, row: PublicationRow) -> None:
        """The columns of the reel that the older design named."""
        reel = self._session.get(ReelRow, row.reel_id)
        if reel is None:
            return
        reel.publish_status = SHOWN_AS.get(Step(row.step), PublishStatus.PENDING)
        reel.ig_media_id = row.media_id or None
        reel.publish_error = row.trouble or None
        self._session.flush()


def reel_key(reel_id: int, version: str) -> str:
    """Names one version of a reel, as `Reel.version`."""
    return f"{reel_id}/{version}"


def _is_alike(row: PublicationRow, new: NewPublication) -> bool:
    if row.file_sha256 == new.file_sha256:
        return True
    if row.source != new.source:
        return bool(new.caption) and row.caption == new.caption
    shared = min(row.span_end, new.span.end) - max(row.span_start, new.span.start)
    shorter = min(row.span_end - row.span_start, new.span.duration)
    return shared >= SAME_STRETCH * shorter


def _row(new: NewPublication, now: datetime) -> PublicationRow:
    plain = {
        name: getattr(new, name)
        for name in (
            *("ig_user_id", "username", "reel_id", "video_id", "reel_version", "title"),
            *("caption", "source", "file_sha256", "file_size"),
        )
    }
    return PublicationRow(
        **plain,
        reel_key=reel_key(new.reel_id, new.reel_version),
        span_start=new.span.start,
        span_end=new.span.end,
        options=asdict(new.options),
        step=Step.CLAIMED,
        transport=Transport.RESUMABLE,
        claimed_at=now,
        updated_at=now,
    )


def _publication(row: PublicationRow) -> Publication:
    same = {
        name: getattr(row, name)
        for name in (
            *("id", "turn", "containers", "container_id", "upload_uri", "bytes_sent", "sends"),
            *(
                "refusals",
                "stalls",
                "media_id",
                "permalink",
                "trouble",
                "hint",
                "fault",
                "claimed_at",
            ),
            *("container_at", "uploaded_at", "ready_at", "sent_at", "published_at", "updated_at"),
        )
    }
    return Publication(
        **same,
        step=Step(row.step),
        what=_what(row),
        transport=Transport(row.transport),
        dismissed=tuple(str(one) for one in row.dismissed),
    )


def _what(row: PublicationRow) -> NewPublication:
    given = row.options
    return NewPublication(
        ig_user_id=row.ig_user_id,
        username=row.username,
        reel_id=row.reel_id,
        video_id=row.video_id,
        reel_version=row.reel_version,
        title=row.title,
        caption=row.caption,
        source=row.source,
        span=Span(row.span_start, row.span_end),
        file_sha256=row.file_sha256,
        file_size=row.file_size,
        options=PostOptions(
            share_to_feed=bool(given.get("share_to_feed", True)),
            thumb_offset=given.get("thumb_offset"),
            collaborators=tuple(given.get("collaborators") or ()),
            ai_generated=bool(given.get("ai_generated")),
        ),
    )
