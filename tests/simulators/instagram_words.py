"""The vocabulary of the stand-in of Meta's servers: hosts, endpoints, switches, faults, journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, TypedDict

from tests.simulators.instagram_holds import Hold

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=utf-8"


class Role(StrEnum):
    """Which of Meta's hosts a port stands for."""

    DIALOG = "dialog"
    GRAPH = "graph"
    RUPLOAD = "rupload"


class Endpoint(StrEnum):
    """What a request asks for."""

    DIALOG = "dialog"
    CONSENT = "consent"
    """The form of the dialog's page."""
    EXCHANGE = "exchange"
    """A code for a token."""
    LONG_TOKEN = "long_token"
    DEBUG_TOKEN = "debug_token"
    ME = "me"
    PERMISSIONS = "permissions"
    REVOKE = "revoke"
    ACCOUNTS = "accounts"
    BUSINESSES = "businesses"
    BUSINESS_PAGES = "business_pages"
    """owned_pages and client_pages."""
    PAGE = "page"
    ACCOUNT = "account"
    QUOTA = "quota"
    CREATE = "create"
    """A container: POST of an account's media."""
    LIST = "list"
    """GET of an account's media."""
    CONTAINER = "container"
    UPLOAD = "upload"
    UPLOAD_STATUS = "upload_status"
    PUBLISH = "publish"
    MEDIA = "media"
    INSIGHTS = "insights"
    OTHER = "other"


class Reason(IntEnum):
    """Why a token is dead: the subcode of 190."""

    APP_REMOVED = 458
    CHECKPOINT = 459
    PASSWORD = 460
    EXPIRED = 463
    UNCONFIRMED = 464
    SESSION = 467
    NO_PAGE_ROLE = 492
    PAGE_PERMISSION = 0
    """Without a subcode: the token lives, but may not act for the Page."""


class PublishMode(StrEnum):
    """What media_publish of a finished container does when it is asked for the first time."""

    OK = "ok"
    DROP = "drop"
    """Published, and the answer is lost."""
    ERROR_500 = "error_500"
    """Published, and the answer is 500 with code 1."""
    SPAM = "spam"
    """Published, and the answer is 4/2207051."""
    NOT_READY = "not_ready"
    """Refused with 9007/2207027 for `not_ready_tries` calls, then OK."""


class RepeatMode(StrEnum):
    """What media_publish answers for a container that is already published."""

    SAME_ID = "same_id"
    NOT_READY = "9007"
    MISSING = "2207008"
    FATAL = "2207085"
    SECOND_MEDIA = "second_media"
    """The pessimistic one: it publishes again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent; `drop` closes the connection instead."""

    body: bytes = b""
    status: int = 200
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    later: Callable[[], None] | None = None
    """Work that begins now and goes on after the answer was sent."""


def json_answer(body: object, status: int = 200, **given: Any) -> Answer:
    return Answer(json.dumps(body).encode(), status, **given)


@dataclass(slots=True, eq=False)
class Request:
    """One line of the journal."""

    role: Role
    method: str
    path: str
    """With the version, without the query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    """The fields of a form or of a JSON body, those that are not text as JSON."""
    endpoint: Endpoint = Endpoint.OTHER
    length: int = 0
    """Bytes of the body that arrived."""
    sha256: str = ""
    """Of the body that arrived, of uploads alone."""
    status: int = 0
    """0 while there is no answer, and when the connection was closed instead."""
    done: bool = False
    at: float = 0.0
    """By the virtual clock."""

    @property
    def params(self) -> dict[str, str]:
        return {**self.query, **self.form}

    @property
    def version(self) -> str:
        """As asked, such as ``v25.0``; empty without."""
        first = self.path.split("/")[1]
        return first if first[:1] == "v" and first[1:2].isdigit() else ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The path without the version."""
        parts = tuple(part for part in self.path.split("/") if part)
        return parts[1:] if self.version else parts

    @property
    def token(self) -> str:
        """From query, body or header, in this order; empty without."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        given = value.strip() if scheme.lower() in {"bearer", "oauth"} else ""
        return self.params.get("access_token", "") or given


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """What goes wrong with requests to one endpoint; the first that fits is used."""

    endpoint: Endpoint
    status: int | None = None
    """Of the answer.  Without any of `body`, `code`, `kind` and `html` the body is empty."""
    body: object = None
    """Bytes or text as they are, all else as JSON."""
    code: int | None = None
    """An error of Graph with this code; its status is 400 unless given."""
    subcode: int | None = None
    is_transient: bool | None = None
    message: str = "An error that was asked for"
    user_msg: str = ""
    kind: str = ""
    """A type of rupload's own errors, such as ``ProcessingFailedError``."""
    retriable: bool = False
    html: bool = False
    """A page instead of JSON; its status is 502 unless given."""
    truncate: bool = False
    """The right answer, but half of it."""
    drop: str = ""
    """Close the connection ``before`` or ``after`` the request is carried out."""
    after: bool = False
    """Carry the request out, and then answer as above."""
    cut_at: int | None = None
    """Of uploads: close the connection when so many bytes of the body have arrived."""
    delay: float = 0.0
    """Real seconds before anything else."""
    hold: Hold | None = None
    """Where the request stands still: before it is carried out; with `after` or ``drop="after"``
    behind that; with `cut_at` when so many bytes have arrived."""
    headers: Mapping[str, str] = field(default_factory=dict)
    token_kind: str = ""
    """Only requests with a ``user``, ``page`` or ``app`` token."""
    skip: int = 0
    """Let so many requests pass first."""
    times: int | None = None
    """Only so many requests; None: all."""

    @property
    def stands_first(self) -> bool:
        """Whether `hold` comes before the deed."""
        return not self.after and self.drop != "after" and self.cut_at is None

    @property
    def replaces(self) -> bool:
        """Whether the answer is not the right one."""
        given = (self.status, self.body, self.code)
        return any(value is not None for value in given) or bool(self.kind) or self.html

    @property
    def carried_out(self) -> bool:
        return self.drop != "before" and (self.after or self.drop == "after" or not self.replaces)


class FaultOptions(TypedDict, total=False):
    """The fields of `Fault` but its endpoint."""

    status: int | None
    body: object
    code: int | None
    subcode: int | None
    is_transient: bool | None
    message: str
    user_msg: str
    kind: str
    retriable: bool
    html: bool
    truncate: bool
    drop: str
    after: bool
    cut_at: int | None
    delay: float
    hold: Hold | None
    headers: Mapping[str, str]
    token_kind: str
    skip: int
    times: int | None
