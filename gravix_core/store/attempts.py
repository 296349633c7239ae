"""Ways to Facebook's dialog and back, in and out: each works once, for ten minutes, in one browser.

Only hashes of state and cookie are kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from gravix_core.model import Seconds
from gravix_core.store.tables import ConnectAttemptRow

LASTS: Seconds = 600
KEPT: Seconds = 86_400
"""So long the outcome of one can be shown again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    outcome: str
    """Empty while it is under way."""
    message: str
    hint: str
    sealed_grant: str | None = field(repr=False)


class Attempts:
    """The table `connect_attempts`, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, state: str, cookie: str, *, now: datetime) -> None:
        """Also forgets those that are long over."""
        over = ConnectAttemptRow.created_at < now - timedelta(seconds=KEPT)
        self._session.execute(delete(ConnectAttemptRow).where(over))
        self._session.add(
            ConnectAttemptRow(
                state_hash=reference(state), cookie_hash=_hash(cookie), created_at=now
            )
        )
        self._session.flush()

    def is_open(self, cookie: str, *, now: datetime) -> bool:
        """Whether a browser with this cookie began a way that may still lead back."""
        fresh = ConnectAttemptRow.created_at >= now - timedelta(seconds=LASTS)
        found = select(ConnectAttemptRow.state_hash).where(
            ConnectAttemptRow.cookie_hash == _hash(cookie), fresh
        )
        return self._session.scalar(found.limit(1)) is not None

    def take(self, state: str, cookie: str, *, now: datetime) -> bool:
        """Use it up.  False: never begun, begun in another browser, too old, or used before."""
        fresh = ConnectAttemptRow.created_at >= now - timedelta(seconds=LASTS)
        used = self._session.execute(
            update(ConnectAttemptRow)
            .where(ConnectAttemptRow.state_hash == reference(state), fresh)
            .where(ConnectAttemptRow.cookie_hash == _hash(cookie))
            .where(ConnectAttemptRow.used_at.is_(None))
            .values(used_at=now)
        )
        return isinstance(used, CursorResult) and used.rowcount == 1

    def used(self, state: str, cookie: str) -> Attempt | None:
        """What became of one that was taken in this browser; None when there is no such."""
        row = self._session.scalar(
            select(ConnectAttemptRow)
            .where(ConnectAttemptRow.state_hash == reference(state))
            .where(ConnectAttemptRow.cookie_hash == _hash(cookie))
            .where(ConnectAttemptRow.used_at.is_not(None))
        )
        return None if row is None else Attempt(row.outcome, row.message, row.hint, row.grant)

    def end(
        self, state: str, outcome: str, *, message: str, hint: str, sealed_grant: str | None = None
    ) -> None:
        """Keep what became of it."""
        self._session.execute(
            update(ConnectAttemptRow)
            .where(ConnectAttemptRow.state_hash == reference(state))
            .values(outcome=outcome, message=message, hint=hint, grant=sealed_grant)
        )

    def referred(self, found: str) -> Attempt | None:
        """One that was taken, by its `reference`; None when there is no such."""
        row = self._session.get(ConnectAttemptRow, found)
        if row is None or row.used_at is None:
            return None
        return Attempt(row.outcome, row.message, row.hint, row.grant)

    def latest(self, *, now: datetime) -> Attempt | None:
        """The one that came back last; None when that is longer ago than a day."""
        row = self._session.scalar(
            select(ConnectAttemptRow)
            .where(ConnectAttemptRow.used_at >= now - timedelta(seconds=KEPT))
            .order_by(ConnectAttemptRow.used_at.desc())
            .limit(1)
        )
        return None if row is None else Attempt(row.outcome, row.message, row.hint, None)

    def close(self, found: str, outcome: str, *, message: str) -> None:
        """The operator has chosen; by its `reference`."""
        self._session.execute(
            update(ConnectAttemptRow)
            .where(ConnectAttemptRow.state_hash == found)
            .values(outcome=outcome, message=message, hint="", grant=None)
        )

    def forget_grants(self) -> None:
        """No choice is open any more."""
        self._session.execute(update(ConnectAttemptRow).values(grant=None))


def reference(state: str) -> str:
    """Stands for a state where that must not be seen."""
    return _hash(state)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
