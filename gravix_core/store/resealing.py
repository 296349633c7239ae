"""A way to seal anew in, every secret of the database sealed so out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gravix_core.store.tables import ConnectAttemptRow, InstagramSettingsRow

COLUMNS: tuple[tuple[type[InstagramSettingsRow | ConnectAttemptRow], str], ...] = (
    (InstagramSettingsRow, "long_lived_access_token"),
    (InstagramSettingsRow, "page_access_token"),
    (ConnectAttemptRow, "grant"),
)


@dataclass(frozen=True, slots=True)
class Resealed:
    renewed: int
    lost: int
    """No key opens these; they stay as they are."""


def reseal(session: Session, renew: Callable[[str], str | None]) -> Resealed:
    """
    Args:
        renew: As `Vault.renew`.
    """
    renewed = lost = 0
    for table, column in COLUMNS:
        for row in session.scalars(select(table)):
            sealed = getattr(row, column)
            anew = renew(sealed) if sealed else None
            if anew is not None:
                setattr(row, column, anew)
                renewed += 1
            elif sealed:
                lost += 1
    session.flush()
    return Resealed(renewed, lost)
