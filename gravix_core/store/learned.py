"""What was written and what the operator made of it in; pairs of both out."""

from __future__ import annotations

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from gravix_core.model import BASIC, PostText
from gravix_core.store.columns import utc_now
from gravix_core.store.tables import AcceptedTextRow
from gravix_core.texts import Pair, Words


class Learned:
    """The table `accepted_texts`, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def accept(self, reel_id: int, *, written: PostText, accepted: PostText) -> None:
        """Keep a pair; it replaces the one that the reel had before."""
        row = self._session.get(AcceptedTextRow, reel_id) or AcceptedTextRow(reel_id=reel_id)
        row.written_by = written.written_by
        row.written_title, row.written_caption = written.title, written.caption
        row.written_hashtags = list(written.hashtags)
        row.title, row.caption = accepted.title, accepted.caption
        row.hashtags = list(accepted.hashtags)
        row.accepted_at = utc_now()
        self._session.add(row)
        self._session.flush()

    def take_back(self, reel_id: int) -> None:
        """The approval was."""
        self._session.execute(delete(AcceptedTextRow).where(AcceptedTextRow.reel_id == reel_id))

    def pairs(self, limit: int) -> tuple[Pair, ...]:
        """What was accepted last, newest first."""
        return self._pairs(limit)

    def examples(self, limit: int) -> tuple[Pair, ...]:
        """Those that tell how the creator sounds, newest first: basic's own words tell nothing."""
        row = AcceptedTextRow
        changed = or_(row.title != row.written_title, row.caption != row.written_caption)
        return self._pairs(limit, or_(row.written_by != BASIC, changed))

    def _pairs(self, limit: int, *conditions: object) -> tuple[Pair, ...]:
        rows = self._session.scalars(
            select(AcceptedTextRow)
            .where(*conditions)  # type: ignore[arg-type]
            .order_by(AcceptedTextRow.accepted_at.desc(), AcceptedTextRow.reel_id.desc())
            .limit(limit)
        )
        return tuple(_pair(row) for row in rows)


def _pair(row: AcceptedTextRow) -> Pair:
    written = Words(row.written_title, row.written_caption, tuple(row.written_hashtags))
    return Pair(written, Words(row.title, row.caption, tuple(row.hashtags)))
