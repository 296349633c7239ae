"""Planned spans, rendered files, texts and verdicts in, `Reel` and `Chunk` values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gravix_core.errors import NotFound, Outdated, StatusConflict
from gravix_core.features import Features
from gravix_core.model import (
    OPERATOR,
    Chunk,
    Look,
    PostText,
    PublishStatus,
    Reel,
    RenderedReel,
    ReviewStatus,
    Seconds,
    Span,
)
from gravix_core.store import documents, rows
from gravix_core.store.shelf import Shelf
from gravix_core.store.tables import ChunkRow, ReelRow, VideoRow
from gravix_core.store.texts import Texts, may_be_written

MOST_EDITS = 50
"""Of one reel that are kept: the last ones, and the first, which says how it was made."""


class Reels:
    """The chunks and reels, inside one transaction.

    Every method that takes a reel's id raises `NotFound` when there is no such reel, and
    every one that changes a reel returns it as it is then.
    """

    def __init__(self, session: Session, shelf: Shelf) -> None:
        self._session = session
        self._shelf = shelf

    def plan(self, video_id: int, spans: Sequence[Span], plays: Sequence[Span]) -> tuple[Reel, ...]:
        """Make a video's chunks and a pending reel for each; asking twice makes them once.

        Args:
            video_id: The video that is cut.
            spans: Its chunks, in order.
            plays: What each reel plays of its chunk, one for each span.

        Returns:
            The video's reels, by index.  Where the very same chunks were there already,
            nothing has changed: a reel that was trimmed since stays trimmed.

        Raises:
            NotFound: There is no such video.
            StatusConflict: The video was cut before, and differently.
        """
        if len(spans) != len(plays):
            raise ValueError(f"{len(spans)} chunks cannot have {len(plays)} reels")
        known = self.chunks_of(video_id)
        if not known:
            self._add(video_id, spans, plays)
        elif [chunk.span for chunk in known] != list(spans):
            raise StatusConflict(f"video {video_id} is cut into {len(known)} other chunks already")
        return self.of_video(video_id)

    def get(self, reel_id: int) -> Reel:
        return rows.reel(self._row(reel_id), self._shelf)

    def of_video(self, video_id: int) -> tuple[Reel, ...]:
        """By index; empty when the video is unknown or not cut yet."""
        found = self._session.scalars(
            select(ReelRow).where(ReelRow.video_id == video_id).order_by(ReelRow.chunk_index)
        )
        return tuple(rows.reel(row, self._shelf) for row in found)

    def chunks_of(self, video_id: int) -> tuple[Chunk, ...]:
        """By index; empty when the video is unknown or not cut yet."""
        found = self._session.scalars(
            select(ChunkRow).where(ChunkRow.video_id == video_id).order_by(ChunkRow.chunk_index)
        )
        return tuple(rows.chunk(row, self._shelf) for row in found)

    def set_rendered(self, reel_id: int, rendered: RenderedReel) -> Reel:
        """Keep what was rendered.  A new picture has to be reviewed again."""
        row = self._row(reel_id)
        if row.sha256 != rendered.sha256:
            row.review_status = ReviewStatus.TO_REVIEW
        row.file_path = self._shelf.label(rendered.file)
        row.cover_path = self._shelf.label(rendered.cover)
        row.duration = rendered.duration
        row.byte_size = rendered.byte_size
        row.sha256 = rendered.sha256
        row.plan = rendered.plan
        row.cover_cell = rendered.cover_cell
        row.accept_report = documents.report_document(rendered.report)
        return self._written(row)

    def set_text(self, reel_id: int, text: PostText, *, read: int | None = None) -> Reel:
        """Keep what a provider wrote where there is no text, or as `Texts.upgradable`.

        Args:
            reel_id: Whose text.
            text: All of it.
            read: The `text_version` that it was written for: where it is another by now, nothing
                is written.  None: whichever it is.
        """
        row = self._row(reel_id)
        is_stale = read is not None and read != row.text_version
        before = rows.text(row)
        if is_stale or text == before or not may_be_written(self._session, row):
            return rows.reel(row, self._shelf)
        if before is not None and text == _rated_as(before, text):
            self.set_score(reel_id, text)
            return rows.reel(row, self._shelf)
        if row.review_status == ReviewStatus.APPROVED:
            row.review_status = ReviewStatus.TO_REVIEW  # of a reel that had no text
        return self._put_text(row, text)

    def choose_text(
        self,
        reel_id: int,
        text: PostText,
        *,
        edited: int,
        instruction: str = "",
        restores: int | None = None,
    ) -> bool:
        """Keep a text that the operator took, whoever wrote it; an approval stays.

        Args:
            reel_id: Whose text.
            text: All of it.
            edited: The `text_version` that the operator had before the eyes.
            instruction: That it was written by.
            restores: The version of the history whose text it is.

        Returns:
            False when the text has changed since `edited`, and nothing was written.
        """
        row = self._row(reel_id)
        if row.text_version != edited:
            return False
        row.text_is_chosen = True
        self._put_text(row, text, instruction=instruction, restores=restores)
        return True

    def save_words(
        self,
        reel_id: int,
        *,
        edited: int,
        title: str,
        caption: str,
        hashtags: Sequence[str],
        over: bool = False,
    ) -> bool:
        """Keep what the operator wrote; an approval stays.

        Args:
            reel_id: Whose words.
            edited: The `text_version` that the operator had before the eyes.
            title: The new title.
            caption: Without the hashtags.
            hashtags: Each with its ``#``.
            over: They take the place of words from elsewhere, which stay in the history.

        Returns:
            False when the text has changed since `edited`, and nothing was written.
        """
        row = self._row(reel_id)
        words = [title, caption, list(hashtags)]
        if words == [row.title or "", row.caption or "", row.hashtags or []]:
            return True
        if row.text_version != edited:
            return False
        row.title, row.caption, row.hashtags = title, caption, list(hashtags)
        row.written_by = OPERATOR
        row.text_version += 1
        self._record(row, over=over)
        return True

    def set_look(self, reel_id: int, span: Span, look: Look) -> Reel:
        """Keep what the operator settled; the reel has to be rendered and reviewed again.

        The cover is no part of it: it stays the same moment of the source.

        Args:
            reel_id: Whose.
            span: What it plays, anywhere in the source.
            look: Replaces the one before.  Its `cover_at` counts where no cover is played.
        """
        row = self._row(reel_id)
        before = _picture(row)
        look = _with_cover(before, span, look)
        if before == (span, look):
            return rows.reel(row, self._shelf)
        edits = [*(row.edits or ()), documents.edit_document(*before)]
        row.edits = edits if len(edits) <= MOST_EDITS else [edits[0], *edits[1 - MOST_EDITS :]]
        return self._put_look(row, span, look)

    def undo_look(self, reel_id: int) -> Reel:
        """Go back to the span and look before the last edit; the cover stays, as in `set_look`.

        Raises:
            StatusConflict: There is none.
        """
        row = self._row(reel_id)
        if not row.edits:
            raise StatusConflict(
                f"reel {row.chunk_index + 1} has no edit to undo", hint="It is as it was made."
            )
        *earlier, last = row.edits
        row.edits = earlier or None
        span, look = documents.edit(last)
        return self._put_look(row, span, _with_cover(_picture(row), span, look))

    def edits_of(self, reel_id: int) -> tuple[tuple[Span, Look], ...]:
        """What span and look were before each edit, oldest first."""
        return tuple(documents.edit(edit) for edit in self._row(reel_id).edits or ())

    def set_cover(self, reel_id: int, at: Seconds) -> Reel:
        """Say which moment of the reel is its cover; the reel itself stays as it is."""
        row = self._row(reel_id)
        look = replace(documents.look(row.look or {}), cover_at=at)
        row.look = documents.look_document(look)
        return self._written(row)

    def set_score(self, reel_id: int, scored: PostText) -> None:
        """Keep another score with its reasons; the text, its version and a verdict stay."""
        row = self._row(reel_id)
        row.quality_score = scored.quality_score
        row.score_parts = documents.parts_document(scored.score_parts)
        self._session.flush()

    def set_features(self, reel_id: int, features: Features) -> None:
        self._row(reel_id).features = documents.features_document(features)
        self._session.flush()

    def features_of(self, video_id: int) -> Mapping[int, Features]:
        """What was measured, by reel id; a reel of which nothing was is absent."""
        found = self._session.execute(
            select(ReelRow.id, ReelRow.features).where(
                ReelRow.video_id == video_id, ReelRow.features.is_not(None)
            )
        )
        return {reel_id: documents.features(document) for reel_id, document in found}

    def decide(self, reel_id: int, status: ReviewStatus, *, seen: str) -> Reel:
        """Write the operator's verdict on one version of a reel.

        Args:
            reel_id: The reel.
            status: The verdict.
            seen: The `Reel.version` that the operator had before the eyes.

        Raises:
            Outdated: The reel is another by now; nothing was written.
        """
        row = self._row(reel_id)
        if rows.reel(row, self._shelf).version != seen:
            raise Outdated(f"reel {row.chunk_index + 1} has changed since it was shown")
        if status is not ReviewStatus.TO_REVIEW and row.file_path is None:
            raise StatusConflict(
                f"reel {row.chunk_index + 1} is not rendered yet", hint="Wait until it is there."
            )
        row.review_status = status
        return self._written(row)

    def set_folder_version(self, reel_id: int, version: str) -> Reel:
        row = self._row(reel_id)
        row.folder_version = version
        return self._written(row)

    def chunk(self, chunk_id: int) -> Chunk:
        """Raises NotFound."""
        return rows.chunk(self._chunk_row(chunk_id), self._shelf)

    def set_chunk_file(self, chunk_id: int, file: Path | None) -> Chunk:
        """Say where a copy of the chunk lies.  Raises NotFound."""
        row = self._chunk_row(chunk_id)
        row.file_path = None if file is None else self._shelf.label(file)
        self._session.flush()
        return rows.chunk(row, self._shelf)

    def mark_publish_failed(self, reel_id: int, message: str) -> Reel:
        row = self._row(reel_id)
        row.publish_status = PublishStatus.FAILED
        row.publish_error = message
        return self._written(row)

    def _add(self, video_id: int, spans: Sequence[Span], plays: Sequence[Span]) -> None:
        if self._session.get(VideoRow, video_id) is None:
            raise NotFound(f"there is no video {video_id}")
        for index, (span, play) in enumerate(zip(spans, plays, strict=True)):
            chunk = ChunkRow(
                video_id=video_id,
                chunk_index=index,
                start_time=span.start,
                end_time=span.end,
                duration=span.duration,
            )
            self._session.add(
                ReelRow(
                    video_id=video_id,
                    chunk=chunk,
                    chunk_index=index,
                    reel_start=play.start,
                    reel_end=play.end,
                )
            )

    def _row(self, reel_id: int) -> ReelRow:
        row = self._session.get(ReelRow, reel_id)
        if row is None:
            raise NotFound(f"there is no reel {reel_id}")
        return row

    def _chunk_row(self, chunk_id: int) -> ChunkRow:
        row = self._session.get(ChunkRow, chunk_id)
        if row is None:
            raise NotFound(f"there is no chunk {chunk_id}")
        return row

    def _put_look(self, row: ReelRow, span: Span, look: Look) -> Reel:
        row.reel_start, row.reel_end = span.start, span.end
        row.look = documents.look_document(look)
        row.review_status = ReviewStatus.TO_REVIEW
        return self._written(row)

    def _put_text(
        self, row: ReelRow, text: PostText, *, instruction: str = "", restores: int | None = None
    ) -> Reel:
        row.title, row.caption, row.hashtags = text.title, text.caption, list(text.hashtags)
        row.topics = list(text.topics)
        row.quality_score = text.quality_score
        row.score_parts = documents.parts_document(text.score_parts)
        row.written_by = text.written_by
        row.text_version += 1
        return self._record(row, instruction=instruction, restores=restores)

    def _record(
        self,
        row: ReelRow,
        *,
        instruction: str = "",
        restores: int | None = None,
        over: bool = False,
    ) -> Reel:
        """Into the history, with the row itself."""
        self._session.flush()
        text = rows.text(row)
        if text is not None:
            history = Texts(self._session)
            history.add(row.id, text, instruction=instruction, restores=restores, over=over)
        return rows.reel(row, self._shelf)

    def _written(self, row: ReelRow) -> Reel:
        self._session.flush()
        return rows.reel(row, self._shelf)


def _rated_as(text: PostText, other: PostText) -> PostText:
    """`text` with the score of another."""
    return replace(text, quality_score=other.quality_score, score_parts=other.score_parts)


def _picture(row: ReelRow) -> tuple[Span, Look]:
    return Span(row.reel_start, row.reel_end), documents.look(row.look or {})


def _with_cover(before: tuple[Span, Look], span: Span, look: Look) -> Look:
    """The look with the cover from before, at its moment of a reel that plays another span."""
    played, at = before[0], before[1].cover_at
    if at is None:
        return look
    at += played.start - span.start
    return replace(look, cover_at=at) if 0 <= at <= span.duration else look
