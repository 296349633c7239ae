"""Requests at virtual times in, the limits that they would break out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.simulators.gemini_errors import PER_DAY, PER_MINUTE, TOKENS_PER_MINUTE, Violation
from tests.simulators.gemini_words import Plan

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Days begin at its midnight.  Source: ai.google.dev/gemini-api/docs/rate-limits."""
MINUTE = 60.0
SHORT = 17.5
"""The delay that is told beside a limit of the day, though waiting so long is of no use."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A request that was admitted."""

    at: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Refusal:
    violations: tuple[Violation, ...]
    delay: float
    """Seconds until the limits of the minute let it pass; `SHORT` for those of the day."""


def refusal(plan: Plan, spent: Iterable[Spent], now: float, tokens: int) -> Refusal | None:
    """Why a request with so many tokens may not be admitted; None: it may."""
    spent = tuple(spent)
    recent = [one for one in spent if now - one.at < MINUTE]
    used = sum(one.tokens for one in recent)
    today = sum(pacific_day(one.at) == pacific_day(now) for one in spent)
    broken = (
        (TOKENS_PER_MINUTE, plan.tpm, plan.tpm is not None and used + tokens > plan.tpm),
        (PER_MINUTE, plan.rpm, plan.rpm is not None and len(recent) >= plan.rpm),
        (PER_DAY, plan.rpd, plan.rpd is not None and today >= plan.rpd),
    )
    found = tuple(Violation(name, limit or 0, plan.is_free) for name, limit, over in broken if over)
    if not found:
        return None
    of_day = any(one.quota == PER_DAY for one in found) or not recent
    return Refusal(found, SHORT if of_day else _wait(plan, recent, now, tokens))


def pacific_day(at: float) -> str:
    """The day of a time, as the quota counts it."""
    return datetime.fromtimestamp(at, UTC).astimezone(PACIFIC).date().isoformat()


def _wait(plan: Plan, recent: list[Spent], now: float, tokens: int) -> float:
    """Until enough of the last minute is past; a whole minute if that will never do."""
    for gone in range(1, len(recent) + 1):
        left = recent[gone:]
        fits_tokens = plan.tpm is None or sum(one.tokens for one in left) + tokens <= plan.tpm
        if fits_tokens and (plan.rpm is None or len(left) < plan.rpm):
            return recent[gone - 1].at + MINUTE - now
    return MINUTE
