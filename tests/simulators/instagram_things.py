"""What Meta's servers know: apps, people, Pages, tokens, containers and posts."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Literal

from tests.simulators.instagram_words import Reason

NEVER = 0.0
"""The expiry of a token that does not expire."""
CONTAINER_LIFE = 24 * 3600.0
TASKS = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")
SCOPES = (
    "public_profile",
    "email",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_contents",
    "instagram_manage_insights",
    "pages_show_list",
    "pages_read_engagement",
    "business_management",
    "ads_management",
    "ads_read",
)


@dataclass(frozen=True, slots=True)
class LoginConfig:
    """A configuration of Facebook Login for Business."""

    scopes: tuple[str, ...]
    system_user: bool = False
    """Must be asked with override_default_response_type; its tokens never expire."""


@dataclass(slots=True, eq=False)
class App:
    id: str
    secret: str = field(repr=False)
    name: str
    mode: Literal["dev", "live"]
    require_proof: bool
    redirect_uris: tuple[str, ...]
    config_ids: Mapping[str, LoginConfig]


@dataclass(slots=True, eq=False)
class Grant:
    """What a person gave to an app."""

    permissions: dict[str, str] = field(default_factory=dict)
    """``granted`` or ``declined``."""
    pages: set[str] = field(default_factory=set)

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(name for name, said in self.permissions.items() if said == "granted")


@dataclass(slots=True, eq=False)
class User:
    id: str
    name: str
    has_role: bool = True
    """In the app; one without cannot grant anything to an app in development."""
    grants: dict[str, Grant] = field(default_factory=dict)
    """By the id of the app."""


@dataclass(slots=True, eq=False)
class Portfolio:
    id: str
    name: str
    user: User


@dataclass(slots=True, eq=False)
class Account:
    """A professional Instagram account."""

    username: str
    name: str = ""
    id: str = ""
    """Given by the stand-in unless set."""
    followers_count: int = 120
    quota_total: int = 50
    restricted: bool = False
    trial_reels: bool = True
    publishes: list[float] = field(default_factory=list)
    """When something was published, by the virtual clock."""
    creations: list[float] = field(default_factory=list)
    blocked_until: float = 0.0
    """Of the limit of calls, see `throttle`."""


@dataclass(slots=True, eq=False)
class Page:
    id: str
    name: str
    user: User
    tasks: tuple[str, ...] = TASKS
    portfolio: Portfolio | None = None
    relation: Literal["owned", "client"] = "owned"
    """To its portfolio."""
    instagram: Account | None = None
    listed: bool = True
    """Whether me/accounts shows it at all; otherwise the edges of portfolios alone do."""
    role_by_business: bool = False
    """Publishing then needs ads_management or ads_read as well."""


@dataclass(slots=True, eq=False)
class Token:
    value: str = field(repr=False)
    kind: Literal["user", "page", "app"]
    app: App
    user: User | None = None
    page: Page | None = None
    issued_at: float = 0.0
    expires_at: float = NEVER
    long: bool = False
    invalid: Reason | None = None

    def death(self, now: float) -> Reason | None:
        """Why it is not accepted, if so."""
        if self.invalid is None and self.expires_at != NEVER and self.expires_at <= now:
            return Reason.EXPIRED
        return self.invalid

    @property
    def grant(self) -> Grant:
        return self.user.grants.get(self.app.id, Grant()) if self.user else Grant()


@dataclass(slots=True, eq=False)
class Code:
    value: str = field(repr=False)
    app: App
    user: User
    redirect_uri: str
    expires_at: float
    system_user: bool = False
    used: bool = False


@dataclass(slots=True, eq=False)
class Container:
    """Bytes received and processing; whether it is published is the World's to say."""

    id: str
    account: Account
    app: App
    params: Mapping[str, str]
    created_at: float
    uri: str = ""
    received: int = 0
    received_before: int = 0
    """When the last upload began."""
    offset_lag_left: int = 0
    """Reads that still tell `received_before`."""
    file_size: int | None = None
    """As announced by the first upload."""
    completed_at: float | None = None
    polls_left: int = 0
    error: int = 0
    """The subcode, shown when processing is over."""
    why: str = ""
    """What is wrong with the file, for people."""
    media_ids: list[str] = field(default_factory=list)
    published_at: float | None = None
    lag_left: int = 0
    """Reads for which it still says FINISHED although it is published."""
    refusals: int = 0
    """How often media_publish was refused by `PublishMode.NOT_READY`."""
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    @property
    def caption(self) -> str:
        return self.params.get("caption", "")

    @property
    def sha256(self) -> str:
        """Of all bytes so far."""
        seen = hashlib.sha256()
        self.file.seek(0)
        while part := self.file.read(1 << 20):
            seen.update(part)
        return seen.hexdigest()

    def expired(self, now: float) -> bool:
        return not self.media_ids and now >= self.created_at + CONTAINER_LIFE


@dataclass(slots=True, eq=False)
class Media:
    """A published reel."""

    id: str
    account: Account
    caption: str
    timestamp: float
    shortcode: str
    container_id: str = ""
    share_to_feed: bool = True
    seen_by_all: bool = True
    """False when an app in development mode published it."""
    lag_left: int = 0
    """Readings of the list that do not show it yet."""
    insights: dict[str, int] = field(default_factory=dict)
    """Empty: not there yet."""
    product: str = "REELS"

    @property
    def permalink(self) -> str:
        return f"https://www.instagram.com/reel/{self.shortcode}/"
