"""A key, a model and the operator's consent in; whether a provider may be asked now out.

What keeps it from being asked is one row for all jobs of all processes: one bad key is one request
and one sentence.  Another key or model lifts it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from gravix_core.errors import Cancelled, CaptionError
from gravix_core.model import Seconds, Watch
from gravix_core.stages.caption.base import Captioner
from gravix_core.store.store import Store, Transaction
from gravix_core.texts import Hold

CONSENT, MODEL, HOLD = "gemini_consent", "gemini_model", "gemini_hold"
"""Names of preferences."""
TRANSIENT = "transient"
STAYS = frozenset({"key", "model"})
"""Kinds of error that no time heals."""
WAITS: dict[str, Seconds] = {"day": 6 * 3600.0, "wait": 60.0, TRANSIENT: 60.0}
"""By kind, where the error does not say how long.  One that may pass stops all jobs for a while,
too: each of them would wait for an answer that does not come."""
HEALS = frozenset({"wait", TRANSIENT})
"""Kinds that pass, nobody knows when: the waits grow."""
SHORTEST, EACH_TIME, LONGEST = 10.0, 5, 1800.0
"""Such a wait, how it grows while nothing works, and up to what; never below what was said."""
PATIENCE: Seconds = 3 * 86_400.0
"""When such waits add up to so much and nothing has worked, it is left to the operator."""
LOOK_EVERY: Seconds = 0.2


@dataclass(frozen=True, slots=True)
class Account:
    """What the settings say of the provider."""

    key: str = field(repr=False)
    model: str
    """Unless the operator chose another."""
    base_url: str = ""
    frames: int = 2
    """Pictures of each reel that go along."""


class Provider:
    """One per process; any number of threads may use it, of which one asks at a time."""

    def __init__(
        self,
        store: Store,
        account: Account,
        *,
        make: Callable[[str], Captioner],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """
        Args:
            make: The captioner for a model.
        """
        self.account = account
        self._store = store
        self._make = make
        self._clock = clock
        self._made: tuple[str, Captioner] | None = None
        self._asking = Lock()
        self._making = Lock()

    @property
    def has_key(self) -> bool:
        return bool(self.account.key)

    def is_agreed(self) -> bool:
        with self._store.read() as tx:
            return tx.preferences.get(CONSENT) is not None

    def model(self) -> str:
        with self._store.read() as tx:
            return self._model(tx)

    def hold(self) -> Hold | None:
        """Why it is not asked now; None when nothing keeps it."""
        with self._store.read() as tx:
            return self._hold(tx)

    def is_on(self) -> bool:
        """Whether it may be asked now: there is a key and a consent, and nothing holds it."""
        with self._store.read() as tx:
            agreed = tx.preferences.get(CONSENT) is not None
            return self.has_key and agreed and self._hold(tx) is None

    def why_not(self) -> str:
        """A sentence and what to do, for who expects it; empty when it is on, or has no key."""
        if not self.has_key:
            return ""
        if not self.is_agreed():
            return (
                "Gemini is not asked: you have not agreed to what is sent. Read it on the"
                " page Texts, or with `python -m gravix_core gemini`."
            )
        hold = self.hold()
        return "" if hold is None else sentence_of(hold.message, hold.hint)

    def captioner(self) -> Captioner:
        """Made when it is first needed; it may be asked only while `is_on`."""
        model = self.model()
        with self._making:
            if self._made is None or self._made[0] != model:
                self._made = (model, self._make(model))
            return self._made[1]

    @contextmanager
    def turn(self, watch: Watch, *, patient: bool) -> Iterator[Captioner | None]:
        """For who asks for many texts: one at a time, so that one bad key is one request.

        Args:
            patient: Waits until nobody else asks; else it gives None then.

        Returns:
            None also where it is not on.

        Raises:
            Cancelled: `watch` asked to stop.
        """
        while not self._asking.acquire(timeout=LOOK_EVERY if patient else 0):
            if not patient:
                yield None
                return
            if watch.should_stop():
                raise Cancelled("stopped while it waited for its turn")
        try:
            yield self.captioner() if self.is_on() else None
        finally:
            self._asking.release()

    def failed(self, error: CaptionError) -> Hold | None:
        """Write down what keeps it from being asked again; None where that is only this content."""
        if error.kind not in STAYS and error.kind not in WAITS:
            return None
        with self._store.begin() as tx:
            mark = self._mark(tx)
            before = _going_on(tx.preferences.get(HOLD), error, mark)
            wait, waited = _wait(error, before), float(before.get("waited", 0.0))
            hold = Hold(error.code, error.kind, str(error), error.hint, None)
            if waited >= PATIENCE:
                wait, hold = None, _given_up(hold)
            elif wait is not None:
                hold = replace(hold, until=self._clock() + timedelta(seconds=wait))
            told = {"wait": wait, "waited": waited + (wait or 0.0), "key_mark": mark}
            tx.preferences.put(HOLD, {**_document(hold), **told})
        return hold

    def worked(self) -> None:
        """It has answered: what it said before is over."""
        with self._store.read() as tx:
            told = tx.preferences.get(HOLD)
        if told is not None:
            self.lift()

    def lift(self) -> None:
        with self._store.begin() as tx:
            tx.preferences.drop(HOLD)

    def agree(self) -> None:
        with self._store.begin() as tx:
            tx.preferences.put(CONSENT, {"given_at": self._clock().isoformat()})

    def take_back(self) -> None:
        with self._store.begin() as tx:
            tx.preferences.drop(CONSENT)

    def choose(self, model: str) -> None:
        """Empty: that of the settings."""
        with self._store.begin() as tx:
            if model:
                tx.preferences.put(MODEL, {"name": model})
            else:
                tx.preferences.drop(MODEL)

    def again_in(self) -> Seconds | None:
        """Seconds until it may be asked; None where no time heals it."""
        hold = self.hold()
        if hold is None:
            return 0.0
        if hold.until is None:
            return None
        return max(0.0, (hold.until - self._clock()).total_seconds())

    def _model(self, tx: Transaction) -> str:
        chosen = tx.preferences.get(MODEL)
        return str(chosen["name"]) if chosen else self.account.model

    def _hold(self, tx: Transaction) -> Hold | None:
        told = tx.preferences.get(HOLD)
        if told is None or told["key_mark"] != self._mark(tx):
            return None
        until = None if told["until"] is None else datetime.fromisoformat(told["until"])
        if until is not None and until <= self._clock():
            return None
        return Hold(told["code"], told["kind"], told["message"], told["hint"], until)

    def _mark(self, tx: Transaction) -> str:
        """Changes with key, model and address, and tells nothing of them."""
        told = f"{self._model(tx)}\n{self.account.base_url}".encode()
        return hmac.new(self.account.key.encode(), told, hashlib.sha256).hexdigest()[:24]


def _going_on(told: Mapping[str, Any] | None, error: CaptionError, mark: str) -> Mapping[str, Any]:
    """What was kept of the failure before, where this one goes on with it; else empty."""
    is_same = told is not None and told["key_mark"] == mark and told["kind"] in HEALS
    goes_on = is_same and error.kind in HEALS and not error.texts
    return told if told is not None and goes_on else {}


def _wait(error: CaptionError, before: Mapping[str, Any]) -> Seconds | None:
    if error.kind in STAYS:
        return None
    said = WAITS[error.kind] if error.retry_after is None else error.retry_after
    if error.kind not in HEALS:
        return max(0.0, said)
    grown = min(LONGEST, float(before.get("wait") or 0.0) * EACH_TIME)
    return max(SHORTEST, said, grown)


def _given_up(hold: Hold) -> Hold:
    days = round(PATIENCE / 86_400)
    return replace(
        hold,
        message=f"Gemini was asked for {days} days in vain. {sentence_of(hold.message, '')}",
        hint="Press Try again on Texts to have it asked once more.",
    )


def _document(hold: Hold) -> dict[str, Any]:
    return {
        "code": hold.code,
        "kind": hold.kind,
        "message": hold.message,
        "hint": hold.hint,
        "until": None if hold.until is None else hold.until.isoformat(),
    }


def sentence_of(message: str, hint: str) -> str:
    """What it is and what to do, for log and page."""
    return f"{message[:1].upper()}{message[1:].rstrip('.')}. {hint}".strip()
