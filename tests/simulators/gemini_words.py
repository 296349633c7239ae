"""The vocabulary of the stand-in of Gemini: endpoints, modes, plans, faults, the journal."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import Any

Json = dict[str, Any]
JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"


class Endpoint(StrEnum):
    GENERATE = "generateContent"
    COUNT = "countTokens"
    MODELS = "models.list"
    MODEL = "models.get"
    OTHER = "other"


class Stage(Enum):
    """Where on its way a request meets a mode, in this order."""

    FRONT = auto()
    """A proxy before Google's servers: nothing of the request was looked at."""
    GATE = auto()
    """Google's gate: the key, the project, its quota.  The request counts as refused."""
    BACKEND = auto()
    """The model was asked; the request counts as admitted and is part of the quota."""
    ANSWER = auto()
    """The model answers, with something that is no plain answer."""
    ITEMS = auto()
    """The model answers, but what it wrote is odd."""
    TEXT = auto()
    """The model answers, but the text around what it wrote is odd."""


class Mode(Enum):
    """What goes wrong; the stage is `Mode.stage`.  One request may meet several of the last two."""

    HANG = Stage.FRONT, "no answer until `GeminiSimulator.release`, then the right one"
    CLOSE = Stage.FRONT, "the connection is closed without an answer"
    TOO_LARGE = Stage.FRONT, "413, a page of HTML"
    BAD_GATEWAY = Stage.FRONT, "502, a page of HTML"
    HTML = Stage.FRONT, "200, a page of HTML"
    EMPTY_BODY = Stage.FRONT, "200 and nothing else"

    KEY_INVALID = Stage.GATE, "400 INVALID_ARGUMENT, reason API_KEY_INVALID"
    KEY_EXPIRED = Stage.GATE, "400 INVALID_ARGUMENT, reason API_KEY_INVALID, another message"
    KEY_LEAKED = Stage.GATE, "403 PERMISSION_DENIED without details"
    KEY_BLOCKED = Stage.GATE, "403 PERMISSION_DENIED, reason API_KEY_SERVICE_BLOCKED"
    UNAUTHENTICATED = Stage.GATE, "401 UNAUTHENTICATED"
    SERVICE_DISABLED = Stage.GATE, "403 PERMISSION_DENIED, reason SERVICE_DISABLED"
    LOCATION = Stage.GATE, "400 FAILED_PRECONDITION"
    MODEL_GONE = Stage.GATE, "404 NOT_FOUND"
    PER_MINUTE = Stage.GATE, "429, requests per minute"
    PER_DAY = Stage.GATE, "429, requests per day, with a short delay beside it"
    TOKENS_PER_MINUTE = Stage.GATE, "429, tokens per minute"
    QUOTA_BARE = Stage.GATE, "429 without details"

    INTERNAL = Stage.BACKEND, "500 INTERNAL"
    OVERLOADED = Stage.BACKEND, "503 UNAVAILABLE"
    DEADLINE = Stage.BACKEND, "504 DEADLINE_EXCEEDED"
    HALF_BODY = Stage.BACKEND, "half of the answer, then the connection is closed"

    BLOCKED = Stage.ANSWER, "promptFeedback.blockReason and no candidates"
    NO_CANDIDATES = Stage.ANSWER, "neither candidates nor promptFeedback"
    SAFETY = Stage.ANSWER, "finishReason SAFETY without content"
    RECITATION = Stage.ANSWER, "finishReason RECITATION without content"
    MAX_TOKENS_EMPTY = Stage.ANSWER, "finishReason MAX_TOKENS without content: all was thought"

    WRONG_IDS = Stage.ITEMS, "every id is one that was not asked for"
    MISSING = Stage.ITEMS, "every second thing is left out, at least one"
    MISSING_ALL = Stage.ITEMS, "the list is empty"
    DUPLICATE = Stage.ITEMS, "the first thing comes twice, the second time with another text"
    EXTRA = Stage.ITEMS, "two more that nobody asked for"
    SHUFFLED = Stage.ITEMS, "in the reverse order"
    IDS_AS_TEXT = Stage.ITEMS, "ids are strings"
    EMOJI = Stage.ITEMS, "texts full of emoji, joined ones too"
    RIGHT_TO_LEFT = Stage.ITEMS, "Arabic and Hebrew with marks of direction"
    ODD_CHARACTERS = Stage.ITEMS, "controls, NUL and lines in titles"
    LONE_SURROGATE = Stage.ITEMS, "an escape that is half a character"
    LONG_TITLES = Stage.ITEMS, "titles of 300 characters"
    LONG_CAPTIONS = Stage.ITEMS, "captions of 5000 characters"
    BARE_HASHTAGS = Stage.ITEMS, "hashtags without their sign"
    MANY_HASHTAGS = Stage.ITEMS, "40 hashtags"
    HASHTAGS_AS_TEXT = Stage.ITEMS, "hashtags in one string, where a list belongs"
    MENTIONS = Stage.ITEMS, "25 mentions in each caption"
    SCORE_ZERO = Stage.ITEMS, "scores are 0"
    SCORE_HIGH = Stage.ITEMS, "scores are 101"
    SCORE_WORDS = Stage.ITEMS, 'scores are "high"'
    EMPTY_STRINGS = Stage.ITEMS, "all texts are empty"
    NULLS = Stage.ITEMS, "all but ids is null"
    SAME_TITLE = Stage.ITEMS, "one title for all"
    NESTED_FIELD = Stage.ITEMS, "titles hold JSON"
    BAD_SCHEMA = Stage.ITEMS, "numbers for texts, texts for lists"
    OTHER_KEYS = Stage.ITEMS, "keys in another spelling"
    OBEYS = Stage.ITEMS, "does what an order inside the prompt says"
    LEAKS = Stage.ITEMS, "captions hold the system instruction"
    MUTATED = Stage.ITEMS, "anything: by the simulator's seed"

    THOUGHT = Stage.TEXT, "a part with a thought comes first"
    PARTS = Stage.TEXT, "in two parts, cut anywhere"
    FENCED = Stage.TEXT, "in a fence of Markdown"
    CHATTY = Stage.TEXT, "with sentences before and behind a fence"
    BARE_LIST = Stage.TEXT, "the list alone, without what it belongs to"
    NESTED_JSON = Stage.TEXT, "JSON in a string of JSON"
    TRAILING_COMMA = Stage.TEXT, "with a comma too many"
    MAX_TOKENS = Stage.TEXT, "finishReason MAX_TOKENS, cut in the middle of something"
    UNKNOWN_FINISH = Stage.TEXT, "a finishReason that nobody knows"

    @property
    def stage(self) -> Stage:
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a project may ask of each model; None: as much as it likes."""

    rpm: int | None = None
    """Requests in any 60 seconds."""
    tpm: int | None = None
    """Tokens in prompts in any 60 seconds."""
    rpd: int | None = None
    """Requests from midnight to midnight, Pacific time."""
    is_free: bool = False


UNLIMITED = Plan()
FREE_LITE = Plan(rpm=15, tpm=250_000, rpd=500, is_free=True)
"""Of flash-lite in May 2026; source of this and the next: shared/reference/gemini.md, section 6."""
FREE_TWENTY = Plan(rpm=5, tpm=250_000, rpd=20, is_free=True)
"""Of 2.5-flash in May 2026."""
NOT_FREE = Plan(rpm=0, tpm=0, rpd=0, is_free=True)
"""A model that the free tier does not have: 429 with "limit: 0"."""


@dataclass(slots=True)
class Counts:
    admitted: int = 0
    """Requests for an answer that went to a model, whatever became of them."""
    refused: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    """With thoughts."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.admitted + other.admitted,
            self.refused + other.refused,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
        )


