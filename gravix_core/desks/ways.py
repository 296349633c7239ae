"""The words for ways to Facebook's dialog: begun, ended, and what there is to choose.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Came(StrEnum):
    """What came of one way to Facebook's dialog."""

    UNDER_WAY = "under_way"
    CONNECTED = "connected"
    CHOOSE = "choose"
    """Several accounts were found: the operator says which."""
    DENIED = "denied"
    SCOPE_MISSING = "scope_missing"
    NO_ACCOUNT = "no_account"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to Facebook's dialog, just begun."""

    url: str
    state: str = field(repr=False)
    cookie: str = field(repr=False)
    """For the browser that goes; whoever comes back has to bring it."""


@dataclass(frozen=True, slots=True)
class ConnectOutcome:
    came: Came
    message: str
    hint: str
    reference: str
    """By which `Connection.outcome` finds it again; it opens nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An account that may be connected."""

    ig_user_id: str
    username: str
    name: str
    picture_url: str
    page_name: str
    may_post: bool
