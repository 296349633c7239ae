"""A key and a plan in, a stand-in of the Gemini API out, over HTTP on loopback.

    with GeminiSimulator(plan=FREE_TWENTY) as gemini:
        client = genai.Client(
            api_key=gemini.key, http_options=types.HttpOptions(base_url=gemini.address)
        )
        gemini.fail(Mode.FENCED, Mode.EMOJI, times=2)     # both, for the next two requests
        gemini.fail(Mode.PER_MINUTE, retry_delay=7)       # then all, until `mend`
        ...
        gemini.mend()
        gemini.clock.go(hours=20)                         # quotas go by this clock alone
        gemini.misbehave(seed=7)                          # anything, from now on
        assert gemini.counts().admitted <= 20
        assert not any(request.key_in_url for request in gemini.requests)
        assert gemini.generated[-1].asked == (11, 12)     # the reels that the prompt is about

As a fixture: ``with GeminiSimulator() as simulator: yield simulator``.  By itself it stands still
on the day of the contract, knows one key and has no limits.  Modes meet ``generateContent`` unless
`fail` says otherwise; what they do is told beside `Mode`.  Quotas are those of the key's project
for one model: requests and tokens in any 60 seconds, requests from midnight to midnight in Los
Angeles.  A request counts as admitted once the model was asked, whatever came of it; what the key,
the body or the quota stopped is refused.

The answer is made from the request alone: the schema's names and limits (``responseSchema`` or
``responseJsonSchema``), the reels that the schema's ``enum`` lists or that the prompt speaks of
(``reel_id: 7``, ``<reel id="7">``, ``reel 7``), the language that is asked for, the words that
stand beside each reel.  Its behaviour follows the contract (shared/reference/gemini.md and the
API's documentation), not what our client asks for.  Of media it takes pictures inside the request
alone, and they must begin as their type does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from contextlib import ExitStack
from typing import Self

from tests.simulators.gemini_models import MODELS, Model
from tests.simulators.gemini_server import served
from tests.simulators.gemini_words import (
    FREE_LITE,
    FREE_TWENTY,
    NOT_FREE,
    UNLIMITED,
    Counts,
    Endpoint,
    Fault,
    Mode,
    Plan,
    Request,
    Stage,
)
from tests.simulators.gemini_world import Project, World
from tests.simulators.instagram_clock import Clock

__all__ = [
    "FREE_LITE",
    "FREE_TWENTY",
    "KEY",
    "MODELS",
    "NOT_FREE",
    "ODD",
    "PASSING",
    "UNLIMITED",
    "Clock",
    "Counts",
    "Endpoint",
    "Fault",
    "GeminiSimulator",
    "Mode",
    "Model",
    "Plan",
    "Request",
    "Stage",
]

KEY = "AIzaSyStandIn-0000000000000000000000000"
"""As long as those of Google."""
WITHIN = 30.0
ODD = tuple(mode for mode in Mode if mode.stage in {Stage.ANSWER, Stage.ITEMS, Stage.TEXT})
PASSING = (
    Mode.OVERLOADED,
    Mode.INTERNAL,
    Mode.DEADLINE,
    Mode.BAD_GATEWAY,
    Mode.HTML,
    Mode.EMPTY_BODY,
    Mode.CLOSE,
    Mode.HALF_BODY,
)
"""Modes that a later request may not meet."""


class GeminiSimulator:
    """Every method may be called from any thread."""

    def __init__(
        self,
        *,
        key: str = KEY,
        plan: Plan = UNLIMITED,
        clock: Clock | None = None,
        seed: int = 1,
        port: int = 0,
    ) -> None:
        """`port` 0: any; `clock` None: one that stands still on the day of the contract."""
        self.key, self.clock = key, clock or Clock()
        self.address = ""
        """``http://127.0.0.1:PORT``, while it answers."""
        self._world = World(self.clock, seed)
        self._world.keys[key] = Project(plan)
        self._port, self._stack = port, ExitStack()

    def __enter__(self) -> Self:
        self.address = self._stack.enter_context(served(self._world, self._port))
        return self

    def __exit__(self, *given: object) -> None:
        self._stack.close()

    # Who may ask, and how much

    def add_key(self, key: str, *, plan: Plan = UNLIMITED, beside: str | None = None) -> str:
        """Another key; `beside` one of the same project it shares its quotas."""
        with self._world.lock:
            self._world.keys[key] = self._world.keys[beside] if beside else Project(plan)
        return key

    def revoke(self, key: str | None = None) -> None:
        """Forget a key; None: the first one."""
        with self._world.lock:
            self._world.keys.pop(key or self.key, None)

    def set_plan(self, plan: Plan, *, model: str | None = None, key: str | None = None) -> None:
        """Of all models, or of one; what was spent stays spent."""
        with self._world.lock:
            project = self._world.keys[key or self.key]
            if model is None:
                project.plan = plan
            else:
                project.plans[model] = plan

    def retire(self, model: str) -> None:
        """From now on it answers 404 and is not listed."""
        with self._world.lock:
            del self._world.models[model]

    def offer(self, model: Model) -> None:
        """List one more."""
        with self._world.lock:
            self._world.models[model.name] = model

    # What goes wrong

    def fail(
        self,
        *modes: Mode,
        times: int | None = None,
        skip: int = 0,
        on: Endpoint | None = Endpoint.GENERATE,
        model: str | None = None,
        key: str | None = None,
        retry_delay: float | None = None,
    ) -> Fault:
        """Let requests meet these modes; earlier faults come first.

        Args:
            modes: Of the stages ITEMS and TEXT any number, else one.
            times: For so many requests; None: until `mend`.
            skip: Let so many requests pass first.
            on: None: every endpoint.
            model: Only of requests to this one, as they name it.
            key: Only of requests with this one.
            retry_delay: Of 429, in seconds; None: the usual one.
        """
        fault = Fault(modes, times, skip, on, model, key, retry_delay)
        with self._world.lock:
            self._world.faults.append(fault)
        return fault

    def misbehave(
        self, *, seed: int = 1, share: float = 1.0, modes: Collection[Mode] = (*ODD, *PASSING)
    ) -> None:
        """Let a share of the requests that no fault takes meet one to three modes, by chance."""
        with self._world.lock:
            self._world.chaos = (random.Random(seed), share, tuple(modes))

    def mend(self) -> None:
        """End all faults; what hangs goes on hanging."""
        with self._world.lock:
            self._world.faults.clear()
            self._world.chaos = None

    @property
    def hanging(self) -> int:
        """Requests that stand still."""
        with self._world.lock:
            return self._world.hanging

    def release(self) -> None:
        """Let those that stand still be answered; later ones hang again.

        Wait for `hanging` first: a client may be gone before its request hangs.
        """
        with self._world.changed:
            self._world.releases += 1
            self._world.changed.notify_all()

    # What happened

    @property
    def requests(self) -> tuple[Request, ...]:
        """All, in order of arrival; those that run go on changing."""
        with self._world.lock:
            return tuple(self._world.journal)

    def asked(self, endpoint: Endpoint) -> tuple[Request, ...]:
        return tuple(request for request in self.requests if request.endpoint is endpoint)

    @property
    def generated(self) -> tuple[Request, ...]:
        """The requests for an answer."""
        return self.asked(Endpoint.GENERATE)

    def counts(self, *, key: str | None = None, model: str | None = None) -> Counts:
        """Of generateContent, for a key and a model, or over all."""
        with self._world.lock:
            found = [
                counts
                for (its_key, its_model), counts in self._world.counts.items()
                if key in {None, its_key} and model in {None, its_model}
            ]
        return sum(found, Counts())

    def forget(self) -> None:
        """Empty the journal and the counts; quotas stay spent."""
        with self._world.lock:
            self._world.journal.clear()
            self._world.counts.clear()

    def wait_until(
        self, condition: Callable[[], object], what: str, *, within: float = WITHIN
    ) -> None:
        """Wait for a condition on what happened, looked at whenever a request moves on."""
        with self._world.changed:
            found = self._world.changed.wait_for(condition, within)
        assert found, f"not within {within:g} s: {what}"


if __name__ == "__main__":
    from tests.simulators.gemini_sandbox import main

    main()
