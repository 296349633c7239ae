"""Requests to caption providers in; what a video or a month has cost out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from gravix_core.store.columns import utc_now
from gravix_core.store.tables import ProviderUsageRow
from gravix_core.texts import Usage


class Usages:
    """The table `provider_usage`, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, video_id: int | None, usage: Usage) -> None:
        """Write down what one request has used."""
        now = utc_now()
        row = ProviderUsageRow(
            video_id=video_id,
            month=f"{now:%Y-%m}",
            model=usage.model,
            requests=usage.requests,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost=usage.cost,
            asked_at=now,
        )
        self._session.add(row)
        self._session.flush()

    def of_video(self, video_id: int) -> Usage | None:
        """All that was asked for a video; None when nothing was."""
        return total(usage for _, usage in self._by_month(ProviderUsageRow.video_id == video_id))

    def by_month(self) -> tuple[tuple[str, Usage], ...]:
        """Each month in which something was asked, as ``2026-11`` in UTC, newest first."""
        found = self._by_month()
        months = groupby(found, key=lambda one: one[0])
        sums = ((month, total(usage for _, usage in rows)) for month, rows in months)
        return tuple((month, usage) for month, usage in sums if usage is not None)

    def _by_month(self, *conditions: object) -> list[tuple[str, Usage]]:
        row = ProviderUsageRow
        numbers = (row.requests, row.input_tokens, row.output_tokens)
        is_known = func.count(row.cost) == func.count()
        cost = case((is_known, func.sum(row.cost)), else_=None)
        query = (
            select(row.month, row.model, *(func.sum(number) for number in numbers), cost)
            .where(*conditions)  # type: ignore[arg-type]
            .group_by(row.month, row.model)
            .order_by(row.month.desc(), row.model)
        )
        return [(month, Usage(*rest)) for month, *rest in self._session.execute(query)]


def total(usages: Iterable[Usage]) -> Usage | None:
    """Their sum, with the models by name; the cost is known where that of each is."""
    found = list(usages)
    if not found:
        return None
    costs = [usage.cost for usage in found if usage.cost is not None]
    return Usage(
        model=", ".join(dict.fromkeys(usage.model for usage in found if usage.model)),
        requests=sum(usage.requests for usage in found),
        input_tokens=sum(usage.input_tokens for usage in found),
        output_tokens=sum(usage.output_tokens for usage in found),
        cost=sum(costs) if len(costs) == len(found) else None,
    )
