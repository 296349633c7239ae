"""What the operator says of Gemini in; whether it is asked, why not, and what it has cost out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from gravix_core.errors import StatusConflict
from gravix_core.handlers import upgrade_job
from gravix_core.jobs.runner import Runner
from gravix_core.pipeline.describe import AT_ONCE, request_for
from gravix_core.pipeline.provider import Provider
from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.stages.caption.gemini_models import retired
from gravix_core.store.store import Store, Transaction
from gravix_core.store.usage import total
from gravix_core.texts import Hold, ModelInfo, Usage

Estimate = Callable[[Brief, Sequence[Spoken], str], Usage]
"""What a request for these reels will use of a model."""
NO_KEY = "Get a key at aistudio.google.com, write GEMINI_API_KEY into .env, and start Gravix again."

AGREE = "Read it and agree, on the page Texts or with `python -m gravix_core gemini --agree`."


@dataclass(frozen=True, slots=True)
class GeminiStatus:
    has_key: bool
    consented: bool
    """The operator agreed to what is sent."""
    model: str
    frames: int
    """Pictures of each reel that go along."""
    held: Hold | None
    """Why it is not asked now; None where nothing keeps it."""
    is_on: bool
    """There is a key and a consent, and nothing holds it."""
    retired: str = ""
    """A sentence where the model is no more, as far as Gravix knows; else empty."""


class GeminiDesk:
    """The desk of Gemini's part of the page Texts."""

    def __init__(
        self,
        store: Store,
        jobs: Runner,
        provider: Provider,
        *,
        ask_models: Callable[[], tuple[ModelInfo, ...]],
        estimate: Estimate,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._provider = provider
        self._ask_models = ask_models
        self._estimate = estimate

    def status(self) -> GeminiStatus:
        provider = self._provider
        consented, held, model = provider.is_agreed(), provider.hold(), provider.model()
        return GeminiStatus(
            has_key=provider.has_key,
            consented=consented,
            model=model,
            frames=provider.account.frames,
            held=held,
            is_on=provider.has_key and consented and held is None,
            retired=retired(model) or "",
        )

    def why_not(self) -> str:
        """Why it is not asked, in a sentence; empty where it is, or where there is no key."""
        return self._provider.why_not()

    def agree(self) -> None:
        """Titles, descriptions, transcripts and small pictures may be sent to Google."""
        self._provider.agree()

    def take_back(self) -> None:
        """Nothing is sent any more."""
        self._provider.take_back()

    def models(self) -> tuple[ModelInfo, ...]:
        """Ask Google which models the key can use.

        Raises:
            StatusConflict: There is no key, or the operator has not agreed to what is sent.
            CaptionError: It could not be asked.
        """
        if not self._provider.has_key:
            raise StatusConflict("there is no key for Gemini", hint=NO_KEY)
        if not self._provider.is_agreed():
            raise StatusConflict("you have not agreed to what is sent to Google", hint=AGREE)
        return self._ask_models()

    def choose(self, model: str) -> None:
        """Use a model instead of that of GEMINI_MODEL; empty: use that one again."""
        self._provider.choose(model.strip().removeprefix("models/"))

    def retry(self) -> int:
        """Let it be asked again, whatever it said before; what it could not write is asked for.

        Returns:
            How many reels that is.
        """
        self._provider.lift()
        if not self._provider.is_on():
            return 0
        with self._store.read() as tx:
            left = tx.texts.upgradable(declined=False)
        self._jobs.enqueue(*(upgrade_job(video_id) for video_id in {of for of, _ in left}))
        return len(left)

    def estimate(self, video_id: int | None = None) -> Usage:
        """What `TextsDesk.upgrade` would use, of one video or of all.

        Raises:
            NotFound: There is no such video.
        """
        model = self._provider.model()
        with self._store.read() as tx:
            if video_id is not None:
                tx.videos.get(video_id)
            left = tx.texts.upgradable(video_id)
            usages = [
                self._of_request(tx, of, reels[first : first + AT_ONCE], model)
                for of, group in groupby(left, key=lambda one: one[0])
                for reels in [[reel_id for _, reel_id in group]]
                for first in range(0, len(reels), AT_ONCE)
            ]
        return total(usages) or Usage(model, requests=0, cost=0.0)

    def of_video(self, video_id: int) -> Usage | None:
        """What was used for a video; None when nothing was asked."""
        with self._store.read() as tx:
            return tx.usage.of_video(video_id)

    def months(self) -> tuple[tuple[str, Usage], ...]:
        """What each month has used, as ``2026-11``, newest first."""
        with self._store.read() as tx:
            return tx.usage.by_month()

    def _of_request(self, tx: Transaction, video_id: int, reels: list[int], model: str) -> Usage:
        request = request_for(tx, video_id, reels)
        return self._estimate(request.brief, request.spoken, model)
