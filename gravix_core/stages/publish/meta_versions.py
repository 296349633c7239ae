"""A version of Meta's Graph API and a day in; whether it lives, and what is served, out.  Pure.

Source: Meta's change log of versions, read up to 2026-11-22.  A call to an expired version does not
fail: the oldest one that is still usable answers it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

DEFAULT = "v25.0"


@dataclass(frozen=True, slots=True)
class Version:
    name: str
    released: date
    ends: date | None
    """The last day on which it is served as itself; None while Meta has named none."""


VERSIONS = (
    Version("v18.0", date(2023, 9, 12), date(2026, 1, 26)),
    Version("v19.0", date(2024, 1, 23), date(2026, 5, 21)),
    Version("v20.0", date(2024, 5, 21), date(2026, 9, 24)),
    Version("v21.0", date(2024, 10, 2), date(2027, 1, 21)),
    Version("v22.0", date(2025, 1, 21), date(2027, 5, 20)),
    Version("v23.0", date(2025, 5, 29), date(2027, 10, 8)),
    Version("v24.0", date(2025, 10, 8), date(2028, 2, 18)),
    Version("v25.0", date(2026, 2, 18), date(2028, 7, 29)),
    Version("v26.0", date(2026, 7, 29), None),
)
"""Oldest first."""
_BY_NAME = {version.name: version for version in VERSIONS}
_NAME = re.compile(r"v?(\d{1,2})(\.\d)?")


def named(given: str) -> str | None:
    """``v25.0`` for ``25``, ``v25`` or ``V25.0``; None for what is no version."""
    found = _NAME.fullmatch(given.strip().lower())
    return f"v{int(found[1])}{found[2] or '.0'}" if found else None


def is_expired(name: str, today: date) -> bool:
    """Whether Meta serves another one in its place; one that is not in the table is not."""
    version = _BY_NAME.get(name)
    if version is None:
        return _number(name) < _number(VERSIONS[0].name)
    return version.ends is not None and version.ends < today


def ends(name: str) -> date | None:
    """When it ends; None when that is not known."""
    version = _BY_NAME.get(name)
    return version.ends if version else None


def served(name: str, today: date) -> str:
    """The version that should answer: itself, or the oldest one that is usable."""
    if not is_expired(name, today):
        return name
    usable = (one.name for one in VERSIONS if one.ends is None or one.ends >= today)
    return next(usable, DEFAULT)


def _number(name: str) -> float:
    return float(name.removeprefix("v"))