@dataclass(slots=True, eq=False)
class Fault:
    """Modes for requests that fit, from now on."""

    modes: tuple[Mode, ...]
    times: int | None = None
    """Only so many requests; None: all."""
    skip: int = 0
    """Let so many requests pass first."""
    on: Endpoint | None = Endpoint.GENERATE
    """None: every endpoint."""
    model: str | None = None
    key: str | None = None
    retry_delay: float | None = None
    """Of 429, in seconds."""

    def takes(self, request: Request) -> bool:
        """Whether this request meets the modes; counts it if it fits."""
        fits = (
            self.on in {None, request.endpoint}
            and self.model in {None, request.model}
            and self.key in {None, request.key}
        )
        if not fits or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


NO_FAULT = Fault(())


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent; `drop` closes the connection instead, or after half of it."""

    status: int = 200
    body: bytes = b""
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False


def json_answer(body: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body, indent=2).encode() + b"\n")


@dataclass(slots=True, eq=False)
class Request:
    """One line of the journal; nothing is hidden, so never print it where a key may not be."""

    number: int
    """1-based, in order of arrival."""
    at: float
    """By the simulator's clock, seconds since 1970."""
    method: str
    target: str
    """Path and query as they came."""
    version: str = ""
    """``v1`` or ``v1beta``; empty if the path names neither."""
    endpoint: Endpoint = Endpoint.OTHER
    model: str = ""
    """Without ``models/``, as it was asked for."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    raw: bytes = b""
    """The body."""
    body: Json | None = None
    """The body as JSON in its own spelling; None: it is no object."""
    key: str = ""
    prompt: str = ""
    """All text of the contents, parts joined by empty lines."""
    system: str = ""
    pictures: tuple[bytes, ...] = ()
    schema: Json | None = None
    """Of the answer, in one spelling; see `gemini_schema.plain`."""
    asked: tuple[int, ...] = ()
    """The ids that the answer is about."""
    deprecated: tuple[str, ...] = ()
    """Parameters that are accepted and should not be sent."""
    modes: tuple[Mode, ...] = ()
    """That it met."""
    delay: float | None = None
    """Of a 429 that it met; see `Fault.retry_delay`."""
    admitted: bool = False
    tokens_in: int = 0
    tokens_out: int = 0
    status: int = 0
    """Of the answer; 0: none."""
    answer: bytes = b""
    written: str = ""
    """The text of the model's answer."""
    done: bool = False

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def key_in_url(self) -> bool:
        """Whether the key stands where logs and proxies see it."""
        return bool(self.query.get("key")) or (bool(self.key) and self.key in self.target)

    @property
    def deadline(self) -> float | None:
        """Of X-Server-Timeout, in seconds; NaN: not a number."""
        given = self.headers.get("x-server-timeout")
        try:
            return None if given is None else float(given)
        except ValueError:
            return math.nan
