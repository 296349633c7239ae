"""The wish to pause the whole engine in; what every process that shares the database reads, out.

While it is paused nothing is claimed; what runs goes on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from gravix_core.store.store import Transaction
from gravix_core.store.tables import EngineRow

THE_ROW = EngineRow.id == 1
"""A migration has written it."""


def set_paused(tx: Transaction, paused: bool, *, now: datetime) -> None:
    tx.session.execute(update(EngineRow).where(THE_ROW).values(paused=paused, changed_at=now))


def is_paused(tx: Transaction, *, hold: bool = False) -> bool:
    """
    Args:
        hold: Until the transaction ends nobody else may ask so, nor change it.
    """
    query = select(EngineRow.paused).where(THE_ROW)
    return bool(tx.session.scalar(query.with_for_update() if hold else query))
