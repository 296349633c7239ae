"""Everything the stand-in knows and how it is set: one world per stand-in."""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.simulators.instagram_clock import Clock, served_version
from tests.simulators.instagram_errors import dead_token
from tests.simulators.instagram_things import (
    NEVER,
    Account,
    App,
    Code,
    Container,
    Media,
    Page,
    Portfolio,
    Token,
    User,
)
from tests.simulators.instagram_words import Fault, PublishMode, RepeatMode, Request

DAY = 24 * 3600.0
GIGABYTE = 1 << 30
_DIGITS = string.digits
_LETTERS = string.ascii_letters + string.digits


@dataclass(slots=True)
class Switches:
    """Where the documents leave room or disagree; tests set these."""

    page_size: int = 100
    """Objects per page of a list at most, whatever `limit` asks for."""
    code_life: float = 600.0
    short_life: float = 2 * 3600.0
    long_life: float = 60 * DAY
    """`NEVER` for tokens without an end."""
    exchange_moves_expiry: bool = True
    """Whether fb_exchange_token of a long-lived token begins a new life."""
    tells_expires_in: bool = True
    """Whether answers with a token carry expires_in."""
    dead_token_status: int = 400
    """400 or 401, of code 190."""
    publish_mode: PublishMode = PublishMode.OK
    not_ready_tries: int = 1
    repeat_mode: RepeatMode = RepeatMode.SAME_ID
    status_lag: int = 0
    """Reads of a container that still say FINISHED after it was published."""
    list_lag: int = 0
    """Reads of an account's media that do not show a new post yet."""
    processing_polls: int = 1
    """Reads of an uploaded container that say IN_PROGRESS before it is judged."""
    processing_seconds: float = 0.0
    """At least so long, by the virtual clock."""
    processing_error: int = 0
    """The subcode with which whatever is uploaded from now on fails, such as 2207026."""
    offset_lag: int = 0
    """Reads of video_status that do not know yet what the last upload brought."""
    size_limit: int = GIGABYTE
    edit_lists: bool = True
    """Whether a file with an edit list passes."""
    bytes_key: str = "bytes_transferred"
    """How video_status spells it; ``bytes_transfered`` on the Facebook Reels page."""
    video_status_error: tuple[int, int | None] | None = None
    """Code and subcode that a read of video_status is refused with, such as ``(100, 2207065)``."""
    upload_status: bool = True
    """Whether GET of an upload's address answers; undocumented."""
    chunked_uploads: bool = False
    """Whether an upload may do without Content-Length; not known of the real one."""
    app_usage: dict[str, int] | None = None
    """X-App-Usage."""
    business_usage: dict[str, list[dict[str, object]]] | None = None
    """X-Business-Use-Case-Usage."""


Fetch = Callable[[str], bytes | None]
"""Address to what is there; None: it cannot be had, or its server does not know Range."""


@dataclass(slots=True, eq=False)
class World:
    clock: Clock
    random: random.Random
    fetch: Fetch
    switches: Switches = field(default_factory=Switches)
    dialog_url: str = ""
    graph_url: str = ""
    rupload_url: str = ""
    apps: dict[str, App] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    portfolios: dict[str, Portfolio] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    """In the order of publication."""
    journal: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    passed: Counter[Fault] = field(default_factory=Counter)

    def new_id(self, prefix: str = "1") -> str:
        """Seventeen digits, so that no float and no JavaScript number holds it."""
        rest = self.random.choices(_DIGITS, k=17 - len(prefix))
        return prefix + "".join(rest)

    def new_text(self, length: int, prefix: str = "") -> str:
        return prefix + "".join(self.random.choices(_LETTERS, k=length))

    def served(self, asked: str) -> str:
        return served_version(asked, self.clock.now().date())

    # Tokens

    def new_token(
        self,
        kind: Literal["user", "page"],
        app: App,
        user: User,
        *,
        page: Page | None = None,
        expires_at: float = NEVER,
        long: bool = False,
    ) -> Token:
        value, now = self.new_text(120, "EAA"), self.clock.time()
        token = Token(value, kind, app, user, page, now, expires_at, long)
        self.tokens[value] = token
        return token

    def page_token(self, page: Page, source: Token) -> Token:
        """The one of this Page and this person's token; it ends only when that one is short."""
        assert source.user
        for token in self.tokens.values():
            same = (token.page, token.app, token.user) == (page, source.app, source.user)
            if same and token.long == source.long and token.death(self.clock.time()) is None:
                return token
        expires_at = NEVER if source.long else source.expires_at
        return self.new_token(
            "page", source.app, source.user, page=page, expires_at=expires_at, long=source.long
        )

    def find_token(self, value: str) -> Token | None:
        """Dead ones too; ``id|secret`` is the token of an app."""
        app_id, bar, secret = value.partition("|")
        app = self.apps.get(app_id)
        if bar and app and app.secret == secret:
            return Token(value, "app", app)
        return self.tokens.get(value)

    def check_alive(self, token: Token) -> None:
        reason = token.death(self.clock.time())
        if reason is not None:
            raise dead_token(reason, self.switches.dead_token_status)

    # Pages

    def pages_of(self, token: Token) -> list[Page]:
        """The Pages that a token may act for."""
        if token.kind == "page":
            return [token.page] if token.page else []
        return [
            page
            for page in self.pages.values()
            if page.user is token.user and page.tasks and page.id in token.grant.pages
        ]

    def page_of(self, token: Token, account: Account) -> Page | None:
        """The Page through which a token reaches an account."""
        return next((p for p in self.pages_of(token) if p.instagram is account), None)

    # Faults

    def fault_for(self, request: Request) -> Fault | None:
        """Use up one fault that fits; of several the first."""
        token = self.find_token(request.token)
        for fault in self.faults:
            if fault.endpoint is not request.endpoint:
                continue
            if fault.token_kind and (token is None or token.kind != fault.token_kind):
                continue
            seen, self.passed[fault] = self.passed[fault], self.passed[fault] + 1
            if seen >= fault.skip and (fault.times is None or seen < fault.skip + fault.times):
                return fault
        return None
