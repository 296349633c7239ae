"""A request that has arrived in, Google's answer out; and what is remembered of both."""

from __future__ import annotations

import json
import random
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.simulators.gemini_answer import answered, asked_ids
from tests.simulators.gemini_errors import (
    BACKEND,
    FRONT,
    TOO_LARGE,
    bad_request,
    exhausted,
    gate,
    key_invalid,
    model_not_found,
    no_key,
    page_not_found,
    too_short,
    unauthenticated,
)
from tests.simulators.gemini_fields import Refused
from tests.simulators.gemini_models import MODELS, MOST_OF_A_PAGE, PAGE_SIZE, Model
from tests.simulators.gemini_quota import Spent, refusal
from tests.simulators.gemini_request import Asked, read, read_count
from tests.simulators.gemini_words import (
    NO_FAULT,
    UNLIMITED,
    Answer,
    Counts,
    Endpoint,
    Fault,
    Json,
    Mode,
    Plan,
    Request,
    Stage,
    json_answer,
)
from tests.simulators.instagram_clock import Clock

MOST_BODY = 20 * 1024 * 1024
"""Bytes of a request with media inside.  Source: shared/reference/gemini.md, section 3."""
SHORTEST = 10.0
"""Seconds of X-Server-Timeout.  Source: shared/reference/gemini.md, section 1."""
_PATH = re.compile(r"/(v1|v1beta)/models(?:/([^/:]+)(?::(\w+))?)?")
_POSTS = {"generateContent": Endpoint.GENERATE, "countTokens": Endpoint.COUNT}


@dataclass(slots=True)
class Project:
    """What a key belongs to; quotas are those of the project, for each model."""

    plan: Plan = UNLIMITED
    plans: dict[str, Plan] = field(default_factory=dict)
    """Of single models."""
    spent: defaultdict[str, list[Spent]] = field(default_factory=lambda: defaultdict(list))


