"""What the operator has settled, by name, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from gravix_core.store.tables import PreferenceRow


class Preferences:
    """The table `preferences`, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str) -> dict[str, Any] | None:
        """None where nothing was ever settled."""
        row = self._session.get(PreferenceRow, name, populate_existing=True)
        return None if row is None else row.value

    def put(self, name: str, value: Mapping[str, Any]) -> None:
        """Replaces the one before."""
        row = self._session.get(PreferenceRow, name)
        if row is None:
            self._session.add(PreferenceRow(name=name, value=dict(value)))
        else:
            row.value = dict(value)
        self._session.flush()

    def drop(self, name: str) -> None:
        self._session.execute(delete(PreferenceRow).where(PreferenceRow.name == name))
