"""The words of the connect doctor: a step, what was found of it, what to do; and what is known.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gravix_core.model import InstagramAccount
from gravix_core.stages.publish import meta_versions
from gravix_core.store.attempts import Attempt


class Step(StrEnum):
    """What is looked at, in the order in which it is set up."""

    APP_ID = "App id"
    APP_SECRET = "App secret"  # noqa: S105 - the name of a step
    REDIRECT = "Redirect URI"
    MODE = "Mode of the app"
    VERSION = "API version"
    KEY = "Key for tokens"
    LOGIN = "Login with Facebook"
    PERMISSION = "Permission to publish"
    PAGE = "Page"
    PORTFOLIO = "Business portfolio"
    PROFESSIONAL = "Professional account, linked to the Page"
    ROLE = "Role on the Page"
    PUBLISHING = "Publishing as Meta sees it"
    END = "End of the connection"
    DATA_END = "End of access to data"


class CheckState(StrEnum):
    OK = "ok"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One step that was looked at."""

    name: Step
    state: CheckState
    found: str
    """Never a secret's value."""
    todo: str = ""
    """What to do, and on which screen."""


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Of the operator's app, as .env has it."""

    id: str = ""
    has_secret: bool = False
    version: str = meta_versions.DEFAULT
    config_id: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known without asking anybody."""

    app: AppSettings
    redirect_uri: str
    now: datetime
    key_trouble: tuple[str, str] | None = None
    """Message and hint, when the key cannot be had."""
    account: InstagramAccount | None = None
    """The active one."""
    token_opens: bool = True
    """Whether what is kept of it can be opened with the key."""
    last: Attempt | None = None
    """The last way to Facebook's dialog that led back."""


def ok(name: Step, found: str, todo: str = "") -> Check:
    return Check(name, CheckState.OK, found, todo)


def bad(name: Step, found: str, todo: str) -> Check:
    return Check(name, CheckState.BAD, found, todo)


def unknown(name: Step, found: str, todo: str) -> Check:
    return Check(name, CheckState.UNKNOWN, found, todo)