class World:
    """`lock` is held while anything changes; `changed` tells of it."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock, self.rng = clock, random.Random(seed)
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.models: dict[str, Model] = {model.name: model for model in MODELS}
        self.keys: dict[str, Project] = {}
        self.faults: list[Fault] = []
        self.chaos: tuple[random.Random, float, tuple[Mode, ...]] | None = None
        self.journal: list[Request] = []
        self.counts: defaultdict[tuple[str, str], Counts] = defaultdict(Counts)
        self.hanging, self.releases, self.is_over = 0, 0, False

    def arrive(self, method: str, target: str, headers: Mapping[str, str], raw: bytes) -> Request:
        """Write a request down, whatever it is."""
        with self.changed:
            request = Request(len(self.journal) + 1, self.clock.time(), method, target)
            request.headers = {name.lower(): value for name, value in headers.items()}
            request.raw, request.body = raw, _object(raw)
            request.query = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
            request.key = request.headers.get("x-goog-api-key") or request.query.get("key", "")
            _route(request)
            fault = self._fault(request)
            request.modes, request.delay = fault.modes, fault.retry_delay
            self.journal.append(request)
            self.changed.notify_all()
            return request

    def answer(self, request: Request) -> Answer:
        """What Google says to it; stands still while it hangs."""
        front = next((one for one in request.modes if one.stage is Stage.FRONT), None)
        if front is Mode.HANG and not self._hang():
            return FRONT[Mode.CLOSE]
        if front and front is not Mode.HANG:
            return FRONT[front]
        with self.changed:
            try:
                return self._answer(request)
            except Refused as exc:
                return exc.answer

    def end(self, request: Request, answer: Answer) -> None:
        """Write down what became of it."""
        with self.changed:
            request.status, request.answer, request.done = answer.status, answer.body, True
            if request.endpoint is Endpoint.GENERATE:
                request.tokens_in, request.tokens_out = _tokens(answer)
                self.counts[request.key, request.model] += Counts(
                    int(request.admitted),
                    int(not request.admitted),
                    request.tokens_in,
                    request.tokens_out,
                )
            self.changed.notify_all()

    def _fault(self, request: Request) -> Fault:
        found = next((fault for fault in self.faults if fault.takes(request)), None)
        if found:
            return found
        if self.chaos and request.endpoint is Endpoint.GENERATE:
            rng, share, pool = self.chaos
            if rng.random() < share:
                return Fault(tuple(rng.sample(pool, rng.choice((1, 1, 2, 3)))))
        return NO_FAULT

    def _hang(self) -> bool:
        """Whether it goes on."""
        with self.changed:
            self.hanging += 1
            mine = self.releases
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.is_over or self.releases > mine)
            self.hanging -= 1
            self.changed.notify_all()
            return not self.is_over

    def _answer(self, request: Request) -> Answer:
        if not request.version or (request.endpoint is Endpoint.OTHER and not request.model):
            return page_not_found(request.path)
        if len(request.raw) > MOST_BODY:
            return TOO_LARGE
        project = self._project(request)
        _pass_gate(request)
        if request.endpoint is Endpoint.MODELS:
            return self._models(request)
        model = self._model(request)
        if request.endpoint is Endpoint.MODEL:
            return json_answer(model.described())
        if request.endpoint is Endpoint.COUNT:
            counted = read_count(request.body, model, request.version)
            return json_answer({"totalTokens": counted.tokens})
        asked = _noted(request, read(request.body, model, request.version))
        self._admit(request, project, model, asked)
        return self._generated(request, model, asked)

    def _project(self, request: Request) -> Project:
        if request.headers.get("authorization"):
            raise Refused(unauthenticated())
        if not request.key:
            raise Refused(no_key())
        if request.key not in self.keys:
            raise Refused(key_invalid())
        return self.keys[request.key]

    def _model(self, request: Request) -> Model:
        model = self.models.get(request.model)
        method = _method(request)
        if model is None or (method and method not in {*model.methods} & {*_POSTS}):
            version = request.version
            raise Refused(model_not_found(request.model, version, method or "generateContent"))
        return model

    def _models(self, request: Request) -> Answer:
        try:
            size = int(request.query.get("pageSize") or PAGE_SIZE)
            start = int(request.query.get("pageToken") or 0)
        except ValueError:
            return bad_request("Invalid value at 'page_size' (TYPE_INT32)", field="page_size")
        size = min(size, MOST_OF_A_PAGE) if size > 0 else PAGE_SIZE
        models = [model.described() for model in self.models.values()]
        told: Json = {"models": models[start : start + size]}
        if start + size < len(models):
            told["nextPageToken"] = str(start + size)
        return json_answer(told)

    def _admit(self, request: Request, project: Project, model: Model, asked: Asked) -> None:
        name, now = model.alias_of or model.name, self.clock.time()
        plan = project.plans.get(name, project.plan)
        refused = refusal(plan, project.spent[name], now, asked.tokens)
        if refused:
            raise Refused(exhausted(refused.violations, name, refused.delay))
        project.spent[name].append(Spent(now, asked.tokens))
        request.admitted = True

    def _generated(self, request: Request, model: Model, asked: Asked) -> Answer:
        for mode in request.modes:
            if mode in BACKEND:
                return BACKEND[mode]
        answer = json_answer(answered(asked, model, request, self.rng))
        if Mode.HALF_BODY in request.modes:
            return Answer(answer.status, answer.body, drop=True)
        return answer


def _pass_gate(request: Request) -> None:
    for mode in request.modes:
        if mode.stage is Stage.GATE:
            raise Refused(gate(mode, request.model, request.version, delay=request.delay))
    deadline = request.deadline
    if deadline is not None and not deadline >= SHORTEST:
        raise Refused(too_short(deadline))
    if request.method == "POST" and request.body is None:
        raise Refused(bad_request("Invalid JSON payload received. Unexpected token."))


def _route(request: Request) -> None:
    found = _PATH.fullmatch(unquote(request.path))
    if not found:
        return
    version, model, method = found.groups(default="")
    request.version, request.model = version, model
    if request.method == "POST" and method:
        request.endpoint = _POSTS.get(method, Endpoint.OTHER)
    elif request.method == "GET" and not method:
        request.endpoint = Endpoint.MODEL if model else Endpoint.MODELS


def _method(request: Request) -> str:
    return "" if request.method == "GET" else request.path.rpartition(":")[2]


def _noted(request: Request, asked: Asked) -> Asked:
    request.prompt, request.system = "\n\n".join(asked.texts), asked.system
    request.pictures = tuple(picture for picture, _ in asked.pictures)
    request.schema, request.deprecated = asked.schema, asked.deprecated
    request.asked = asked_ids(asked)
    return asked


def _object(raw: bytes) -> Any:
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _tokens(answer: Answer) -> tuple[int, int]:
    body = _object(answer.body) or {}
    usage = body.get("usageMetadata", {})
    out = usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)
    return usage.get("promptTokenCount", 0), out
